//! Why a run waits for the operator, and the ways on: the same on every screen that shows one.

use ecw_halyard::Severity;

use super::parts::fact;
use crate::model::ledger::StepState;
use crate::model::target_job::TargetPhase;
use crate::rules::likely::likely;
use crate::rules::likely_of_kubectl::{likely_of_kubectl, said_of};
use crate::rules::status;
use crate::state::Session;
use crate::state::run::Halt;
use crate::steps::{ApplyDeployment, Intent, StepId, StepKind};
use crate::ui::page::{Action, Block, Page, Tone};
use crate::values::halyard_in::HalyardIn;
use crate::values::shell_words;
use crate::values::time::span;
use crate::values::trouble::Trouble;

/// Says why the run waits: what failed, the likely cause and what helps come first, then what is done and kept.
pub(super) fn halted(page: &mut Page, session: &Session) {
    let Some(halt) = &session.run.halt else { return };
    match halt {
        Halt::Failed { step, trouble } => failed(page, session, step, trouble),
        Halt::Unknown { step, why } => {
            let why = why.trim_end_matches('.');
            page.text(Tone::Warning, format!("{}: nobody knows how it ended: {why}.", named(session, step)));
            if let Some(Intent::ApplyDeployment(ApplyDeployment { services, .. })) =
                session.ledger.row(step).map(|row| &row.intent)
            {
                page.heading("What is known");
                page.push(Block::Checks(status::services(session, services)));
                page.text(Tone::Plain, "Applying again is safe: services that are as wanted are left alone.");
            }
        }
        Halt::Store { trouble } => {
            page.text(Tone::Bad, trouble.what.clone());
            page.text(Tone::Plain, trouble.fix.clone());
        }
    }
    page.push(Block::Gap);
}

fn failed(page: &mut Page, session: &Session, step: &StepId, trouble: &Trouble) {
    let rows = &session.ledger.rows;
    let at = rows.iter().position(|row| row.intent.step() == *step).map_or(0, |at| at + 1);
    let took =
        session.ledger.row(step).and_then(|row| Some(span(row.finished?.saturating_sub(row.started?))));
    let took = took.map(|took| format!(", after {took}")).unwrap_or_default();
    page.text(Tone::Bad, format!("{} failed: step {at} of {}{took}.", named(session, step), rows.len()));
    let deploys = step.kind == StepKind::ApplyDeployment;
    page.text(Tone::Plain, trouble.what.clone());
    match likely_cause(session, &trouble.what).filter(|_| deploys) {
        Some((cause, command)) => {
            page.text(Tone::Strong, format!("Likely: {cause}"));
            if !command.is_empty() {
                page.text(Tone::Plain, "Look or fix, then Retry:");
                page.push(Block::Copy(vec![command]));
            }
        }
        None => drop(page.text(Tone::Plain, format!("Fix: {}", trouble.fix))),
    }
    let kept = rows.iter().filter(|row| matches!(row.state, StepState::Done(_))).count();
    let targets = session.run.targets.iter().filter(|target| target.phase == TargetPhase::Done).count();
    let words = match kept {
        _ if step.kind == StepKind::SetUpTargets => {
            format!("{kept} steps, and {targets} of {} targets", session.run.targets.len())
        }
        0 => "none; the failed step may be half done".to_owned(),
        1 => "1 step; it is not done again".to_owned(),
        kept => format!("{kept} steps; they are not done again"),
    };
    page.push(Block::Facts(vec![fact("Done and kept", words, "")]));
}

/// Returns why a deploy likely failed and the command that helps. Our own trouble in starting hal or kubectl is none
/// that they speak of.
fn likely_cause(session: &Session, what: &str) -> Option<(&'static str, String)> {
    if session.road().is_halyard() {
        let found = what.starts_with("hal ").then(|| likely(&hals_words(session, what))).flatten()?;
        return Some((found.cause, where_halyard_runs(session, found.command)));
    }
    let found = likely_of_kubectl(said_of(what)?)?;
    let words = session.kubectl().into_iter().chain(found.command.split(' ').map(str::to_owned));
    Some((found.cause, shell_words::join(&words.collect::<Vec<_>>())))
}

/// Returns a command as it is typed here for where Halyard runs; with its own hal directory.
fn where_halyard_runs(session: &Session, command: &str) -> String {
    let place = session.halyard_in();
    if place.is_local() {
        return command.to_owned();
    }
    let hal_dir = session.hal_dir().unwrap_or_default();
    let command = command.replace("~/.hal", HalyardIn::split(&hal_dir).1);
    shell_words::join(&HalyardIn::typed(&place.command(crate::values::shell_words::shell_words(&command))))
}

/// Returns what failed in hal's words, with its errors.
fn hals_words(session: &Session, what: &str) -> String {
    let problems = session.run.deploy.iter().flat_map(|deploy| deploy.transcript.problems());
    let errors = problems.filter(|problem| problem.severity == Severity::Error);
    let mut words = what.to_owned();
    for error in errors {
        words.push(' ');
        words.push_str(&error.message);
    }
    words
}

/// What a step does, in words.
fn named(session: &Session, step: &StepId) -> String {
    session.ledger.row(step).map_or_else(|| step.to_string(), |row| row.intent.describe())
}

/// Offers what can be done about it.
pub(super) fn ways_on(page: &mut Page, session: &Session) {
    let label = match &session.run.halt {
        None => return,
        Some(Halt::Failed { .. }) => "Retry",
        Some(Halt::Unknown { step, .. }) if step.kind == StepKind::ApplyDeployment => "Apply again",
        Some(Halt::Unknown { .. }) => "Do it again",
        Some(Halt::Store { .. }) => "Try again",
    };
    page.button(Action::Retry, label, "does this step again; steps that are done stay done");
    if matches!(&session.run.halt, Some(Halt::Unknown { step, .. }) if step.kind == StepKind::ApplyDeployment)
    {
        page.button(Action::CheckAgain, "Refresh", "files and services");
    }
    page.button(Action::Change, "Change answers", "leads through Review again");
    if session.log_at_hand().is_some() {
        page.button(Action::ViewLog, "View log", "full screen; or press l");
    }
    page.button(Action::Bundle, "Bundle", "how to collect everything for whoever helps you, without secrets");
    page.button(Action::Undo, "Undo", "asks what, with time and cost");
    page.button(Action::Leave, "Leave", "everything is saved");
}
