//! The text of a profile: decoded once, byte offsets kept.

use crate::position::Position;
use crate::verdict::{Refusal, RefusalReason};

/// A decoded profile. Offsets everywhere in this crate count from after the byte order mark.
pub(crate) struct Source<'a> {
    pub(crate) text: &'a str,
    /// Length of the byte order mark: 0 or 3.
    pub(crate) bom: usize,
}

const BOM: &[u8] = b"\xef\xbb\xbf";

impl<'a> Source<'a> {
    /// Returns the decoded text, or a refusal that names the first byte that is not UTF-8.
    pub(crate) fn decode(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let bom = if bytes.starts_with(BOM) { BOM.len() } else { 0 };
        match std::str::from_utf8(&bytes[bom..]) {
            Ok(text) => Ok(Self { text, bom }),
            Err(error) => {
                let valid = &bytes[bom..bom + error.valid_up_to()];
                // The prefix was just validated.
                let text = std::str::from_utf8(valid).unwrap_or_default();
                Err(Refusal::at(RefusalReason::NotUtf8, position(text, text.len())))
            }
        }
    }

    /// Returns the line and column of a byte offset.
    pub(crate) fn position(&self, offset: usize) -> Position {
        position(self.text, offset)
    }

    /// Returns the offset of the first byte of the line that holds `offset`.
    pub(crate) fn line_start(&self, offset: usize) -> usize {
        self.text[..offset].rfind('\n').map_or(0, |at| at + 1)
    }

    /// Returns the offset just behind the line break of the line that holds `offset`, or the end.
    pub(crate) fn next_line(&self, offset: usize) -> usize {
        self.text[offset..].find('\n').map_or(self.text.len(), |at| offset + at + 1)
    }

    /// Returns the column of `offset` in its line, in characters, from zero.
    pub(crate) fn column(&self, offset: usize) -> usize {
        self.text[self.line_start(offset)..offset].chars().count()
    }

    /// Returns the line break that the file uses.
    pub(crate) fn eol(&self) -> &'static str {
        match self.text.find('\n') {
            Some(at) if self.text[..at].ends_with('\r') => "\r\n",
            _ => "\n",
        }
    }
}

fn position(text: &str, offset: usize) -> Position {
    let before = &text[..floor_boundary(text, offset)];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    Position {
        line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
        column: before[start..].chars().count() + 1,
    }
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
