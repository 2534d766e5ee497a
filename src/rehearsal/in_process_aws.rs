//! AWS of the rehearsal world in the same process.

use std::collections::BTreeMap;
use std::sync::MutexGuard;

use ecw_wizard::model::aws_report::{
    Channel, ConfigReport, Delivered, DeliveryStatus, Identity, RecorderState, Recording, RecordingGroup,
    SnsCounts, Subscriber, SubscriptionAttributes,
};
use ecw_wizard::model::place::AwsPlace;
use ecw_wizard::values::aws_trouble::AwsTrouble;
use ecw_wizard::values::names::{EndpointUrl, TopicArn};
use ecw_wizard::values::trouble::Trouble;
use ecw_world::{ACCOUNT, AwsFault, Fault};

use ecw_ports::{Aws, Listed, Raw, TopicAttributes};

use crate::in_process::{InProcess, Inner};

/// Returns what an AWS error means, by its code.
fn told_apart(fault: &AwsFault) -> Trouble {
    AwsTrouble::of_code(fault.code, &fault.message).into()
}

type Answered<T> = Result<T, Trouble>;

impl InProcess {
    /// The world, called in a place: a role is of its own account, anybody else of the world's.
    fn at(&self, place: &AwsPlace) -> MutexGuard<'_, Inner> {
        let mut inner = self.inner();
        let account = place.role.as_ref().map_or(ACCOUNT, |role| role.arn.account.as_str());
        inner.world.call(account, place.region.as_str());
        inner
    }
}

impl Aws for InProcess {
    fn identity(&self, place: &AwsPlace) -> Answered<Identity> {
        if self.at(place).world.faults.contains(&Fault::NoCredentials) {
            return Err(AwsTrouble::NoCredentials.into());
        }
        let (account, arn) = self.at(place).world.caller().map_err(|fault| told_apart(&fault))?;
        Ok(Identity { account, arn, partition: "aws".to_owned() })
    }

    fn topics(&self, place: &AwsPlace) -> Answered<Listed<TopicArn>> {
        let topics = self.at(place).world.topics().map_err(|fault| told_apart(&fault))?;
        Ok(Listed::whole(topics.iter().filter_map(|arn| TopicArn::parse(arn).ok()).collect()))
    }

    fn topic(&self, place: &AwsPlace, arn: &TopicArn) -> Answered<TopicAttributes> {
        let mut inner = self.at(place);
        let topic = inner.world.topic(&arn.to_string()).map_err(|fault| told_apart(&fault))?;
        if let Some(meddle) = inner.meddlers.pop_front() {
            meddle(&mut inner.world);
        }
        Ok(TopicAttributes { policy: Some(topic.policy), kms_key: None })
    }

    fn create_topic(
        &self,
        place: &AwsPlace,
        arn: &TopicArn,
        _tags: &BTreeMap<String, String>,
    ) -> Answered<TopicArn> {
        let made = self.at(place).world.create_topic(&arn.name).map_err(|fault| told_apart(&fault))?;
        TopicArn::parse(&made)
            .map_err(|error| AwsTrouble::Refused { code: "ARN".to_owned(), detail: error.0 }.into())
    }

    fn tag_topic(&self, place: &AwsPlace, arn: &TopicArn, key: &str, value: &str) -> Answered<()> {
        self.at(place).world.tag_topic(&arn.to_string(), key, value).map_err(|fault| told_apart(&fault))
    }

    fn delete_topic(&self, place: &AwsPlace, arn: &TopicArn) -> Answered<()> {
        self.at(place).world.delete_topic(&arn.to_string()).map_err(|fault| told_apart(&fault))
    }

    fn set_policy(&self, place: &AwsPlace, arn: &TopicArn, policy: &str) -> Answered<()> {
        let mut inner = self.at(place);
        inner.world.set_policy(&arn.to_string(), policy).map_err(|fault| told_apart(&fault))?;
        if let Some(meddle) = inner.over.take() {
            meddle(&mut inner.world);
        }
        Ok(())
    }

