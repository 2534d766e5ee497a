//! SNS, STS and AWS Config.

use ecw_halyard::ServiceName;

use crate::faults::{Fault, LEAKED};
use crate::site::World;
use crate::things::{Channel, Subscription, Topic};

/// An error as AWS answers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsFault {
    /// HTTP status.
    pub status: u16,
    /// Error code.
    pub code: &'static str,
    pub message: String,
}

type Answered<T> = Result<T, AwsFault>;

fn fault(status: u16, code: &'static str, message: impl Into<String>) -> AwsFault {
    AwsFault { status, code, message: message.into() }
}

/// SNS tries four times within about a minute (three retries, 20 s apart).
const ATTEMPTS_MS: [u64; 4] = [0, 20_000, 40_000, 60_000];

impl World {
    fn signed_in(&self) -> Answered<()> {
        if self.has(Fault::NoCredentials) {
            return Err(fault(
                403,
                "InvalidClientTokenId",
                "The security token included in the request is invalid.",
            ));
        }
        if self.has(Fault::Expired) {
            return Err(fault(403, "ExpiredToken", "The security token included in the request is expired"));
        }
        Ok(())
    }

    fn sns(&self, action: &str) -> Answered<()> {
        self.signed_in()?;
        if self.has(Fault::Throttled) {
            return Err(fault(429, "Throttled", "Rate exceeded"));
        }
        if self.has(Fault::SnsDenied) {
            let message = format!(
                "User: arn:aws:iam::{}:user/operator is not authorized to perform: SNS:{action}",
                self.called.0
            );
            return Err(fault(403, "AuthorizationError", message));
        }
        Ok(())
    }

    /// `sts:GetCallerIdentity`: account and ARN.
    ///
    /// # Errors
    /// As AWS.
    pub fn caller(&self) -> Answered<(String, String)> {
        self.signed_in()?;
        let (account, _) = &self.called;
        Ok((account.clone(), format!("arn:aws:iam::{account}:user/operator")))
    }

    /// `ListTopics`.
    ///
    /// # Errors
    /// As AWS.
    pub fn topics(&self) -> Answered<Vec<String>> {
        self.sns("ListTopics")?;
        let (account, region) = &self.called;
        let here = format!("arn:aws:sns:{region}:{account}:");
        Ok(self.topics.keys().filter(|arn| arn.starts_with(&here)).cloned().collect())
    }

    /// `GetTopicAttributes`: the policy.
    ///
    /// # Errors
    /// As AWS.
    pub fn topic(&self, arn: &str) -> Answered<Topic> {
        self.sns("GetTopicAttributes")?;
        self.topics.get(arn).cloned().ok_or_else(|| fault(404, "NotFound", "Topic does not exist"))
    }

    /// `CreateTopic`.
    ///
    /// # Errors
    /// As AWS.
    pub fn create_topic(&mut self, name: &str) -> Answered<String> {
        self.sns("CreateTopic")?;
        let good = !name.is_empty()
            && name.len() <= 256
            && name.chars().all(|each| each.is_ascii_alphanumeric() || "-_".contains(each));
        if !good {
            return Err(fault(400, "InvalidParameter", "Invalid parameter: Topic Name"));
        }
        let (account, region) = self.called.clone();
        let arn = format!("arn:aws:sns:{region}:{account}:{name}");
        if !self.topics.contains_key(&arn) {
            self.note(format!("sns create-topic {name}"));
            let policy = format!(
                r#"{{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{{"Sid":"__default_statement_ID","Effect":"Allow","Principal":{{"AWS":"*"}},"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:Subscribe","SNS:Publish"],"Resource":"{arn}","Condition":{{"StringEquals":{{"AWS:SourceOwner":"{account}"}}}}}}]}}"#
            );
            self.topics.insert(arn.clone(), Topic { policy });
        }
        Ok(arn)
    }

    /// `SetTopicAttributes Policy`.
    ///
    /// # Errors
    /// As AWS.
    pub fn set_policy(&mut self, arn: &str, policy: &str) -> Answered<()> {
        self.sns("SetTopicAttributes")?;
        self.topic(arn)?;
        self.note("sns set-policy");
        self.topics.insert(arn.to_owned(), Topic { policy: policy.to_owned() });
        Ok(())
    }

