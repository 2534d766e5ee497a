//! A row of text in runs, each in a role; the theme turns roles into attributes.

use crate::ui::page::{ItemId, Mark};
use crate::ui::wrap::wrap;

/// How a run of text is shown; the theme turns it into attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Running text.
    Plain,
    /// Lesser weight.
    Dim,
    /// More weight.
    Strong,
    /// Good.
    Good,
    /// Warning.
    Warning,
    /// Bad.
    Bad,
    /// The part of a line that comes.
    Added,
    /// The part of a line that goes.
    Removed,
    /// The focused item.
    Focus,
    /// A field's text.
    Input,
    /// The focused field's text.
    InputFocus,
}

impl Role {
    /// Returns how the mark of a step or a screen is shown.
    #[must_use]
    pub fn of_mark(mark: Mark) -> Self {
        match mark {
            Mark::Done => Self::Good,
            Mark::Now | Mark::Busy(_) => Self::Focus,
            Mark::Failed => Self::Bad,
            Mark::Unknown => Self::Warning,
            Mark::NotRun | Mark::ToDo => Self::Dim,
        }
    }
}

/// A run of text in one role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub text: String,
    pub role: Role,
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextRow {
    /// From left to right.
    pub spans: Vec<Span>,
    /// The item this row belongs to.
    pub item: Option<ItemId>,
    /// Column of the text cursor.
    pub cursor: Option<usize>,
}

impl TextRow {
    /// Returns a row of one run.
    pub fn of(text: impl Into<String>, role: Role) -> Self {
        Self { spans: vec![Span { text: text.into(), role }], ..Self::default() }
    }

    pub(super) fn and(mut self, text: impl Into<String>, role: Role) -> Self {
        self.spans.push(Span { text: text.into(), role });
        self
    }

    /// Returns the row's text.
    #[must_use]
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }
}

/// Columns of a label.
pub(super) const LABEL: usize = 22;

/// Where the help of items stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Helps {
    /// Below each item.
    Inline,
    /// In a pane of its own, for the focused item. What an option means stands beside it all the same.
    Elsewhere,
}

/// Adds a paragraph, wrapped to a width.
pub(super) fn paragraph(text: &str, role: Role, width: usize, indent: usize, out: &mut Vec<TextRow>) {
    for line in text.split('\n') {
        for line in wrap(line, width.saturating_sub(indent)) {
            out.push(TextRow::of(format!("{}{line}", " ".repeat(indent)), role));
        }
    }
}
