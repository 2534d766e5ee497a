//! The terminal's modes and its frames. Every step of restoring is tried even if one fails, and
//! nothing in here may panic: it runs when the terminal is gone, too.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ecw_tui::{Theme, draw};
use ecw_wizard::state::Session;
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

static ACTIVE: AtomicBool = AtomicBool::new(false);
/// The terminal keeps a title for us.
static TITLED: AtomicBool = AtomicBool::new(false);

/// Puts the terminal into the wizard's modes.
///
/// # Errors
/// What the terminal says.
pub fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    ACTIVE.store(true, Ordering::SeqCst);
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide)
}

/// Has the terminal keep its window's title (XTWINOPS 22) until it is given back.
pub(crate) fn keep_title() {
    TITLED.store(true, Ordering::SeqCst);
    let mut out = io::stdout();
    let _ = out.write_all(b"\x1b[22;2t").and_then(|()| out.flush());
}

/// Gives the terminal back; safe to call at any time and more than once.
pub fn restore() {
    if !ACTIVE.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    let _ = queue!(out, EndSynchronizedUpdate);
    let _ = queue!(out, DisableBracketedPaste);
    let _ = queue!(out, Show);
    if TITLED.swap(false, Ordering::SeqCst) {
        let _ = out.write_all(b"\x1b[23;2t");
    }
    let _ = queue!(out, LeaveAlternateScreen);
    let _ = out.flush();
    let _ = disable_raw_mode();
}

/// Restores the terminal when the program has a bug, and says where to read about it; exits 70.
pub fn guard_panics() {
    std::panic::set_hook(Box::new(|info| {
        restore();
        let mut err = io::stderr();
        let _ = writeln!(err, "event-cache-wizard has a bug: {info}");
        let _ = writeln!(err, "What is done stays done and is in the journal. Start it again to go on.");
        // Without this a panic on a worker would leave the screen up and wait for ever.
        std::process::exit(i32::from(ecw_wizard::Exit::Bug.code()));
    }));
}

/// Draws frames: only what differs goes over the wire, in one write, in a synchronised update. An
/// unchanged frame costs nothing.
pub struct TerminalScreen {
    theme: Theme,
    shown: Option<Buffer>,
    cursor: Option<(u16, u16)>,
}

impl TerminalScreen {
    /// Returns a screen that has drawn nothing.
    #[must_use]
    pub fn new(theme: Theme) -> Self {
        Self { theme, shown: None, cursor: None }
    }

    /// Forgets what is shown, so that the next frame draws everything.
    pub fn forget(&mut self) {
        self.shown = None;
    }

    /// Draws the session.
    ///
    /// # Errors
    /// What the terminal says; it may be gone.
    pub fn show(&mut self, session: &Session) -> io::Result<()> {
        let (width, height) = session.view().size();
        let area = Rect { x: 0, y: 0, width, height };
        let mut frame = Buffer::empty(area);
        let cursor = draw(&mut frame, session, self.theme).map(|at| (at.x, at.y));
        let whole = self.shown.as_ref().is_none_or(|shown| shown.area != area);
        if !whole && self.shown.as_ref() == Some(&frame) && self.cursor == cursor {
            return Ok(());
        }
        let mut bytes = Vec::with_capacity(4096);
        queue!(bytes, BeginSynchronizedUpdate)?;
        {
            let mut backend = CrosstermBackend::new(&mut bytes);
            if whole {
                backend.clear()?;
            }
            let blank = Buffer::empty(area);
            let before = self.shown.as_ref().filter(|_| !whole).unwrap_or(&blank);
            backend.draw(before.diff(&frame).into_iter())?;
        }
        match cursor {
            Some((x, y)) => queue!(bytes, MoveTo(x, y), Show)?,
            None => queue!(bytes, Hide)?,
        }
        queue!(bytes, EndSynchronizedUpdate)?;
        let mut out = io::stdout().lock();
        out.write_all(&bytes)?;
        out.flush()?;
        self.shown = Some(frame);
        self.cursor = cursor;
        Ok(())
    }
}
