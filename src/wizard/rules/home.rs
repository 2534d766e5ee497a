//! Home: what stands here, found by looking, whether this wizard made it or not.

use ecw_halyard::ServiceName;

use crate::model::aws_report::SubscriptionState;
use crate::model::check::{Check, CheckVerdict};
use crate::model::goal::Goal;
use crate::model::readiness::Readiness;
use crate::model::report::ProfileOutcome;
use crate::rules::status;
use crate::state::Session;
use crate::state::stage::Stage;
use crate::ui::page::Action;

impl Session {
    /// Returns whether Home is shown for an installation that no journal knows of.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        *self.stage.base() == Stage::Home && self.ledger.run.is_none()
    }
}

/// Returns what was found, one line each: what an adoption notes as not made by us.
#[must_use]
pub fn found(session: &Session) -> Vec<String> {
    let mut lines = Vec::new();
    for file in session.facts.profiles().map(|profiles| profiles.files.as_slice()).unwrap_or_default() {
        if matches!(file.outcome, ProfileOutcome::Unchanged { .. }) {
            lines.push(format!("plugin block in {}", file.path));
        }
    }
    if let Some(Ok(topic)) = session.facts.topic()
        && topic.exists
    {
        lines.push(format!("topic {}", topic.arn));
    }
    if let Some(Ok(SubscriptionState::Confirmed { arn })) = session.facts.subscription() {
        lines.push(format!("subscription {arn}"));
    }
    lines
}

/// Returns the services that were seen to run with their profile as it is, with its SHA-256: they
/// need no deploy.
#[must_use]
pub fn running(session: &Session) -> Vec<(ServiceName, String)> {
    let staged = session.facts.staged().unwrap_or_default();
    let files = session.facts.profiles().map(|profiles| profiles.files.as_slice()).unwrap_or_default();
    staged
        .iter()
        // The history names the services of the last deploy only, so it says nothing here.
        .filter(|each| each.staged == CheckVerdict::Good)
        .filter(|each| session.facts.ready(each.service).is_some_and(|ready| ready.state == Readiness::Ready))
        .filter_map(|each| {
            let file = files.iter().find(|file| file.file == each.service.profile_file())?;
            Some((each.service, file.before.clone()?))
        })
        .collect()
}

/// Returns what would put each row of Home right: through Review, the chapter it belongs to. `None` where nothing
/// has to be done, or nothing can from here.
#[must_use]
pub fn fixes(session: &Session) -> Vec<Option<Action>> {
    let rows = status::rows(session, Goal::All);
    let of_sns = status::rows(session, Goal::Events);
    let fix = |row: &Check| match row.verdict {
        CheckVerdict::Good | CheckVerdict::Unknown => None,
        CheckVerdict::Warning | CheckVerdict::Bad if of_sns.contains(row) => Some(Action::AwsPart),
        CheckVerdict::Warning | CheckVerdict::Bad => Some(Action::Change),
    };
    rows.iter().map(fix).collect()
}
