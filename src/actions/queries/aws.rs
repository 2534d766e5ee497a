//! Topics, one topic, the subscription, and AWS Config.

use ecw_wizard::model::aws_report::{SubscriptionState, TopicReport, TopicsReport};
use ecw_wizard::model::place::AwsPlace;
use ecw_wizard::values::names::{EndpointUrl, TopicArn};
use ecw_wizard::values::trouble::Trouble;

use ecw_ports::Ports;

pub(super) fn topics(ports: &Ports, place: &AwsPlace) -> Result<TopicsReport, Trouble> {
    let mut config = ports.aws.config(place);
    if let Ok(config) = &mut config
        && let Some(channel) = &mut config.channel
        && let Some(topic) = &channel.topic
    {
        let list = ports.aws.subscriptions(place, topic).unwrap_or_default();
        channel.subscribers = list
            .into_iter()
            .take(50)
            .map(|each| ecw_halyard::redact(&format!("{} {}", each.protocol, each.endpoint)))
            .collect();
    }
    let topics = ports.aws.topics(place);
    match (topics, config) {
        (Ok(topics), config) => Ok(TopicsReport { topics, config }),
        // Not being allowed to list is no reason to hide AWS Config.
        (Err(_), Ok(config)) => Ok(TopicsReport { topics: Vec::new(), config: Ok(config) }),
        (Err(trouble), Err(_)) => Err(trouble),
    }
}

pub(super) fn topic(ports: &Ports, place: &AwsPlace, arn: &TopicArn) -> Result<TopicReport, Trouble> {
    let text = arn.to_string();
    let mut report = TopicReport {
        arn: arn.clone(),
        exists: false,
        encrypted: false,
        policy_diff: Vec::new(),
        policy_trouble: None,
        policy_doubt: None,
        subscriptions: Vec::new(),
    };
    let policy = match ports.aws.topic(place, arn) {
        Ok(topic) => {
            report.exists = true;
            report.encrypted = topic.encrypted;
            topic.policy
        }
        Err(trouble) if trouble.is_not_found() => return Ok(report),
        Err(trouble) => return Err(trouble),
    };
    match ecw_policy::merge(policy.as_deref(), &text, arn.account.as_str()) {
        Ok(merged) => {
            report.policy_doubt = merged.may_deny.map(|sid| ecw_halyard::clean(&sid, 100));
            if let Some(document) = merged.document {
                report.policy_diff = ecw_policy::diff(policy.as_deref(), &document);
            }
        }
        Err(error) => report.policy_trouble = Some(format!("{error}.")),
    }
    report.subscriptions = ports.aws.subscriptions(place, arn).unwrap_or_default();
    for subscriber in &mut report.subscriptions {
        // Some list a pending subscription with an ARN; only a confirmed one counts.
        if subscriber.arn.starts_with("arn:") && ports.aws.pending(place, &subscriber.arn).unwrap_or(false) {
            subscriber.arn = "PendingConfirmation".to_owned();
        }
    }
    Ok(report)
}

pub(super) fn subscription(
    ports: &Ports,
    place: &AwsPlace,
    topic: &TopicArn,
    endpoint: &EndpointUrl,
) -> Result<SubscriptionState, Trouble> {
    let list = ports.aws.subscriptions(place, topic)?;
    let Some(found) = list.into_iter().find(|each| endpoint.is_same(&each.endpoint)) else {
        return Ok(SubscriptionState::Missing);
    };
    if !found.arn.starts_with("arn:") {
        return Ok(SubscriptionState::Pending { arn: None });
    }
    Ok(if ports.aws.pending(place, &found.arn)? {
        SubscriptionState::Pending { arn: Some(found.arn) }
    } else {
        SubscriptionState::Confirmed { arn: found.arn }
    })
}