    /// `TagResource`.
    ///
    /// # Errors
    /// As AWS.
    pub fn tag_topic(&mut self, arn: &str, key: &str, value: &str) -> Answered<()> {
        self.sns("TagResource")?;
        self.topic(arn)?;
        self.note(format!("sns tag {key}={value}"));
        Ok(())
    }

    /// `DeleteTopic`.
    ///
    /// # Errors
    /// As AWS.
    pub fn delete_topic(&mut self, arn: &str) -> Answered<()> {
        self.sns("DeleteTopic")?;
        self.note("sns delete-topic");
        self.topics.remove(arn);
        self.subscriptions.retain(|each| each.topic != arn);
        Ok(())
    }

    /// `Subscribe`; the same endpoint again sends a new confirmation while it is pending.
    ///
    /// # Errors
    /// As AWS.
    pub fn subscribe(&mut self, topic: &str, protocol: &str, endpoint: &str, now: u64) -> Answered<String> {
        self.sns("Subscribe")?;
        self.topic(topic)?;
        if !endpoint.starts_with(&format!("{protocol}://")) {
            return Err(fault(
                400,
                "InvalidParameter",
                "Invalid parameter: Endpoint must match the specified protocol",
            ));
        }
        self.note(format!("sns subscribe {endpoint}"));
        self.confirm(now);
        if let Some(known) =
            self.subscriptions.iter_mut().find(|each| each.topic == topic && each.endpoint == endpoint)
        {
            if known.confirmed.is_none() {
                known.asked = now;
            }
            return Ok(known.arn.clone());
        }
        let arn = format!("{topic}:{}", self.id());
        self.subscriptions.push(Subscription {
            arn: arn.clone(),
            topic: topic.to_owned(),
            protocol: protocol.to_owned(),
            endpoint: endpoint.to_owned(),
            asked: now,
            confirmed: None,
            missed: 0,
            raw: false,
            redrive: None,
        });
        Ok(arn)
    }

    /// Lets Gate confirm what SNS has asked for by now.
    pub fn confirm(&mut self, now: u64) {
        let gate = self.service(ServiceName::Gate);
        if gate.plugin.is_none() || self.has(Fault::GateSilent) {
            self.subscriptions.iter_mut().for_each(|each| each.missed = now);
            return;
        }
        for each in self.subscriptions.iter_mut().filter(|each| each.confirmed.is_none()) {
            let attempt = ATTEMPTS_MS
                .iter()
                .map(|after| each.asked + after + 1_500)
                .find(|at| *at <= now && *at >= gate.ready_at && *at > each.missed);
            each.confirmed = attempt;
        }
    }

    /// `ListSubscriptionsByTopic`, as AWS shows pending ones.
    ///
    /// # Errors
    /// As AWS.
    pub fn subscriptions(&mut self, topic: &str, now: u64) -> Answered<Vec<Subscription>> {
        self.sns("ListSubscriptionsByTopic")?;
        self.topic(topic)?;
        self.confirm(now);
        Ok(self.subscriptions.iter().filter(|each| each.topic == topic).cloned().collect())
    }

    /// `GetSubscriptionAttributes`.
    ///
    /// # Errors
    /// As AWS.
    pub fn subscription(&mut self, arn: &str, now: u64) -> Answered<Subscription> {
        self.sns("GetSubscriptionAttributes")?;
        self.confirm(now);
        let found = self.subscriptions.iter().find(|each| each.arn == arn);
        found.cloned().ok_or_else(|| fault(404, "NotFound", "Subscription does not exist"))
    }

    /// `SetSubscriptionAttributes RawMessageDelivery`.
    ///
    /// # Errors
    /// As AWS.
    pub fn set_raw_delivery(&mut self, arn: &str, value: &str) -> Answered<()> {
        self.sns("SetSubscriptionAttributes")?;
        self.note(format!("sns raw-delivery {value}"));
        let found = self.subscriptions.iter_mut().find(|each| each.arn == arn);
        let found = found.ok_or_else(|| fault(404, "NotFound", "Subscription does not exist"))?;
        found.raw = value == "true";
        Ok(())
    }

