//! Reading along: somebody else works here. Nothing is changed from this screen; taking over asks.

use super::resume::{begun, lines, running};
use crate::state::Session;
use crate::ui::page::{Action, Block, Page, Tone};

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("Somebody else works here");
    match &session.holder {
        Some(holder) => {
            page.text(Tone::Warning, format!("{holder}. You read along; nothing is changed from here."))
        }
        None => page.text(Tone::Good, "Nobody works here any more. You may take their place."),
    };
    if session.ledger.run.is_some() {
        begun(&mut page, session);
        running(&mut page, session);
        page.push(Block::Steps(lines(session)));
    } else {
        page.text(Tone::Plain, "Nothing was confirmed yet: they are answering the questions.");
    }
    page.button(Action::Leave, "Leave", "nothing of this was yours to lose");
    page.button(Action::TakeOver, "Take over", "asks first; a running deploy is not touched");
    page
}
