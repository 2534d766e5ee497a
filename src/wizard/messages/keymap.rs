//! One table binds keys to commands; the key line and the help page are drawn from it too.

use serde::{Deserialize, Serialize};

use crate::messages::cmd::{Cmd, LogCmd};
use crate::ui::form::Motion;

/// A key as the operator presses it, whatever the terminal calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeyPress {
    /// A character.
    Char(char),
    /// Ctrl and a letter.
    Ctrl(char),
    /// Alt and a letter.
    Alt(char),
    /// A function key.
    F(u8),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift-Tab.
    BackTab,
    /// Up.
    Up,
    /// Down.
    Down,
    /// Left.
    Left,
    /// Right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
}

/// What has the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// A text field.
    Text,
    /// Buttons, options and check boxes.
    Items,
    /// A dialog.
    Dialog,
    /// The help page.
    Help,
    /// The log on the whole screen.
    Log,
    /// The words to search a log for.
    LogSearch,
}

/// A binding.
pub struct Binding {
    pub key: KeyPress,
    /// Where it holds.
    pub places: &'static [KeyPlace],
    /// What it does.
    pub cmd: Cmd,
    /// How the key is called on screen.
    pub name: &'static str,
    /// What it does, in words; empty = listed under another key.
    pub words: &'static str,
    /// Shown in the key line.
    pub in_line: InLine,
}

/// Whether a binding stands in the key line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InLine {
    /// Yes.
    Yes,
    /// Only on the help page.
    No,
}

const LOG: &[KeyPlace] = &[KeyPlace::Log];
const SEARCH: &[KeyPlace] = &[KeyPlace::LogSearch];
const ALL: &[KeyPlace] = &[KeyPlace::Text, KeyPlace::Items, KeyPlace::Dialog];
const TEXT: &[KeyPlace] = &[KeyPlace::Text];
const ITEMS: &[KeyPlace] = &[KeyPlace::Items];
const MOVE: &[KeyPlace] = &[KeyPlace::Items, KeyPlace::Dialog];
const EVERYWHERE: &[KeyPlace] =
    &[KeyPlace::Text, KeyPlace::Items, KeyPlace::Dialog, KeyPlace::Help, KeyPlace::Log, KeyPlace::LogSearch];
const PAGES: &[KeyPlace] = &[KeyPlace::Text, KeyPlace::Items];

macro_rules! bind {
    ($key:expr, $places:expr, $cmd:expr, $name:literal, $words:literal, $line:ident) => {
        Binding { key: $key, places: $places, cmd: $cmd, name: $name, words: $words, in_line: InLine::$line }
    };
}

