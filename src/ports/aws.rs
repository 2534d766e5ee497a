//! AWS, with the calls that the wizard makes.

use std::collections::BTreeMap;

use ecw_wizard::model::aws_report::{
    Channel, ConfigReport, DeliveryStatus, Identity, SnsCounts, Subscriber, SubscriptionAttributes,
};
use ecw_wizard::model::place::AwsPlace;
use ecw_wizard::values::names::{EndpointUrl, TopicArn};
use ecw_wizard::values::trouble::Trouble;

/// A topic's attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TopicAttributes {
    /// Access policy.
    pub policy: Option<String>,
    /// The KMS key that encrypts it.
    pub kms_key: Option<String>,
}

/// What a list holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// In AWS's order.
    pub items: Vec<T>,
    /// Whether there are more.
    pub rest: Rest,
}

/// Whether a list goes on where it was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// It is whole.
    None,
    /// It goes on.
    More,
}

/// Whether messages are delivered raw, without SNS's envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raw {
    /// They are.
    On,
    /// They are not.
    Off,
}

impl<T> Listed<T> {
    /// Returns a list that is whole.
    #[must_use]
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, rest: Rest::None }
    }
}

/// AWS, with the calls that the wizard makes.
pub trait Aws: Send + Sync {
    /// `sts:GetCallerIdentity`.
    ///
    /// # Errors
    /// Told apart in [`Trouble::aws`].
    fn identity(&self, place: &AwsPlace) -> Result<Identity, Trouble>;
    /// `sns:ListTopics`, bounded.
    ///
    /// # Errors
    /// Told apart in [`Trouble::aws`].
    fn topics(&self, place: &AwsPlace) -> Result<Listed<TopicArn>, Trouble>;
    /// `sns:GetTopicAttributes`.
    ///
    /// # Errors
    /// Told apart in [`Trouble::aws`].
    fn topic(&self, place: &AwsPlace, arn: &TopicArn) -> Result<TopicAttributes, Trouble>;
    /// `sns:CreateTopic`, by name and tags only.
    ///
    /// # Errors
    /// Told apart in [`Trouble::aws`].
    fn create_topic(
        &self,
        place: &AwsPlace,
        arn: &TopicArn,
        tags: &BTreeMap<String, String>,
    ) -> Result<TopicArn, Trouble>;
    /// `sns:TagResource` with one tag.
    ///
    /// # Errors
    /// Told apart in [`Trouble::aws`].
    fn tag_topic(&self, place: &AwsPlace, arn: &TopicArn, key: &str, value: &str) -> Result<(), Trouble>;
    /// `sns:DeleteTopic`.
    ///
    /// # Errors
    /// Told apart in [`Trouble::aws`].
    fn delete_topic(&self, place: &AwsPlace, arn: &TopicArn) -> Result<(), Trouble>;
    /// `sns:SetTopicAttributes` with `Policy`.
    ///
    /// # Errors
    /// Told apart in [`Trouble::aws`].
    fn set_policy(&self, place: &AwsPlace, arn: &TopicArn, policy: &str) -> Result<(), Trouble>;
    /// `sns:ListSubscriptionsByTopic`, bounded.
    ///
    /// # Errors
    /// Told apart in [`Trouble::aws`].
    fn subscriptions(&self, place: &AwsPlace, arn: &TopicArn) -> Result<Listed<Subscriber>, Trouble>;
    /// `sns:GetSubscriptionAttributes`.
    ///
    /// # Errors
    /// Told apart in [`Trouble::aws`].
    fn subscription(&self, place: &AwsPlace, subscription: &str) -> Result<SubscriptionAttributes, Trouble>;
    /// `sns:SetSubscriptionAttributes` with `RawMessageDelivery`.
    ///
    /// # Errors
    /// Told apart in [`Trouble::aws`].
    fn set_raw_delivery(&self, place: &AwsPlace, subscription: &str, raw: Raw) -> Result<(), Trouble>;
    /// `sns:Subscribe` with `ReturnSubscriptionArn`.
    ///
    /// # Errors
    /// Told apart in [`Trouble::aws`].
    fn subscribe(&self, place: &AwsPlace, arn: &TopicArn, endpoint: &EndpointUrl) -> Result<String, Trouble>;
    /// `sns:Unsubscribe`.
    ///
    /// # Errors
    /// Told apart in [`Trouble::aws`].
    fn unsubscribe(&self, place: &AwsPlace, subscription: &str) -> Result<(), Trouble>;
    /// Recorder, its state, and the delivery channel.
    ///
    /// # Errors
    /// Told apart in [`Trouble::aws`].
    fn config(&self, place: &AwsPlace) -> Result<ConfigReport, Trouble>;
    /// `config:DescribeDeliveryChannelStatus`.
    ///
    /// # Errors
    /// Told apart in [`Trouble::aws`].
    fn delivery_status(&self, place: &AwsPlace) -> Result<DeliveryStatus, Trouble>;
    /// `config:DeliverConfigSnapshot`: AWS Config then notifies the topic. Returns the snapshot's id.
    ///
    /// # Errors
    /// Told apart in [`Trouble::aws`].
    fn deliver_snapshot(&self, place: &AwsPlace, channel: &str) -> Result<String, Trouble>;
    /// `cloudwatch:GetMetricStatistics`: what SNS counted for a topic between two moments of the wall clock
    /// (milliseconds since 1970 UTC).
    ///
    /// # Errors
    /// Told apart in [`Trouble::aws`].
    fn sns_counts(
        &self,
        place: &AwsPlace,
        topic: &TopicArn,
        from: u64,
        to: u64,
    ) -> Result<SnsCounts, Trouble>;
    /// `sqs:GetQueueAttributes`: how many messages wait, by the queue's ARN.
    ///
    /// # Errors
    /// Told apart in [`Trouble::aws`]; also an ARN that is no queue's.
    fn waiting(&self, place: &AwsPlace, queue: &str) -> Result<u64, Trouble>;
    /// `config:PutDeliveryChannel` with the channel as it is but for its topic.
    ///
    /// # Errors
    /// Told apart in [`Trouble::aws`].
    fn put_channel(
        &self,
        place: &AwsPlace,
        channel: &Channel,
        topic: Option<&TopicArn>,
    ) -> Result<(), Trouble>;
}
