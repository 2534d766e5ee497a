//! The terminal's window: its title says what is being done, and a bell tells whoever looks elsewhere that something
//! long has ended. Nothing is written while nothing changes.

use std::io::{self, Write};

use ecw_host::print::Shown;
use ecw_wizard::state::Session;

use crate::terminal;

/// What the terminal understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Understands {
    /// Frames alone.
    Frames,
    /// A title (OSC 2, kept and given back by XTWINOPS 22 and 23) and a bell.
    Title,
    /// A notice too (OSC 9, of iTerm2).
    Notice,
}

/// What took at least this long is told of when it ends, milliseconds.
const LONG_MS: u64 = 60_000;
const NAME: &str = "event-cache-wizard";

/// The window, as it was last told.
pub(crate) struct Window {
    understands: Understands,
    /// What was being done, and for how long.
    work: Option<(String, u64)>,
    titled: Option<String>,
}

impl Window {
    pub(crate) fn new(understands: Understands) -> Self {
        Self { understands, work: None, titled: None }
    }

    /// Has the terminal keep the title that is there; leaving the screen gives it back.
    pub(crate) fn begin(&mut self) {
        self.titled = None;
        if self.understands != Understands::Frames {
            terminal::keep_title();
        }
    }

    /// Tells what is new.
    pub(crate) fn show(&mut self, session: &Session) {
        let text = self.news(session.at_work().map(|work| (work.what, work.elapsed)));
        if !text.is_empty() {
            write(&text);
        }
    }

    /// Returns what is written for what is being done now.
    fn news(&mut self, now: Option<(String, u64)>) -> String {
        let mut text = String::new();
        if self.understands == Understands::Frames {
            return text;
        }
        let ended = self.work.take().filter(|(what, _)| now.as_ref().is_none_or(|(other, _)| other != what));
        if let Some((what, _)) = ended.filter(|(_, elapsed)| *elapsed >= LONG_MS) {
            if self.understands == Understands::Notice {
                text.push_str(&format!("\u{1b}]9;{} has ended\u{7}", plain(&what)));
            }
            text.push('\u{7}');
        }
        let title =
            now.as_ref().map_or_else(|| NAME.to_owned(), |(what, _)| format!("{} - {NAME}", plain(what)));
        if self.titled.as_ref() != Some(&title) {
            text.push_str(&format!("\u{1b}]2;{title}\u{7}"));
            self.titled = Some(title);
        }
        self.work = now;
        text
    }
}

fn plain(text: &str) -> String {
    Shown::new(text).as_str().chars().take(80).collect()
}

fn write(text: &str) {
    let mut out = io::stdout().lock();
    // A terminal that is gone is told by the frames.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(what: &str, elapsed: u64) -> Option<(String, u64)> {
        Some((what.to_owned(), elapsed))
    }

    #[test]
    fn the_title_changes_with_the_work_and_a_bell_rings_when_something_long_has_ended() {
        let mut window = Window::new(Understands::Title);
        assert_eq!(window.news(None), "\u{1b}]2;event-cache-wizard\u{7}");
        assert_eq!(window.news(None), "", "idle costs nothing");
        assert_eq!(window.news(work("Deploy gate", 0)), "\u{1b}]2;Deploy gate - event-cache-wizard\u{7}");
        assert_eq!(window.news(work("Deploy gate", 59_000)), "");
        assert_eq!(
            window.news(work("Deploy\u{1b}[2J x", 1)),
            "\u{1b}]2;Deploy x - event-cache-wizard\u{7}",
            "too short"
        );
        assert_eq!(window.news(work("Deploy\u{1b}[2J x", 60_000)), "");
        assert_eq!(window.news(None), "\u{7}\u{1b}]2;event-cache-wizard\u{7}");
        let mut window = Window::new(Understands::Notice);
        window.news(work("Deploy gate", 90_000));
        let told = "\u{1b}]9;Deploy gate has ended\u{7}\u{7}\u{1b}]2;event-cache-wizard\u{7}";
        assert_eq!(window.news(None), told);
        let mut window = Window::new(Understands::Frames);
        window.news(work("Deploy gate", 90_000));
        assert_eq!(window.news(None), "");
    }
}
