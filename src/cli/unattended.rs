//! Unattended commands: under the lock, to the end, and what is said of it.

use std::process::ExitCode;

use ecw_drive::unattended::Style;
use ecw_halyard::redact;
use ecw_host::{say, warn};
use ecw_ports::LockAnswer;
use ecw_wizard::Exit;
use ecw_wizard::messages::opening::{Opening, To};
use ecw_wizard::model::ledger::{LedgerRow, StepState};
use ecw_wizard::rules::summary::{after_exit, left, made};
use ecw_wizard::state::Session;
use ecw_wizard::steps::Made;
use ecw_wizard::values::redaction::redacted;
use ecw_wizard::values::time::span;

use super::context::Context;
use super::global::Format;
use super::reporting::{code, complain};
use super::several::Came;
use crate::output::{ApplyOutput, StepOutput, StepResult, TargetOutput, VERSION};

/// What happens where another wizard works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Locking {
    /// It goes on, and this run ends.
    Wait,
    /// It is asked to leave.
    TakeOver,
}

/// Runs to the end, under the lock, and reports.
pub(super) fn run(context: &Context, style: Style, to: To) -> ExitCode {
    run_as(context, style, to, Locking::Wait)
}

/// Runs to the end, under the lock, and reports.
pub(super) fn run_as(context: &Context, style: Style, to: To, locking: Locking) -> ExitCode {
    match ended(context, style, to, locking) {
        Ok(session) => {
            report(&session, context.look.talk.limit(style));
            code(session.exit().unwrap_or(Exit::Done))
        }
        Err(exit) => code(exit),
    }
}

/// Runs to the end, under the lock, as one of several deployments: its report is another's to print.
pub(super) fn one_of_several(context: &Context, format: Format, to: To, locking: Locking) -> Came {
    let style = if format == Format::Json { Style::Quiet } else { Style::Text };
    match ended(context, style, to, locking) {
        Ok(session) => {
            report(&session, context.look.talk.limit(style));
            let exit = session.exit().unwrap_or(Exit::Done);
            Came { exit, output: Some(output_of(&session)), plan: None }
        }
        Err(exit) => Came::stopped(exit),
    }
}

fn ended(context: &Context, style: Style, to: To, locking: Locking) -> Result<Session, Exit> {
    lock(context, locking)?;
    let opening = context.opening().map_err(|trouble| {
        complain(&trouble, Exit::Journal);
        Exit::Journal
    })?;
    let session = context.driven(style, Opening { to, ..opening }).map_err(|_| Exit::Failed)?;
    context.ports.store.unlock();
    Ok(session)
}

fn lock(context: &Context, locking: Locking) -> Result<(), Exit> {
    match context.ports.store.lock(&context.setup.actor) {
        LockAnswer::Ours(None) | LockAnswer::Nowhere => Ok(()),
        LockAnswer::Ours(Some(stale)) => {
            warn!("{stale} ended without leaving; its journal says what was done.");
            Ok(())
        }
        LockAnswer::By(_) if locking == Locking::TakeOver => {
            context.ports.store.take_over(&context.setup.actor).map_err(|trouble| {
                warn!("{trouble}");
                Exit::Locked
            })
        }
        LockAnswer::By(holder) => {
            warn!("Another event-cache-wizard works here: {holder}");
            Err(Exit::Locked)
        }
        LockAnswer::Elsewhere(why) => {
            warn!("{why} Nothing was changed.");
            Err(Exit::Journal)
        }
        LockAnswer::Unwritable(why) => {
            warn!("State cannot be written: {}: {why}", context.place.get().words());
            warn!(
                "Make room or give this user the right to write there, or name another place with --state-dir. Nothing was changed."
            );
            Err(Exit::Journal)
        }
    }
}

/// What came of a run, as it is reported.
fn output_of(session: &Session) -> ApplyOutput {
    let exit = session.exit().unwrap_or(Exit::Done);
    let ran = session.run().armed();
    let steps: Vec<StepOutput> = if ran || exit == Exit::Done {
        session.ledger().rows.iter().map(step_output).collect()
    } else {
        Vec::new()
    };
    ApplyOutput {
        version: VERSION,
        exit: exit.code(),
        changed: ran && steps.iter().any(|step| step.result == StepResult::Changed),
        message: session.exit_words().map(str::to_owned),
        steps,
        made: made(session),
        left: left(session),
        targets: session.run().targets().iter().map(TargetOutput::of).collect(),
    }
}

fn report(session: &Session, style: Style) {
    let exit = session.exit().unwrap_or(Exit::Done);
    match style {
        Style::Quiet | Style::Heartbeat => {
            if let (Some(words), true) = (session.exit_words(), exit != Exit::Done) {
                warn!("{}", redact(words));
            }
        }
        Style::Json => {
            if let Ok(value) = redacted(&output_of(session)) {
                say!("{value}");
            }
        }
        Style::Text => {
            for line in times(session) {
                say!("{}", redact(&line));
            }
            let lines = match (session.exit_words(), exit) {
                (Some(words), Exit::Done) => vec![words.to_owned()],
                (Some(words), _) => {
                    warn!("{}", redact(words));
                    return;
                }
                (None, _) => after_exit(session),
            };
            for line in lines {
                say!("{}", redact(&line));
            }
        }
    }
}

/// Returns a step with how it came out.
#[must_use]
pub(super) fn step_output(row: &LedgerRow) -> StepOutput {
    let (result, detail) = match &row.state {
        StepState::Done(Made::Nothing) => (StepResult::Ok, row.evidence.clone()),
        StepState::Done(_) => (StepResult::Changed, row.evidence.clone()),
        StepState::Failed(why) => (StepResult::Failed, why.clone()),
        StepState::Unknown(why) => (StepResult::Unknown, why.clone()),
        StepState::ToDo | StepState::Started => (StepResult::NotRun, String::new()),
    };
    let seconds = took(row).map(|millis| millis / 1_000);
    StepOutput {
        step: row.intent.step().to_string(),
        describe: row.intent.describe(),
        result,
        detail,
        seconds,
    }
}

/// How long the last attempt at a step took, milliseconds.
fn took(row: &LedgerRow) -> Option<u64> {
    Some(row.finished?.saturating_sub(row.started?))
}

/// The steps of a run that did something, each with its time: the last thing a log says of them.
fn times(session: &Session) -> Vec<String> {
    let rows = session.ledger().rows.iter();
    let ended = rows.filter_map(|row| Some(format!("  {:>12}  {}", span(took(row)?), row.intent.describe())));
    let lines: Vec<String> = ended.collect();
    if lines.is_empty() || !session.run().armed() {
        Vec::new()
    } else {
        [vec!["Took:".to_owned()], lines].concat()
    }
}
