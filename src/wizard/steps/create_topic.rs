//! Create the topic, and delete it again on the operator's word.

use std::collections::BTreeMap;
use std::convert::Infallible;

use serde::{Deserialize, Serialize};

use crate::model::place::AwsPlace;
use crate::steps::{
    AwsAction, AwsGrant, ByHand, Direction, FollowUp, Made, Step, StepId, StepKind, StepTarget, Touches,
    UndoGround,
};
use crate::values::names::{EndpointUrl, TopicArn};

/// Create a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CreateTopic {
    /// Region and profile that it is reached with.
    pub aws: AwsPlace,
    /// The ARN that it will have.
    pub arn: TopicArn,
    /// Change ticket to tag it with.
    #[serde(default)]
    pub change: Option<String>,
    /// Tags that it gets as it is made: some accounts allow none without.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

/// Delete a topic that we created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DeleteTopic {
    /// Region and profile that it is reached with.
    pub aws: AwsPlace,
    /// The topic.
    pub arn: TopicArn,
    /// Endpoints whose subscriptions are ours and go with it.
    pub ours: Vec<String>,
}

impl Step for CreateTopic {
    type Inverse = DeleteTopic;
    const KIND: StepKind = StepKind::CreateTopic;
    const TOUCHES: Touches = Touches::Aws;
    const AWS_ACTIONS: &'static [AwsAction] = &[
        AwsAction::GetCallerIdentity,
        AwsAction::GetTopicAttributes,
        AwsAction::CreateTopic,
        AwsAction::TagResource,
    ];
    const AWS_GRANT: AwsGrant = AwsGrant::Always;

    fn id(&self) -> StepId {
        StepId { kind: Self::KIND, target: StepTarget::of_topic(&self.aws, &self.arn) }
    }

    fn direction(&self) -> Direction {
        Direction::Makes
    }

    fn describe(&self) -> String {
        format!("Create the topic {}", self.arn.name)
    }

    fn explain(&self) -> &'static str {
        "AWS Config publishes here. Undo deletes it only if we made it and you say so."
    }

    fn usual_time(&self) -> &'static str {
        "seconds"
    }

    fn aws_calls(&self) -> Vec<String> {
        let tag = self.change.as_ref().map(|change| format!("sns:TagResource {} change={change}", self.arn));
        let tags: String = self.tags.iter().map(|(key, value)| format!(" {key}={value}")).collect();
        [format!("sns:CreateTopic Name={}{tags}", self.arn.name)].into_iter().chain(tag).collect()
    }

    fn verified_by(&self) -> &'static str {
        "sns:GetTopicAttributes"
    }

    fn taken_back_by(&self) -> &'static str {
        "undo deletes it if you ask and nobody else subscribes"
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

    fn inverse(&self, made: &Made, ground: &dyn UndoGround) -> Option<Self::Inverse> {
        let deletes = matches!(made, Made::Topic { .. }) && ground.may_delete(&self.arn);
        deletes.then(|| DeleteTopic {
            aws: self.aws.clone(),
            arn: self.arn.clone(),
            ours: ground.our_endpoints(&self.arn),
        })
    }

    fn inverse_of_unknown(&self) -> Option<Self::Inverse> {
        // Whether it is ours is not known; an empty topic costs nothing.
        None
    }

    fn by_hand(&self, made: &Made, _first: &Made) -> ByHand {
        let Made::Topic { arn } = made else { return ByHand::Nothing };
        ByHand::Leftover(vec![
            "# The topic costs nothing and may have other subscribers. To delete it too:".to_owned(),
            format!("# aws sns delete-topic {} --topic-arn {arn}", self.aws.cli_options()),
        ])
    }
}

impl Step for DeleteTopic {
    type Inverse = Infallible;
    const KIND: StepKind = StepKind::CreateTopic;
    const TOUCHES: Touches = Touches::Aws;
    const AWS_ACTIONS: &'static [AwsAction] = &[
        AwsAction::ListSubscriptionsByTopic,
        AwsAction::DescribeConfigurationRecorders,
        AwsAction::DescribeConfigurationRecorderStatus,
        AwsAction::DescribeDeliveryChannels,
        AwsAction::DescribeDeliveryChannelStatus,
        AwsAction::DeleteTopic,
    ];
    const AWS_GRANT: AwsGrant = AwsGrant::ForTopicDeletion;

    fn id(&self) -> StepId {
        StepId { kind: Self::KIND, target: StepTarget::of_topic(&self.aws, &self.arn) }
    }

    fn direction(&self) -> Direction {
        Direction::TakesBack
    }

    fn describe(&self) -> String {
        format!("Delete the topic {}", self.arn.name)
    }

    fn explain(&self) -> &'static str {
        "Only because we made it, and nothing else subscribes."
    }

    fn usual_time(&self) -> &'static str {
        "seconds"
    }

    fn aws_calls(&self) -> Vec<String> {
        vec![format!("sns:DeleteTopic {}", self.arn)]
    }

    fn verified_by(&self) -> &'static str {
        "sns:GetTopicAttributes"
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
