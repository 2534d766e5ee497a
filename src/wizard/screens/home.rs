//! Home: a finished installation. How it stands, freshly looked at, and what can be done with it.

use super::parts::{looking, proof, toggled};
use super::resume::old;
use crate::model::check::{Check, CheckVerdict};
use crate::model::goal::Goal;
use crate::rules::home::{fixes, found};
use crate::rules::status::rows;
use crate::state::Session;
use crate::ui::marks;
use crate::ui::page::{Action, Block, Fold, ItemId, Page, Tone};
use crate::values::time::{time_of_day, utc};

/// How the line begins that says how old Home is: a skin that prints pages leaves it out.
pub const CHECKED: &str = "Checked at";

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
    page.button(Action::CheckAgain, "Refresh", "");
    if session.provable().is_ok() {
        page.button(Action::Prove, "Prove delivery", "asks once more; a snapshot, up to two minutes");
    }
    page.button(Action::UpgradePlugin, "Upgrade the plugin", "another version, through Review");
    page.button(Action::CheckSpinnaker, "Check a Spinnaker upgrade", "changes nothing");
    page.button(Action::AwsPart, "AWS part", "topic, subscription, delivery, through Review");
    page.button(Action::Change, "Change answers", "all of them, through Review");
    page.button(Action::Undo, "Undo", "asks what, with time and cost");
    page
}

/// Returns a label without the directories of a path.
fn short(label: &str) -> &str {
    if label.starts_with('/') { label.rsplit('/').next().unwrap_or(label) } else { label }
}

fn status(page: &mut Page, session: &Session) {
    page.push(Block::Gap);
    let all = rows(session, Goal::All);
    let open = toggled(session, Fold::Looks);
    for ((at, check), fix) in all.iter().enumerate().zip(fixes(session)) {
        let label = short(&check.label);
        match fix {
            Some(_) => {
                let label = format!("{} {label}", marks::of_verdict(check.verdict).trim());
                page.row(ItemId::Row(at), label, &check.detail, "fix");
                if let Some(remedy) = &check.remedy {
                    page.text(Tone::Dim, format!("    {remedy}"));
                }
            }
            None => {
                // The first piece of evidence is the strongest.
                let first = check.detail.split("; ").next().unwrap_or_default();
                let detail = if open { check.detail.as_str() } else { first };
                let row = Check { label: label.to_owned(), detail: detail.to_owned(), ..check.clone() };
                page.push(Block::Checks(vec![row]));
            }
        }
    }
    if all.iter().any(|check| check.detail.contains("; ")) {
        page.row(ItemId::Fold(Fold::Looks), "All evidence", "", if open { "hide" } else { "show" });
    }
    for (verdict, words) in session.walls_in_short() {
        page.text(if verdict == CheckVerdict::Good { Tone::Dim } else { Tone::Warning }, words);
    }
    match (session.facts.in_flight().next(), session.home.seen) {
        (Some(slot), _) => looking(page, session, "at everything afresh", Some(slot.asked)),
        (None, Some(seen)) => {
            page.text(Tone::Dim, format!("{CHECKED} {} UTC; refreshes by itself.", time_of_day(seen.wall)));
        }
        (None, None) => {}
    }
}

fn foreign(session: &Session) -> Page {
    let mut page = Page::new("The plugin is here already");
    page.text(Tone::Plain, "Both profiles enable it, but no journal here knows of it: undo leaves it alone.");
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
    page.button(Action::CheckAgain, "Refresh", "");
    page.button(Action::Leave, "Leave", "");
    page
}
