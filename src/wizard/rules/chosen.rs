//! What was chosen on a screen, in a few characters: for the rail.

use crate::model::screen::Screen;
use crate::state::Session;
use crate::ui::diff::counted;
use crate::values::answers::Key;
use crate::values::choices::{ConfigDelivery, Stages};
use crate::values::targets::counted_targets;

/// Returns what was chosen on a screen; empty when there is nothing to say in so few characters.
#[must_use]
pub fn chosen(session: &Session, screen: Screen) -> String {
    let answers = &session.answers;
    let later = !answers.sns_now() && !answers.sns_by_targets();
    match screen {
        Screen::Prerequisites => {
            session.deployment().map(|deployment| deployment.name.to_string()).unwrap_or_default()
        }
        Screen::Version => answers.text(Key::PluginVersion).to_owned(),
        Screen::Configure => lines_changed(session),
        Screen::InstallPlan if !session.road().is_halyard() => {
            if answers.is_no(Key::Apply) { "by Git" } else { session.road().deploys_with() }.to_owned()
        }
        Screen::InstallPlan if answers.is_no(Key::Apply) => "no deploy".to_owned(),
        Screen::InstallPlan => match answers.stages() {
            Stages::GateFirst => "Gate first".to_owned(),
            Stages::AllAtOnce => "all at once".to_owned(),
        },
        Screen::AwsIdentity if later => "later".to_owned(),
        // The account stands in the title; here is no room for its twelve digits.
        Screen::AwsIdentity => answers.text(Key::Region).to_owned(),
        Screen::Targets => counted_targets(answers.sns_targets().len()),
        Screen::Topic => match answers.existing_topic() {
            Some(arn) => arn.rsplit(':').next().unwrap_or_default().to_owned(),
            None => answers.text(Key::TopicName).to_owned(),
        },
        Screen::Endpoint => {
            let url = answers.text(Key::Endpoint);
            let host = url.split_once("://").map_or(url, |(_, rest)| rest);
            host.split('/').next().unwrap_or_default().to_owned()
        }
        Screen::Delivery => match answers.config_delivery() {
            ConfigDelivery::Check => "as it is".to_owned(),
            ConfigDelivery::Skip => "not looked at".to_owned(),
            ConfigDelivery::PointAtTopic => "to the topic".to_owned(),
        },
        Screen::Resume
        | Screen::Home
        | Screen::Undo
        | Screen::SpinnakerUpgrade
        | Screen::Watch
        | Screen::Review
        | Screen::Install
        | Screen::Readiness
        | Screen::Sns
        | Screen::Summary => String::new(),
    }
}

/// Returns lines that come and go in the profiles, as `+9 -1`.
fn lines_changed(session: &Session) -> String {
    let Some(profiles) = session.facts.profiles() else { return String::new() };
    if session.answers.is_no(Key::WriteProfiles) {
        return "not written".to_owned();
    }
    let lines = profiles.files.iter().flat_map(|file| &file.diff);
    counted(lines).unwrap_or_else(|| "as wanted".to_owned())
}
