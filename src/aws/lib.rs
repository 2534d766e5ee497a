//! AWS through the official SDK: rustls on ring, our own time-outs (the SDK has none), proxies from
//! the environment, `AWS_CA_BUNDLE`. Errors are told apart by code and by cause.

mod call;
mod causes;
mod configs;
mod json_call;
mod recording;
mod services;
mod shared_config;

use std::collections::BTreeMap;
use std::sync::Arc;

use ecw_wizard::model::aws_report::{
    Channel, ConfigReport, DeliveryStatus, Identity, RecorderState, SnsCounts, Subscriber,
    SubscriptionAttributes,
};
use ecw_wizard::model::place::AwsPlace;
use ecw_wizard::steps::AwsAction;
use ecw_wizard::values::aws_trouble::AwsTrouble;
use ecw_wizard::values::names::{EndpointUrl, Region, TopicArn};
use ecw_wizard::values::trouble::Trouble;
use serde_json::{Value, json};
use tokio::runtime::Handle;

pub use shared_config::SharedConfig;

use call::{Calls, SlowDown, profile_of};
use configs::Configs;
use ecw_ports::{Aws, CallLog, Listed, Raw, Rest, TopicAttributes};
use recording::{delivery_status, first, recording, text};
use services::{CLOUDWATCH, CONFIG, SQS, Service};

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

    /// Asks AWS Config about the whole region.
    fn ask(&self, place: &AwsPlace, action: AwsAction, input: Value) -> Answered<Value> {
        self.json(place, CONFIG, action, "-", input)
    }

    fn json(
        &self,
        place: &AwsPlace,
        service: Service,
        action: AwsAction,
        on: &str,
        input: Value,
    ) -> Answered<Value> {
        let config = self.configs.of(place)?;
        self.calls.make(place, action, on, json_call::call(&config, service, action.on_the_wire(), input))
    }
}

/// Returns a moment of the wall clock as AWS JSON writes it, in seconds.
fn seconds(wall: u64) -> f64 {
    wall as f64 / 1e3
}

/// Returns the URL of a queue, which its ARN gives: host and path as SQS documents them.
fn queue_url(arn: &str) -> Option<String> {
    let parts: Vec<&str> = arn.split(':').collect();
    let ["arn", _, "sqs", region, account, name] = parts[..] else { return None };
    let region = Region::parse(region).ok()?;
    Some(format!("{}/{account}/{name}", SQS.usual_host(region.as_str())))
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
        let statuses = self.ask(place, AwsAction::DescribeConfigurationRecorderStatus, json!({}))?;
        let status = first(&statuses, "ConfigurationRecordersStatus");
        let recorder = status.map(|status| {
            let recording = status.get("recording").and_then(Value::as_bool).unwrap_or_default();
            let state = if recording { RecorderState::Recording } else { RecorderState::Stopped };
            (ecw_halyard::clean(text(status, "name").unwrap_or_default(), 256), state)
        });
        let channels = self.ask(place, AwsAction::DescribeDeliveryChannels, json!({}))?;
        // What could not be asked of these two is not known; what is known is worth telling.
        let described = self.ask(place, AwsAction::DescribeConfigurationRecorders, json!({})).ok();
        let described = described.as_ref().and_then(|all| first(all, "ConfigurationRecorders"));
        let stream = self.delivery_status(place).ok().and_then(|status| status.stream);
        let channel = first(&channels, "DeliveryChannels").map(|channel| Channel {
            name: ecw_halyard::strip(text(channel, "name").unwrap_or("default"), 256),
            bucket: text(channel, "s3BucketName").map(|bucket| ecw_halyard::strip(bucket, 100)),
            topic: text(channel, "snsTopicARN").and_then(|arn| TopicArn::parse(arn).ok()),
            last_status: stream.as_ref().map(|stream| stream.status.clone()),
            last_at: stream.as_ref().and_then(|stream| stream.at),
            last_error: stream.as_ref().and_then(|stream| stream.error.clone()),
            subscribers: Vec::new(),
        });
        Ok(ConfigReport { recorder, records: described.map(|each| recording(each, status)), channel })
    }

    fn delivery_status(&self, place: &AwsPlace) -> Answered<DeliveryStatus> {
        let answer = self.ask(place, AwsAction::DescribeDeliveryChannelStatus, json!({}))?;
        Ok(first(&answer, "DeliveryChannelsStatus").map(delivery_status).unwrap_or_default())
    }

    fn deliver_snapshot(&self, place: &AwsPlace, channel: &str) -> Answered<String> {
        let input = json!({ "deliveryChannelName": channel });
        let answer = self.json(place, CONFIG, AwsAction::DeliverConfigSnapshot, channel, input)?;
        Ok(ecw_halyard::clean(text(&answer, "configSnapshotId").unwrap_or_default(), 100))
    }

    fn sns_counts(&self, place: &AwsPlace, topic: &TopicArn, from: u64, to: u64) -> Answered<SnsCounts> {
        let sum = |metric: &str| -> Answered<u64> {
            let input = json!({
                "Namespace": "AWS/SNS",
                "MetricName": metric,
                "Dimensions": [{"Name": "TopicName", "Value": topic.name}],
                "StartTime": seconds(from),
                "EndTime": seconds(to),
                "Period": 300,
                "Statistics": ["Sum"],
            });
            let answer =
                self.json(place, CLOUDWATCH, AwsAction::GetMetricStatistics, &topic.to_string(), input)?;
            let points =
                answer.get("Datapoints").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let sum: f64 = points.iter().filter_map(|point| point.get("Sum")?.as_f64()).sum();
            Ok(sum.max(0.0).round() as u64)
        };
        Ok(SnsCounts {
            delivered: sum("NumberOfNotificationsDelivered")?,
            failed: sum("NumberOfNotificationsFailed")?,
        })
    }

    fn waiting(&self, place: &AwsPlace, queue: &str) -> Answered<u64> {
        const WAITING: &str = "ApproximateNumberOfMessages";
        let url = queue_url(queue).ok_or_else(|| AwsTrouble::Refused {
            code: "ARN".to_owned(),
            detail: format!("{queue} is no queue"),
        })?;
        let input = json!({ "QueueUrl": url, "AttributeNames": [WAITING] });
        let answer = self.json(place, SQS, AwsAction::GetQueueAttributes, queue, input)?;
        let found = answer.get("Attributes").and_then(|all| text(all, WAITING));
        found.and_then(|text| text.parse().ok()).ok_or_else(|| AwsTrouble::NotFound.into())
    }

    fn put_channel(&self, place: &AwsPlace, channel: &Channel, topic: Option<&TopicArn>) -> Answered<()> {
        // Everything but the topic stays, whatever it is called: read it whole just before.
        let input = json!({ "DeliveryChannelNames": [channel.name] });
        let channels = self.json(place, CONFIG, AwsAction::DescribeDeliveryChannels, &channel.name, input)?;
        let mut wanted = first(&channels, "DeliveryChannels").cloned().ok_or(AwsTrouble::NotFound)?;
        if let Some(members) = wanted.as_object_mut() {
            members.retain(|key, value| key != "snsTopicARN" && !value.is_null());
            members.extend(topic.map(|topic| ("snsTopicARN".to_owned(), Value::from(topic.to_string()))));
        }
        let input = json!({ "DeliveryChannel": wanted });
        self.json(place, CONFIG, AwsAction::PutDeliveryChannel, &channel.name, input).map(drop)
    }
}
