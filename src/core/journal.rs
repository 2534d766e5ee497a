//! The journal: what was begun and what was finished, written ahead. The ledger is its fold and is
//! never stored.
//!
//! One JSON object a line. A torn last line is tolerated: it was never acknowledged. A newer
//! version is refused untouched.

use ecw_halyard::ServiceName;
use serde::{Deserialize, Serialize};

use crate::answers::Key;
use crate::step::{Intent, Made, Outcome, StepId};

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

/// How far the journal went when this machine last wrote to it. It is kept outside the hal
/// directory, so that a journal that an old backup brought back is told from the latest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Head {
    /// Sequence number.
    pub seq: u64,
    /// Wall time, milliseconds since 1970 UTC.
    pub at: u64,
}

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
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
}

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
            if !text.iter().all(u8::is_ascii_whitespace) {
                journal.records.push(record(text, line)?);
            }
            journal.sound_len = start;
        }
        Ok(journal)
    }
}

fn record(text: &[u8], line: usize) -> Result<Record, JournalError> {
    let damaged = |why: String| JournalError::Damaged { line, why };
    let value: serde_json::Value =
        serde_json::from_slice(text).map_err(|error| damaged(error.to_string()))?;
    match value.get("v").and_then(serde_json::Value::as_u64) {
        Some(version) if version > u64::from(JOURNAL_VERSION) => {
            return Err(JournalError::Newer { line, found: u32::try_from(version).unwrap_or(u32::MAX) });
        }
        Some(_) => {}
        None => return Err(damaged("it has no version".to_owned())),
    }
    serde_json::from_value(value).map_err(|error| damaged(error.to_string()))
}

/// Where a step stands by the journal alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Not begun.
    ToDo,
    /// Begun; in this process it runs, after a restart nobody knows.
    Started,
    /// Done.
    Done(Made),
    /// Failed, nothing half done.
    Failed(String),
    /// Nobody knows.
    Unknown(String),
}

/// One step with its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRow {
    /// What it does.
    pub intent: Intent,
    /// Where it stands.
    pub state: StepState,
    /// Attempts so far.
    pub attempts: u32,
    /// When it last began.
    pub started: Option<u64>,
    /// Sequence number of its last `started` record; also the number of its deploy.
    pub started_seq: Option<u64>,
    /// When it last ended.
    pub finished: Option<u64>,
    /// What was seen when it was done.
    pub evidence: String,
}

/// Something that was made, with the intent that made it: all that undo needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// What was to be done, and where.
    pub intent: Intent,
    /// What came of it.
    pub made: Made,
}

/// The fold of a journal: the last run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Run id.
    pub run: Option<String>,
    /// Who confirmed it, and when.
    pub begun: Option<(Actor, u64)>,
    /// Change ticket of the run.
    pub change: Option<String>,
    /// What held when it was confirmed.
    pub confirmed: Confirmed,
    /// What was found and adopted; not made by us.
    pub adopted: Vec<String>,
    /// The steps.
    pub rows: Vec<LedgerRow>,
    /// What the operator vouched for.
    pub attested: Vec<String>,
    /// How it ended.
    pub ended: Option<String>,
    /// Everything that was made and not taken back, oldest first, over all runs.
    pub made: Vec<Work>,
    /// SHA-256 of the profile that each service was last deployed with, by the journal.
    pub deployed: std::collections::BTreeMap<ServiceName, String>,
    /// Last sequence number.
    pub seq: u64,
    /// When the last record was written, milliseconds since 1970 UTC.
    pub at: u64,
}

impl Ledger {
    /// Folds records.
    #[must_use]
    pub fn fold(records: &[Record]) -> Self {
        records.iter().fold(Self::default(), |mut ledger, record| {
            ledger.apply(record);
            ledger
        })
    }

    /// Folds one more record.
    pub fn apply(&mut self, record: &Record) {
        self.seq = self.seq.max(record.seq);
        self.at = record.at;
        match &record.entry {
            Entry::Adopted { actor, found, deployed } => {
                self.run = Some(record.run.clone());
                self.begun = Some((actor.clone(), record.at));
                self.adopted.clone_from(found);
                self.deployed.extend(deployed.iter().cloned());
                self.ended = Some("adopted".to_owned());
            }
            Entry::Kept { what } => self.keep(what),
            Entry::Begun { actor, steps, change, confirmed } => {
                self.run = Some(record.run.clone());
                self.begun = Some((actor.clone(), record.at));
                self.change.clone_from(change);
                self.confirmed = confirmed.clone();
                self.rows = steps.iter().map(|intent| LedgerRow::new(intent.clone())).collect();
                self.attested.clear();
                self.ended = None;
            }
            Entry::Started { step, attempt, intent } => {
                let row = self.row_or_new(step, intent);
                row.intent = intent.clone();
                row.state = StepState::Started;
                row.attempts = *attempt;
                row.started = Some(record.at);
                row.started_seq = Some(record.seq);
                row.finished = None;
            }
            Entry::Finished { step, outcome, .. } => self.finish(step, outcome, record.at),
            Entry::Attested { what } => self.attested.push(what.clone()),
            Entry::Ended { how } => self.ended = Some(how.clone()),
        }
    }

