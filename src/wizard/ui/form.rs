//! Focus, text editing and errors of one screen.

use std::collections::{BTreeMap, BTreeSet};

use crate::ui::page::{Fold, ItemId, Page};

/// A text being edited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    pub text: String,
    /// Cursor, in characters.
    pub cursor: usize,
}

/// The state of a screen's items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The focused item.
    pub focus: Option<ItemId>,
    /// Texts that were touched.
    pub edits: BTreeMap<ItemId, Edit>,
    /// Errors, shown below their items.
    pub errors: BTreeMap<ItemId, String>,
    /// First row, when the operator scrolled by hand.
    pub scrolled: Option<usize>,
    /// Parts whose state is not the usual one: opened or closed by hand.
    pub folds: BTreeSet<Fold>,
    /// The operator has moved the focus; until then it follows what the screen needs.
    pub moved: bool,
}

/// How to move or change inside a text field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Motion {
    /// One to the left.
    Left,
    /// One to the right.
    Right,
    /// To the begin.
    Home,
    /// To the end.
    End,
    /// A word to the left.
    WordLeft,
    /// A word to the right.
    WordRight,
    /// Delete before the cursor.
    Backspace,
    /// Delete at the cursor.
    Delete,
    /// Delete the word before the cursor.
    KillWord,
    /// Delete to the begin.
    KillToStart,
    /// Delete to the end.
    KillToEnd,
}

impl Form {
    /// Opens a part, or closes it.
    pub fn toggle(&mut self, fold: Fold) {
        if !self.folds.remove(&fold) {
            self.folds.insert(fold);
        }
        self.scrolled = None;
    }

    /// Moves the focus to an item that exists.
    pub fn settle(&mut self, page: &Page) {
        if self.focus.as_ref().is_some_and(|focus| page.items().any(|item| item.id == *focus)) {
            return;
        }
        self.focus = page.items().next().map(|item| item.id.clone());
    }

    /// Moves the focus by one, forwards or backwards.
    pub fn step(&mut self, page: &Page, by: isize) {
        let ids: Vec<&ItemId> = page.items().map(|item| &item.id).collect();
        if ids.is_empty() {
            return;
        }
        let at = self.focus.as_ref().and_then(|focus| ids.iter().position(|id| *id == focus)).unwrap_or(0);
        let next = at.saturating_add_signed(by).min(ids.len() - 1);
        self.scrolled = None;
        self.moved = true;
        self.focus = Some(ids[next].clone());
    }
}

impl Edit {
    /// Begins to edit a text, cursor at its end.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self { text: text.to_owned(), cursor: text.chars().count() }
    }

    fn byte(&self, cursor: usize) -> usize {
        self.text.char_indices().nth(cursor).map_or(self.text.len(), |(at, _)| at)
    }

    /// Inserts text at the cursor.
    pub fn insert(&mut self, text: &str) {
        let at = self.byte(self.cursor);
        self.text.insert_str(at, text);
        self.cursor += text.chars().count();
    }

    fn cut(&mut self, from: usize, to: usize) {
        let range = self.byte(from)..self.byte(to);
        self.text.replace_range(range, "");
        self.cursor = from;
    }

    /// Moves or deletes.
    pub fn apply(&mut self, motion: Motion) {
        let length = self.text.chars().count();
        match motion {
            Motion::Left => self.cursor = self.cursor.saturating_sub(1),
            Motion::Right => self.cursor = (self.cursor + 1).min(length),
            Motion::Home => self.cursor = 0,
            Motion::End => self.cursor = length,
            Motion::WordLeft => self.cursor = self.word_left(),
            Motion::WordRight => self.cursor = self.word_right(),
            Motion::Backspace if self.cursor > 0 => self.cut(self.cursor - 1, self.cursor),
            Motion::Delete if self.cursor < length => self.cut(self.cursor, self.cursor + 1),
            Motion::Backspace | Motion::Delete => {}
            Motion::KillWord => self.cut(self.word_left(), self.cursor),
            Motion::KillToStart => self.cut(0, self.cursor),
            Motion::KillToEnd => self.cut(self.cursor, length),
        }
    }

    fn word_left(&self) -> usize {
        let chars: Vec<char> = self.text.chars().collect();
        let mut at = self.cursor;
        while at > 0 && !chars[at - 1].is_alphanumeric() {
            at -= 1;
        }
        while at > 0 && chars[at - 1].is_alphanumeric() {
            at -= 1;
        }
        at
    }

    fn word_right(&self) -> usize {
        let chars: Vec<char> = self.text.chars().collect();
        let mut at = self.cursor;
        while at < chars.len() && !chars[at].is_alphanumeric() {
            at += 1;
        }
        while at < chars.len() && chars[at].is_alphanumeric() {
            at += 1;
        }
        at
    }
}

/// Makes pasted text fit a single-line field: trimmed, without line breaks, tabs, control
/// characters and escape sequences. Returns it and whether something was dropped.
#[must_use]
pub fn pasted(text: &str) -> (String, bool) {
    const LONGEST: usize = 2_000;
    let cleaned = ecw_halyard::clean(text, LONGEST);
    let out = cleaned.trim().to_owned();
    let dropped = out != text.trim();
    (out, dropped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_edits_like_a_shell_line() {
        let mut edit = Edit::of("one two");
        let mut after = |motion| {
            edit.apply(motion);
            format!("{}|{}", edit.text, edit.cursor)
        };
        assert_eq!(after(Motion::WordLeft), "one two|4");
        assert_eq!(after(Motion::KillToEnd), "one |4");
        assert_eq!(after(Motion::Backspace), "one|3");
        assert_eq!(after(Motion::Home), "one|0");
        assert_eq!(after(Motion::Delete), "ne|0");
        assert_eq!(after(Motion::End), "ne|2");
        assert_eq!(after(Motion::KillWord), "|0");
        assert_eq!(after(Motion::Backspace), "|0");
    }

    #[test]
    fn pasted_text_loses_what_does_not_belong_in_a_line() {
        assert_eq!(pasted("  eu-west-1\r\n"), ("eu-west-1".to_owned(), false));
        assert_eq!(pasted("a\u{1b}[31mb\nc"), ("abc".to_owned(), true));
    }
}
