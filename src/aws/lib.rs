//! AWS through the official SDK: rustls on ring, our own time-outs (the SDK has none), proxies from
//! the environment, `AWS_CA_BUNDLE`. Errors are told apart by code and by cause.

mod call;
mod causes;
mod configs;
mod recording;
mod shared_config;

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{Dimension, Statistic};
use aws_sdk_config::types::DeliveryChannel;
use aws_sdk_sqs::types::QueueAttributeName;
use ecw_wizard::model::aws_report::{
    Channel, ConfigReport, DeliveryStatus, Identity, RecorderState, SnsCounts, Subscriber,
    SubscriptionAttributes,
};
use ecw_wizard::model::place::AwsPlace;
use ecw_wizard::steps::AwsAction;
use ecw_wizard::values::aws_trouble::AwsTrouble;
use ecw_wizard::values::names::{EndpointUrl, Region, TopicArn};
use ecw_wizard::values::trouble::Trouble;
use tokio::runtime::Handle;

pub use shared_config::SharedConfig;

use call::{Calls, SlowDown, profile_of};
use configs::Configs;
use ecw_ports::{Aws, CallLog, Listed, Raw, Rest, TopicAttributes};
use recording::{delivery_status, recording};

/// More topics or subscriptions than this are not listed; that there are more is told.
const LIST_LIMIT: usize = 2_000;

/// The SDK behind the port.
pub struct SdkAws {
    calls: Calls,
    configs: Configs,
}

type Answered<T> = Result<T, Trouble>;

impl SdkAws {
    /// Returns the port; calls run on `runtime` and block the caller, bounded by the time-outs.
    #[must_use]
    pub fn new(runtime: Handle, ca_bundle: Option<String>, log: Arc<dyn CallLog>) -> Self {
        Self { configs: Configs::new(runtime.clone(), ca_bundle, None), calls: Calls { runtime, log } }
    }

    /// Returns the port to a stand-in AWS on loopback.
    #[must_use]
    pub fn stand_in(runtime: Handle, url: String, log: Arc<dyn CallLog>) -> Self {
        Self { configs: Configs::new(runtime.clone(), None, Some(url)), calls: Calls { runtime, log } }
    }

    fn sns(&self, place: &AwsPlace) -> Answered<aws_sdk_sns::Client> {
        let config = aws_sdk_sns::config::Builder::from(&self.configs.of(place)?).retry_classifier(SlowDown);
        Ok(aws_sdk_sns::Client::from_conf(config.build()))
    }

    fn aws_config(&self, place: &AwsPlace) -> Answered<aws_sdk_config::Client> {
        Ok(aws_sdk_config::Client::new(&self.configs.of(place)?))
    }
}

fn moment(wall: u64) -> DateTime {
    DateTime::from_millis(i64::try_from(wall).unwrap_or(i64::MAX))
}

/// Returns the URL of a queue, which its ARN gives: host and path as SQS documents them.
fn queue_url(arn: &str) -> Option<String> {
    let parts: Vec<&str> = arn.split(':').collect();
    let ["arn", _, "sqs", region, account, name] = parts[..] else { return None };
    let region = Region::parse(region).ok()?;
    let suffix = if region.partition() == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
    Some(format!("https://sqs.{region}.{suffix}/{account}/{name}"))
}

fn tag(key: &str, value: &str) -> Answered<aws_sdk_sns::types::Tag> {
    let tag = aws_sdk_sns::types::Tag::builder().key(key).value(value).build();
    tag.map_err(|error| AwsTrouble::TagPolicy { detail: error.to_string() }.into())
}

impl Aws for SdkAws {
    fn identity(&self, place: &AwsPlace) -> Answered<Identity> {
        self.configs.forget(place);
        let client = aws_sdk_sts::Client::new(&self.configs.of(place)?);
        let call = client.get_caller_identity().send();
        let answer = self.calls.make(place, AwsAction::GetCallerIdentity, "-", call).map_err(|trouble| {
            let profile = place.profile.as_deref();
            let no_keys = matches!(
                trouble.aws,
                Some(AwsTrouble::BadProfile { .. } | AwsTrouble::NoCredentials | AwsTrouble::Denied { .. })
            );
            // Keys in the environment are used before any profile that was not named.
            let by_profile = profile.is_some() || std::env::var_os("AWS_ACCESS_KEY_ID").is_none();
            let asks = || SharedConfig::of(&self.calls.runtime, profile).wants_mfa;
            if self.configs.are_real() && no_keys && by_profile && asks() {
                AwsTrouble::WantsMfa { profile: profile_of(place) }.into()
            } else {
                trouble
            }
        })?;
        let arn = ecw_halyard::strip(answer.arn().unwrap_or_default(), 300);
        let partition = arn.split(':').nth(1).unwrap_or("aws").to_owned();
        Ok(Identity { account: ecw_halyard::clean(answer.account().unwrap_or_default(), 20), arn, partition })
    }

