//! The least rights in AWS, as an IAM policy: what looking and the steps declare, and nothing besides.

use serde_json::{Value, json};

use crate::model::question::LOOKING;
use crate::steps::{AwsAction, AwsGrant, AwsResource, Intent};

/// What is granted besides the usual.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Granted(pub Vec<AwsGrant>);

/// Returns the policy for a topic; `topic` is its ARN, in which `*` may stand for what is not known.
#[must_use]
pub fn iam_policy(topic: &str, granted: &Granted) -> Value {
    let actions = actions(granted);
    let on = |resource: AwsResource| -> Vec<&str> {
        actions.iter().filter(|each| each.resource() == resource).map(|each| each.name()).collect()
    };
    let mut statements = vec![
        json!({"Sid": "Topic", "Effect": "Allow", "Action": on(AwsResource::Topic), "Resource": topic}),
        json!({"Sid": "Look", "Effect": "Allow", "Action": on(AwsResource::Any), "Resource": "*"}),
        json!({"Sid": "Config", "Effect": "Allow", "Action": on(AwsResource::Config), "Resource": "*"}),
    ];
    if granted.0.contains(&AwsGrant::ForRoles) {
        let partition = topic.split(':').nth(1).unwrap_or("aws");
        let roles = format!("arn:{partition}:iam::*:role/*");
        let assume =
            json!({"Sid": "Assume", "Effect": "Allow", "Action": on(AwsResource::Role), "Resource": roles});
        statements.push(assume);
    }
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// Every action that looking and the steps declare, in the order of the policy.
fn actions(granted: &Granted) -> Vec<AwsAction> {
    let mut wanted: Vec<AwsAction> = LOOKING.to_vec();
    for step in Intent::DECLARED {
        let is_granted = step.grant == AwsGrant::Always || granted.0.contains(&step.grant);
        wanted.extend(step.actions.iter().filter(|_| is_granted));
    }
    if granted.0.contains(&AwsGrant::ForProof) {
        wanted.extend([
            AwsAction::DeliverConfigSnapshot,
            AwsAction::GetMetricStatistics,
            AwsAction::GetQueueAttributes,
        ]);
    }
    if granted.0.contains(&AwsGrant::ForRollbackByHand) {
        wanted.extend([
            AwsAction::RemovePermission,
            AwsAction::StopConfigurationRecorder,
            AwsAction::DeleteDeliveryChannel,
            AwsAction::StartConfigurationRecorder,
        ]);
    }
    AwsAction::ALL.iter().copied().filter(|action| wanted.contains(action)).collect()
}
