//! The journal: what was begun and what was finished, written ahead. The ledger is its fold and is
//! never stored (ledger.rs).
//!
//! One JSON object a line. A torn last line is tolerated: it was never acknowledged. A newer
//! version is refused untouched.

use ecw_halyard::ServiceName;
use serde::{Deserialize, Serialize};

use crate::answers::Key;
pub use crate::ledger::{Ledger, LedgerRow, StepState, Work};
use crate::step::{Intent, Outcome, StepId};

/// Version of the records that this program writes. A reader accepts this one and older ones.
pub const JOURNAL_VERSION: u32 = 2;

/// Who acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Actor {
    /// User name.
    pub user: String,
    /// Host.
    pub host: String,
    /// Terminal, if any.
    pub tty: Option<String>,
}

impl Actor {
    /// Returns who, in words.
    #[must_use]
    pub fn words(&self) -> String {
        let tty = self.tty.as_ref().map(|tty| format!(" ({tty})")).unwrap_or_default();
        format!("{} on {}{tty}", self.user, self.host)
    }
}

/// What held when a run was confirmed: what the next visit compares with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Confirmed {
    /// Every answer.
    pub answers: Vec<(Key, String)>,
    /// Spinnaker's version in hal config.
    pub spinnaker: String,
    /// AWS account.
    pub account: Option<String>,
}

/// Whose word a journal is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Author {
    /// This user's: it is as this user wrote it, or nobody else could have written it.
    #[default]
    Own,
    /// Somebody else wrote to it, or may have.
    Other,
}

/// How far the journal went when this machine last wrote to it. It is kept outside the hal
/// directory, so that a journal that an old backup brought back is told from the latest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Head {
    /// Sequence number.
    pub seq: u64,
    /// Wall time, milliseconds since 1970 UTC.
    pub at: u64,
}

/// One line of the journal. How it is read stands in [`crate::journal_line`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Record {
    /// Format version.
    pub v: u32,
    /// Sequence number, from one.
    pub seq: u64,
    /// Run.
    pub run: String,
    /// Wall time, milliseconds since 1970 UTC.
    pub at: u64,
    /// What.
    #[serde(flatten)]
    pub entry: Entry,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "entry")]
pub enum Entry {
    /// A run was confirmed: these steps, in this order.
    Begun {
        /// Who.
        actor: Actor,
        /// Change ticket, if one was named.
        change: Option<String>,
        /// What held (since format 2).
        #[serde(default)]
        confirmed: Confirmed,
        /// Steps.
        steps: Vec<Intent>,
    },
    /// An installation was found that this journal knows nothing of: not made by us, so undo leaves
    /// it alone (since format 2).
    Adopted {
        /// Who.
        actor: Actor,
        /// What was found, in words.
        found: Vec<String>,
        /// SHA-256 of the profile that each service was seen to run with.
        deployed: Vec<(ServiceName, String)>,
    },
    /// The operator keeps what changed since, and the run goes on (since format 2).
    Kept {
        /// What, by the ids of [`crate::drift::Drift`].
        what: Vec<String>,
    },
    /// A step begins.
    Started {
        /** step */
        step: StepId,
        /** attempt, from one */
        attempt: u32,
        /** what it does */
        intent: Intent,
    },
    /// A step has ended.
    Finished {
        /** step */
        step: StepId,
        /** attempt */
        attempt: u32,
        /** how */
        outcome: Outcome,
        /** when, where that is known better than when it was written: milliseconds since 1970 UTC */
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ended: Option<u64>,
    },
    /// The operator vouches for something that could not be checked.
    Attested {
        /** what */
        what: String,
    },
    /// The run is over.
    Ended {
        /** how, in a word */
        how: String,
    },
}

/// The evidence of a step that the operator left undone.
pub const KEPT: &str = "left as it is, on the operator's word";

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
        /** why */
        why: String,
    },
}

/// A journal read from disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    /// The records.
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
