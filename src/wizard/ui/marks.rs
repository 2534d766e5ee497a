//! Marks that differ by shape, so that none needs colour to be read, and what stands for them where a terminal
//! knows ASCII alone. All take one column (Unicode: East Asian width neutral). A tick box looks like none of them.

use crate::model::check::CheckVerdict;

/// Done, or as it should be.
pub const GOOD: &str = " ✓ ";
/// Being done.
pub const NOW: &str = " ▸ ";
/// Being done right now, as time goes by. Braille patterns are as wide everywhere, ASCII stands still.
pub const BUSY: [&str; 4] = [" ⠋ ", " ⠙ ", " ⠸ ", " ⠴ "];
/// Failed, or not as it should be.
pub const BAD: &str = " ✗ ";
/// Worth knowing.
pub const WARNING: &str = " ! ";
/// Nobody knows.
pub const UNKNOWN: &str = " ? ";
/// To do.
pub const TO_DO: &str = " ◦ ";
/// Left out.
pub const LEFT_OUT: &str = " - ";

/// Returns the mark of a verdict, three columns.
#[must_use]
pub fn of_verdict(verdict: CheckVerdict) -> &'static str {
    match verdict {
        CheckVerdict::Good => GOOD,
        CheckVerdict::Warning => WARNING,
        CheckVerdict::Unknown => UNKNOWN,
        CheckVerdict::Bad => BAD,
    }
}

/// Returns what stands for a character on a terminal that knows ASCII alone; `?` for what nothing stands for.
#[must_use]
pub fn in_ascii(each: char) -> char {
    match each {
        '✓' => '+',
        '✗' => 'x',
        '▸' | '⠋' | '⠙' | '⠸' | '⠴' => '>',
        '◦' => '.',
        '─' | '–' => '-',
        '│' => '|',
        '┌' | '┐' | '└' | '┘' => '+',
        each if each.is_ascii() => each,
        _ => '?',
    }
}

/// Returns what a line of text says for a character: marks in ASCII, everything else as it is.
#[must_use]
pub fn in_lines(each: char) -> char {
    match in_ascii(each) {
        '?' => each,
        known => known,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_marks_differ_in_both_alphabets_and_take_three_columns() {
        use unicode_width::UnicodeWidthStr;
        let marks = [GOOD, NOW, BAD, WARNING, UNKNOWN, TO_DO, LEFT_OUT];
        for (at, mark) in marks.iter().enumerate() {
            let ascii = |mark: &str| mark.chars().map(in_ascii).collect::<String>();
            assert_eq!((mark.width(), ascii(mark).len()), (3, 3), "{mark}");
            assert!(marks[..at].iter().all(|other| other != mark && ascii(other) != ascii(mark)), "{mark}");
            assert!(!ascii(mark).contains('['), "{mark}");
        }
    }
}
