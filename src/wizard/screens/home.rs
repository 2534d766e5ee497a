//! Home: a finished installation. How it stands, freshly looked at, and what can be done with it.

use super::parts::{looking, proof};
use super::resume::old;
use crate::model::goal::Goal;
use crate::rules::home::found;
use crate::rules::status::rows;
use crate::state::Session;
use crate::ui::page::{Action, Block, Page, Tone};
use crate::values::time::utc;

pub(super) fn page(session: &Session) -> Page {
    if session.is_foreign() {
        return foreign(session);
    }
    let mut page = Page::new("How the installation stands");
    if let Some((actor, at)) = &session.ledger.begun {
        page.text(Tone::Plain, format!("Last run: {} by {}.", utc(*at), actor.words()));
    }
    if !session.ledger.adopted.is_empty() {
        page.text(
            Tone::Warning,
            "Adopted: what was found here was not made by us, and undo leaves it alone.",
        );
    }
    if session.journal_is_old() {
        old(&mut page, session);
    }
    status(&mut page, session);
    proof(&mut page, session);
    page.button(Action::Leave, "Leave", "");
    page.button(Action::CheckAgain, "Look again", "");
    if session.provable().is_ok() {
        page.button(Action::Prove, "Prove delivery", "asks once more; a snapshot, up to two minutes");
    }
    page.button(Action::UpgradePlugin, "Upgrade the plugin", "another version, through Review");
    page.button(Action::CheckSpinnaker, "Check a Spinnaker upgrade", "changes nothing");
    page.button(Action::AwsPart, "AWS part", "topic, subscription, delivery, through Review");
    page.button(Action::Change, "Change answers", "all of them, through Review");
    page.button(Action::Undo, "Remove", "asks what, with time and cost");
    page
}

fn status(page: &mut Page, session: &Session) {
    page.push(Block::Gap);
    page.push(Block::Checks(rows(session, Goal::All)));
    if let Some(slot) = session.facts.in_flight().next() {
        looking(page, session, "at everything afresh", Some(slot.asked));
    }
}

fn foreign(session: &Session) -> Page {
    let mut page = Page::new("The plugin is here already");
    page.text(
        Tone::Plain,
        "Both profiles enable it, but no journal here knows of it: it was not made by this wizard.",
    );
    if session.journal_is_old() {
        old(&mut page, session);
    }
    status(&mut page, session);
    page.heading("Adopting notes this as not made by us");
    for line in found(session) {
        page.text(Tone::Plain, format!("- {line}"));
    }
    page.button(Action::Adopt, "Adopt it", "one line in the journal; undo will leave it alone");
    page.button(Action::StartOver, "Go through the questions", "");
    page.button(Action::CheckAgain, "Look again", "");
    page.button(Action::Leave, "Leave", "");
    page
}
