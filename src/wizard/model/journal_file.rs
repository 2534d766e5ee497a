//! The journal as a file: lines in, records out. A torn last line is tolerated, as it was never
//! acknowledged; a newer version is refused untouched.

use serde::Deserialize;

use crate::model::journal::{JOURNAL_VERSION, Record};

/// Why a journal cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// Written by a newer program.
    #[error(
        "line {line} was written by a newer event-cache-wizard (format {found}, this one reads up to {JOURNAL_VERSION})"
    )]
    Newer {
        /** line, from one */
        line: usize,
        /** its version */
        found: u32,
    },
    /// Not a record.
    #[error("line {line} is not a journal record: {why}")]
    Damaged {
        /** line, from one */
        line: usize,
        why: String,
    },
}

/// A journal read from disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    pub records: Vec<Record>,
    /// Bytes of whole records; a torn last line begins here and is to be cut off before appending.
    pub sound_len: usize,
    /// What stands behind them.
    pub tail: Tail,
}

/// What stands behind the last whole record of a journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tail {
    /// Nothing.
    #[default]
    None,
    /// The begin of a record of ours: it was never acknowledged.
    Ours,
    /// Something that this program does not write: it is kept aside before it is cut off.
    Foreign,
}

/// How every record begins.
const BEGIN: &[u8] = b"{\"v\":";

impl Journal {
    /// Reads a journal.
    ///
    /// # Errors
    /// When a line that is not a torn last one cannot be read, or was written by a newer program.
    pub fn parse(bytes: &[u8]) -> Result<Self, JournalError> {
        let mut journal = Self::default();
        let mut start = 0;
        let mut line = 0;
        while let Some(length) = bytes[start..].iter().position(|byte| *byte == b'\n') {
            line += 1;
            let text = &bytes[start..start + length];
            start += length + 1;
            if text.iter().all(u8::is_ascii_whitespace) {
                journal.sound_len = start;
                continue;
            }
            match record(text, line) {
                Ok(record) => journal.records.push(record),
                // What a failing disk or somebody else left at the very end is no record that was lost.
                Err(JournalError::Damaged { .. })
                    if !journal.records.is_empty()
                        && !text.starts_with(BEGIN)
                        && only_foreign(&bytes[start..]) =>
                {
                    break;
                }
                Err(error) => return Err(error),
            }
            journal.sound_len = start;
        }
        journal.tail = match &bytes[journal.sound_len..] {
            [] => Tail::None,
            tail if tail.starts_with(&BEGIN[..tail.len().min(BEGIN.len())]) => Tail::Ours,
            _ => Tail::Foreign,
        };
        Ok(journal)
    }
}

impl Journal {
    /// Puts two parts of a journal together that were read apart; the first ended with a whole record.
    #[must_use]
    pub fn followed_by(mut self, next: Self) -> Self {
        self.records.extend(next.records);
        self.sound_len += next.sound_len;
        self.tail = next.tail;
        self
    }
}

/// Whether no line of a text begins as a record does.
fn only_foreign(text: &[u8]) -> bool {
    !text.split(|byte| *byte == b'\n').any(|line| line.starts_with(BEGIN))
}

fn record(text: &[u8], line: usize) -> Result<Record, JournalError> {
    let damaged = |why: String| JournalError::Damaged { line, why };
    let why = match serde_json::from_slice::<Record>(text) {
        Ok(record) if record.v <= JOURNAL_VERSION => return Ok(record),
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    };
    let versioned: Versioned = serde_json::from_slice(text).map_err(|error| damaged(error.to_string()))?;
    match versioned.v {
        Some(version) if version > u64::from(JOURNAL_VERSION) => {
            return Err(JournalError::Newer { line, found: u32::try_from(version).unwrap_or(u32::MAX) });
        }
        Some(_) => {}
        None => return Err(damaged("it has no version".to_owned())),
    }
    Err(damaged(why))
}

/// What is read of a record that cannot be read as one of ours: a newer one may hold anything else.
#[derive(Deserialize)]
struct Versioned {
    v: Option<u64>,
}