    fn subscriptions(&self, place: &AwsPlace, arn: &TopicArn) -> Answered<Listed<Subscriber>> {
        let mut inner = self.at(place);
        let now = inner.now;
        let list = inner.world.subscriptions(&arn.to_string(), now).map_err(|fault| told_apart(&fault))?;
        let items = list.into_iter().map(|each| Subscriber {
            protocol: each.protocol,
            endpoint: each.endpoint,
            arn: if each.confirmed.is_some() { each.arn } else { "PendingConfirmation".to_owned() },
            attributes: None,
        });
        Ok(Listed::whole(items.collect()))
    }

    fn subscription(&self, place: &AwsPlace, subscription: &str) -> Answered<SubscriptionAttributes> {
        let mut inner = self.at(place);
        let now = inner.now;
        let found = inner.world.subscription(subscription, now).map_err(|fault| told_apart(&fault))?;
        Ok(SubscriptionAttributes {
            pending: found.confirmed.is_none(),
            raw: found.raw,
            ..SubscriptionAttributes::default()
        })
    }

    fn set_raw_delivery(&self, place: &AwsPlace, subscription: &str, raw: Raw) -> Answered<()> {
        let value = if raw == Raw::On { "true" } else { "false" };
        self.at(place).world.set_raw_delivery(subscription, value).map_err(|fault| told_apart(&fault))
    }

    fn subscribe(&self, place: &AwsPlace, arn: &TopicArn, endpoint: &EndpointUrl) -> Answered<String> {
        let mut inner = self.at(place);
        let now = inner.now;
        inner
            .world
            .subscribe(&arn.to_string(), endpoint.protocol(), endpoint.as_str(), now)
            .map_err(|fault| told_apart(&fault))
    }

    fn unsubscribe(&self, place: &AwsPlace, subscription: &str) -> Answered<()> {
        let mut inner = self.at(place);
        let now = inner.now;
        inner.world.unsubscribe(subscription, now).map_err(|fault| told_apart(&fault))
    }

    fn config(&self, place: &AwsPlace) -> Answered<ConfigReport> {
        let channel = self.at(place).world.channel().map_err(|fault| told_apart(&fault))?;
        Ok(ConfigReport {
            recorder: Some(("default".to_owned(), RecorderState::Recording)),
            records: Some(Recording { group: RecordingGroup::AllAndGlobal, ..Recording::default() }),
            channel: channel.map(|channel| Channel {
                name: channel.name,
                bucket: Some(channel.bucket),
                topic: channel.topic.and_then(|topic| TopicArn::parse(&topic).ok()),
                last_status: None,
                last_at: None,
                last_error: None,
                subscribers: Vec::new(),
            }),
        })
    }

    fn delivery_status(&self, place: &AwsPlace) -> Answered<DeliveryStatus> {
        let inner = self.at(place);
        let delivered = |at: Option<u64>| {
            at.map(|at| Delivered { status: "Success".to_owned(), error: None, at: Some(at) })
        };
        let at = inner.world.snapshot().map_err(|fault| told_apart(&fault))?;
        Ok(DeliveryStatus { snapshot: delivered(at), stream: delivered(at) })
    }

    fn deliver_snapshot(&self, place: &AwsPlace, channel: &str) -> Answered<String> {
        let mut inner = self.at(place);
        let now = inner.now;
        inner.world.deliver_snapshot(channel, now).map_err(|fault| told_apart(&fault))
    }

    fn sns_counts(&self, place: &AwsPlace, _topic: &TopicArn, _from: u64, _to: u64) -> Answered<SnsCounts> {
        let delivered = self.at(place).world.snapshot().map_err(|fault| told_apart(&fault))?;
        Ok(SnsCounts { delivered: u64::from(delivered.is_some()), failed: 0 })
    }

    fn waiting(&self, _place: &AwsPlace, _queue: &str) -> Answered<u64> {
        Ok(0)
    }

    fn put_channel(&self, place: &AwsPlace, channel: &Channel, topic: Option<&TopicArn>) -> Answered<()> {
        let channel = ecw_world::Channel {
            name: channel.name.clone(),
            bucket: channel.bucket.clone().unwrap_or_default(),
            topic: topic.map(ToString::to_string),
        };
        self.at(place).world.put_channel(channel).map_err(|fault| told_apart(&fault))
    }
}
