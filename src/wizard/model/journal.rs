//! The journal: what was begun and what was finished, written ahead. The ledger is its fold and is
//! never stored (ledger.rs).
//!
//! One JSON object a line. A torn last line is tolerated: it was never acknowledged. A newer
//! version is refused untouched.

use ecw_halyard::ServiceName;
use serde::{Deserialize, Serialize};

use crate::model::receipt::SnsReceipt;
use crate::steps::{Intent, StepId, StepOutcome, names};
pub use crate::values::actor::Actor;
use crate::values::answers::Key;

/// Version of the records that this program writes. A reader accepts this one and older ones.
pub const JOURNAL_VERSION: u32 = 5;

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

/// One line of the journal. How it is read stands in [`crate::model::journal_line`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Record {
    /// Format version.
    pub v: u32,
    /// Sequence number, from one.
    pub seq: u64,
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
        /// What, by the ids of [`crate::rules::drift::Drift`].
        what: Vec<String>,
    },
    /// A step begins.
    Started {
        step: StepId,
        /** attempt, from one */
        attempt: u32,
        /** what it does */
        intent: Intent,
    },
    /// A step has ended.
    Finished {
        step: StepId,
        attempt: u32,
        outcome: StepOutcome,
        /** when, where that is known better than when it was written: milliseconds since 1970 UTC */
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ended: Option<u64>,
    },
    /// Steps that had begun or ended are taken up again (since format 3).
    Reopened {
        /** which, and why */
        steps: Vec<Reopened>,
    },
    /// Somebody vouches for something that could not be checked.
    Attested {
        /** for what; words in formats 1 and 2 */
        what: Attestation,
    },
    /// The run is over.
    Ended { how: RunEnd },
}

/// A step that is taken up again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Reopened {
    /// Which.
    pub step: StepId,
    /// What becomes of it.
    pub to: ReopenedTo,
    pub why: ReopenedWhy,
}

/// What becomes of a step that is taken up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReopenedTo {
    /// It is to do.
    ToDo,
    /// Nobody knows how it ended: it is looked at once more, and begun again where it was not done.
    InDoubt,
}

/// Why a step is taken up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReopenedWhy {
    /// It was written down, but never started.
    NeverStarted,
    /// It was looked at, and is not done.
    NotDone,
    /// The operator pressed a button.
    Retry,
    /// `apply` or `undo` was run again.
    RunAgain,
    /// A new confirmation is to be sent.
    NewConfirmation,
}

/// What somebody vouches for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Attestation {
    /// These services are ready.
    Ready {
        services: Vec<ServiceName>,
        /** on whose word */
        word: Word,
    },
    /// Gate has confirmed its subscription.
    Confirmed,
    /// SNS was set up by hand.
    SetUpByHand {
        /** what its receipt says */
        receipt: Box<SnsReceipt>,
        seen: Seen,
    },
}

/// Whether what a receipt says was looked at in AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// It was, and was so.
    InAws,
    /// It could not be: it is the receipt's word.
    OnlyThere,
}

/// On whose word something counts as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// The operator has looked.
    Operator,
    /// Nobody has: there was nothing here to look with.
    Unchecked,
}

impl Attestation {
    /// Returns what is vouched for, for the report.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Ready { services, word: Word::Operator } => format!("ready {}", names(services)),
            Self::Ready { services, word: Word::Unchecked } => format!("ready {} unchecked", names(services)),
            Self::Confirmed => "confirmed".to_owned(),
            Self::SetUpByHand { receipt, seen: Seen::InAws } => {
                format!("SNS set up by hand, seen in AWS: {}", receipt.words())
            }
            Self::SetUpByHand { receipt, seen: Seen::OnlyThere } => {
                format!("SNS set up by hand, by its receipt alone: {}", receipt.words())
            }
        }
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RunEnd {
    /// Everything is done.
    Done,
    /// There was no run: an installation was found and noted.
    Adopted,
}

impl RunEnd {
    /// Returns the word for the report.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Adopted => "adopted",
        }
    }
}

/// The evidence of a step that the operator left undone.
pub const KEPT: &str = "left as it is, on the operator's word";
