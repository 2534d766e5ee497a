//! Which screen is shown: the first of the flow that is not complete.

use crate::model::mode::Mode;
use crate::model::screen::Screen;
use crate::rules::needed::skipped;
use crate::state::Session;
use crate::state::stage::Stage;
use crate::ui::pass::Pass;

/// Returns the screen to show: the first of the flow that is not complete.
#[must_use]
pub fn resolve(session: &Session) -> Screen {
    if session.setup.mode == Mode::Watch {
        return Screen::Watch;
    }
    match session.stage.base() {
        Stage::Resume => return Screen::Resume,
        Stage::Home => return Screen::Home,
        // A visit is no base; all others show the first screen that is not complete.
        Stage::Arriving
        | Stage::Asking
        | Stage::Running
        | Stage::FindingOut(_)
        | Stage::UndoWhenSeen(_)
        | Stage::Visiting { .. } => {}
    }
    Screen::FLOW.into_iter().find(|screen| !complete(session, *screen)).unwrap_or(Screen::Summary)
}

/// Returns the screen to which Esc leads from another one, if it leads anywhere. The questions of a run that
/// was begun are answered: they are opened by *Change answers* alone.
#[must_use]
pub fn before(session: &Session, screen: Screen) -> Option<Screen> {
    let begun = session.ledger.run.is_some() && *session.stage.base() == Stage::Running;
    let before = Screen::FLOW.iter().rev().skip_while(|each| **each != screen).skip(1);
    let target = before.copied().find(|each| !skipped(session, *each));
    target.filter(|target| !begun || !(target.asks() || *target == Screen::Review))
}

/// Returns whether Esc does anything on the present screen.
#[must_use]
pub fn leads_back(session: &Session) -> bool {
    let beside = matches!(session.stage.visited(), Some(Screen::Undo | Screen::SpinnakerUpgrade));
    beside
        || session.from_review
        || session.dialog.is_some()
        || session.view.help
        || before(session, session.screen()).is_some()
}

/// Returns whether a screen is complete.
#[must_use]
pub fn complete(session: &Session, screen: Screen) -> bool {
    let begun = session.ledger.run.is_some() && *session.stage.base() != Stage::Asking;
    if skipped(session, screen) {
        return true;
    }
    match screen {
        Screen::Resume | Screen::Home | Screen::Undo | Screen::SpinnakerUpgrade | Screen::Watch => true,
        Screen::Prerequisites
        | Screen::Version
        | Screen::Configure
        | Screen::InstallPlan
        | Screen::AwsIdentity
        | Screen::Targets
        | Screen::Topic
        | Screen::Endpoint
        | Screen::Delivery => {
            begun
                || session.passed.contains(&screen)
                    && !matches!(crate::screens::pass(session, screen), Pass::Stuck(_))
        }
        Screen::Review => begun,
        Screen::Install => begun && !matches!(session.next_task(), Some((Screen::Install, _))),
        Screen::Readiness => {
            begun && !matches!(session.next_task(), Some((Screen::Install | Screen::Readiness, _)))
        }
        Screen::Sns => begun && session.next_task().is_none(),
        Screen::Summary => false,
    }
}
