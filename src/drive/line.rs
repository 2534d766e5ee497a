//! Line mode: the same screens as plain lines, for a screen reader, a slow serial console or
//! `expect`. Numbers choose, Enter goes on.

use std::io::{self, BufRead};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use ecw_core::answers::Key;
use ecw_core::cmd::Cmd;
use ecw_core::form::Form;
use ecw_core::layout::rows;
use ecw_core::page::{Action, Item, ItemId, ItemState};
use ecw_core::session::Session;
use ecw_core::{Effect, Event};

use super::progress::Progress;
use super::signals;
use super::workers::{Message, Workers};
use crate::clock::Clock;
use crate::ports::Ports;
use crate::record::Recorder;
use crate::{put, say};

const WIDTH: usize = 78;

enum Input {
    Line(String),
    End,
}

/// Runs the session line by line until it ends.
///
/// # Errors
/// When stdout cannot be written.
pub fn run(
    mut session: Session,
    ports: Ports,
    runtime: &tokio::runtime::Handle,
    mut recorder: Recorder,
) -> io::Result<Session> {
    let clock = Clock::default();
    let (sender, receiver) = channel();
    signals::listen(runtime, &sender, &ports.store, Event::Cmd { cmd: Cmd::Interrupt });
    let workers = Workers::new(ports, sender);
    let lines = lines();
    let mut progress = Progress::default();
    let mut shown = String::new();
    let mut field = None;
    let begin = clock.now();
    recorder.record(&Event::Tick, begin);
    let mut effects = session.start(begin);
    loop {
        for effect in effects.drain(..) {
            if !matches!(effect, Effect::Quit(_) | Effect::Redraw | Effect::Suspend | Effect::Copy(_)) {
                workers.begin(effect);
            }
        }
        for line in progress.lines(&session) {
            say!("{line}");
        }
        if session.exit.is_some() {
            workers.flush();
            return Ok(session);
        }
        if let Some(message) = session.view.message.take() {
            say!("! {message}");
        }
        let asking = settled(&session);
        if asking {
            let text = page(&session);
            if text != shown {
                put!("\n{text}> ");
                shown = text;
            }
        }
        let event = next(&receiver, &lines, &session, clock, asking, &mut field);
        let Some(event) = event.or(Some(Event::Tick)) else { continue };
        if matches!(event, Event::Cmd { .. }) {
            shown.clear();
        }
        let now = clock.now();
        recorder.record(&event, now);
        effects = session.update(event, now);
    }
}

/// A page is printed once its answers are there, and while something is to be decided.
fn settled(session: &Session) -> bool {
    let looking = session.facts.in_flight().next().is_some();
    let deciding = session.screen().asks() || session.run.halt.is_some() || !session.run_active();
    !looking && deciding || session.dialog.is_some()
}

fn lines() -> Receiver<Input> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            if sender.send(Input::Line(line)).is_err() {
                return;
            }
        }
        let _ = sender.send(Input::End);
    });
    receiver
}

fn next(
    events: &Receiver<Message>,
    lines: &Receiver<Input>,
    session: &Session,
    clock: Clock,
    asking: bool,
    field: &mut Option<Key>,
) -> Option<Event> {
    const SLICE: Duration = Duration::from_millis(50);
    loop {
        match events.recv_timeout(SLICE) {
            Ok(Message::Event(event)) => return Some(*event),
            Ok(Message::Key(_)) | Err(RecvTimeoutError::Disconnected | RecvTimeoutError::Timeout) => {}
        }
        if session.next_wake().is_some_and(|at| clock.now().mono >= at) {
            return None;
        }
        if !asking && session.run.halt.is_none() && session.dialog.is_none() {
            continue;
        }
        if session.dialog.is_some() {
            // A question that came meanwhile is answered first.
            *field = None;
        }
        match lines.try_recv() {
            Ok(Input::Line(line)) => {
                let event = match field.take() {
                    Some(_) if line.trim().is_empty() => None,
                    Some(key) => Some(Event::Cmd { cmd: Cmd::Set(key, line) }),
                    None => command(session, line.trim(), field),
                };
                if event.is_some() {
                    return event;
                }
                if field.is_none() {
                    put!("> ");
                }
            }
            Ok(Input::End) => return Some(Event::HangUp),
            Err(_) => {}
        }
    }
}

fn items(session: &Session) -> Vec<Item> {
    session.page().items().cloned().collect()
}

fn page(session: &Session) -> String {
    if let Some(dialog) = &session.dialog {
        let mut out = format!("{}\n", dialog.title);
        out.extend(dialog.text.iter().map(|line| format!("{line}\n")));
        for (at, (_, label)) in dialog.buttons.iter().enumerate() {
            out.push_str(&format!("  {}) {label}{}\n", at + 1, if at == 0 { " (Enter)" } else { "" }));
        }
        return out;
    }
    let page = session.page();
    let screen = session.screen();
    let number = screen.number().map(|number| format!("Step {number} of 13, ")).unwrap_or_default();
    let mut out = format!("{number}{}: {}\n", screen.name(), page.title);
    // The body as on the screen, but without a focus; what can be chosen follows as a list.
    let mut body = page.clone();
    body.blocks.retain(|block| !matches!(block, ecw_core::page::Block::Item(_)));
    for row in rows(&body, &Form::default(), WIDTH) {
        out.push_str(row.text().trim_end());
        out.push('\n');
    }
    for (at, item) in page.items().enumerate() {
        let shown = match &item.state {
            ItemState::Text { value, note, .. } => {
                format!("{}: {value} ({})", item.label, if note.is_empty() { "empty" } else { note })
            }
            ItemState::Chosen(true) => format!("{} - chosen", item.label),
            ItemState::Ticked(true) => format!("{} - yes", item.label),
            ItemState::Ticked(false) => format!("{} - no", item.label),
            ItemState::Chosen(false) | ItemState::Press => item.label.clone(),
        };
        let enter = if item.id == ItemId::Button(Action::Next) { " (Enter)" } else { "" };
        out.push_str(&format!("  {}) {shown}{enter}\n", at + 1));
    }
    out.push_str("  b) back   q) leave   ?) help\n");
    out
}

/// Returns what a line asks for. A number that names a field asks for its value: the next line is it, and
/// whatever else happens meanwhile is heard.
fn command(session: &Session, line: &str, field: &mut Option<Key>) -> Option<Event> {
    let cmd = |cmd: Cmd| Some(Event::Cmd { cmd });
    if let Some(dialog) = &session.dialog {
        let at = if line.is_empty() { 0 } else { line.parse::<usize>().ok()?.checked_sub(1)? };
        return dialog.buttons.get(at).and_then(|(action, _)| cmd(Cmd::Press(ItemId::Button(*action))));
    }
    match line {
        "" => cmd(Cmd::Press(ItemId::Button(Action::Next))),
        "b" => cmd(Cmd::Back),
        "q" => cmd(Cmd::Interrupt),
        "?" => {
            for paragraph in ecw_core::screens::help(session.screen()) {
                say!("{paragraph}");
            }
            None
        }
        number => {
            let at = number.parse::<usize>().ok()?.checked_sub(1)?;
            let item = items(session).get(at)?.clone();
            match (&item.id, &item.state) {
                (ItemId::Field(key), ItemState::Text { value, .. }) => {
                    put!("{} [{value}]: ", item.label);
                    *field = Some(*key);
                    None
                }
                _ => cmd(Cmd::Press(item.id.clone())),
            }
        }
    }
}
