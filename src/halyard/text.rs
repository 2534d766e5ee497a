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
            // Bidirectional overrides can make a line read other than it is.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}' => continue,
            each if each.is_control() => continue,
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
    use super::clean;

    #[test]
    fn escape_sequences_and_control_characters_are_dropped() {
        assert_eq!(clean("\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7}ok\u{8}\r\n\u{202e}x", 99), "red okx");
        assert_eq!(clean("abcdef", 3), "abc...");
        assert_eq!(clean("\u{1b}[", 3), "");
    }
}