/// The table.
pub const BINDINGS: &[Binding] = &[
    bind!(KeyPress::Enter, ALL, Cmd::Activate, "Enter", "choose, press, or go on", Yes),
    bind!(KeyPress::Tab, ALL, Cmd::FocusNext, "Tab", "next item", Yes),
    bind!(KeyPress::Char('n'), ITEMS, Cmd::PassSettled, "n", "to Review", Yes),
    bind!(KeyPress::Esc, ALL, Cmd::Back, "Esc", "back", Yes),
    bind!(KeyPress::PageDown, PAGES, Cmd::PageDown, "PgDn", "more", Yes),
    bind!(KeyPress::PageUp, PAGES, Cmd::PageUp, "PgUp", "up", Yes),
    bind!(KeyPress::Char('c'), ITEMS, Cmd::Copy, "c", "copy", Yes),
    bind!(KeyPress::Char('r'), ITEMS, Cmd::Refresh, "r", "refresh", Yes),
    bind!(KeyPress::Char('l'), ITEMS, Cmd::ShowLog, "l", "log", Yes),
    bind!(KeyPress::F(1), TEXT, Cmd::Help, "F1", "help", Yes),
    bind!(KeyPress::Char('?'), ITEMS, Cmd::Help, "?", "help", Yes),
    bind!(KeyPress::F(1), ITEMS, Cmd::Help, "F1", "help", No),
    bind!(KeyPress::Ctrl('c'), ALL, Cmd::Interrupt, "Ctrl-C", "leave", Yes),
    bind!(KeyPress::BackTab, ALL, Cmd::FocusPrevious, "Shift-Tab", "previous item", No),
    bind!(KeyPress::Down, ALL, Cmd::FocusNext, "Down", "", No),
    bind!(KeyPress::Up, ALL, Cmd::FocusPrevious, "Up", "", No),
    bind!(KeyPress::Right, MOVE, Cmd::FocusNext, "Right", "", No),
    bind!(KeyPress::Left, MOVE, Cmd::FocusPrevious, "Left", "", No),
    bind!(KeyPress::Char(' '), MOVE, Cmd::Choose, "Space", "tick or choose", No),
    bind!(KeyPress::Ctrl('f'), PAGES, Cmd::PageDown, "Ctrl-F", "more below", No),
    bind!(KeyPress::Ctrl('b'), PAGES, Cmd::PageUp, "Ctrl-B", "more above", No),
    bind!(KeyPress::F(4), EVERYWHERE, Cmd::ToggleAscii, "F4", "plain ASCII lines on and off", No),
    bind!(KeyPress::Ctrl('t'), EVERYWHERE, Cmd::ToggleAscii, "Ctrl-T", "", No),
    bind!(KeyPress::Ctrl('l'), EVERYWHERE, Cmd::Redraw, "Ctrl-L", "draw the screen anew", No),
    bind!(KeyPress::Ctrl('z'), EVERYWHERE, Cmd::Suspend, "Ctrl-Z", "suspend; a running job goes on", No),
    bind!(KeyPress::Char('q'), ITEMS, Cmd::Interrupt, "q", "leave", No),
    bind!(KeyPress::Enter, &[KeyPlace::Help], Cmd::Back, "Enter", "close help", No),
    bind!(KeyPress::Esc, &[KeyPlace::Help], Cmd::Back, "Esc", "close help", Yes),
    bind!(KeyPress::F(1), &[KeyPlace::Help], Cmd::Back, "F1", "", No),
    bind!(KeyPress::PageDown, &[KeyPlace::Help], Cmd::PageDown, "PgDn", "more below", Yes),
    bind!(KeyPress::PageUp, &[KeyPlace::Help], Cmd::PageUp, "PgUp", "more above", Yes),
    bind!(KeyPress::Down, &[KeyPlace::Help], Cmd::PageDown, "Down", "", No),
    bind!(KeyPress::Up, &[KeyPlace::Help], Cmd::PageUp, "Up", "", No),
    bind!(KeyPress::Ctrl('c'), &[KeyPlace::Help], Cmd::Back, "Ctrl-C", "", No),
    bind!(KeyPress::Char('/'), LOG, Cmd::Log(LogCmd::Search), "/", "search", Yes),
    bind!(KeyPress::Char('n'), LOG, Cmd::Log(LogCmd::Next), "n", "", No),
    bind!(KeyPress::Char('N'), LOG, Cmd::Log(LogCmd::Previous), "n/N", "next", Yes),
    bind!(KeyPress::Char('e'), LOG, Cmd::Log(LogCmd::FirstError), "e", "error", Yes),
    bind!(KeyPress::Char('f'), LOG, Cmd::Log(LogCmd::Follow), "f", "follow", Yes),
    bind!(KeyPress::Char('w'), LOG, Cmd::Log(LogCmd::Wrap), "w", "wrap", Yes),
    bind!(KeyPress::Home, LOG, Cmd::Log(LogCmd::Begin), "Home", "", No),
    bind!(KeyPress::End, LOG, Cmd::Log(LogCmd::End), "End", "", No),
    bind!(KeyPress::Char('g'), LOG, Cmd::Log(LogCmd::Begin), "g", "begin", Yes),
    bind!(KeyPress::PageUp, LOG, Cmd::PageUp, "PgUp", "back", Yes),
    bind!(KeyPress::PageDown, LOG, Cmd::PageDown, "PgDn", "on", Yes),
    bind!(KeyPress::Char('G'), LOG, Cmd::Log(LogCmd::End), "G", "end", Yes),
    bind!(KeyPress::Esc, LOG, Cmd::Back, "Esc", "close", Yes),
    bind!(KeyPress::Char('l'), LOG, Cmd::Back, "l", "", No),
    bind!(KeyPress::Char('q'), LOG, Cmd::Back, "q", "", No),
    bind!(KeyPress::Ctrl('c'), LOG, Cmd::Interrupt, "Ctrl-C", "", No),
    bind!(KeyPress::Down, LOG, Cmd::FocusNext, "Down", "", No),
    bind!(KeyPress::Up, LOG, Cmd::FocusPrevious, "Up", "", No),
    bind!(KeyPress::Char(' '), LOG, Cmd::PageDown, "Space", "", No),
    bind!(KeyPress::Enter, SEARCH, Cmd::Activate, "Enter", "search", Yes),
    bind!(KeyPress::Esc, SEARCH, Cmd::Back, "Esc", "back", Yes),
    bind!(KeyPress::Ctrl('c'), SEARCH, Cmd::Interrupt, "Ctrl-C", "", No),
    bind!(KeyPress::Backspace, SEARCH, Cmd::Edit(Motion::Backspace), "Backspace", "", No),
    bind!(KeyPress::Ctrl('u'), SEARCH, Cmd::Edit(Motion::KillToStart), "Ctrl-U", "", No),
    bind!(KeyPress::Left, TEXT, Cmd::Edit(Motion::Left), "Left", "move in the text", No),
    bind!(KeyPress::Right, TEXT, Cmd::Edit(Motion::Right), "Right", "", No),
    bind!(KeyPress::Home, TEXT, Cmd::Edit(Motion::Home), "Home", "begin of the text", No),
    bind!(KeyPress::Ctrl('a'), TEXT, Cmd::Edit(Motion::Home), "Ctrl-A", "", No),
    bind!(KeyPress::End, TEXT, Cmd::Edit(Motion::End), "End", "end of the text", No),
    bind!(KeyPress::Ctrl('e'), TEXT, Cmd::Edit(Motion::End), "Ctrl-E", "", No),
    bind!(KeyPress::Alt('b'), TEXT, Cmd::Edit(Motion::WordLeft), "Alt-B", "a word left", No),
    bind!(KeyPress::Alt('f'), TEXT, Cmd::Edit(Motion::WordRight), "Alt-F", "a word right", No),
    bind!(KeyPress::Backspace, TEXT, Cmd::Edit(Motion::Backspace), "Backspace", "delete before", No),
    bind!(KeyPress::Delete, TEXT, Cmd::Edit(Motion::Delete), "Delete", "delete at", No),
    bind!(KeyPress::Ctrl('w'), TEXT, Cmd::Edit(Motion::KillWord), "Ctrl-W", "delete the word before", No),
    bind!(KeyPress::Ctrl('u'), TEXT, Cmd::Edit(Motion::KillToStart), "Ctrl-U", "delete to the begin", No),
    bind!(KeyPress::Ctrl('k'), TEXT, Cmd::Edit(Motion::KillToEnd), "Ctrl-K", "delete to the end", No),
];

