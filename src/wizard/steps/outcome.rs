//! How a step ended, and what it left in the world: all that undo and the summary know of it.

use ecw_profile::Receipt;
use serde::{Deserialize, Serialize};

use crate::values::names::TopicArn;
use crate::values::targets::TargetName;
use crate::values::trouble::Trouble;

/// What a step left in the world, for undo and for the summary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "made")]
pub enum Made {
    /// Nothing had to change.
    Nothing,
    /// A profile was written.
    Profile {
        /** whole path */
        path: String,
        /** what was spliced */
        receipt: Receipt,
        /** backup of the bytes before */
        backup: Option<String>,
    },
    /// hal ran.
    Deploy {
        /** number of the run */
        number: u32,
    },
    /// A topic was created.
    Topic {
        /** the one that AWS returned */
        arn: TopicArn,
    },
    /// A statement was added.
    Statement {
        /** its id */
        sid: String,
    },
    /// A subscription was made.
    Subscription {
        /** ARN, when SNS told it */
        arn: Option<String>,
    },
    /// Raw message delivery was turned off.
    RawDelivery {
        /** the subscription's ARN */
        subscription: String,
    },
    /// The delivery channel was pointed at our topic.
    Delivery {
        channel: String,
        /** the former topic */
        former: Option<TopicArn>,
    },
    /// Targets were worked on; what was made stands in their own journals.
    Targets {
        /** which */
        names: Vec<TargetName>,
    },
    /// Targets were taken back but for topics of ours, which stay until somebody wants them deleted.
    TopicsLeft {
        /** at which */
        names: Vec<TargetName>,
    },
    /// Something was taken back.
    TakenBack {
        /** what, in words */
        what: String,
    },
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum StepOutcome {
    /// Done.
    Done {
        /** what was seen */
        evidence: String,
        /** what it left */
        made: Made,
    },
    /// Failed, with nothing half done.
    Failed { trouble: Trouble },
    /// Nobody knows: probe.
    Unknown { why: String },
}
