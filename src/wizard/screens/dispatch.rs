//! Every screen by its name: a new one does not compile before it has its page and its pass.

use super::{
    aws_identity, configure, delivery, endpoint, home, install, install_plan, prerequisites, readiness,
    resume, review, sns, spinnaker_upgrade, summary, targets, topic, undo, version, watch,
};
use crate::model::screen::Screen;
use crate::state::Session;
use crate::state::stage::Stage;
use crate::ui::page::{Action, Page, Tone};
use crate::ui::pass::Pass;

/// Returns what a screen says.
#[must_use]
pub fn page(session: &Session, screen: Screen) -> Page {
    let mut page = match screen {
        Screen::Resume => resume::page(session),
        Screen::Home => home::page(session),
        Screen::Undo => undo::page(session),
        Screen::SpinnakerUpgrade => spinnaker_upgrade::page(session),
        Screen::Watch => watch::page(session),
        Screen::Prerequisites => prerequisites::page(session),
        Screen::Version => version::page(session),
        Screen::Configure => configure::page(session),
        Screen::InstallPlan => install_plan::page(session),
        Screen::AwsIdentity => aws_identity::page(session),
        Screen::Targets => targets::page(session),
        Screen::Topic => topic::page(session),
        Screen::Endpoint => endpoint::page(session),
        Screen::Delivery => delivery::page(session),
        Screen::Review => review::page(session),
        Screen::Install => install::page(session),
        Screen::Readiness => readiness::page(session),
        Screen::Sns => sns::page(session),
        Screen::Summary => summary::page(session),
    };
    if was_confirmed(session, screen) {
        read_only(&mut page);
    }
    page
}

/// Returns whether a screen's part was confirmed in a run and is not being changed.
pub(crate) fn was_confirmed(session: &Session, screen: Screen) -> bool {
    (screen.asks() || screen == Screen::Review)
        && session.ledger.run.is_some()
        && *session.stage.base() != Stage::Asking
}

/// A screen whose part was already carried out is shown read-only, with *Change*.
fn read_only(page: &mut Page) {
    page.blocks.retain(|block| !matches!(block, crate::ui::page::Block::Item(_)));
    page.text(Tone::Dim, "This part was confirmed. Changing it leads through Review again.");
    page.button(Action::Next, "Back to the run", "");
    page.button(Action::Change, "Change answers", "");
}

/// Returns whether a screen may be passed.
#[must_use]
pub fn pass(session: &Session, screen: Screen) -> Pass {
    if was_confirmed(session, screen) {
        return Pass::Ready;
    }
    match screen {
        Screen::Resume | Screen::Home | Screen::Undo | Screen::SpinnakerUpgrade | Screen::Watch => {
            Pass::stuck("Choose how to go on.", crate::Exit::Usage)
        }
        Screen::Prerequisites => prerequisites::pass(session),
        Screen::Version => version::pass(session),
        Screen::Configure => configure::pass(session),
        Screen::InstallPlan => install_plan::pass(session),
        Screen::AwsIdentity => aws_identity::pass(session),
        Screen::Targets => targets::pass(session),
        Screen::Topic => topic::pass(session),
        Screen::Endpoint => endpoint::pass(session),
        Screen::Delivery => delivery::pass(session),
        Screen::Review => review::pass(session, pass),
        Screen::Install | Screen::Readiness | Screen::Sns => Pass::Busy("the run".to_owned()),
        Screen::Summary => Pass::Ready,
    }
}
