//! Subscribe Gate to the topic, and unsubscribe it.

use std::convert::Infallible;

use serde::{Deserialize, Serialize};

use crate::model::place::AwsPlace;
use crate::steps::{
    AwsAction, AwsGrant, ByHand, Direction, FollowUp, Made, Step, StepId, StepKind, StepTarget, Touches,
    UndoGround,
};
use crate::values::names::{EndpointUrl, TopicArn};

/// Subscribe Gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SubscribeGate {
    /// Region and profile that it is reached with.
    pub aws: AwsPlace,
    /// The topic.
    pub arn: TopicArn,
    /// Gate's `/aws/notify` as SNS sees it.
    pub endpoint: EndpointUrl,
}

/// Remove the subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct UnsubscribeGate {
    /// Region and profile that it is reached with.
    pub aws: AwsPlace,
    /// The topic.
    pub arn: TopicArn,
    /// Gate's `/aws/notify` as SNS sees it.
    pub endpoint: EndpointUrl,
    /// The subscription's ARN, where SNS told it: that one goes and no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<String>,
}

impl Step for SubscribeGate {
    type Inverse = UnsubscribeGate;
    const KIND: StepKind = StepKind::SubscribeGate;
    const TOUCHES: Touches = Touches::Aws;
    const AWS_ACTIONS: &'static [AwsAction] =
        &[AwsAction::ListSubscriptionsByTopic, AwsAction::GetSubscriptionAttributes, AwsAction::Subscribe];
    const AWS_GRANT: AwsGrant = AwsGrant::Always;

    fn id(&self) -> StepId {
        StepId { kind: Self::KIND, target: StepTarget::of_topic(&self.aws, &self.arn) }
    }

    fn direction(&self) -> Direction {
        Direction::Makes
    }

    fn describe(&self) -> String {
        "Subscribe Gate to the topic".to_owned()
    }

    fn explain(&self) -> &'static str {
        "SNS posts to Gate, which confirms by itself. Undo unsubscribes."
    }

    fn usual_time(&self) -> &'static str {
        "seconds"
    }

    fn aws_calls(&self) -> Vec<String> {
        let (arn, endpoint) = (&self.arn, &self.endpoint);
        vec![format!("sns:Subscribe {arn} Protocol={} Endpoint={}", endpoint.protocol(), endpoint.as_str())]
    }

    fn verified_by(&self) -> &'static str {
        "sns:ListSubscriptionsByTopic until Gate has confirmed"
    }

    fn taken_back_by(&self) -> &'static str {
        "undo unsubscribes; a pending one expires by itself in 48 h"
    }

    fn follow_up(&self) -> FollowUp<'_> {
        FollowUp::Confirmation
    }

    fn topic(&self) -> Option<&TopicArn> {
        Some(&self.arn)
    }

    fn endpoint(&self) -> Option<&EndpointUrl> {
        Some(&self.endpoint)
    }

    fn inverse(&self, made: &Made, _ground: &dyn UndoGround) -> Option<Self::Inverse> {
        let Made::Subscription { arn } = made else { return None };
        Some(self.unsubscribe(arn.clone()))
    }

    fn inverse_of_unknown(&self) -> Option<Self::Inverse> {
        Some(self.unsubscribe(None))
    }

    fn by_hand(&self, made: &Made, _first: &Made) -> ByHand {
        let Made::Subscription { arn: known } = made else { return ByHand::Nothing };
        let (place, arn) = (self.aws.cli_options(), &self.arn);
        let found = format!(
            "\"$(aws sns list-subscriptions-by-topic {place} --topic-arn {arn} --query {} --output text | tr '\\t' '\\n' | grep '^arn:' | head -n 1)\"",
            // The aws command asks this of each page by itself.
            shell_words::quote(&format!("Subscriptions[?Endpoint=='{}'].SubscriptionArn", self.endpoint))
        );
        let subscription = known.as_deref().map_or(found, |known| shell_words::quote(known).into_owned());
        ByHand::Events(vec![
            "# the events stop at once (a pending subscription expires by itself after 48 h)".to_owned(),
            format!("aws sns unsubscribe {place} --subscription-arn {subscription}"),
        ])
    }
}

impl SubscribeGate {
    fn unsubscribe(&self, subscription: Option<String>) -> UnsubscribeGate {
        let (aws, arn, endpoint) = (self.aws.clone(), self.arn.clone(), self.endpoint.clone());
        UnsubscribeGate { aws, arn, endpoint, subscription }
    }
}

impl Step for UnsubscribeGate {
    type Inverse = Infallible;
    const KIND: StepKind = StepKind::SubscribeGate;
    const TOUCHES: Touches = Touches::Aws;
    const AWS_ACTIONS: &'static [AwsAction] = &[AwsAction::ListSubscriptionsByTopic, AwsAction::Unsubscribe];
    const AWS_GRANT: AwsGrant = AwsGrant::Always;

    fn id(&self) -> StepId {
        StepId { kind: Self::KIND, target: StepTarget::of_topic(&self.aws, &self.arn) }
    }

    fn direction(&self) -> Direction {
        Direction::TakesBack
    }

    fn describe(&self) -> String {
        "Remove Gate's subscription".to_owned()
    }

    fn explain(&self) -> &'static str {
        "Events stop at once; nothing restarts."
    }

    fn usual_time(&self) -> &'static str {
        "seconds"
    }

    fn aws_calls(&self) -> Vec<String> {
        vec![format!("sns:Unsubscribe the subscription of {}", self.endpoint.as_str())]
    }

    fn verified_by(&self) -> &'static str {
        "sns:ListSubscriptionsByTopic"
    }

    fn taken_back_by(&self) -> &'static str {
        "run apply again"
    }

    fn follow_up(&self) -> FollowUp<'_> {
        FollowUp::Nothing
    }

    fn topic(&self) -> Option<&TopicArn> {
        Some(&self.arn)
    }

    fn endpoint(&self) -> Option<&EndpointUrl> {
        Some(&self.endpoint)
    }

    fn inverse(&self, _made: &Made, _ground: &dyn UndoGround) -> Option<Self::Inverse> {
        None
    }

    fn inverse_of_unknown(&self) -> Option<Self::Inverse> {
        None
    }

    fn by_hand(&self, _made: &Made, _first: &Made) -> ByHand {
        ByHand::Nothing
    }
}
