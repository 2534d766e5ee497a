//! The wizard on a terminal: keys and answers in, frames out. Nothing in the loop waits for the
//! outside.

use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::event::{self, Event as TerminalEvent, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ecw_core::keymap::{KeyPress, command};
use ecw_core::session::Session;
use ecw_core::{Cmd, Effect, Event, Exit};
use ecw_tui::Theme;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::signals;
use super::terminal::{Screen, enter, restore};
use super::workers::{Message, Workers};
use crate::clock::Clock;
use crate::ports::Ports;
use crate::record::Recorder;

/// Outside events are merged into at most ten frames a second.
const FRAME: Duration = Duration::from_millis(100);

/// Runs the session on the terminal until it ends; returns it, for what is printed afterwards.
///
/// # Errors
/// When the terminal cannot be used.
pub fn run(
    mut session: Session,
    ports: Ports,
    theme: Theme,
    runtime: &tokio::runtime::Handle,
    mut recorder: Recorder,
) -> io::Result<Session> {
    let clock = Clock::default();
    let (sender, receiver) = channel();
    signals::listen(runtime, &sender, &ports.store, Event::Terminate);
    enter()?;
    let workers = Workers::new(ports, sender.clone());
    input(sender);
    let mut screen = Screen::new(theme);
    // The first frame stands before anything is asked.
    screen.show(&session)?;
    let begin = clock.now();
    recorder.record(&Event::Tick, begin);
    let mut effects = session.start(begin);
    let mut drawn = Instant::now();
    let mut undrawn = false;
    loop {
        for effect in effects.drain(..) {
            if let Some(exit) = outside(&workers, &mut screen, effect) {
                return leave(session, workers, exit);
            }
        }
        let frame = undrawn.then(|| FRAME.saturating_sub(drawn.elapsed()));
        let message = wait(&receiver, &session, clock, frame);
        let key = match &message {
            Some(Message::Key(_)) => true,
            Some(Message::Event(event)) => matches!(**event, Event::Cmd { .. } | Event::Resized { .. }),
            None => false,
        };
        let event = match message {
            Some(Message::Key(key)) => match command(key, session.place()) {
                Some(cmd) => Event::Cmd { cmd },
                None => continue,
            },
            Some(Message::Event(event)) => *event,
            None => Event::Tick,
        };
        let now = clock.now();
        recorder.record(&event, now);
        effects = session.update(event, now);
        undrawn = !key && drawn.elapsed() < FRAME;
        if !undrawn {
            if screen.show(&session).is_err() {
                effects.extend(session.update(Event::HangUp, clock.now()));
            }
            drawn = Instant::now();
        }
    }
}

/// Waits for a message, for the moment the core asked for, or for a frame that is still to be
/// drawn. With neither it waits for ever: an idle wizard costs nothing.
fn wait(
    receiver: &Receiver<Message>,
    session: &Session,
    clock: Clock,
    frame: Option<Duration>,
) -> Option<Message> {
    let now = clock.now().mono;
    let wake = session.next_wake().map(|at| Duration::from_millis(at.saturating_sub(now)));
    match [wake, frame].into_iter().flatten().min() {
        Some(limit) => receiver.recv_timeout(limit).ok(),
        None => receiver.recv().ok(),
    }
}

/// Performs what concerns the terminal itself; the rest goes to the workers.
fn outside(workers: &Workers, screen: &mut Screen, effect: Effect) -> Option<Exit> {
    match effect {
        Effect::Quit(exit) => return Some(exit),
        Effect::Redraw => screen.forget(),
        Effect::Copy(text) => copy(&text),
        Effect::Suspend => {
            suspend();
            screen.forget();
        }
        other => workers.begin(other),
    }
    None
}

fn leave(session: Session, workers: Workers, exit: Exit) -> io::Result<Session> {
    if exit == Exit::HangUp {
        // The terminal is gone: state is safe on disk, nothing is drawn, nothing spins.
        workers.flush();
        std::process::exit(i32::from(exit.code()));
    }
    restore();
    workers.flush();
    Ok(session)
}

/// OSC 52: the terminal puts the text on its clipboard, if it allows that.
fn copy(text: &str) {
    let mut out = io::stdout();
    let _ = write!(out, "\u{1b}]52;c;{}\u{7}", crate::base64::encode(text.as_bytes()));
    let _ = out.flush();
}

fn suspend() {
    restore();
    let _ = writeln!(io::stdout(), "Suspended. A running deploy goes on. Come back with: fg");
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TSTP);
    // Here again after SIGCONT; what was typed meanwhile was not meant for us.
    let _ = enter();
    while event::poll(Duration::ZERO).unwrap_or(false) {
        if event::read().is_err() {
            break;
        }
    }
}

/// Reads keys on a thread of its own. A terminal that is gone is told apart before crossterm reads
/// from it: it would spin.
fn input(sender: Sender<Message>) {
    thread::spawn(move || {
        let stdin = io::stdin();
        loop {
            let mut fds = [PollFd::from_borrowed_fd(stdin.as_fd(), PollFlags::IN)];
            let tick = Timespec { tv_sec: 0, tv_nsec: 250_000_000 };
            match poll(&mut fds, Some(&tick)) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => break,
            }
            let seen = fds[0].revents();
            if seen.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
                break;
            }
            // Also without input: a resize comes by a signal, and some SSH servers send none.
            while event::poll(Duration::ZERO).unwrap_or(false) {
                let Ok(read) = event::read() else { break };
                if let Some(message) = translated(read)
                    && sender.send(message).is_err()
                {
                    return;
                }
            }
        }
        let _ = sender.send(Message::Event(Box::new(Event::HangUp)));
    });
}

fn translated(event: TerminalEvent) -> Option<Message> {
    match event {
        TerminalEvent::Key(key) if key.kind != KeyEventKind::Release => press(key).map(Message::Key),
        TerminalEvent::Paste(text) => Some(Message::Event(Box::new(Event::Cmd { cmd: Cmd::Paste(text) }))),
        TerminalEvent::Resize(width, height) => {
            Some(Message::Event(Box::new(Event::Resized { width, height })))
        }
        _ => None,
    }
}

fn press(key: KeyEvent) -> Option<KeyPress> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    Some(match key.code {
        KeyCode::Char(each) if control => KeyPress::Ctrl(each.to_ascii_lowercase()),
        KeyCode::Char(each) if alt => KeyPress::Alt(each),
        KeyCode::Char(each) => KeyPress::Char(each),
        KeyCode::F(number) => KeyPress::F(number),
        KeyCode::Enter => KeyPress::Enter,
        KeyCode::Esc => KeyPress::Esc,
        KeyCode::Tab => KeyPress::Tab,
        KeyCode::BackTab => KeyPress::BackTab,
        KeyCode::Up => KeyPress::Up,
        KeyCode::Down => KeyPress::Down,
        KeyCode::Left => KeyPress::Left,
        KeyCode::Right => KeyPress::Right,
        KeyCode::Home => KeyPress::Home,
        KeyCode::End => KeyPress::End,
        KeyCode::PageUp => KeyPress::PageUp,
        KeyCode::PageDown => KeyPress::PageDown,
        KeyCode::Backspace => KeyPress::Backspace,
        KeyCode::Delete => KeyPress::Delete,
        _ => return None,
    })
}
