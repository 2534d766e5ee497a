//! Create the topic, by name only: attributes that differ from an existing topic's are refused.

use ecw_core::names::TopicArn;
use ecw_core::question::AwsPlace;
use ecw_core::step::{Made, Outcome};
use ecw_core::trouble::AwsTrouble;

use super::{aws_failed, done, wrong_account};
use crate::ports::Ports;

pub(super) fn execute(ports: &Ports, aws: &AwsPlace, arn: &TopicArn, change: Option<&str>) -> Outcome {
    // The topic's ARN was confirmed with its account; other credentials would make it elsewhere.
    if let Some(outcome) = wrong_account(ports, aws, arn) {
        return outcome;
    }
    // Whether it was ours to make is known only by looking first.
    match ports.aws.topic(aws, arn) {
        Ok(_) => return done("the topic existed already", Made::Nothing),
        Err(AwsTrouble::NotFound) => {}
        Err(trouble) => return aws_failed(&trouble),
    }
    match ports.aws.create_topic(aws, arn) {
        Ok(made) if made == *arn => {
            let evidence = format!("created {made}{}", tagged(ports, aws, arn, change));
            done(evidence, Made::Topic { arn: made })
        }
        Ok(other) => Outcome::Unknown { why: format!("AWS created {other} instead of {arn}") },
        Err(trouble) => aws_failed(&trouble),
    }
}

/// A tag is for people: that it cannot be set is said, and fails nothing. It is set after the topic
/// was made, because other tags than a topic's own make CreateTopic fail.
fn tagged(ports: &Ports, aws: &AwsPlace, arn: &TopicArn, change: Option<&str>) -> String {
    let Some(change) = change else { return String::new() };
    match ports.aws.tag_topic(aws, arn, "change", change) {
        Ok(()) => format!(", tagged change={change}"),
        Err(trouble) => format!(", not tagged: {}", trouble.trouble().what),
    }
}

/// Only while nothing else subscribes.
pub(super) fn undo(ports: &Ports, aws: &AwsPlace, arn: &TopicArn, ours: &[String]) -> Outcome {
    let gone = |what: &str| done(what, Made::TakenBack { what: format!("topic {arn}: {what}") });
    match ports.aws.subscriptions(aws, arn) {
        Ok(list) => {
            let others = list.iter().filter(|each| !ours.contains(&each.endpoint)).count();
            if others > 0 {
                return done(format!("left: {others} other subscription(s) stand"), Made::Nothing);
            }
        }
        Err(AwsTrouble::NotFound) => return gone("gone already"),
        Err(trouble) => return aws_failed(&trouble),
    }
    match ports.aws.delete_topic(aws, arn) {
        Ok(()) => gone("deleted"),
        Err(trouble) => aws_failed(&trouble),
    }
}
