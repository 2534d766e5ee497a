//! Unattended: nobody is asked. The core decides by the answers; this loop only feeds it.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use ecw_core::journal::{LedgerRow, StepState};
use ecw_core::opening::Opening;
use ecw_core::redaction::redacted;
use ecw_core::session::{Session, Setup};
use ecw_core::step::Made;
use ecw_core::summary::after_exit;
use ecw_core::trouble::Trouble;
use ecw_core::{Event, Exit};
use tokio::runtime::Handle;

use super::progress::Progress;
use super::signals;
use super::workers::{Message, Workers};
use crate::clock::Clock;
use crate::host::state_place::PlaceCell;
use crate::lock::Locked;
use crate::output::{ApplyOutput, StepOutput, StepResult, VERSION};
use crate::ports::Ports;
use crate::record::Recorder;
use crate::{say, warn};
use ecw_halyard::redact;

/// How it reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Lines for people.
    Text,
    /// One JSON object at the end.
    Json,
    /// Nothing but errors.
    Quiet,
}

/// What an unattended run works with.
pub struct Desk<'a> {
    /// The outside.
    pub ports: &'a Ports,
    /// Where events are recorded.
    pub place: &'a Arc<PlaceCell>,
    /// For signals.
    pub runtime: &'a Handle,
    /// How it reports.
    pub style: Style,
}

/// Runs what `open` opens to its end, under the lock.
#[must_use]
pub fn run(desk: &Desk<'_>, setup: &Setup, open: impl FnOnce() -> Result<Opening, Trouble>) -> ExitCode {
    match desk.ports.store.lock(&setup.actor) {
        Ok(None) | Err(Locked::Nowhere) => {}
        Ok(Some(stale)) => warn!("{stale} ended without leaving; its journal says what was done."),
        Err(Locked::By(holder)) => {
            warn!("Another event-cache-wizard works here: {holder}");
            return ExitCode::from(Exit::Locked.code());
        }
        Err(Locked::Elsewhere(why)) => {
            warn!("{why} Nothing was changed.");
            return ExitCode::from(Exit::Journal.code());
        }
        Err(Locked::Unwritable(why)) => {
            warn!("State cannot be written: {}: {why}", desk.place.get().words());
            warn!(
                "Make room or give this user the right to write there, or name another place with --state-dir. Nothing was changed."
            );
            return ExitCode::from(Exit::Journal.code());
        }
    }
    let opening = match open() {
        Ok(opening) => opening,
        Err(trouble) => {
            warn!("{}\n{}", redact(&trouble.what), trouble.fix);
            return ExitCode::from(Exit::Journal.code());
        }
    };
    let session = settle(desk, setup, opening);
    report(&session, desk.style);
    desk.ports.store.unlock();
    ExitCode::from(session.exit.unwrap_or(Exit::Done).code())
}

/// Feeds the session until it ends.
#[must_use]
pub fn settle(desk: &Desk<'_>, setup: &Setup, opening: Opening) -> Session {
    let clock = Clock::default();
    let (sender, receiver) = channel();
    signals::listen(desk.runtime, &sender, &desk.ports.store, Event::Interrupted);
    let workers = Workers::new(desk.ports.clone(), sender);
    // What only looks writes nothing, not even what it saw.
    let events = (!setup.mode.reads_only()).then(|| desk.place.clone());
    let mut recorder = Recorder::new(events, &setup.run);
    recorder.opened(&opening, clock.now());
    let mut session = opening.open(setup.clone(), clock.now());
    let mut progress = Progress::default();
    let begin = clock.now();
    recorder.record(&Event::Tick, begin);
    let mut effects = session.start(begin);
    loop {
        for effect in effects.drain(..) {
            workers.begin(effect);
        }
        if desk.style == Style::Text {
            for line in progress.lines(&session) {
                say!("{}", redact(&line));
            }
        }
        if let Some(message) = session.view.message.take()
            && desk.style != Style::Quiet
        {
            warn!("{}", redact(&message));
        }
        if session.exit.is_some() {
            workers.flush();
            return session;
        }
        let now = clock.now().mono;
        let wait = session.next_wake().map_or(1_000, |at| at.saturating_sub(now)).clamp(1, 1_000);
        let event = match receiver.recv_timeout(Duration::from_millis(wait)) {
            Ok(Message::Event(event)) => *event,
            Ok(Message::Key(_)) | Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                Event::Tick
            }
        };
        let now = clock.now();
        recorder.record(&event, now);
        effects = session.update(event, now);
    }
}

fn report(session: &Session, style: Style) {
    let exit = session.exit.unwrap_or(Exit::Done);
    match style {
        Style::Quiet => {}
        Style::Json => {
            let ran = session.run.armed();
            let steps: Vec<StepOutput> = if ran || exit == Exit::Done {
                session.ledger.rows.iter().map(step_output).collect()
            } else {
                Vec::new()
            };
            let output = ApplyOutput {
                version: VERSION,
                exit: exit.code(),
                changed: ran && steps.iter().any(|step| step.result == StepResult::Changed),
                message: session.exit_words.clone(),
                steps,
                made: ecw_core::summary::made(session),
                left: ecw_core::summary::left(session),
            };
            if let Ok(value) = redacted(&output) {
                say!("{value}");
            }
        }
        Style::Text => {
            let lines = match (&session.exit_words, exit) {
                (Some(words), Exit::Done) => vec![words.clone()],
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
pub fn step_output(row: &LedgerRow) -> StepOutput {
    let (result, detail) = match &row.state {
        StepState::Done(Made::Nothing) => (StepResult::Ok, row.evidence.clone()),
        StepState::Done(_) => (StepResult::Changed, row.evidence.clone()),
        StepState::Failed(why) => (StepResult::Failed, why.clone()),
        StepState::Unknown(why) => (StepResult::Unknown, why.clone()),
        StepState::ToDo | StepState::Started => (StepResult::NotRun, String::new()),
    };
    StepOutput { step: row.intent.step().to_string(), describe: row.intent.describe(), result, detail }
}
