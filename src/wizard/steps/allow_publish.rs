//! Let AWS Config publish to the topic: one statement of its access policy.

use std::convert::Infallible;

use serde::{Deserialize, Serialize};

use crate::model::place::AwsPlace;
use crate::steps::{
    AwsAction, AwsGrant, ByHand, Direction, FollowUp, Made, Step, StepId, StepKind, StepTarget, Touches,
    UndoGround,
};
use crate::values::choices::SampleStatement;
use crate::values::names::{AccountId, EndpointUrl, TopicArn};

/// Merge our statement into the policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AllowPublish {
    /// Region and profile that it is reached with.
    pub aws: AwsPlace,
    /// The topic.
    pub arn: TopicArn,
    /// The accounts whose AWS Config publishes; empty in older journals: the topic's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<AccountId>,
    /// What becomes of the statement of the plugin's page that names another topic.
    #[serde(default = "SampleStatement::unasked", skip_serializing_if = "SampleStatement::is_left")]
    pub sample: SampleStatement,
}

/// Take our statement out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DisallowPublish {
    /// Region and profile that it is reached with.
    pub aws: AwsPlace,
    /// The topic.
    pub arn: TopicArn,
    /// Statement id; `None` when nobody saw the step end.
    #[serde(default)]
    pub sid: Option<String>,
    /// The accounts that it names; empty in older journals: the topic's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<AccountId>,
}

/// The accounts of a statement, as the policy writes them.
fn accounts<'s>(sources: &'s [AccountId], topic: &'s TopicArn) -> Vec<&'s str> {
    match sources {
        [] => vec![topic.account.as_str()],
        some => some.iter().map(AccountId::as_str).collect(),
    }
}

impl AllowPublish {
    /// Returns the accounts whose AWS Config publishes.
    #[must_use]
    pub fn accounts(&self) -> Vec<&str> {
        accounts(&self.sources, &self.arn)
    }

    /// Returns what becomes of the page's statement, for the policy.
    #[must_use]
    pub fn sample(&self) -> ecw_policy::Sample {
        self.sample.into()
    }

    fn disallow(&self, sid: Option<String>) -> DisallowPublish {
        DisallowPublish { aws: self.aws.clone(), arn: self.arn.clone(), sid, sources: self.sources.clone() }
    }
}

impl DisallowPublish {
    /// Returns the accounts that the statement names.
    #[must_use]
    pub fn accounts(&self) -> Vec<&str> {
        accounts(&self.sources, &self.arn)
    }
}

impl Step for AllowPublish {
    type Inverse = DisallowPublish;
    const KIND: StepKind = StepKind::AllowPublish;
    const TOUCHES: Touches = Touches::Aws;
    const AWS_ACTIONS: &'static [AwsAction] = &[AwsAction::GetTopicAttributes, AwsAction::SetTopicAttributes];
    const AWS_GRANT: AwsGrant = AwsGrant::Always;

    fn id(&self) -> StepId {
        StepId { kind: Self::KIND, target: StepTarget::of_topic(&self.aws, &self.arn) }
    }

    fn direction(&self) -> Direction {
        Direction::Makes
    }

    fn describe(&self) -> String {
        "Let AWS Config publish to the topic".to_owned()
    }

    fn explain(&self) -> &'static str {
        "One statement is added to the policy. Undo takes just that one out."
    }

    fn usual_time(&self) -> &'static str {
        "seconds"
    }

    fn aws_calls(&self) -> Vec<String> {
        vec![format!("sns:SetTopicAttributes {} Policy", self.arn)]
    }

    fn verified_by(&self) -> &'static str {
        "the policy read back and compared"
    }

    fn taken_back_by(&self) -> &'static str {
        "undo takes that statement out"
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
        let Made::Statement { sid } = made else { return None };
        Some(self.disallow(Some(sid.clone())))
    }

    fn inverse_of_unknown(&self) -> Option<Self::Inverse> {
        Some(self.disallow(None))
    }

    fn by_hand(&self, made: &Made, _first: &Made) -> ByHand {
        let Made::Statement { sid } = made else { return ByHand::Nothing };
        let (place, arn) = (self.aws.cli_options(), &self.arn);
        ByHand::Events(vec![
            "# our one statement out of the topic's policy".to_owned(),
            format!(
                "aws sns remove-permission {place} --topic-arn {arn} --label {}",
                shell_words::quote(sid)
            ),
        ])
    }
}

impl Step for DisallowPublish {
    type Inverse = Infallible;
    const KIND: StepKind = StepKind::AllowPublish;
    const TOUCHES: Touches = Touches::Aws;
    const AWS_ACTIONS: &'static [AwsAction] = &[AwsAction::GetTopicAttributes, AwsAction::SetTopicAttributes];
    const AWS_GRANT: AwsGrant = AwsGrant::Always;

    fn id(&self) -> StepId {
        StepId { kind: Self::KIND, target: StepTarget::of_topic(&self.aws, &self.arn) }
    }

    fn direction(&self) -> Direction {
        Direction::TakesBack
    }

    fn describe(&self) -> String {
        "Take our statement out of the topic's policy".to_owned()
    }

    fn explain(&self) -> &'static str {
        "Only our statement goes."
    }

    fn usual_time(&self) -> &'static str {
        "seconds"
    }

    fn aws_calls(&self) -> Vec<String> {
        vec![format!("sns:SetTopicAttributes {} Policy", self.arn)]
    }

    fn verified_by(&self) -> &'static str {
        "the policy read back and compared"
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
