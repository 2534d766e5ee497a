//! Topics, one topic, the subscription, and AWS Config.

use ecw_wizard::model::aws_report::{Subscriber, SubscriptionState, TopicReport, TopicsReport};
use ecw_wizard::model::place::AwsPlace;
use ecw_wizard::steps::publishing_accounts;
use ecw_wizard::values::aws_trouble::AwsTrouble;
use ecw_wizard::values::choices::SampleStatement;
use ecw_wizard::values::names::{AccountId, EndpointUrl, TopicArn};
use ecw_wizard::values::trouble::Trouble;

use ecw_ports::{Listed, Ports, Rest};

pub(super) fn topics(ports: &Ports, place: &AwsPlace) -> Result<TopicsReport, Trouble> {
    let mut config = ports.aws.config(place);
    if let Ok(config) = &mut config
        && let Some(channel) = &mut config.channel
        && let Some(topic) = &channel.topic
    {
        let list = ports.aws.subscriptions(place, topic).map(|list| list.items).unwrap_or_default();
        channel.subscribers = list
            .into_iter()
            .take(50)
            .map(|each| ecw_halyard::redact(&format!("{} {}", each.protocol, each.endpoint)))
            .collect();
    }
    match (ports.aws.topics(place), config) {
        (Ok(Listed { items: topics, rest }), config) => {
            let topics_missing = (rest == Rest::More).then(|| {
                format!("Only the first {} topics are listed; type the ARN of any other.", topics.len())
            });
            Ok(TopicsReport { topics, topics_missing, config })
        }
        // Not being allowed to list is no reason to hide AWS Config.
        (Err(trouble), Ok(config)) => Ok(TopicsReport {
            topics: Vec::new(),
            topics_missing: Some(match trouble.aws {
                Some(AwsTrouble::Denied { .. }) => {
                    "No right to list topics. For one that exists, type its ARN.".to_owned()
                }
                _ => format!("The topics cannot be listed: {}", trouble.what),
            }),
            config: Ok(config),
        }),
        (Err(trouble), Err(_)) => Err(trouble),
    }
}

pub(super) fn topic(
    ports: &Ports,
    place: &AwsPlace,
    arn: &TopicArn,
    endpoint: Option<&EndpointUrl>,
    sources: &[AccountId],
    sample: SampleStatement,
) -> Result<TopicReport, Trouble> {
    let mut report = TopicReport {
        arn: arn.clone(),
        exists: false,
        encrypted: false,
        kms_key: None,
        policy_diff: Vec::new(),
        policy_trouble: None,
        policy_doubt: None,
        sample: None,
        subscriptions: Vec::new(),
        subscriptions_missing: None,
    };
    let policy = match ports.aws.topic(place, arn) {
        Ok(topic) => {
            report.exists = true;
            report.encrypted = topic.kms_key.is_some();
            report.kms_key = topic.kms_key;
            topic.policy
        }
        Err(trouble) if trouble.is_not_found() => return Ok(report),
        Err(trouble) => return Err(trouble),
    };
    let accounts = publishing_accounts(sources, arn);
    match ecw_policy::merge(policy.as_deref(), &arn.to_string(), &accounts, sample.into()) {
        Ok(merged) => {
            report.policy_doubt = merged.may_deny.map(|sid| ecw_halyard::clean(&sid, 100));
            report.sample = merged.sample.map(|text| ecw_halyard::clean(&text, 500));
            if let Some(document) = merged.document {
                report.policy_diff = ecw_policy::diff(policy.as_deref(), &document);
            }
        }
        Err(error) => report.policy_trouble = Some(format!("{error}.")),
    }
    match ports.aws.subscriptions(place, arn) {
        Ok(Listed { items, rest }) => {
            report.subscriptions = items;
            report.subscriptions_missing = (rest == Rest::More)
                .then(|| format!("only the first {} were looked at", report.subscriptions.len()));
        }
        Err(trouble) => report.subscriptions_missing = Some(trouble.what),
    }
    for subscriber in report.subscriptions.iter_mut().filter(|each| may_be_ours(each, endpoint)) {
        look_closely(ports, place, subscriber);
    }
    Ok(report)
}

/// Only what may be Gate's own subscription is looked at closely: a topic may have hundreds.
fn may_be_ours(subscriber: &Subscriber, endpoint: Option<&EndpointUrl>) -> bool {
    subscriber.arn.starts_with("arn:") && endpoint.is_some_and(|url| url.is_same(&subscriber.endpoint))
}

fn look_closely(ports: &Ports, place: &AwsPlace, subscriber: &mut Subscriber) {
    let Ok(attributes) = ports.aws.subscription(place, &subscriber.arn) else { return };
    // Some list a pending subscription with an ARN; only a confirmed one counts.
    if attributes.pending {
        "PendingConfirmation".clone_into(&mut subscriber.arn);
    }
    subscriber.attributes = Some(attributes);
}

pub(super) fn subscription(
    ports: &Ports,
    place: &AwsPlace,
    topic: &TopicArn,
    endpoint: &EndpointUrl,
) -> Result<SubscriptionState, Trouble> {
    let list = ports.aws.subscriptions(place, topic)?;
    let ours = list.items.into_iter().filter(|each| endpoint.is_same(&each.endpoint) && !each.is_gone());
    let mut waiting = None;
    for found in ours {
        // The list is AWS's word: an ARN there is a confirmed one. Some list a pending one so too.
        let known = found.arn.starts_with("arn:").then_some(found.arn);
        match known {
            Some(arn) if !ports.aws.subscription(place, &arn).is_ok_and(|each| each.pending) => {
                return Ok(SubscriptionState::Confirmed { arn });
            }
            pending => waiting = Some(SubscriptionState::Pending { arn: pending }),
        }
    }
    match (waiting, list.rest) {
        (Some(pending), _) => Ok(pending),
        (None, Rest::None) => Ok(SubscriptionState::Missing),
        (None, Rest::More) => Err(Trouble::new(
            "The topic has more subscriptions than are looked through.",
            "See in the SNS console whether Gate's is among them.",
        )),
    }
}