/// Returns the command that a key means in a place.
#[must_use]
pub fn command(key: KeyPress, place: KeyPlace) -> Option<Cmd> {
    let bound = BINDINGS.iter().find(|binding| binding.key == key && binding.places.contains(&place));
    match (bound, key, place) {
        (Some(binding), ..) => Some(binding.cmd.clone()),
        (None, KeyPress::Char(each), KeyPlace::Text | KeyPlace::LogSearch) => {
            Some(Cmd::Insert(each.to_string()))
        }
        _ => None,
    }
}

/// Returns the bindings of a place, for the key line (`InLine::Yes`) or the help page.
pub fn shown(place: KeyPlace, line: InLine) -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(move |binding| {
        binding.places.contains(&place)
            && !binding.words.is_empty()
            && (line == InLine::No || binding.in_line == InLine::Yes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_bound_twice_in_one_place() {
        for place in EVERYWHERE {
            let keys: Vec<KeyPress> =
                BINDINGS.iter().filter(|each| each.places.contains(place)).map(|each| each.key).collect();
            for (at, key) in keys.iter().enumerate() {
                assert!(!keys[..at].contains(key), "{key:?} twice in {place:?}");
            }
        }
    }

    #[test]
    fn letters_are_text_in_a_field_and_shortcuts_elsewhere() {
        assert_eq!(command(KeyPress::Char('q'), KeyPlace::Text), Some(Cmd::Insert("q".to_owned())));
        assert_eq!(command(KeyPress::Char('q'), KeyPlace::Items), Some(Cmd::Interrupt));
        assert_eq!(command(KeyPress::Char('x'), KeyPlace::Items), None);
    }
}
