//! Line mode: the same screens as plain lines, for a screen reader, a slow serial console or
//! `expect`. Numbers choose, Enter goes on.

use std::io::{self, BufRead, IsTerminal};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use ecw_host::clock::Clock;
use ecw_host::record::Recorder;
use ecw_host::{put, say};
use ecw_ports::Ports;
use ecw_wizard::model::screen::Screen;
use ecw_wizard::screens::{CHECKED, help};
use ecw_wizard::state::Session;
use ecw_wizard::ui::form::Form;
use ecw_wizard::ui::layout::rows;
use ecw_wizard::ui::marks;
use ecw_wizard::ui::page::{Action, Block, Item, ItemId, ItemState};
use ecw_wizard::ui::row::Helps;
use ecw_wizard::values::answers::Key;
use ecw_wizard::values::time::Now;
use ecw_wizard::{Cmd, Effect, Event, Exit};

use crate::outside::Outside;
use crate::progress::Progress;
use crate::pump::{Cause, Input, Pump, Skin};

const WIDTH: usize = 78;
/// Lines and events are looked for in turns of this length.
const SLICE: Duration = Duration::from_millis(50);

enum Typed {
    Line(String),
    End,
}

/// Runs the session line by line until it ends.
///
/// # Errors
/// When stdout cannot be written.
pub fn run(
    session: Session,
    ports: Ports,
    runtime: &tokio::runtime::Handle,
    recorder: Recorder,
) -> io::Result<Session> {
    let store = ports.store.clone();
    let outside = Outside::new(ports, Clock::default());
    outside.listen(runtime, &store, Event::Cmd { cmd: Cmd::Interrupt });
    let skin = LineMode {
        outside,
        lines: lines(),
        progress: Progress::default(),
        said: 0,
        shown: String::new(),
        log_shown: String::new(),
        field: None,
        typed_by_hand: io::stdin().is_terminal(),
    };
    Pump::new(session, skin, recorder).run()
}

struct LineMode {
    outside: Outside,
    lines: Receiver<Typed>,
    progress: Progress,
    /// How many messages were printed.
    said: u64,
    /// The page that was printed last.
    shown: String,
    /// The log that was printed last.
    log_shown: String,
    /// The field whose value the next line is.
    field: Option<Key>,
    /// Lines come from a terminal.
    typed_by_hand: bool,
}

impl Skin for LineMode {
    fn now(&self) -> Now {
        self.outside.now()
    }

    fn show(&mut self, session: &Session, cause: Cause) -> io::Result<()> {
        if cause == Cause::Begin {
            return Ok(());
        }
        for line in self.progress.lines(session) {
            say!("{line}");
        }
        if session.exit().is_some() {
            return Ok(());
        }
        if session.view().said() != self.said {
            self.said = session.view().said();
            if let Some(message) = session.view().message() {
                say!("! {message}");
            }
        }
        self.show_log(session);
        if settled(session) {
            let text = page(session);
            if text != self.shown {
                put!("\n{text}> ");
                self.shown = text;
            } else if cause == Cause::Operator {
                // What is on the screen already is not said once more.
                put!("> ");
            }
        }
        Ok(())
    }

    fn wait(&mut self, session: &Session) -> Input {
        let asking = settled(session);
        loop {
            if let Some(input) = self.outside.within(SLICE) {
                return input;
            }
            if session.next_wake().is_some_and(|at| self.outside.now().mono >= at) {
                return Input::Tick;
            }
            // What is piped in was written for pages that are still to come; who types means what is now.
            let waits = session.run_active() && self.typed_by_hand;
            if !asking && !waits && session.run().halt().is_none() && session.dialog().is_none() {
                continue;
            }
            if waits && !asking && session.dialog().is_none() {
                if let Some(event) = self.typed_while_it_runs(session) {
                    return Input::Event(Box::new(event));
                }
                continue;
            }
            if session.dialog().is_some() {
                // A question that came meanwhile is answered first.
                self.field = None;
            }
            if let Some(event) = self.typed(session) {
                return Input::Event(Box::new(event));
            }
        }
    }

    fn begin(&mut self, effect: Effect) {
        match effect {
            Effect::Copy(text) => say!("{text}"),
            Effect::Redraw | Effect::Suspend => {}
            other => self.outside.begin(other),
        }
    }

