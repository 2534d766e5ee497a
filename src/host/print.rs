//! The printers. They take [`Shown`] and nothing else, so that nothing from outside reaches a terminal
//! or a log as it came; and they never stop the work: output that is closed or full is remembered, told
//! at the end, and is an exit code of its own.

use std::io::{self, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

pub use ecw_halyard::Shown;

/// Whether what goes wrong is marked with colour.
static MARKED: AtomicBool = AtomicBool::new(false);
/// Whether details are said.
static DETAILED: AtomicBool = AtomicBool::new(false);
/// The first error of standard output.
static FAILED: Mutex<Option<String>> = Mutex::new(None);

/// Prints a line.
#[macro_export]
macro_rules! say {
    ($($arg:tt)*) => { $crate::print::line(&$crate::print::Shown::new(&format!($($arg)*))) };
}

/// Prints text as it is, without a line's end.
#[macro_export]
macro_rules! put {
    ($($arg:tt)*) => { $crate::print::text(&$crate::print::Shown::new(&format!($($arg)*))) };
}

/// Prints a line to standard error.
#[macro_export]
macro_rules! warn {
    ($($arg:tt)*) => { $crate::print::error(&$crate::print::Shown::new(&format!($($arg)*))) };
}

fn note(written: io::Result<()>) {
    if let Err(error) = written
        && let Ok(mut failed) = FAILED.lock()
    {
        failed.get_or_insert_with(|| error.to_string());
    }
}

/// Prints a line to standard output.
pub fn line(shown: &Shown) {
    let mut out = io::stdout().lock();
    note(out.write_all(format!("{}\n", shown.as_str()).as_bytes()).and_then(|()| out.flush()));
}

/// Prints text to standard output.
pub fn text(shown: &Shown) {
    let mut out = io::stdout().lock();
    note(out.write_all(shown.as_str().as_bytes()).and_then(|()| out.flush()));
}

/// How what went wrong is marked on standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marks {
    /// Not at all.
    None,
    /// In bold red.
    Colour,
}

/// Has details said from now on.
pub fn say_details() {
    DETAILED.store(true, Ordering::Relaxed);
}

/// Prints a detail to standard error, where details are said.
pub fn detail(text: &str) {
    if DETAILED.load(Ordering::Relaxed) {
        error(&Shown::new(&format!("  {}", ecw_halyard::redact(text))));
    }
}

/// Says how what goes wrong is marked from now on.
pub fn mark_troubles(marks: Marks) {
    MARKED.store(marks == Marks::Colour, Ordering::Relaxed);
}

/// Prints what went wrong to standard error, and what to do now.
pub fn trouble(what: &Shown, fix: Option<&Shown>) {
    let (begin, end) = if MARKED.load(Ordering::Relaxed) { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
    let fix = fix.map(|fix| format!("{}\n", fix.as_str())).unwrap_or_default();
    let text = format!("{begin}{}{end}\n{fix}", what.as_str());
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Prints a line to standard error; where that is closed there is nobody to tell.
pub fn error(shown: &Shown) {
    let _ = io::stderr().lock().write_all(format!("{}\n", shown.as_str()).as_bytes());
}

/// Returns why standard output could not be written, if it could not.
#[must_use]
pub fn failure() -> Option<String> {
    FAILED.lock().ok().and_then(|failed| failed.clone())
}
