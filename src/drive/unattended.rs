//! Unattended: nobody is asked. The core decides by the answers; this loop only feeds it.

use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use ecw_core::journal::StepState;
use ecw_core::session::Session;
use ecw_core::summary::after_exit;
use ecw_core::trouble::Trouble;
use ecw_core::{Effect, Event, Exit};
use serde_json::json;

use super::progress::Progress;
use super::workers::{Message, Workers};
use crate::clock::Clock;
use crate::lock::{Lock, Locked};
use crate::ports::Ports;
use crate::record::Recorder;
use crate::redact::redact;

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

/// Runs a session to its end.
pub fn run(ports: &Ports, session: Result<Session, Trouble>, state_dir: &Path, style: Style) -> ExitCode {
    let session = match session {
        Ok(session) => session,
        Err(trouble) => {
            eprintln!("{}\n{}", trouble.what, trouble.fix);
            return ExitCode::from(Exit::Journal.code());
        }
    };
    let lock = Lock::take(state_dir, &session.setup.actor);
    if let Err(Locked::By(holder)) = &lock {
        eprintln!("Another event-cache-wizard works here: {holder}");
        return ExitCode::from(Exit::Locked.code());
    }
    let session = settle(ports, session, state_dir, style);
    report(&session, style);
    drop(lock);
    ExitCode::from(session.exit.unwrap_or(Exit::Done).code())
}

/// Feeds the session until it ends.
pub fn settle(ports: &Ports, mut session: Session, state_dir: &Path, style: Style) -> Session {
    let clock = Clock::default();
    let (sender, receiver) = channel();
    let workers = Workers::new(ports.clone(), sender);
    let mut recorder = Recorder::new(state_dir.is_dir().then_some(state_dir), &session.setup.run);
    let mut progress = Progress::default();
    let mut effects = session.start(clock.now());
    loop {
        for effect in effects.drain(..) {
            if let Effect::Quit(_) = effect {
                continue;
            }
            workers.begin(effect);
        }
        if style == Style::Text {
            for line in progress.lines(&session) {
                println!("{}", redact(&line));
            }
        }
        if session.exit.is_some() {
            recorder.finish();
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
        recorder.record(&event, clock.now());
        effects = session.update(event, clock.now());
    }
}

fn report(session: &Session, style: Style) {
    let exit = session.exit.unwrap_or(Exit::Done);
    match style {
        Style::Quiet => {}
        Style::Json => {
            let steps: Vec<serde_json::Value> = session
                .ledger
                .rows
                .iter()
                .map(|row| {
                    let (result, words) = match &row.state {
                        StepState::Done(ecw_core::step::Made::Nothing) => ("ok", row.evidence.clone()),
                        StepState::Done(_) => ("changed", row.evidence.clone()),
                        StepState::Failed(why) => ("failed", why.clone()),
                        StepState::Unknown(why) => ("unknown", why.clone()),
                        StepState::ToDo | StepState::Started => ("not-run", String::new()),
                    };
                    json!({"step": row.intent.step().to_string(), "describe": row.intent.describe(), "result": result, "detail": words})
                })
                .collect();
            let ran = session.run.armed();
            let changed = ran && steps.iter().any(|step| step["result"] == "changed");
            let value = json!({
                "version": 1,
                "exit": exit.code(),
                "changed": changed,
                "message": session.exit_words,
                "steps": if ran || exit == Exit::Done { steps } else { Vec::new() },
                "made": ecw_core::summary::made(session),
                "left": ecw_core::summary::left(session),
            });
            println!("{}", redact(&value.to_string()));
        }
        Style::Text => {
            let lines = match (&session.exit_words, exit) {
                (Some(words), Exit::Done) => vec![words.clone()],
                (Some(words), _) => {
                    eprintln!("{}", redact(words));
                    return;
                }
                (None, _) => after_exit(session),
            };
            for line in lines {
                println!("{}", redact(&line));
            }
        }
    }
}
