//! How the page is shown, and what is said beside it.

use crate::state::log_view::LogView;

/// What is shown and how, besides the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Columns.
    pub(crate) width: u16,
    /// Rows.
    pub(crate) height: u16,
    /// ASCII only.
    pub(crate) ascii: bool,
    /// The help page is open.
    pub(crate) help: bool,
    /// How many of its lines are above the top.
    pub(crate) help_top: usize,
    /// The log that is read on the whole screen.
    pub(crate) log: Option<LogView>,
    /// One line for the operator.
    pub(crate) message: Option<String>,
    /// How many messages there were so far.
    pub(crate) said: u64,
}

impl View {
    pub(crate) fn new() -> Self {
        Self {
            width: 80,
            height: 24,
            ascii: false,
            help: false,
            help_top: 0,
            log: None,
            message: None,
            said: 0,
        }
    }

    /// Returns columns and rows of the terminal.
    #[must_use]
    pub fn size(&self) -> (u16, u16) {
        (self.width, self.height)
    }

    /// Returns whether lines and marks are drawn in ASCII only.
    #[must_use]
    pub fn ascii(&self) -> bool {
        self.ascii
    }

    /// Returns how many lines of the help page are above the top.
    #[must_use]
    pub fn help_top(&self) -> usize {
        self.help_top
    }

    /// Returns whether the help page is open.
    #[must_use]
    pub fn help(&self) -> bool {
        self.help
    }

    /// Returns the log that is read on the whole screen.
    #[must_use]
    pub fn log(&self) -> Option<&LogView> {
        self.log.as_ref()
    }

    /// Returns the line for the operator, if one stands there.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Returns how many messages there were so far: a skin that prints each once remembers it.
    #[must_use]
    pub fn said(&self) -> u64 {
        self.said
    }

    /// Says something to the operator, in place of what was said before.
    pub(crate) fn say(&mut self, message: impl Into<String>) {
        self.message = Some(message.into());
        self.said += 1;
    }

    /// Takes the message away.
    pub(crate) fn hush(&mut self) {
        self.message = None;
    }
}
