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
    /// Why not all of the region's topics stand there, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topics_missing: Option<String>,
    /// AWS Config.
    pub config: Result<ConfigReport, Trouble>,
}

/// AWS Config in a region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ConfigReport {
    /// Recorder, and whether it records.
    pub recorder: Option<(String, RecorderState)>,
    /// What the recorder records; `None` when it could not be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<Recording>,
    /// Delivery channel.
    pub channel: Option<Channel>,
}

/// What a recorder records (AWS Config, `DescribeConfigurationRecorders`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Recording {
    pub group: RecordingGroup,
    /// Types that an override records once a day.
    pub daily: Vec<String>,
    /// Types that an override records with each change.
    pub continuous: Vec<String>,
    /// How all others are recorded.
    pub frequency: RecordingFrequency,
    /// What the recorder's status says of its last failure.
    pub last_error: Option<String>,
}

/// Which types are recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "group", content = "types")]
pub enum RecordingGroup {
    /// All that are regional.
    #[default]
    AllRegional,
    /// All, those of IAM among them.
    AllAndGlobal,
    /// All but these.
    AllBut(Vec<String>),
    /// These alone.
    Only(Vec<String>),
}

/// How soon items come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RecordingFrequency {
    /// With each change.
    #[default]
    Continuous,
    /// Once a day.
    Daily,
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
    /// When that was, AWS's clock, milliseconds since 1970 UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_at: Option<u64>,
    /// What it says of its last failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// Who subscribes to that topic: they lose AWS Config's events when the channel is pointed
    /// elsewhere.
    pub subscribers: Vec<String>,
}

/// How deliveries of a channel went last (AWS Config, `DescribeDeliveryChannelStatus`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DeliveryStatus {
    /// Of a snapshot, to the bucket.
    pub snapshot: Option<Delivered>,
    /// Of changes, to the topic.
    pub stream: Option<Delivered>,
}

/// What SNS itself counted for a topic, to all of its subscribers (CloudWatch, `AWS/SNS`; it lags some minutes).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SnsCounts {
    /// `NumberOfNotificationsDelivered`.
    pub delivered: u64,
    /// `NumberOfNotificationsFailed`.
    pub failed: u64,
}

/// One kind of delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Delivered {
    /// In AWS's word: Success, Failure, `Not_Applicable`.
    pub status: String,
    pub error: Option<String>,
    /// When it was tried last, or its status changed: AWS's clock, milliseconds since 1970 UTC.
    pub at: Option<u64>,
}

/// A topic as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TopicReport {
    pub arn: TopicArn,
    /// It exists.
    pub exists: bool,
    /// A KMS key is set: AWS Config cannot publish to it.
    pub encrypted: bool,
    /// Which one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_key: Option<String>,
    /// Policy difference, empty when nothing has to change.
    pub policy_diff: Vec<String>,
    /// Why the policy cannot be merged.
    pub policy_trouble: Option<String>,
    /// A statement that may deny AWS Config all the same: its condition asks for what is not seen from here.
    #[serde(default)]
    pub policy_doubt: Option<String>,
    /// The policy statement of the plugin's page that names another topic, as it stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<String>,
    /// Subscriptions: (protocol, endpoint without user names, state).
    pub subscriptions: Vec<Subscriber>,
    /// Why not all subscriptions stand there, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscriptions_missing: Option<String>,
}

/// One subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Subscriber {
    pub protocol: String,
    pub endpoint: String,
    /// Its ARN, or what stands in its place.
    pub arn: String,
    /// What its attributes say; looked at only where it may be ours, `None` also when that was denied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<SubscriptionAttributes>,
}

impl Subscriber {
    /// Returns whether it was deleted: such a one is listed for a while.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.arn == "Deleted"
    }
}

/// A subscription's attributes (SNS, `GetSubscriptionAttributes`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SubscriptionAttributes {
    /// It waits for its endpoint.
    pub pending: bool,
    /// Raw message delivery: messages come without SNS's envelope.
    pub raw: bool,
    /// Only messages that fit are sent.
    pub filter_policy: Option<String>,
    /// Where messages go that could not be delivered.
    pub redrive_policy: Option<String>,
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
