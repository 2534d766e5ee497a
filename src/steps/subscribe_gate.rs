//! Subscribe Gate; a subscription that is there is found, never doubled.

use ecw_core::names::{EndpointUrl, TopicArn};
use ecw_core::question::AwsPlace;
use ecw_core::step::{Made, Outcome};
use ecw_core::trouble::AwsTrouble;

use super::{aws_failed, done};
use crate::ports::Ports;

pub(super) fn execute(ports: &Ports, aws: &AwsPlace, arn: &TopicArn, endpoint: &EndpointUrl) -> Outcome {
    match ports.aws.subscriptions(aws, arn) {
        Ok(list) => {
            let confirmed = list.iter().find(|each| {
                each.endpoint == endpoint.as_str()
                    && each.arn.starts_with("arn:")
                    && !ports.aws.pending(aws, &each.arn).unwrap_or(false)
            });
            if let Some(found) = confirmed {
                return done(format!("found {}", found.arn), Made::Nothing);
            }
        }
        Err(trouble) => return aws_failed(&trouble),
    }
    match ports.aws.subscribe(aws, arn, endpoint) {
        Ok(subscription) => {
            let known = subscription.starts_with("arn:").then(|| subscription.clone());
            done("asked SNS to subscribe Gate", Made::Subscription { arn: known })
        }
        Err(trouble) => aws_failed(&trouble),
    }
}

pub(super) fn undo(ports: &Ports, aws: &AwsPlace, arn: &TopicArn, endpoint: &EndpointUrl) -> Outcome {
    let back =
        |what: &str| done(what, Made::TakenBack { what: format!("subscription of {endpoint}: {what}") });
    let list = match ports.aws.subscriptions(aws, arn) {
        Ok(list) => list,
        Err(AwsTrouble::NotFound) => return back("the topic is gone already"),
        Err(trouble) => return aws_failed(&trouble),
    };
    let Some(found) = list.into_iter().find(|each| each.endpoint == endpoint.as_str()) else {
        return back("it was gone already");
    };
    if !found.arn.starts_with("arn:") {
        return back("pending; SNS cannot remove it, it expires by itself in 48 h");
    }
    match ports.aws.unsubscribe(aws, &found.arn) {
        Ok(()) | Err(AwsTrouble::NotFound) => back("removed"),
        Err(AwsTrouble::Refused { detail, .. }) if detail.contains("pending") => {
            back("pending; SNS cannot remove it, it expires by itself in 48 h")
        }
        Err(trouble) => aws_failed(&trouble),
    }
}
