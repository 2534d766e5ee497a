//! The wizard on a terminal: keys and answers in, frames out. Nothing in the loop waits for the
//! outside.

use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crossterm::event::{self, Event as TerminalEvent, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ecw_host::clock::Clock;
use ecw_host::record::Recorder;
use ecw_ports::Ports;
use ecw_tui::Theme;
use ecw_wizard::messages::keymap::KeyPress;
use ecw_wizard::state::Session;
use ecw_wizard::values::time::Now;
use ecw_wizard::{Cmd, Effect, Event, Exit};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::outside::Outside;
use crate::pump::{Cause, Input, Pump, Skin};
use crate::terminal::{TerminalScreen, enter, restore};
use crate::window::{Understands, Window};

/// Outside events are merged into at most ten frames a second.
const FRAME: Duration = Duration::from_millis(100);

/// Runs the session on the terminal until it ends; returns it, for what is printed afterwards.
///
/// # Errors
/// When the terminal cannot be used.
pub fn run(
    session: Session,
    ports: Ports,
    (theme, understands): (Theme, Understands),
    runtime: &tokio::runtime::Handle,
    recorder: Recorder,
) -> io::Result<Session> {
    let store = ports.store.clone();
    let outside = Outside::new(ports, Clock::default());
    outside.listen(runtime, &store, Event::Terminate);
    enter()?;
    input(outside.sender());
    let mut window = Window::new(understands);
    window.begin();
    let screen = TerminalScreen::new(theme);
    let skin = Interactive { outside, screen, window, drawn: Instant::now(), undrawn: false };
    Pump::new(session, skin, recorder).run()
}

struct Interactive {
    outside: Outside,
    screen: TerminalScreen,
    window: Window,
    /// When the last frame was drawn.
    drawn: Instant,
    /// Something came since, too soon for a frame of its own.
    undrawn: bool,
}

impl Skin for Interactive {
    fn now(&self) -> Now {
        self.outside.now()
    }

    fn show(&mut self, session: &Session, cause: Cause) -> io::Result<()> {
        let soon = cause == Cause::Outside && self.drawn.elapsed() < FRAME;
        self.undrawn = soon && session.exit().is_none();
        if soon {
            return Ok(());
        }
        self.drawn = Instant::now();
        self.screen.show(session)?;
        self.window.show(session);
        Ok(())
    }

    fn wait(&mut self, session: &Session) -> Input {
        let frame = self.undrawn.then(|| FRAME.saturating_sub(self.drawn.elapsed()));
        let limit = [self.outside.sleep(session), frame].into_iter().flatten().min();
        self.outside.wait(limit)
    }

    fn begin(&mut self, effect: Effect) {
        match effect {
            Effect::Redraw => self.screen.forget(),
            Effect::Copy(text) => copy(&text),
            Effect::Suspend => {
                suspend();
                self.window.begin();
                self.screen.forget();
            }
            other => self.outside.begin(other),
        }
    }

    fn leave(&mut self, exit: Exit) {
        if exit == Exit::HangUp {
            // The terminal is gone: state is safe on disk, nothing is drawn, nothing spins.
            self.outside.flush();
            std::process::exit(i32::from(exit.code()));
        }
        restore();
        self.outside.flush();
    }
}

/// OSC 52: the terminal puts the text on its clipboard, if it allows that.
fn copy(text: &str) {
    let mut out = io::stdout();
    let _ = write!(out, "\u{1b}]52;c;{}\u{7}", STANDARD.encode(text.as_bytes()));
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
fn input(sender: Sender<Input>) {
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
                if let Some(input) = translated(read)
                    && sender.send(input).is_err()
                {
                    return;
                }
            }
        }
        let _ = sender.send(Input::Event(Box::new(Event::HangUp)));
    });
}

fn translated(event: TerminalEvent) -> Option<Input> {
    match event {
        TerminalEvent::Key(key) if key.kind != KeyEventKind::Release => press(key).map(Input::Key),
        TerminalEvent::Paste(text) => Some(Input::Event(Box::new(Event::Cmd { cmd: Cmd::Paste(text) }))),
        TerminalEvent::Resize(width, height) => {
            Some(Input::Event(Box::new(Event::Resized { width, height })))
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