    fn topics(&self, place: &AwsPlace) -> Answered<Listed<TopicArn>> {
        let client = self.sns(place)?;
        let (mut items, mut next) = (Vec::new(), None);
        loop {
            let call = client.list_topics().set_next_token(next).send();
            let page = self.calls.make(place, AwsAction::ListTopics, "-", call)?;
            let arns = page.topics().iter().filter_map(|topic| topic.topic_arn());
            items.extend(arns.filter_map(|arn| TopicArn::parse(arn).ok()));
            next = page.next_token().map(str::to_owned);
            match next {
                None => return Ok(Listed::whole(items)),
                Some(_) if items.len() >= LIST_LIMIT => return Ok(Listed { items, rest: Rest::More }),
                Some(_) => {}
            }
        }
    }

    fn topic(&self, place: &AwsPlace, arn: &TopicArn) -> Answered<TopicAttributes> {
        let client = self.sns(place)?;
        let call = client.get_topic_attributes().topic_arn(arn.to_string()).send();
        let answer = self.calls.make(place, AwsAction::GetTopicAttributes, &arn.to_string(), call)?;
        let attribute = |name: &str| answer.attributes().and_then(|all| all.get(name)).cloned();
        Ok(TopicAttributes {
            policy: attribute("Policy"),
            kms_key: attribute("KmsMasterKeyId")
                .filter(|key| !key.is_empty())
                .map(|key| ecw_halyard::clean(&key, 300)),
        })
    }

    fn create_topic(
        &self,
        place: &AwsPlace,
        arn: &TopicArn,
        tags: &BTreeMap<String, String>,
    ) -> Answered<TopicArn> {
        let client = self.sns(place)?;
        let tags = tags.iter().map(|(key, value)| tag(key, value)).collect::<Answered<Vec<_>>>()?;
        let tags = Some(tags).filter(|tags| !tags.is_empty());
        let call = client.create_topic().name(&arn.name).set_tags(tags).send();
        let answer = self.calls.make(place, AwsAction::CreateTopic, &arn.to_string(), call)?;
        let made = answer.topic_arn().unwrap_or_default();
        TopicArn::parse(made)
            .map_err(|error| AwsTrouble::Refused { code: "ARN".to_owned(), detail: error.0 }.into())
    }

    fn tag_topic(&self, place: &AwsPlace, arn: &TopicArn, key: &str, value: &str) -> Answered<()> {
        let client = self.sns(place)?;
        let call = client.tag_resource().resource_arn(arn.to_string()).tags(tag(key, value)?).send();
        self.calls.make(place, AwsAction::TagResource, &arn.to_string(), call).map(drop)
    }

    fn delete_topic(&self, place: &AwsPlace, arn: &TopicArn) -> Answered<()> {
        let client = self.sns(place)?;
        let call = client.delete_topic().topic_arn(arn.to_string()).send();
        self.calls.make(place, AwsAction::DeleteTopic, &arn.to_string(), call).map(drop)
    }

    fn set_policy(&self, place: &AwsPlace, arn: &TopicArn, policy: &str) -> Answered<()> {
        let client = self.sns(place)?;
        let call = client
            .set_topic_attributes()
            .topic_arn(arn.to_string())
            .attribute_name("Policy")
            .attribute_value(policy)
            .send();
        self.calls.make(place, AwsAction::SetTopicAttributes, &arn.to_string(), call).map(drop)
    }

