//! Resume: an unfinished run was found. Nothing goes on silently.

use crate::drift::drift;
use crate::journal::StepState;
use crate::page::{Action, Block, Mark, Page, StepLine, Tone};
use crate::question::{Check, Verdict};
use crate::session::Session;
use crate::step::Intent;
use crate::time::{span, utc};

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("An installation is unfinished");
    if let (Some(run), Some((actor, at))) = (&session.ledger.run, &session.ledger.begun) {
        let ago = span(session.now.wall.saturating_sub(*at));
        page.text(
            Tone::Plain,
            format!("Run {run}, begun {} ({ago} ago) by {} on {}.", utc(*at), actor.user, actor.host),
        );
    }
    let lines = session
        .ledger
        .rows
        .iter()
        .map(|row| {
            let (mark, note) = match &row.state {
                StepState::Done(_) => (Mark::Done, "done"),
                StepState::ToDo => (Mark::ToDo, "to do"),
                StepState::Started => (Mark::Unknown, "unknown: looked at before anything is done"),
                StepState::Failed(_) => (Mark::Failed, "failed"),
                StepState::Unknown(_) => (Mark::Unknown, "unknown"),
            };
            StepLine { mark, text: row.intent.describe(), note: note.to_owned() }
        })
        .collect();
    page.push(Block::Steps(lines));
    let drift = drift(session);
    if !drift.is_empty() {
        page.heading("Changed since");
        page.push(Block::Checks(
            drift.into_iter().map(|line| Check::new(Verdict::Warning, "Since then", line)).collect(),
        ));
    }
    let deploying = session
        .ledger
        .rows
        .iter()
        .any(|row| matches!(row.intent, Intent::Apply { .. }) && row.state == StepState::Started);
    let label = if deploying { "Attach: show the deploy and go on" } else { "Resume" };
    page.button(Action::Resume, label, "unknown steps are looked at first, never done blindly");
    page.button(Action::StartOver, "Start over", "keeps your answers, leads through Review again");
    page.button(Action::Undo, "Undo what was done", "asks first");
    page.button(Action::Leave, "Leave", "");
    page
}
