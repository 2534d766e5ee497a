//! Text in columns: wrapped, cut and padded by what the terminal shows, not by characters.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Wraps at blanks; a word longer than the width is broken.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(8);
    if text.trim().is_empty() {
        return vec![String::new()];
    }
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if line.is_empty() && lines.is_empty() && word.is_empty() {
            line.push(' ');
            continue;
        }
        let gap = usize::from(!line.is_empty() && !line.ends_with(' '));
        if line.width() + gap + word.width() > width && !line.trim().is_empty() {
            lines.push(std::mem::take(&mut line));
        } else if gap == 1 {
            line.push(' ');
        }
        for each in word.chars() {
            if line.width() + each.width().unwrap_or(0) > width {
                lines.push(std::mem::take(&mut line));
            }
            line.push(each);
        }
    }
    lines.push(line);
    lines
}

pub(crate) fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for each in text.chars() {
        if lines.last().is_some_and(|line| line.width() + each.width().unwrap_or(0) > width) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push(each);
        }
    }
    lines
}

pub(crate) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Cuts a line at a width, with a mark where something is missing.
#[must_use]
pub fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    for each in text.chars() {
        if out.width() + each.width().unwrap_or(0) + 1 > width {
            break;
        }
        out.push(each);
    }
    out.push('>');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_wraps_at_blanks_and_breaks_only_words_that_are_too_long() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("abcdefghijkl", 8), ["abcdefgh", "ijkl"]);
        assert_eq!(wrap("", 8), [""]);
        assert_eq!(cut("abcdef", 4), "abc>");
    }
}
