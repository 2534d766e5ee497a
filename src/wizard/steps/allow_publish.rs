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
    /// Statements that other runs added to the same topic, taken out with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Statement>,
}

/// A statement of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Statement {
    /// Its id; `None` when nobody saw it being set.
    pub sid: Option<String>,
    /// The accounts that it names; empty: the topic's own.
    pub sources: Vec<AccountId>,
}

/// Returns the accounts of a statement as the policy writes them; where none are named, the topic's own.
#[must_use]
pub fn publishing_accounts<'s>(sources: &'s [AccountId], topic: &'s TopicArn) -> Vec<&'s str> {
    match sources {
        [] => vec![topic.account.as_str()],
        some => some.iter().map(AccountId::as_str).collect(),
    }
}

impl AllowPublish {
    /// Returns the accounts whose AWS Config publishes.
    #[must_use]
    pub fn accounts(&self) -> Vec<&str> {
        publishing_accounts(&self.sources, &self.arn)
    }

    /// Returns what becomes of the page's statement, for the policy.
    #[must_use]
    pub fn sample(&self) -> ecw_policy::Sample {
        self.sample.into()
    }

    fn disallow(&self, sid: Option<String>) -> DisallowPublish {
        let (aws, arn, sources) = (self.aws.clone(), self.arn.clone(), self.sources.clone());
        DisallowPublish { aws, arn, sid, sources, also: Vec::new() }
    }
}

impl DisallowPublish {
    /// Returns every statement that is taken out.
    pub fn statements(&self) -> impl Iterator<Item = Statement> {
        let first = Statement { sid: self.sid.clone(), sources: self.sources.clone() };
        std::iter::once(first).chain(self.also.iter().cloned())
    }

    /// Takes another run's statement of the same topic along.
    pub(crate) fn take_along(&mut self, other: Self) {
        if self.arn == other.arn {
            let new: Vec<Statement> =
                other.statements().filter(|each| self.statements().all(|known| known != *each)).collect();
            self.also.extend(new);
        }
    }
}

impl Statement {
    /// Returns the accounts that it names in the policy of a topic.
    #[must_use]
    pub fn accounts<'s>(&'s self, topic: &'s TopicArn) -> Vec<&'s str> {
        publishing_accounts(&self.sources, topic)
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
