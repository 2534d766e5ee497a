//! Which screens these answers need.

use crate::model::screen::Screen;
use crate::model::target_job::{Duty, Extent};
use crate::state::Session;
use crate::values::answers::Key;

/// Returns whether a screen is not needed for these answers.
#[must_use]
pub fn skipped(session: &Session, screen: Screen) -> bool {
    if let Extent::Target(duty) = session.setup.extent {
        return not_of_a_target(duty, screen);
    }
    let by_targets = session.answers.sns_by_targets();
    let later = !session.answers.sns_now();
    match screen {
        Screen::Topic | Screen::Delivery => later,
        Screen::Endpoint => later && !by_targets,
        Screen::Targets => !by_targets,
        // An undo has SNS steps whatever the answers say today.
        Screen::Sns => later && !by_targets && !matches!(session.next_task(), Some((Screen::Sns, _))),
        // Where Git deploys, the services are waited for all the same.
        Screen::Readiness => session.answers.is_no(Key::Apply) && session.road().is_halyard(),
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

/// Files and services are another session's.
fn not_of_a_target(duty: Duty, screen: Screen) -> bool {
    match screen {
        Screen::Topic | Screen::Endpoint => duty == Duty::Delivers,
        Screen::AwsIdentity | Screen::Delivery | Screen::Review | Screen::Sns | Screen::Summary => false,
        Screen::Resume
        | Screen::Home
        | Screen::Undo
        | Screen::SpinnakerUpgrade
        | Screen::Watch
        | Screen::Prerequisites
        | Screen::Version
        | Screen::Configure
        | Screen::InstallPlan
        | Screen::Targets
        | Screen::Install
        | Screen::Readiness => true,
    }
}
