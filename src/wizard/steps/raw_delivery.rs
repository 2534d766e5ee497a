//! Turn raw message delivery of Gate's subscription off, and on again: Gate reads SNS's envelope, which raw
//! messages lack.

use std::convert::Infallible;

use serde::{Deserialize, Serialize};

use crate::model::place::AwsPlace;
use crate::steps::{
    AwsAction, AwsGrant, ByHand, Direction, FollowUp, Made, Step, StepId, StepKind, StepTarget, Touches,
    UndoGround,
};
use crate::values::names::{EndpointUrl, TopicArn};

/// Turn raw message delivery off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TurnOffRawDelivery {
    /// Region and profile that it is reached with.
    pub aws: AwsPlace,
    /// The topic.
    pub arn: TopicArn,
    /// The subscription's ARN.
    pub subscription: String,
}

/// Turn raw message delivery on again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TurnOnRawDelivery {
    /// Region and profile that it is reached with.
    pub aws: AwsPlace,
    /// The topic.
    pub arn: TopicArn,
    /// The subscription's ARN.
    pub subscription: String,
}

const ACTIONS: &[AwsAction] = &[AwsAction::GetSubscriptionAttributes, AwsAction::SetSubscriptionAttributes];

impl Step for TurnOffRawDelivery {
    type Inverse = TurnOnRawDelivery;
    const KIND: StepKind = StepKind::TurnOffRawDelivery;
    const TOUCHES: Touches = Touches::Aws;
    const AWS_ACTIONS: &'static [AwsAction] = ACTIONS;
    const AWS_GRANT: AwsGrant = AwsGrant::ForRawDelivery;

    fn id(&self) -> StepId {
        StepId { kind: Self::KIND, target: StepTarget::of_topic(&self.aws, &self.arn) }
    }

    fn direction(&self) -> Direction {
        Direction::Makes
    }

    fn describe(&self) -> String {
        "Turn raw message delivery off for Gate's subscription".to_owned()
    }

    fn explain(&self) -> &'static str {
        "Gate cannot read a message without SNS's envelope. Undo turns it on again."
    }

    fn usual_time(&self) -> &'static str {
        "seconds"
    }

    fn aws_calls(&self) -> Vec<String> {
        vec![format!("sns:SetSubscriptionAttributes {} RawMessageDelivery=false", self.subscription)]
    }

    fn verified_by(&self) -> &'static str {
        "sns:GetSubscriptionAttributes"
    }

    fn taken_back_by(&self) -> &'static str {
        "undo turns it on again"
    }

    fn follow_up(&self) -> FollowUp<'_> {
        FollowUp::Nothing
    }

    fn topic(&self) -> Option<&TopicArn> {
        Some(&self.arn)
    }

    fn endpoint(&self) -> Option<&EndpointUrl> {
        None
    }

    fn inverse(&self, made: &Made, _ground: &dyn UndoGround) -> Option<Self::Inverse> {
        matches!(made, Made::RawDelivery { .. }).then(|| self.turn_on())
    }

    fn inverse_of_unknown(&self) -> Option<Self::Inverse> {
        // It was on when this was planned.
        Some(self.turn_on())
    }

    fn by_hand(&self, made: &Made, _first: &Made) -> ByHand {
        let Made::RawDelivery { subscription } = made else { return ByHand::Nothing };
        ByHand::Events(vec![
            "# raw message delivery as it was".to_owned(),
            format!(
                "aws sns set-subscription-attributes {} --subscription-arn {} --attribute-name RawMessageDelivery --attribute-value true",
                self.aws.cli_options(),
                shell_words::quote(subscription)
            ),
        ])
    }
}

impl TurnOffRawDelivery {
    fn turn_on(&self) -> TurnOnRawDelivery {
        TurnOnRawDelivery {
            aws: self.aws.clone(),
            arn: self.arn.clone(),
            subscription: self.subscription.clone(),
        }
    }
}

impl Step for TurnOnRawDelivery {
    type Inverse = Infallible;
    const KIND: StepKind = StepKind::TurnOffRawDelivery;
    const TOUCHES: Touches = Touches::Aws;
    const AWS_ACTIONS: &'static [AwsAction] = ACTIONS;
    const AWS_GRANT: AwsGrant = AwsGrant::ForRawDelivery;

    fn id(&self) -> StepId {
        StepId { kind: Self::KIND, target: StepTarget::of_topic(&self.aws, &self.arn) }
    }

    fn direction(&self) -> Direction {
        Direction::TakesBack
    }

    fn describe(&self) -> String {
        "Turn raw message delivery on again".to_owned()
    }

    fn explain(&self) -> &'static str {
        "As it was before."
    }

    fn usual_time(&self) -> &'static str {
        "seconds"
    }

    fn aws_calls(&self) -> Vec<String> {
        vec![format!("sns:SetSubscriptionAttributes {} RawMessageDelivery=true", self.subscription)]
    }

    fn verified_by(&self) -> &'static str {
        "sns:GetSubscriptionAttributes"
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
        None
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
