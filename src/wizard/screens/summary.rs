//! Summary: what was made and where, what is left, how to check, how to undo.

use super::parts::proof;
use crate::rules::summary::{left, made, undone};
use crate::rules::{arrival, handover};
use crate::state::Session;
use crate::ui::page::{Action, Block, Page, Tone};
use crate::values::answers::Key;

pub(super) fn page(session: &Session) -> Page {
    let undone = undone(session);
    let mut page = Page::new(if undone { "Taken back" } else { "Summary" });
    match (undone, session.ledger.rows.is_empty()) {
        (true, _) if session.ledger.made.is_empty() => {
            page.text(Tone::Good, "What the wizard had made is taken back.")
        }
        (true, _) => page.text(Tone::Good, "What you chose is taken back."),
        (false, true) => page.text(Tone::Good, "Everything was as wanted; nothing had to change."),
        (false, false) if session.answers.is_no(Key::Apply) && session.road().is_halyard() => {
            page.text(Tone::Good, "This run is done. It deployed nothing.")
        }
        (false, false) => page.text(Tone::Good, "The plugin is configured and installed."),
    };
    if !undone && session.confirmed() {
        page.text(Tone::Good, "Gate has confirmed its SNS subscription.");
    }
    if !undone {
        match arrival::missing_now(session) {
            Some(why) => page.text(Tone::Warning, format!("No events will arrive yet: {why}.")),
            None => page.text(Tone::Good, "Events will arrive."),
        };
    }
    proof(&mut page, session);
    let made = made(session);
    if !made.is_empty() {
        page.heading(if undone { "Still there" } else { "Made" });
        page.push(Block::Copy(made));
    }
    let left = left(session);
    if !left.is_empty() {
        page.heading(if undone { "Left as it is" } else { "Left to do" });
        let commands = handover::words(session);
        for line in left {
            // Each second line is a value to copy.
            let commit = session.commit_command().is_some_and(|command| command == line);
            if commit || commands.iter().skip(1).step_by(2).any(|command| *command == line) {
                page.push(Block::Copy(vec![line]));
            } else {
                page.text(Tone::Plain, line);
            }
        }
    }
    page.heading("Later");
    page.text(Tone::Plain, format!("Check: {}", session.command("event-cache-wizard status")));
    if !undone && session.answers.sns_now() && session.confirmed() {
        let command = session.command("event-cache-wizard verify");
        page.text(Tone::Plain, format!("Prove delivery, with a snapshot: {command}"));
    }
    let provable = !undone && session.confirmed() && session.provable().is_ok();
    if !undone || !session.ledger.made.is_empty() {
        page.text(
            Tone::Plain,
            format!(
                "Undo: {}, or by hand with ROLLBACK.txt in the state directory",
                session.command("event-cache-wizard undo")
            ),
        );
    }
    page.button(Action::Leave, "Finish", "");
    if !undone {
        page.button(Action::Change, "Change answers", "leads through Review again");
        page.button(Action::Undo, "Undo", "asks what, with time and cost");
        if provable {
            page.button(Action::Prove, "Prove delivery", "asks once more; a snapshot, up to two minutes");
        }
    }
    page
}
