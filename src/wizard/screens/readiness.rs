//! Readiness: are the services up, and did they start the plugin? Evidence, strongest first.

use super::halted::{halted, ways_on};
use super::parts::thousandths;
use crate::model::check::{Check, CheckVerdict};
use crate::model::readiness::Readiness;
use crate::rules::task::Task;
use crate::state::Session;
use crate::ui::page::{Action, Block, Gauge, Mark, Page, StepLine, Tone};
use crate::values::time::span;

/// What Gate usually takes at most until it is ready, milliseconds.
const GATE_USUAL_MS: u64 = 10 * 60_000;
/// What other services, a big Clouddriver among them, usually take at most, milliseconds.
const OTHERS_USUAL_MS: u64 = 60 * 60_000;

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("Are the services up, with the plugin?");
    halted(&mut page, session);
    waiting(&mut page, session);
    ways_on(&mut page, session);
    page
}

/// Says what is waited for and what was seen.
pub(super) fn waiting(page: &mut Page, session: &Session) {
    let waiting = match session.next_task() {
        Some((_, Task::Ready(services))) => services,
        _ => Vec::new(),
    };
    let since =
        session.run.ready_since.map(|since| session.now.mono.saturating_sub(since.mono)).unwrap_or_default();
    if !page.blocks.is_empty() {
        page.push(Block::Gap);
    }
    page.text(
        Tone::Plain,
        format!(
            "Waiting for {} for {}. Safe to disconnect: come back any time.",
            crate::steps::names(&waiting),
            span(since)
        ),
    );
    let by_pipeline = session.ledger.left_to_pipeline();
    match session.commit_command() {
        Some(commit) if by_pipeline => {
            let words = "Your pipeline deploys. Commit, when it suits; the services are watched meanwhile:";
            page.text(Tone::Plain, words);
            page.push(Block::Copy(vec![commit]));
        }
        _ if by_pipeline => {
            page.text(Tone::Plain, "Your pipeline deploys; the services are watched until it has.");
        }
        _ => {}
    }
    if !waiting.is_empty() {
        let usual = if waiting.iter().all(|each| each.is_gate()) { GATE_USUAL_MS } else { OTHERS_USUAL_MS };
        let left = usual.saturating_sub(since);
        let words = if left == 0 {
            format!("longer than the usual {}", span(usual))
        } else {
            format!("usually up to {}; there is no limit here", span(usual))
        };
        page.push(Block::Gauge(Gauge { filled: thousandths(since, usual), words }));
    }
    let services = session.services();
    let mut unchecked = false;
    for service in
        services.iter().filter(|each| waiting.contains(each) || session.run.ready.contains_key(each))
    {
        let report = session.run.ready.get(service);
        let mark = match report.map(|report| report.state) {
            _ if session.is_ready(*service) => Mark::Done,
            Some(Readiness::Failed) => Mark::Failed,
            Some(Readiness::CannotTell) => Mark::Unknown,
            Some(Readiness::Ready | Readiness::Waiting) | None => Mark::Now,
        };
        unchecked |= matches!(mark, Mark::Unknown | Mark::Now);
        page.push(Block::Steps(vec![StepLine { mark, text: service.to_string(), note: String::new() }]));
        let Some(report) = report else { continue };
        if report.state == Readiness::Waiting {
            // What is not there yet is no doubt: it is waited for.
            let (open, seen): (Vec<Check>, Vec<Check>) =
                report.checks.iter().cloned().partition(|check| check.verdict == CheckVerdict::Unknown);
            let lines = open.into_iter().map(|check| StepLine {
                mark: Mark::ToDo,
                text: format!("{}: {}", check.label, check.detail),
                note: String::new(),
            });
            page.push(Block::Steps(lines.collect()));
            page.push(Block::Checks(seen));
        } else {
            page.push(Block::Checks(report.checks.clone()));
        }
    }
    if waiting.is_empty() {
        return;
    }
    let failed = waiting
        .iter()
        .any(|each| session.run.ready.get(each).is_some_and(|report| report.state == Readiness::Failed));
    if failed {
        page.text(Tone::Bad, "It will not come up by itself. Fix the cause, or undo.");
    }
    page.button(Action::Leave, "Leave", "come back any time; nothing is lost");
    if unchecked {
        page.button(Action::Attest, "I have checked: they are ready", "goes into the journal as your word");
    }
    if failed {
        page.button(Action::Undo, "Undo", "asks what, with time and cost");
    }
}