    fn leave(&mut self, _exit: Exit) {
        self.outside.flush();
    }
}

impl LineMode {
    /// Prints the log that was asked for: where it is, and its last lines.
    fn show_log(&mut self, session: &Session) {
        let Some(log) = session.view().log() else {
            self.log_shown.clear();
            return;
        };
        let page = log.page();
        if page.path.is_empty() || page.path == self.log_shown {
            return;
        }
        say!("{}", page.path);
        for line in &page.lines {
            say!("  {}", line.text);
        }
        self.log_shown.clone_from(&page.path);
    }

    /// Returns what a line asks for while a run is on its way: Enter shows what can be done now.
    fn typed_while_it_runs(&mut self, session: &Session) -> Option<Event> {
        match self.lines.try_recv() {
            Ok(Typed::Line(line)) if line.trim().is_empty() => {
                put!("\n{}> ", page(session));
                None
            }
            Ok(Typed::Line(line)) => command(session, line.trim(), &mut self.field),
            Ok(Typed::End) => Some(Event::HangUp),
            Err(_) => None,
        }
    }

    /// Returns what the next line asks for, if there is one.
    fn typed(&mut self, session: &Session) -> Option<Event> {
        let line = match self.lines.try_recv() {
            Ok(Typed::Line(line)) => line,
            Ok(Typed::End) => return Some(Event::HangUp),
            Err(_) => return None,
        };
        let event = match self.field.take() {
            Some(_) if line.trim().is_empty() => None,
            Some(key) => Some(Event::Cmd { cmd: Cmd::Set(key, line) }),
            None => command(session, line.trim(), &mut self.field),
        };
        if event.is_none() && self.field.is_none() {
            put!("> ");
        }
        event
    }
}

/// A page is printed once its answers are there, and while something is to be decided.
fn settled(session: &Session) -> bool {
    let looking = session.facts().in_flight().next().is_some();
    let deciding = session.screen().asks() || session.run().halt().is_some() || !session.run_active();
    !looking && deciding || session.dialog().is_some()
}

fn lines() -> Receiver<Typed> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            if sender.send(Typed::Line(line)).is_err() {
                return;
            }
        }
        let _ = sender.send(Typed::End);
    });
    receiver
}

fn items(session: &Session) -> Vec<Item> {
    session.page().items().cloned().collect()
}

fn page(session: &Session) -> String {
    if let Some(dialog) = &session.dialog() {
        let mut out = format!("{}\n", dialog.title);
        out.extend(dialog.text.iter().map(|line| format!("{line}\n")));
        for (at, (_, label)) in dialog.buttons.iter().enumerate() {
            out.push_str(&format!("  {}) {label}{}\n", at + 1, if at == 0 { " (Enter)" } else { "" }));
        }
        return out;
    }
    let page = session.page();
    let screen = session.screen();
    let number =
        screen.number().map(|number| format!("Step {number} of {}, ", Screen::STEPS)).unwrap_or_default();
    let mut out = format!("{number}{}: {}\n", screen.name(), page.title);
    // The body as on the screen, but without a focus; what can be chosen follows as a list.
    let mut body = page.clone();
    body.blocks.retain(|block| match block {
        Block::Item(_) => false,
        // A page that differs in its age alone is not printed again.
        Block::Text(_, text) => !text.starts_with(CHECKED),
        _ => true,
    });
    for row in rows(&body, &Form::default(), WIDTH, Helps::Inline) {
        // A serial console knows the marks in ASCII, and so does a screen reader.
        out.extend(row.text().trim_end().chars().map(marks::in_lines));
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
            ItemState::Row { value, enter } => {
                format!("{}: {value} ({enter})", item.label).replace(":  (", " (")
            }
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
    if let Some(dialog) = &session.dialog() {
        let at = if line.is_empty() { 0 } else { line.parse::<usize>().ok()?.checked_sub(1)? };
        return dialog.buttons.get(at).and_then(|(action, _)| cmd(Cmd::Press(ItemId::Button(*action))));
    }
    match line {
        "" => cmd(Cmd::Press(ItemId::Button(Action::Next))),
        "b" => cmd(Cmd::Back),
        "q" => cmd(Cmd::Interrupt),
        "?" => {
            for paragraph in help(session.screen(), session.road()) {
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
