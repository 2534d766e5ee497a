//! Proof of delivery: what is asked for on purpose, and what was seen.

use serde::{Deserialize, Serialize};

use crate::model::check::Check;
use crate::model::place::AwsPlace;
use crate::values::names::TopicArn;
use crate::values::time::Now;
use crate::values::trouble::Trouble;

/// Have AWS Config deliver a snapshot, and look what comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofJob {
    pub aws: AwsPlace,
    /// The delivery channel's name.
    pub channel: String,
    /// The topic that it names.
    pub topic: TopicArn,
    /// The redrive policy of Gate's subscription.
    pub redrive: Option<String>,
    /// For how long AWS Config is asked whether it has delivered, milliseconds.
    pub limit: u64,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Proved {
    /// The snapshot's id.
    pub snapshot: String,
    /// What was proved and what was not; the first is the snapshot, the second the stream.
    pub checks: Vec<Check>,
}

/// A proof in this session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofState {
    /// When it was asked for.
    pub since: Now,
    /// What came of it; `None` = not yet.
    pub outcome: Option<Result<Proved, Trouble>>,
}
