//! Which screens these answers need.

use crate::model::screen::Screen;
use crate::state::Session;
use crate::values::answers::Key;

/// Returns whether a screen is not needed for these answers.
#[must_use]
pub fn skipped(session: &Session, screen: Screen) -> bool {
    let later = !session.answers.sns_now();
    match screen {
        Screen::Topic | Screen::Endpoint | Screen::Delivery => later,
        // An undo has SNS steps whatever the answers say today.
        Screen::Sns => later && !matches!(session.next_task(), Some((Screen::Sns, _))),
        Screen::Readiness => session.answers.is_no(Key::Apply),
        Screen::Resume
        | Screen::Home
        | Screen::Undo
        | Screen::SpinnakerUpgrade
        | Screen::Watch
        | Screen::Prerequisites
        | Screen::Version
        | Screen::Configure
        | Screen::InstallPlan
        | Screen::AwsIdentity
        | Screen::Review
        | Screen::Install
        | Screen::Summary => false,
    }
}
