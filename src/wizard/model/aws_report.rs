//! What AWS answers: who we are, topics, subscriptions, AWS Config.

use serde::{Deserialize, Serialize};

use crate::values::names::TopicArn;
use crate::values::trouble::Trouble;

/// Who we are for AWS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Identity {
    pub account: String,
    /// ARN of the caller.
    pub arn: String,
    /// Partition, from the ARN.
    pub partition: String,
}

/// Topics of a region, and AWS Config there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TopicsReport {
    pub topics: Vec<TopicArn>,
    /// AWS Config.
    pub config: Result<ConfigReport, Trouble>,
}

/// AWS Config in a region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ConfigReport {
    /// Recorder, and whether it records.
    pub recorder: Option<(String, RecorderState)>,
    /// Delivery channel.
    pub channel: Option<Channel>,
}

/// Whether a recorder records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RecorderState {
    /// It records.
    Recording,
    /// It is switched off.
    Stopped,
}

/// A delivery channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Channel {
    pub name: String,
    /// S3 bucket; kept when the topic changes.
    pub bucket: Option<String>,
    pub topic: Option<TopicArn>,
    /// Last delivery to the topic, in AWS's word.
    pub last_status: Option<String>,
    /// Who subscribes to that topic: they lose AWS Config's events when the channel is pointed
    /// elsewhere.
    pub subscribers: Vec<String>,
}

/// A topic as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TopicReport {
    pub arn: TopicArn,
    /// It exists.
    pub exists: bool,
    /// A KMS key is set: AWS Config cannot publish to it.
    pub encrypted: bool,
    /// Policy difference, empty when nothing has to change.
    pub policy_diff: Vec<String>,
    /// Why the policy cannot be merged.
    pub policy_trouble: Option<String>,
    /// A statement that may deny AWS Config all the same: its condition asks for what is not seen from here.
    #[serde(default)]
    pub policy_doubt: Option<String>,
    /// Subscriptions: (protocol, endpoint without user names, state).
    pub subscriptions: Vec<Subscriber>,
}

/// One subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Subscriber {
    pub protocol: String,
    pub endpoint: String,
    /// Its ARN, or what stands in its place.
    pub arn: String,
}

/// Where a subscription stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum SubscriptionState {
    /// There is none.
    Missing,
    /// SNS waits for Gate.
    Pending {
        /** ARN, when SNS tells it */
        arn: Option<String>,
    },
    /// Gate has confirmed.
    Confirmed {
        /** ARN */
        arn: String,
    },
}
