//! Why a run waits for the operator, and the ways on: the same on every screen that shows one.

use crate::rules::status;
use crate::state::Session;
use crate::state::run::Halt;
use crate::steps::{ApplyDeployment, Intent, StepId, StepKind};
use crate::ui::page::{Action, Block, Page, Tone};

/// Says why the run waits.
pub(super) fn halted(page: &mut Page, session: &Session) {
    let Some(halt) = &session.run.halt else { return };
    page.push(Block::Gap);
    match halt {
        Halt::Failed { step, trouble } => {
            page.text(Tone::Bad, format!("{} failed. {}", named(session, step), trouble.what));
            page.text(Tone::Plain, trouble.fix.clone());
        }
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
}

/// What a step does, in words.
fn named(session: &Session, step: &StepId) -> String {
    session.ledger.row(step).map_or_else(|| step.to_string(), |row| row.intent.describe())
}

/// Offers what can be done about it.
pub(super) fn ways_on(page: &mut Page, session: &Session) {
    let label = match &session.run.halt {
        None => return,
        Some(Halt::Failed { .. }) => "Retry this step",
        Some(Halt::Unknown { step, .. }) if step.kind == StepKind::ApplyDeployment => "Apply again",
        Some(Halt::Unknown { .. }) => "Do it again",
        Some(Halt::Store { .. }) => "Try again",
    };
    page.button(Action::Retry, label, "");
    if matches!(&session.run.halt, Some(Halt::Unknown { step, .. }) if step.kind == StepKind::ApplyDeployment)
    {
        page.button(Action::CheckAgain, "Look again", "at files, services and the daemon");
    }
    page.button(Action::Change, "Change answers", "leads through Review again");
    page.button(Action::Undo, "Undo", "asks what, with time and cost");
    page.button(Action::Leave, "Leave", "everything is saved");
}
