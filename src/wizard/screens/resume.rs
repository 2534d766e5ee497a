//! Resume: an unfinished run was found. Nothing goes on silently, and what changed since is the
//! operator's to decide.

use super::install::watching;
use crate::model::choice::Choice;
use crate::model::ledger::StepState;
use crate::model::mode::Mode;
use crate::rules::drift::drift;
use crate::state::Session;
use crate::steps::Intent;
use crate::ui::page::{Action, Block, Mark, Page, StepLine, Tone};
use crate::values::time::{span, utc};

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("An installation is unfinished");
    begun(&mut page, session);
    running(&mut page, session);
    page.push(Block::Steps(lines(session)));
    if session.journal_is_old() {
        old(&mut page, session);
    } else {
        drifts(&mut page, session);
        let label = if deploying(session) { "Attach: show the deploy and go on" } else { "Resume" };
        page.button(Action::Resume, label, "unknown steps are looked at first, never done blindly");
    }
    page.button(Action::StartOver, "Start over", "keeps your answers, leads through Review again");
    page.button(Action::Undo, "Undo", "asks what, with time and cost");
    page.button(Action::Leave, "Leave", "");
    page
}

/// Says which run this is.
pub(super) fn begun(page: &mut Page, session: &Session) {
    if let (Some(run), Some((actor, at))) = (&session.ledger.run, &session.ledger.begun) {
        let ago = match session.now.wall.checked_sub(*at) {
            Some(ago) => format!("{} ago", span(ago)),
            None => "in the future by this clock".to_owned(),
        };
        page.text(Tone::Plain, format!("Run {run}, begun {} ({ago}) by {}.", utc(*at), actor.words()));
    }
}

/// Shows a deploy that runs, from its log.
pub(super) fn running(page: &mut Page, session: &Session) {
    if let (Some(deploy), true) = (&session.run.deploy, session.job_runs()) {
        page.text(
            Tone::Good,
            format!(
                "{} runs. Safe to disconnect. Come back: {}",
                session.road().deployer(),
                session.come_back()
            ),
        );
        watching(page, session, deploy);
        page.push(Block::Gap);
    }
}

/// Returns the run's steps as the journal knows them.
pub(super) fn lines(session: &Session) -> Vec<StepLine> {
    let line = |row: &crate::model::ledger::LedgerRow| {
        let (mark, note) = match &row.state {
            StepState::Done(_) => (Mark::Done, "done"),
            StepState::ToDo => (Mark::ToDo, "to do"),
            StepState::Started if session.setup.mode == Mode::Watch => (Mark::Now, "begun"),
            StepState::Started => (Mark::Unknown, "unknown: looked at before anything is done"),
            StepState::Failed(_) => (Mark::Failed, "failed"),
            StepState::Unknown(_) => (Mark::Unknown, "unknown"),
        };
        StepLine { mark, text: row.intent.describe(), note: note.to_owned() }
    };
    session.ledger.rows.iter().map(line).collect()
}

fn deploying(session: &Session) -> bool {
    let rows = &session.ledger.rows;
    rows.iter().any(|row| matches!(row.intent, Intent::ApplyDeployment(_)) && row.state == StepState::Started)
}

fn drifts(page: &mut Page, session: &Session) {
    let drifts = drift(session);
    if drifts.is_empty() {
        return;
    }
    page.heading("Changed since: decide each");
    for each in drifts {
        page.text(Tone::Warning, format!("{}.", each.what));
        for choice in Choice::ALL {
            let label = match choice {
                Choice::Redo => format!("Redo: {}", each.redo),
                Choice::Keep => format!("Keep: {}", each.keep),
                Choice::Stop => "Stop: nothing is done now".to_owned(),
            };
            page.decision(&each.id, choice, session.decided(&each.id), label);
        }
    }
}

/// Says that the journal is older than the world.
pub(super) fn old(page: &mut Page, session: &Session) {
    let Some(head) = session.head else { return };
    page.push(Block::Gap);
    page.text(
        Tone::Bad,
        format!(
            "This journal is out of date: it ends with record {}, but this machine wrote record {}{}. An old backup was brought back, or the journal was moved.",
            session.ledger.seq,
            head.seq,
            if head.at > 0 { format!(" on {}", utc(head.at)) } else { String::new() },
        ),
    );
    page.text(
        Tone::Plain,
        "Its done and to do may be wrong. Start over checks everything and plans from what it finds, not from this journal.",
    );
}