    fn subscriptions(&self, place: &AwsPlace, arn: &TopicArn) -> Answered<Listed<Subscriber>> {
        let client = self.sns(place)?;
        let (mut items, mut next) = (Vec::new(), None);
        loop {
            let list = client.list_subscriptions_by_topic().topic_arn(arn.to_string()).set_next_token(next);
            let page =
                self.calls.make(place, AwsAction::ListSubscriptionsByTopic, &arn.to_string(), list.send())?;
            items.extend(page.subscriptions().iter().map(|each| Subscriber {
                protocol: ecw_halyard::clean(each.protocol().unwrap_or_default(), 20),
                endpoint: ecw_halyard::strip(each.endpoint().unwrap_or_default(), 2_000),
                arn: ecw_halyard::strip(each.subscription_arn().unwrap_or_default(), 400),
                attributes: None,
            }));
            next = page.next_token().map(str::to_owned);
            match next {
                None => return Ok(Listed::whole(items)),
                Some(_) if items.len() >= LIST_LIMIT => return Ok(Listed { items, rest: Rest::More }),
                Some(_) => {}
            }
        }
    }

    fn subscription(&self, place: &AwsPlace, subscription: &str) -> Answered<SubscriptionAttributes> {
        let client = self.sns(place)?;
        let call = client.get_subscription_attributes().subscription_arn(subscription).send();
        let answer = self.calls.make(place, AwsAction::GetSubscriptionAttributes, subscription, call)?;
        let text = |name: &str| answer.attributes()?.get(name).filter(|text| !text.is_empty());
        let is_true = |name: &str| text(name).is_some_and(|text| text == "true");
        let shown = |name: &str| text(name).map(|text| ecw_halyard::clean(text, 300));
        Ok(SubscriptionAttributes {
            pending: is_true("PendingConfirmation"),
            raw: is_true("RawMessageDelivery"),
            filter_policy: shown("FilterPolicy"),
            redrive_policy: shown("RedrivePolicy"),
        })
    }

    fn set_raw_delivery(&self, place: &AwsPlace, subscription: &str, raw: Raw) -> Answered<()> {
        let client = self.sns(place)?;
        let value = match raw {
            Raw::On => "true",
            Raw::Off => "false",
        };
        let call = client
            .set_subscription_attributes()
            .subscription_arn(subscription)
            .attribute_name("RawMessageDelivery")
            .attribute_value(value)
            .send();
        self.calls.make(place, AwsAction::SetSubscriptionAttributes, subscription, call).map(drop)
    }

    fn subscribe(&self, place: &AwsPlace, arn: &TopicArn, endpoint: &EndpointUrl) -> Answered<String> {
        let client = self.sns(place)?;
        let call = client
            .subscribe()
            .topic_arn(arn.to_string())
            .protocol(endpoint.protocol())
            .endpoint(endpoint.as_str())
            .return_subscription_arn(true)
            .send();
        let answer = self.calls.make(place, AwsAction::Subscribe, &arn.to_string(), call)?;
        Ok(answer.subscription_arn().unwrap_or_default().to_owned())
    }

    fn unsubscribe(&self, place: &AwsPlace, subscription: &str) -> Answered<()> {
        let client = self.sns(place)?;
        let call = client.unsubscribe().subscription_arn(subscription).send();
        self.calls.make(place, AwsAction::Unsubscribe, subscription, call).map(drop)
    }

    fn config(&self, place: &AwsPlace) -> Answered<ConfigReport> {
        let client = self.aws_config(place)?;
        let call = client.describe_configuration_recorder_status().send();
        let statuses = self.calls.make(place, AwsAction::DescribeConfigurationRecorderStatus, "-", call)?;
        let status = statuses.configuration_recorders_status().first();
        let recorder = status.map(|status| {
            let state = if status.recording() { RecorderState::Recording } else { RecorderState::Stopped };
            (ecw_halyard::clean(status.name().unwrap_or_default(), 256), state)
        });
        let call = client.describe_delivery_channels().send();
        let channels = self.calls.make(place, AwsAction::DescribeDeliveryChannels, "-", call)?;
        // What could not be asked of these two is not known; what is known is worth telling.
        let call = client.describe_configuration_recorders().send();
        let described = self.calls.make(place, AwsAction::DescribeConfigurationRecorders, "-", call).ok();
        let described = described.as_ref().and_then(|all| all.configuration_recorders().first());
        let stream = self.delivery_status(place).ok().and_then(|status| status.stream);
        let channel = channels.delivery_channels().first().map(|channel| Channel {
            name: ecw_halyard::strip(channel.name().unwrap_or("default"), 256),
            bucket: channel.s3_bucket_name().map(|bucket| ecw_halyard::strip(bucket, 100)),
            topic: channel.sns_topic_arn().and_then(|arn| TopicArn::parse(arn).ok()),
            last_status: stream.as_ref().map(|stream| stream.status.clone()),
            last_at: stream.as_ref().and_then(|stream| stream.at),
            last_error: stream.as_ref().and_then(|stream| stream.error.clone()),
            subscribers: Vec::new(),
        });
        Ok(ConfigReport { recorder, records: described.map(|each| recording(each, status)), channel })
    }

