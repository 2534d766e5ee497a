//! Text in columns: wrapped, cut and padded by what the terminal shows, not by characters.

use std::borrow::Cow;

use textwrap::core::Word;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Returns lines of at most so many columns: wrapped at blanks; a word longer than that is broken.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let options = Options::new(width.max(8))
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(text, options).into_iter().map(Cow::into_owned).collect()
}

/// Returns pieces of at most so many columns that are the text again when put together.
pub fn broken(text: &str, width: usize) -> Vec<String> {
    Word::from(text).break_apart(width.max(1)).map(|part| part.word.to_owned()).collect()
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
