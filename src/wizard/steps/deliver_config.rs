//! Point AWS Config's delivery channel at the topic, and give it its former topic back.

use std::convert::Infallible;

use serde::{Deserialize, Serialize};

use crate::model::place::AwsPlace;
use crate::steps::{
    AwsAction, AwsGrant, ByHand, Direction, FollowUp, Made, Step, StepId, StepKind, StepTarget, Touches,
    UndoGround,
};
use crate::values::names::{AccountId, EndpointUrl, TopicArn};

/// Point the delivery channel at a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DeliverConfig {
    /// Region and profile that it is reached with.
    pub aws: AwsPlace,
    /// The topic.
    pub arn: TopicArn,
    /// What it must name now; `None` = no topic.
    pub replaces: Option<TopicArn>,
    /// The account that records, in which the channel stands; `None` in older journals: the topic's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorder: Option<AccountId>,
}

/// Give the delivery channel its former topic back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct UndeliverConfig {
    /// Region and profile that it is reached with.
    pub aws: AwsPlace,
    /// Our topic: while another one stands there, nothing is changed.
    pub arn: TopicArn,
    /// The former one; `None` = it named no topic.
    pub former: Option<TopicArn>,
    /// The account that records, in which the channel stands; `None` in older journals: the topic's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorder: Option<AccountId>,
}

impl Step for DeliverConfig {
    type Inverse = UndeliverConfig;
    const KIND: StepKind = StepKind::DeliverConfig;
    const TOUCHES: Touches = Touches::Aws;
    const AWS_ACTIONS: &'static [AwsAction] = &[
        AwsAction::GetCallerIdentity,
        AwsAction::DescribeConfigurationRecorders,
        AwsAction::DescribeConfigurationRecorderStatus,
        AwsAction::DescribeDeliveryChannels,
        AwsAction::DescribeDeliveryChannelStatus,
        AwsAction::PutDeliveryChannel,
    ];
    const AWS_GRANT: AwsGrant = AwsGrant::ForDelivery;

    fn id(&self) -> StepId {
        StepId { kind: Self::KIND, target: StepTarget::of_topic(&self.aws, &self.arn) }
    }

    fn direction(&self) -> Direction {
        Direction::Makes
    }

    fn describe(&self) -> String {
        "Point AWS Config's delivery channel at the topic".to_owned()
    }

    fn explain(&self) -> &'static str {
        "Without it nothing ever arrives. Undo restores a former topic."
    }

    fn usual_time(&self) -> &'static str {
        "seconds"
    }

    fn aws_calls(&self) -> Vec<String> {
        vec![format!("config:PutDeliveryChannel snsTopicARN={}", self.arn)]
    }

    fn verified_by(&self) -> &'static str {
        "config:DescribeDeliveryChannels"
    }

    fn taken_back_by(&self) -> &'static str {
        match self.replaces {
            Some(_) => "undo gives the former topic back while ours still stands there",
            None => "undo takes our topic out if AWS lets it, else ROLLBACK.txt says how",
        }
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
        let Made::Delivery { former, .. } = made else { return None };
        Some(self.undeliver(former.clone()))
    }

    fn inverse_of_unknown(&self) -> Option<Self::Inverse> {
        Some(self.undeliver(self.replaces.clone()))
    }

    fn by_hand(&self, made: &Made, _first: &Made) -> ByHand {
        let Made::Delivery { channel, former } = made else { return ByHand::Nothing };
        let (place, arn) = (self.aws.cli_options(), &self.arn);
        let edit = match former {
            Some(former) => format!("s|{arn}|{former}|"),
            None => format!("s|\"snsTopicARN\": *\"{arn}\", *||; s|, *\"snsTopicARN\": *\"{arn}\"||"),
        };
        let name = shell_words::quote(channel);
        let edited = format!(
            "aws configservice describe-delivery-channels {place} --delivery-channel-names {name} --query {} --output json | tr -d '\\n' | sed {}",
            shell_words::quote("DeliveryChannels[0]"),
            shell_words::quote(&edit)
        );
        let put = |channel: &str| {
            format!("aws configservice put-delivery-channel {place} --delivery-channel {channel}")
        };
        ByHand::Events(match former {
            Some(_) => vec![
                "# AWS Config's delivery channel as it is, but for its topic".to_owned(),
                put(&format!("\"$({edited})\"")),
            ],
            None => vec![
                NO_TOPIC.to_owned(),
                format!(
                    "channel=\"$({edited})\" && recorder=\"$(aws configservice describe-configuration-recorders {place} --query {} --output text)\" && aws configservice stop-configuration-recorder {place} --configuration-recorder-name \"$recorder\" && aws configservice delete-delivery-channel {place} --delivery-channel-name {name} && {} && aws configservice start-configuration-recorder {place} --configuration-recorder-name \"$recorder\"",
                    shell_words::quote("ConfigurationRecorders[0].name"),
                    put("\"$channel\"")
                ),
            ],
        })
    }
}

/// Why it is made anew (AWS Config, `PutDeliveryChannel`: what is left out keeps its value).
const NO_TOPIC: &str = "# The channel named no topic. AWS keeps a topic that is left out, so the channel is made anew without one; recording pauses for some seconds";

impl DeliverConfig {
    fn undeliver(&self, former: Option<TopicArn>) -> UndeliverConfig {
        let (aws, arn, recorder) = (self.aws.clone(), self.arn.clone(), self.recorder.clone());
        UndeliverConfig { aws, arn, former, recorder }
    }
}

impl Step for UndeliverConfig {
    type Inverse = Infallible;
    const KIND: StepKind = StepKind::DeliverConfig;
    const TOUCHES: Touches = Touches::Aws;
    const AWS_ACTIONS: &'static [AwsAction] = &[
        AwsAction::GetCallerIdentity,
        AwsAction::DescribeConfigurationRecorders,
        AwsAction::DescribeConfigurationRecorderStatus,
        AwsAction::DescribeDeliveryChannels,
        AwsAction::DescribeDeliveryChannelStatus,
        AwsAction::PutDeliveryChannel,
    ];
    const AWS_GRANT: AwsGrant = AwsGrant::ForDelivery;

    fn id(&self) -> StepId {
        StepId { kind: Self::KIND, target: StepTarget::of_topic(&self.aws, &self.arn) }
    }

    fn direction(&self) -> Direction {
        Direction::TakesBack
    }

    fn describe(&self) -> String {
        "Give AWS Config's delivery channel its former topic back".to_owned()
    }

    fn explain(&self) -> &'static str {
        "Only while ours still stands there."
    }

    fn usual_time(&self) -> &'static str {
        "seconds"
    }

    fn aws_calls(&self) -> Vec<String> {
        let former = self.former.as_ref().map_or("none".to_owned(), ToString::to_string);
        vec![format!("config:PutDeliveryChannel snsTopicARN={former}")]
    }

    fn verified_by(&self) -> &'static str {
        "config:DescribeDeliveryChannels"
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
