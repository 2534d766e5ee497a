//! Home: what stands here, found by looking, whether this wizard made it or not.

use ecw_halyard::ServiceName;

use crate::flow::Screen;
use crate::question::{ProfileOutcome, Readiness, SubscriptionState, Verdict};
use crate::session::{Home, Mode, Session};

impl Session {
    /// Shows Home first where the plugin is configured already and no journal knows of it, unless
    /// the operator has begun to go through the questions.
    pub(crate) fn find_home(&mut self) {
        if self.home != Home::Undecided || self.setup.mode != Mode::Operator {
            return;
        }
        let Some(profiles) = self.facts.profiles() else { return };
        let there = !profiles.files.is_empty()
            && profiles.files.iter().all(|file| matches!(file.outcome, ProfileOutcome::Unchanged { .. }));
        let moved = self.forms.get(&Screen::Prerequisites).is_some_and(|form| form.moved);
        let untouched = self.passed.is_empty() && !moved && self.ledger.run.is_none();
        self.home = if there && untouched { Home::Open } else { Home::Left };
    }

    /// Returns whether Home is shown for an installation that no journal knows of.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        self.home == Home::Open && self.ledger.run.is_none()
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
        .filter(|each| each.staged == Verdict::Good)
        .filter(|each| session.facts.ready(each.service).is_some_and(|ready| ready.state == Readiness::Ready))
        .filter_map(|each| {
            let file = files.iter().find(|file| file.file == each.service.profile_file())?;
            Some((each.service, file.before.clone()?))
        })
        .collect()
}
