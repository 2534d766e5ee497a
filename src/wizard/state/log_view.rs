//! The log that is read on the whole screen.

use crate::model::log_page::{Log, LogPage, LogPlace};
use crate::ui::form::Edit;

/// Whether new lines are shown as they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// They are.
    On,
    /// The place stays.
    Off,
}

/// Whether long lines are broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LongLines {
    /// They are.
    Broken,
    /// They are cut at the right edge.
    Cut,
}

/// A log that is read on the whole screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogView {
    pub(crate) log: Log,
    /// What was read last.
    pub(crate) page: LogPage,
    pub(crate) follow: Follow,
    pub(crate) long_lines: LongLines,
    /// What is searched for.
    pub(crate) words: String,
    /// The words that are being typed.
    pub(crate) typing: Option<Edit>,
    /// A part was asked for and has not come yet.
    pub(crate) waits: bool,
    /// What is asked for next, once it has.
    pub(crate) wish: Option<LogPlace>,
    /// Offset of the line that was found last.
    pub(crate) found: Option<u64>,
    /// When a log that grows is read again, steady clock.
    pub(crate) next_look: u64,
    /// What is said about it.
    pub(crate) remark: Option<String>,
}

impl LogView {
    /// Returns a view of a log of which nothing was read yet.
    pub(crate) fn new(log: Log) -> Self {
        Self {
            log,
            page: LogPage::default(),
            follow: Follow::On,
            long_lines: LongLines::Cut,
            words: String::new(),
            typing: None,
            waits: false,
            wish: None,
            found: None,
            next_look: 0,
            remark: None,
        }
    }

    /// Returns which log it is.
    #[must_use]
    pub fn log(&self) -> Log {
        self.log
    }

    /// Returns what was read last.
    #[must_use]
    pub fn page(&self) -> &LogPage {
        &self.page
    }

    /// Returns whether new lines are shown as they come.
    #[must_use]
    pub fn follow(&self) -> Follow {
        self.follow
    }

    /// Returns whether long lines are broken.
    #[must_use]
    pub fn long_lines(&self) -> LongLines {
        self.long_lines
    }

    /// Returns what is searched for.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.words
    }

    /// Returns the words that are being typed.
    #[must_use]
    pub fn typing(&self) -> Option<&Edit> {
        self.typing.as_ref()
    }

    /// Returns what is said about it.
    #[must_use]
    pub fn remark(&self) -> Option<&str> {
        self.remark.as_deref()
    }
}
