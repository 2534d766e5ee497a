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

use super::context::Context;
use super::reporting::{code, complain};
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
    if let Err(exit) = lock(context, locking) {
        return exit;
    }
    let session = match context.opening() {
        Ok(opening) => context.driven(style, Opening { to, ..opening }),
        Err(trouble) => return complain(&trouble, Exit::Journal),
    };
    let session = match session {
        Ok(session) => session,
        Err(exit) => return exit,
    };
    report(&session, style);
    context.ports.store.unlock();
    code(session.exit().unwrap_or(Exit::Done))
}

fn lock(context: &Context, locking: Locking) -> Result<(), ExitCode> {
    match context.ports.store.lock(&context.setup.actor) {
        LockAnswer::Ours(None) | LockAnswer::Nowhere => Ok(()),
        LockAnswer::Ours(Some(stale)) => {
            warn!("{stale} ended without leaving; its journal says what was done.");
            Ok(())
        }
        LockAnswer::By(_) if locking == Locking::TakeOver => {
            context.ports.store.take_over(&context.setup.actor).map_err(|trouble| {
                warn!("{trouble}");
                code(Exit::Locked)
            })
        }
        LockAnswer::By(holder) => {
            warn!("Another event-cache-wizard works here: {holder}");
            Err(code(Exit::Locked))
        }
        LockAnswer::Elsewhere(why) => {
            warn!("{why} Nothing was changed.");
            Err(code(Exit::Journal))
        }
        LockAnswer::Unwritable(why) => {
            warn!("State cannot be written: {}: {why}", context.place.get().words());
            warn!(
                "Make room or give this user the right to write there, or name another place with --state-dir. Nothing was changed."
            );
            Err(code(Exit::Journal))
        }
    }
}

fn report(session: &Session, style: Style) {
    let exit = session.exit().unwrap_or(Exit::Done);
    match style {
        Style::Quiet => {}
        Style::Json => {
            let ran = session.run().armed();
            let steps: Vec<StepOutput> = if ran || exit == Exit::Done {
                session.ledger().rows.iter().map(step_output).collect()
            } else {
                Vec::new()
            };
            let output = ApplyOutput {
                version: VERSION,
                exit: exit.code(),
                changed: ran && steps.iter().any(|step| step.result == StepResult::Changed),
                message: session.exit_words().map(str::to_owned),
                steps,
                made: made(session),
                left: left(session),
                targets: session.run().targets().iter().map(TargetOutput::of).collect(),
            };
            if let Ok(value) = redacted(&output) {
                say!("{value}");
            }
        }
        Style::Text => {
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
    StepOutput { step: row.intent.step().to_string(), describe: row.intent.describe(), result, detail }
}