    /// `SetSubscriptionAttributes RedrivePolicy`.
    ///
    /// # Errors
    /// As AWS.
    pub fn set_redrive_policy(&mut self, arn: &str, policy: &str) -> Answered<()> {
        self.sns("SetSubscriptionAttributes")?;
        let found = self.subscriptions.iter_mut().find(|each| each.arn == arn);
        let found = found.ok_or_else(|| fault(404, "NotFound", "Subscription does not exist"))?;
        found.redrive = Some(policy.to_owned());
        Ok(())
    }

    /// `Unsubscribe`.
    ///
    /// # Errors
    /// As AWS; a pending subscription cannot be removed.
    pub fn unsubscribe(&mut self, arn: &str, now: u64) -> Answered<()> {
        self.sns("Unsubscribe")?;
        self.confirm(now);
        match self.subscriptions.iter().position(|each| each.arn == arn) {
            Some(at) if self.subscriptions[at].confirmed.is_none() => Err(fault(
                400,
                "InvalidParameter",
                "Invalid parameter: Cannot unsubscribe a subscription that is pending confirmation",
            )),
            Some(at) => {
                self.note("sns unsubscribe");
                self.subscriptions.remove(at);
                Ok(())
            }
            None => Err(fault(404, "NotFound", "Subscription does not exist")),
        }
    }

    /// Takes the delivery channel away, as somebody else would.
    pub fn take_channel(&mut self) {
        self.channels.remove(&self.called);
    }

    /// Takes all subscriptions away, as somebody else would, or as 48 hours do with pending ones.
    pub fn take_subscriptions(&mut self) {
        self.subscriptions.clear();
    }

    /// Lists the latest subscription first; the order is nobody's promise.
    pub fn list_the_last_first(&mut self) {
        self.subscriptions.reverse();
    }

    /// Lets every endpoint have confirmed long ago.
    pub fn confirm_all(&mut self) {
        self.subscriptions.iter_mut().for_each(|each| each.confirmed = Some(0));
    }

    /// The same, with raw message delivery.
    pub fn confirm_all_raw(&mut self) {
        self.confirm_all();
        self.subscriptions.iter_mut().for_each(|each| each.raw = true);
    }

    /// AWS Config's delivery channel.
    ///
    /// # Errors
    /// As AWS.
    pub fn channel(&self) -> Answered<Option<Channel>> {
        self.signed_in()?;
        Ok(self.channels.get(&self.called).cloned())
    }

    /// `DescribeDeliveryChannelStatus`: when a snapshot was last delivered.
    ///
    /// # Errors
    /// As AWS.
    pub fn snapshot(&self) -> Answered<Option<u64>> {
        self.signed_in()?;
        Ok(self.snapshot)
    }

    /// `DeliverConfigSnapshot`.
    ///
    /// # Errors
    /// As AWS.
    pub fn deliver_snapshot(&mut self, channel: &str, now: u64) -> Answered<String> {
        self.signed_in()?;
        if self.channels.get(&self.called).is_none_or(|known| known.name != channel) {
            return Err(fault(400, "NoSuchDeliveryChannelException", "Cannot find delivery channel"));
        }
        self.note("config deliver-snapshot");
        self.snapshot = Some(now);
        Ok(format!("snapshot-{now}"))
    }

    /// `PutDeliveryChannel` with another topic, or without one.
    ///
    /// # Errors
    /// As AWS.
    pub fn put_channel(&mut self, channel: Channel) -> Answered<()> {
        self.signed_in()?;
        if self.has(Fault::Leaky) {
            let message = format!("Signing with {} failed, token={}", LEAKED[1], LEAKED[0]);
            return Err(fault(400, "InvalidParameterValue", message));
        }
        self.note(format!("config put-delivery-channel {}", channel.topic.as_deref().unwrap_or("none")));
        let kept = self.channels.get(&self.called).and_then(|channel| channel.topic.clone());
        let kept = kept.filter(|_| self.has(Fault::ChannelKeepsTopic));
        let channel = Channel { topic: channel.topic.clone().or(kept), ..channel };
        self.channels.insert(self.called.clone(), channel);
        Ok(())
    }
}
