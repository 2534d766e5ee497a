//! The key line: which bindings of the table do something here and now, and what each is called here.

use crate::messages::cmd::Cmd;
use crate::messages::keymap::{Binding, InLine, shown};
use crate::navigation::flow;
use crate::screens;
use crate::state::Session;
use crate::ui::form::Form;
use crate::ui::page::{Action, Block, Item, ItemId, ItemState, Page};

/// Returns the name of each key that does something now, and what, in the order of the table.
#[must_use]
pub fn hints(session: &Session) -> Vec<(&'static str, &'static str)> {
    let page = session.page();
    let form = session.form();
    let hidden = hidden(session, &form);
    shown(session.place(), InLine::Yes)
        .filter(|binding| works(session, binding, &page, hidden))
        .map(|binding| (binding.name, words(session, binding, &page, &form)))
        .collect()
}

/// Returns whether a binding of the present place does something now.
fn works(session: &Session, binding: &Binding, page: &Page, (above, below): (usize, usize)) -> bool {
    let dialog = session.dialog();
    match binding.cmd {
        _ if session.view.log.is_some() && dialog.is_none() => true,
        Cmd::Refresh => page.items().any(|item| item.id == ItemId::Button(Action::CheckAgain)),
        Cmd::ShowLog => session.log_at_hand().is_some(),
        Cmd::Back => flow::leads_back(session),
        Cmd::PassSettled => session.screen().asks() && !screens::was_confirmed(session, session.screen()),
        Cmd::Copy => page.blocks.iter().any(|block| matches!(block, Block::Copy(_))),
        Cmd::FocusNext => dialog.map_or_else(|| page.items().count() > 1, |dialog| dialog.buttons.len() > 1),
        Cmd::PageDown => below > 0,
        Cmd::PageUp => above > 0,
        Cmd::Activate => dialog.is_some() || page.items().next().is_some(),
        _ => true,
    }
}

/// Returns how many rows stand above and below those that are shown.
fn hidden(session: &Session, form: &Form) -> (usize, usize) {
    if session.view.help {
        let (_, above, below) = session.help_in_sight();
        return (above, below);
    }
    let (page, _) = session.page_and_pane();
    let seen = session.in_sight(&page, form);
    (seen.above, seen.below)
}

/// Returns what a key does, as short as can be.
fn words(session: &Session, binding: &Binding, page: &Page, form: &Form) -> &'static str {
    match binding.cmd {
        Cmd::Back if session.dialog().is_some() => "close",
        Cmd::FocusNext => "next",
        _ if session.view.log.is_some() && session.dialog().is_none() => binding.words,
        Cmd::Activate => session.dialog().map_or_else(
            || match page.items().find(|item| form.focus.as_ref() == Some(&item.id)) {
                Some(item) => pressing(item),
                None => "go on",
            },
            |_| "press",
        ),
        _ => binding.words,
    }
}

fn pressing(item: &Item) -> &'static str {
    match (&item.state, &item.id) {
        (ItemState::Text { .. }, _) => "take",
        (ItemState::Chosen(_), _) => "choose",
        (ItemState::Ticked(_), _) => "tick",
        (ItemState::Row { .. }, ItemId::Fold(_)) => "open/close",
        (ItemState::Row { .. }, _) => "go there",
        (ItemState::Press, _) => "press",
    }
}
