//! What happened. One closed, serialisable stream; every skin is a driver of its fold.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::messages::cmd::Cmd;
use crate::messages::effect::Saved;
use crate::messages::opening::Opening;
use crate::model::delivery_proof::Proved;
use crate::model::journal::{Author, Head, Record};
use crate::model::log_page::{LogPage, LogWanted};
use crate::model::question::Question;
use crate::model::report::Report;
use crate::steps::{StepId, StepOutcome};
use crate::values::trouble::Trouble;

/// Whether this wizard asked for a deploy's end: hal's words are the same whoever did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stopping {
    /// Not in this session.
    #[default]
    NotAsked,
    /// The operator cancels it here; nobody was reached yet.
    Asking,
    /// The operator cancelled it here, and hal or its daemon was told.
    Asked,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// The session began; only recorded, never fed.
    Opened {
        /** from what */
        opening: Box<Opening>,
    },
    /// The operator wants something.
    Cmd { cmd: Cmd },
    /// The outside answered a question.
    Answered { question: Box<Question>, report: Box<Report> },
    /// A journal record is on disk.
    Journaled {
        /** its number in the journal */
        #[serde(rename = "record")]
        seq: u64,
    },
    /// State could not be written.
    StoreFailed {
        /** the journal record that was not, if it was one */
        #[serde(rename = "record")]
        seq: Option<u64>,
        trouble: Trouble,
    },
    /// A step has ended.
    Executed { step: StepId, outcome: StepOutcome },
    /// A proof of delivery has ended.
    Proved { outcome: Result<Proved, Trouble> },
    /// The deploy's log was read on.
    DeployRead(DeployRead),
    /// A part of a log was read for the screen; never recorded.
    LogRead {
        /** what was wanted */
        wanted: LogWanted,
        read: Result<LogPage, Trouble>,
    },
    /// Cancelling a deploy came to this.
    Cancelled {
        /** of this number */
        #[serde(default)]
        number: u64,
        /** in words */
        words: String,
        /** whether our hal or its task was really told */
        #[serde(default)]
        stopping: Stopping,
    },
    /// The terminal has another size.
    Resized { width: u16, height: u16 },
    /// A moment that the core asked to be woken at, or later.
    Tick,
    /// What the journal holds now, and who works here (nobody, when `None`).
    Watched { records: Vec<Record>, holder: Option<String> },
    /// This wizard has taken the place of the one that worked here.
    TookOver {
        /** records of the journal */
        records: Vec<Record>,
        /** answers of the last visit */
        saved: Option<Box<Saved>>,
        /** whose word the journal is */
        #[serde(default)]
        author: Author,
    },
    /// The state of another hal directory or deployment is worked at now.
    Settled {
        /** records of its journal */
        records: Vec<Record>,
        /** answers of the last visit there */
        saved: Option<Box<Saved>>,
        /** how far this machine had written its journal */
        head: Option<Head>,
        /** who works there */
        holder: Option<String>,
        /** what is to be said about it */
        message: Option<String>,
        /** whose word the journal is */
        #[serde(default)]
        author: Author,
    },
    /// The state that was asked for is the one that is worked at already.
    Stayed,
    /// The state of another hal directory cannot be used.
    Unsettled { trouble: Trouble },
    /// The other wizard did not leave.
    StillHeld { why: String },
    /// Somebody has taken this wizard's place.
    TakenOver { by: String },
    /// The terminal is gone.
    HangUp,
    /// Asked to end (SIGTERM, SIGINT from outside, SIGQUIT).
    Terminate,
    /// Ctrl-C where nobody can be asked.
    Interrupted,
    /// The program came back from being suspended.
    Continued,
}

/// What stands in a deploy's directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DeployRead {
    /// Number of the deploy.
    pub number: u64,
    /// Offset at which `text` begins.
    pub offset: u64,
    /// Offset at which it ends; a recorded text may be shorter, as secrets are taken out.
    pub end: u64,
    /// More of the log.
    pub text: String,
    /// Where the deploy stands.
    pub state: DeployState,
    /// Why nothing could be heard of it just now, where Halyard runs elsewhere and the line is down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub down: Option<String>,
}

/// Where a deploy stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum DeployState {
    /// There is no trace of it: it was never begun.
    Absent,
    /// hal runs.
    Running,
    /// hal has ended with this exit status.
    Ended {
        /** exit status; `None` = a signal */
        exit: Option<i32>,
        /** when, milliseconds since 1970 UTC, as the supervisor wrote it down */
        #[serde(default)]
        at: Option<u64>,
    },
    /// The supervisor has vanished without leaving an exit status.
    Vanished,
}

/// An event with its place in the stream.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Logged {
    /// Format version.
    pub v: u32,
    /// Sequence number of this process, from one.
    pub seq: u64,
    /// Run id of this process.
    pub run: String,
    /// Wall time, milliseconds since 1970 UTC.
    pub at: u64,
    /// Steady clock of the process, milliseconds.
    pub mono: u64,
    /// The event.
    #[serde(flatten)]
    pub event: Event,
}

/// Version of [`Logged`].
pub const EVENTS_VERSION: u32 = 4;

/// Up to format 2 the number of a journal record took the place of the event's own number.
const RECORDS_HAVE_THEIR_OWN_NUMBER_SINCE: u32 = 3;

impl<'de> Deserialize<'de> for Logged {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Line {
            v: u32,
            seq: Option<u64>,
            run: String,
            at: u64,
            mono: u64,
            #[serde(flatten)]
            event: serde_json::Map<String, Value>,
        }
        let Line { v, seq, run, at, mono, mut event } = Line::deserialize(deserializer)?;
        let of_a_record =
            matches!(event.get("event").and_then(Value::as_str), Some("journaled" | "store-failed"));
        if v < RECORDS_HAVE_THEIR_OWN_NUMBER_SINCE && of_a_record {
            event.insert("record".to_owned(), seq.into());
        }
        let event = Event::deserialize(Value::Object(event)).map_err(D::Error::custom)?;
        Ok(Self { v, seq: seq.unwrap_or(0), run, at, mono, event })
    }
}
