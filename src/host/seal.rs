//! Whose word a journal is. Others may write into the state directory, so each user notes, in a place of
//! their own, what the journal was like when they wrote to it: before the line that was about to be
//! written and after it, as a kill may come between.

use ecw_wizard::model::journal::Author;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What a journal is like: its length and SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    length: u64,
    sha256: String,
}

/// The journal as it was read and written so far.
#[derive(Clone, Debug, Default)]
pub struct Seal {
    hasher: Sha256,
    length: u64,
    /// Whose word it is.
    pub author: Author,
}

impl Seal {
    /// Returns the seal of a journal.
    #[must_use]
    pub fn over(bytes: &[u8], author: Author) -> Self {
        let mut seal = Self { author, ..Self::default() };
        seal.advance(bytes);
        seal
    }

    /// Returns how many bytes it covers.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Covers more bytes.
    pub fn advance(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.length += bytes.len() as u64;
    }

    fn mark(&self) -> Mark {
        let digest = self.hasher.clone().finalize();
        let sha256 = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Mark { length: self.length, sha256 }
    }

    /// Returns the note to keep while a line is being written.
    pub fn before_and_after(&mut self, line: &[u8]) -> String {
        let before = self.mark();
        let mut after = self.clone();
        after.advance(line);
        serde_json::to_string(&[before, after.mark()]).unwrap_or_default()
    }
}

/// Returns whether a journal is as a note says: no record more, none less, but for a line that was torn.
#[must_use]
pub fn fits(note: &[u8], bytes: &[u8]) -> bool {
    let marks: Vec<Mark> = serde_json::from_slice(note).unwrap_or_default();
    marks.iter().any(|mark| {
        let length = usize::try_from(mark.length).unwrap_or(usize::MAX);
        let Some((known, more)) = bytes.split_at_checked(length) else { return false };
        !more.contains(&b'\n') && Seal::over(known, Author::Own).mark() == *mark
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_else_wrote_does_not_fit_and_a_kill_between_two_writes_does() {
        let mut seal = Seal::over(b"one\n", Author::Own);
        let note = seal.before_and_after(b"two\n");
        for own in [&b"one\n"[..], b"one\ntwo\n", b"one\ntw", b"one\ntwo\nthr"] {
            assert!(fits(note.as_bytes(), own), "{own:?}");
        }
        for other in [&b"one\nTWO\n"[..], b"", b"One\ntwo\n", b"one\ntwo\nthree\n"] {
            assert!(!fits(note.as_bytes(), other), "{other:?}");
        }
        assert!(!fits(b"nonsense", b"one\n"));
    }
}