    /// A file that was edited meanwhile is left as it is: its step is over, and so is the deploy of
    /// services that only that file concerns.
    fn keep(&mut self, what: &[String]) {
        let kept = |file: &str| what.contains(&crate::drift::file_id(file));
        for row in self.rows.iter_mut().filter(|row| !matches!(row.state, StepState::Done(_))) {
            let over = match &row.intent {
                Intent::WriteProfile { file, .. } => kept(file),
                Intent::Apply { services, .. } => services.iter().all(|each| kept(each.profile_file())),
                _ => false,
            };
            if over {
                row.state = StepState::Done(Made::Nothing);
                row.evidence = KEPT.to_owned();
            }
        }
    }

    fn finish(&mut self, step: &StepId, outcome: &Outcome, at: u64) {
        if let (Outcome::Done { made, .. }, Some(intent)) =
            (outcome, self.row(step).map(|row| row.intent.clone()))
        {
            self.note_made(intent, made);
        }
        if let (Outcome::Done { .. }, Some(Intent::Apply { services, files, .. })) =
            (outcome, self.row(step).map(|row| row.intent.clone()))
        {
            for service in services {
                match files.iter().find(|(name, _)| name == service.profile_file()) {
                    Some((_, hash)) => self.deployed.insert(service, hash.clone()),
                    None => self.deployed.remove(&service),
                };
            }
        }
        let Some(row) = self.row_mut(step) else { return };
        row.finished = Some(at);
        row.state = match outcome {
            Outcome::Done { made, evidence } => {
                row.evidence.clone_from(evidence);
                StepState::Done(made.clone())
            }
            Outcome::Failed { trouble } => StepState::Failed(trouble.what.clone()),
            Outcome::Unknown { why } => StepState::Unknown(why.clone()),
        };
    }

    fn note_made(&mut self, intent: Intent, made: &Made) {
        let same = |work: &Work| work.intent.step() == intent.step() && work.intent.topic() == intent.topic();
        match made {
            Made::Nothing | Made::Deploy { .. } => {}
            Made::TakenBack { .. } => self.made.retain(|work| !same(work)),
            // Each edit of a file has its own receipt.
            Made::Profile { .. } => self.made.push(Work { intent, made: made.clone() }),
            // Done again (a second confirmation), it still is one thing; the first record knows
            // what was there before us, a later one may know the subscription's ARN.
            made => match self.made.iter_mut().find(|work| same(work)) {
                Some(known) if matches!(made, Made::Subscription { arn: Some(_) }) => {
                    *known = Work { intent, made: made.clone() };
                }
                Some(_) => {}
                None => self.made.push(Work { intent, made: made.clone() }),
            },
        }
    }

    fn row_mut(&mut self, step: &StepId) -> Option<&mut LedgerRow> {
        self.rows.iter_mut().find(|row| row.intent.step() == *step)
    }

    fn row_or_new(&mut self, step: &StepId, intent: &Intent) -> &mut LedgerRow {
        let at = match self.rows.iter().position(|row| row.intent.step() == *step) {
            Some(at) => at,
            None => {
                self.rows.push(LedgerRow::new(intent.clone()));
                self.rows.len() - 1
            }
        };
        &mut self.rows[at]
    }

    /// Returns a step's row.
    #[must_use]
    pub fn row(&self, step: &StepId) -> Option<&LedgerRow> {
        self.rows.iter().find(|row| row.intent.step() == *step)
    }

    /// Returns whether a confirmed run has not ended.
    #[must_use]
    pub fn unfinished(&self) -> bool {
        self.run.is_some() && self.ended.is_none()
    }

    /// Returns whether a step was begun and nobody knows how it ended.
    #[must_use]
    pub fn in_doubt(&self) -> bool {
        self.rows.iter().any(|row| row.state == StepState::Started)
    }

    /// Returns whether this journal ends before what this machine wrote to it: an old backup was
    /// brought back, or it was moved away.
    #[must_use]
    pub fn older_than(&self, head: Head) -> bool {
        head.seq > self.seq
    }

    /// Returns whether every step of the run is done.
    #[must_use]
    pub fn all_done(&self) -> bool {
        !self.rows.is_empty() && self.rows.iter().all(|row| matches!(row.state, StepState::Done(_)))
    }
}

impl LedgerRow {
    /// Returns a step that was not begun.
    #[must_use]
    pub fn new(intent: Intent) -> Self {
        Self {
            intent,
            state: StepState::ToDo,
            attempts: 0,
            started: None,
            started_seq: None,
            finished: None,
            evidence: String::new(),
        }
    }
}
