//! What whoever set SNS up by hand gives back: `receipt.json`, as `set-up-sns.sh` writes it.

use serde::{Deserialize, Serialize};

use crate::values::names::{AccountId, EndpointUrl, Region, TopicArn};

/// The version of the file that this program reads.
const VERSION: u32 = 1;

/// The file as it stands there: from outside, so nothing of it is taken unchecked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    account: String,
    region: String,
    topic: String,
    endpoint: String,
    subscription: Option<String>,
    confirmed: bool,
    delivery_known: bool,
    delivery_topic: Option<String>,
}

/// A receipt whose parts fit together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SnsReceipt {
    pub topic: TopicArn,
    pub endpoint: EndpointUrl,
    /// The subscription's ARN, if there is one.
    pub subscription: Option<String>,
    /// Whether Gate had confirmed when it was written.
    pub confirmed: bool,
    /// The topic that AWS Config's delivery channel named then.
    pub delivery_topic: Option<TopicArn>,
    /// Whether the channel could be looked at.
    pub delivery_known: bool,
}

impl SnsReceipt {
    /// Reads a receipt.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let written: Written =
            serde_json::from_str(text).map_err(|error| format!("it is not a receipt: {error}"))?;
        if written.version != VERSION {
            return Err(format!("it has version {}; this program reads {VERSION}", written.version));
        }
        let topic = TopicArn::parse(&written.topic).map_err(|error| error.0)?;
        let account = AccountId::parse(&written.account).map_err(|error| error.0)?;
        let region = Region::parse(&written.region).map_err(|error| error.0)?;
        if topic.account != account || topic.region != region {
            return Err(format!("its topic {topic} is not of account {account} in {region}"));
        }
        let subscription = written.subscription.filter(|arn| !arn.is_empty());
        if let Some(arn) = &subscription
            && !arn.starts_with(&format!("{topic}:"))
        {
            return Err("its subscription is not one of its topic".to_owned());
        }
        let delivery_topic =
            written.delivery_topic.map(|arn| TopicArn::parse(&arn)).transpose().map_err(|error| error.0)?;
        Ok(Self {
            endpoint: EndpointUrl::parse(&written.endpoint).map_err(|error| error.0)?,
            confirmed: written.confirmed && subscription.is_some(),
            topic,
            subscription,
            delivery_topic,
            delivery_known: written.delivery_known,
        })
    }

    /// Returns what it says, in words.
    #[must_use]
    pub fn words(&self) -> String {
        let subscription = match (&self.subscription, self.confirmed) {
            (Some(arn), true) => format!("subscription {arn} confirmed"),
            (Some(arn), false) => format!("subscription {arn} not confirmed"),
            (None, _) => "no subscription".to_owned(),
        };
        let delivery = match &self.delivery_topic {
            Some(topic) if *topic == self.topic => "AWS Config delivers to it".to_owned(),
            Some(topic) => format!("AWS Config delivers to {topic}"),
            None if self.delivery_known => "AWS Config delivers to no topic".to_owned(),
            None => "where AWS Config delivers is not known".to_owned(),
        };
        format!("topic {}, {subscription}, {delivery}", self.topic)
    }
}

#[cfg(test)]
mod tests {
    use super::SnsReceipt;

    const GOOD: &str = r#"{"version":1,"account":"123456789012","region":"us-west-2","topic":"arn:aws:sns:us-west-2:123456789012:t","endpoint":"https://gate.example.com/aws/notify","subscription":"arn:aws:sns:us-west-2:123456789012:t:1","confirmed":true,"delivery_known":true,"delivery_topic":null}"#;

    #[test]
    fn a_receipt_is_read_and_one_whose_parts_do_not_fit_is_refused() {
        let words = SnsReceipt::parse(GOOD).map(|receipt| receipt.words());
        assert_eq!(
            words.as_deref(),
            Ok(
                "topic arn:aws:sns:us-west-2:123456789012:t, subscription arn:aws:sns:us-west-2:123456789012:t:1 confirmed, AWS Config delivers to no topic"
            )
        );
        for (from, to) in [
            ("\"version\":1", "\"version\":2"),
            ("\"account\":\"123456789012\"", "\"account\":\"210987654321\""),
            ("\"region\":\"us-west-2\"", "\"region\":\"eu-west-1\""),
            ("t:1\"", "u\""),
            ("arn:aws:sns:us-west-2:123456789012:t:1", "arn:aws:sns:us-west-2:123456789012:other:1"),
            ("https://gate", "ftp://gate"),
            ("\"confirmed\"", "\"sure\""),
        ] {
            let bad = GOOD.replacen(from, to, 1);
            assert_ne!(bad, GOOD);
            assert!(SnsReceipt::parse(&bad).is_err(), "{bad}");
        }
    }
}