    fn delivery_status(&self, place: &AwsPlace) -> Answered<DeliveryStatus> {
        let client = self.aws_config(place)?;
        let call = client.describe_delivery_channel_status().send();
        let answer = self.calls.make(place, AwsAction::DescribeDeliveryChannelStatus, "-", call)?;
        Ok(answer.delivery_channels_status().first().map(delivery_status).unwrap_or_default())
    }

    fn deliver_snapshot(&self, place: &AwsPlace, channel: &str) -> Answered<String> {
        let client = self.aws_config(place)?;
        let call = client.deliver_config_snapshot().delivery_channel_name(channel).send();
        let answer = self.calls.make(place, AwsAction::DeliverConfigSnapshot, channel, call)?;
        Ok(ecw_halyard::clean(answer.config_snapshot_id().unwrap_or_default(), 100))
    }

    fn sns_counts(&self, place: &AwsPlace, topic: &TopicArn, from: u64, to: u64) -> Answered<SnsCounts> {
        let client = aws_sdk_cloudwatch::Client::new(&self.configs.of(place)?);
        let sum = |metric: &str| -> Answered<u64> {
            let topic_name = Dimension::builder().name("TopicName").value(&topic.name).build();
            let call = client
                .get_metric_statistics()
                .namespace("AWS/SNS")
                .metric_name(metric)
                .dimensions(topic_name)
                .start_time(moment(from))
                .end_time(moment(to))
                .period(300)
                .statistics(Statistic::Sum)
                .send();
            let answer = self.calls.make(place, AwsAction::GetMetricStatistics, &topic.to_string(), call)?;
            let sum: f64 = answer.datapoints().iter().filter_map(|point| point.sum()).sum();
            Ok(sum.max(0.0).round() as u64)
        };
        Ok(SnsCounts {
            delivered: sum("NumberOfNotificationsDelivered")?,
            failed: sum("NumberOfNotificationsFailed")?,
        })
    }

    fn waiting(&self, place: &AwsPlace, queue: &str) -> Answered<u64> {
        let url = queue_url(queue).ok_or_else(|| AwsTrouble::Refused {
            code: "ARN".to_owned(),
            detail: format!("{queue} is no queue"),
        })?;
        let client = aws_sdk_sqs::Client::new(&self.configs.of(place)?);
        let waiting = QueueAttributeName::ApproximateNumberOfMessages;
        let call = client.get_queue_attributes().queue_url(url).attribute_names(waiting.clone()).send();
        let answer = self.calls.make(place, AwsAction::GetQueueAttributes, queue, call)?;
        let found = answer.attributes().and_then(|all| all.get(&waiting));
        found.and_then(|text| text.parse().ok()).ok_or_else(|| AwsTrouble::NotFound.into())
    }

    fn put_channel(&self, place: &AwsPlace, channel: &Channel, topic: Option<&TopicArn>) -> Answered<()> {
        let client = self.aws_config(place)?;
        // Everything but the topic stays: read it whole just before.
        let call = client.describe_delivery_channels().delivery_channel_names(&channel.name).send();
        let channels = self.calls.make(place, AwsAction::DescribeDeliveryChannels, &channel.name, call)?;
        let now: DeliveryChannel =
            channels.delivery_channels().first().cloned().ok_or(AwsTrouble::NotFound)?;
        let wanted = DeliveryChannel::builder()
            .set_name(now.name().map(str::to_owned))
            .set_s3_bucket_name(now.s3_bucket_name().map(str::to_owned))
            .set_s3_key_prefix(now.s3_key_prefix().map(str::to_owned))
            .set_s3_kms_key_arn(now.s3_kms_key_arn().map(str::to_owned))
            .set_config_snapshot_delivery_properties(now.config_snapshot_delivery_properties().cloned())
            .set_sns_topic_arn(topic.map(ToString::to_string))
            .build();
        let call = client.put_delivery_channel().delivery_channel(wanted).send();
        self.calls.make(place, AwsAction::PutDeliveryChannel, &channel.name, call).map(drop)
    }
}
