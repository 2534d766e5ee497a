//! Making text from outside safe to show.

use crate::redact::redact;

/// Returns `text` without escape sequences, control characters and what looks like a secret; tabs
/// become spaces, and more than `limit` characters are cut with an ellipsis. Line breaks are dropped.
#[must_use]
pub fn clean(text: &str, limit: usize) -> String {
    // Cut before it is searched for secrets, with room for one that stands at the limit.
    const ROOM: usize = 2_000;
    let stripped = redact(&strip(text, limit.saturating_add(ROOM)));
    match stripped.char_indices().nth(limit) {
        Some((at, _)) => format!("{}...", &stripped[..at]),
        None => stripped,
    }
}

/// Returns `text` without escape sequences and control characters, at most `limit` characters: for
/// what is compared or called, such as ARNs and addresses. It may hold a secret.
#[must_use]
pub fn strip(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    let mut count = 0;
    while let Some(each) = chars.next() {
        if each == '\u{1b}' {
            skip_escape(&mut chars);
            continue;
        }
        let shown = match each {
            '\t' => ' ',
            each if harmful(each) => continue,
            each => each,
        };
        if count == limit {
            return out;
        }
        out.push(shown);
        count += 1;
    }
    out
}

/// Text that may be shown: whatever it was made of, no escape sequence, control character or
/// bidirectional override is in it. Line breaks stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown(String);

impl Shown {
    /// Returns `text` as it may be shown.
    #[must_use]
    pub fn new(text: &str) -> Self {
        if !text.chars().any(|each| each != '\n' && harmful(each)) {
            return Self(text.to_owned());
        }
        Self(text.split('\n').map(|line| strip(line, usize::MAX)).collect::<Vec<_>>().join("\n"))
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a character does something to a terminal, or makes a line read other than it is.
#[must_use]
pub fn harmful(each: char) -> bool {
    each.is_control()
        || matches!(each, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}')
}

fn skip_escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match chars.peek() {
        Some('[') => {
            chars.next();
            for each in chars.by_ref() {
                if ('\u{40}'..='\u{7e}').contains(&each) {
                    break;
                }
            }
        }
        Some(']' | 'P' | '^' | '_' | 'X') => {
            while let Some(each) = chars.next() {
                if each == '\u{7}' {
                    break;
                }
                if each == '\u{1b}' {
                    chars.next();
                    break;
                }
            }
        }
        Some(_) => {
            chars.next();
        }
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{Shown, clean};

    #[test]
    fn shown_text_keeps_its_lines_and_nothing_that_acts_on_a_terminal() {
        let shown = Shown::new("a\u{1b}]0;x\u{7}b\nc\u{202e}d\u{1b}[2J\u{7}\r\n");
        assert_eq!(shown.as_str(), "ab\ncd\n");
        assert_eq!(Shown::new("plain\n").as_str(), "plain\n");
    }

    #[test]
    fn escape_sequences_and_control_characters_are_dropped() {
        assert_eq!(clean("\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7}ok\u{8}\r\n\u{202e}x", 99), "red okx");
        assert_eq!(clean("abcdef", 3), "abc...");
        assert_eq!(clean("\u{1b}[", 3), "");
    }
}
