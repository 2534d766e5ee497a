//! Set up SNS at several accounts and regions, side by side, and take it back there. Each target has a session
//! and a journal of its own, so one that fails fails alone; what a target's session does is what the steps
//! of the SNS chapter do.

use std::convert::Infallible;

use serde::{Deserialize, Serialize};

use crate::model::target_job::{OnBehalf, TargetJob};
use crate::steps::{
    AwsAction, AwsGrant, ByHand, Direction, FollowUp, Made, Step, StepId, StepKind, StepTarget, Touches,
    UndoGround,
};
use crate::values::names::{EndpointUrl, TopicArn};
use crate::values::targets::TargetName;

/// Set up several targets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SetUpTargets {
    /// Each with its answers, as they were confirmed.
    pub jobs: Vec<TargetJob>,
    /// On whose behalf.
    pub by: OnBehalf,
    /// What was planned, by target, for the plan and the last question.
    pub planned: Vec<(TargetName, Vec<String>)>,
}

/// Take back what was made at several targets, each by its own journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TakeBackTargets {
    /// Each with the answers that it was set up with.
    pub jobs: Vec<TargetJob>,
    /// On whose behalf it was set up.
    pub by: OnBehalf,
}

impl SetUpTargets {
    /// Takes along what an earlier run was to do elsewhere: undo takes back both.
    pub fn take_along(&mut self, earlier: &Self) {
        let known = |job: &&TargetJob| self.jobs.iter().all(|each| each.name != job.name);
        let more: Vec<TargetJob> = earlier.jobs.iter().filter(known).cloned().collect();
        self.jobs.extend(more);
    }

    fn take_back(&self) -> TakeBackTargets {
        // What depends on a topic goes before it.
        let jobs = self.jobs.iter().rev().cloned().collect();
        TakeBackTargets { jobs, by: self.by.clone() }
    }
}

fn id() -> StepId {
    StepId { kind: StepKind::SetUpTargets, target: StepTarget::Targets }
}

/// Names the targets, the first few by name.
fn named(jobs: &[TargetJob]) -> String {
    if let [only] = jobs {
        return only.name.to_string();
    }
    let mut names: Vec<String> = jobs.iter().take(3).map(|job| job.name.to_string()).collect();
    if jobs.len() > names.len() {
        names.push(format!("{} more", jobs.len() - names.len()));
    }
    format!("{} targets: {}", jobs.len(), names.join(", "))
}

impl Step for SetUpTargets {
    type Inverse = TakeBackTargets;
    const KIND: StepKind = StepKind::SetUpTargets;
    const TOUCHES: Touches = Touches::Aws;
    // Its sessions do the steps of the SNS chapter, which declare what they call; besides that it may take a role.
    const AWS_ACTIONS: &'static [AwsAction] = &[AwsAction::AssumeRole];
    const AWS_GRANT: AwsGrant = AwsGrant::ForRoles;

    fn id(&self) -> StepId {
        id()
    }

    fn direction(&self) -> Direction {
        Direction::Makes
    }

    fn describe(&self) -> String {
        format!("Set up SNS at {}", named(&self.jobs))
    }

    fn explain(&self) -> &'static str {
        "Topic, policy, subscription and delivery at each, side by side; if one fails, the others go on. Undo takes each back by its own journal."
    }

    fn usual_time(&self) -> &'static str {
        "1 to 5 min"
    }

    fn aws_calls(&self) -> Vec<String> {
        self.planned
            .iter()
            .flat_map(|(name, calls)| calls.iter().map(move |call| format!("{name}: {call}")))
            .collect()
    }

    fn verified_by(&self) -> &'static str {
        "each target's own steps and Gate's confirmation"
    }

    fn taken_back_by(&self) -> &'static str {
        "undo takes each target back by its own journal"
    }

    fn follow_up(&self) -> FollowUp<'_> {
        FollowUp::Nothing
    }

    fn topic(&self) -> Option<&TopicArn> {
        None
    }

    fn endpoint(&self) -> Option<&EndpointUrl> {
        None
    }

    fn inverse(&self, made: &Made, ground: &dyn UndoGround) -> Option<Self::Inverse> {
        let wanted = match made {
            Made::Targets { .. } => true,
            Made::TopicsLeft { .. } => ground.wants_topics_deleted(),
            _ => false,
        };
        wanted.then(|| self.take_back())
    }

    fn inverse_of_unknown(&self) -> Option<Self::Inverse> {
        Some(self.take_back())
    }

    fn by_hand(&self, made: &Made, _first: &Made) -> ByHand {
        let (Made::Targets { names } | Made::TopicsLeft { names }) = made else { return ByHand::Nothing };
        let files = names
            .iter()
            .map(|name| format!("# {name}: targets/{}/ROLLBACK.txt beside this file", name.directory()));
        ByHand::Events(
            [vec!["# SNS at several targets: each has its own".to_owned()], files.collect()].concat(),
        )
    }
}

impl Step for TakeBackTargets {
    type Inverse = Infallible;
    const KIND: StepKind = StepKind::SetUpTargets;
    const TOUCHES: Touches = Touches::Aws;
    const AWS_ACTIONS: &'static [AwsAction] = &[AwsAction::AssumeRole];
    const AWS_GRANT: AwsGrant = AwsGrant::ForRoles;

    fn id(&self) -> StepId {
        id()
    }

    fn direction(&self) -> Direction {
        Direction::TakesBack
    }

    fn describe(&self) -> String {
        format!("Take back SNS at {}", named(&self.jobs))
    }

    fn explain(&self) -> &'static str {
        "What each target's own journal says was made there; if one fails, the others go on."
    }

    fn usual_time(&self) -> &'static str {
        "1 to 5 min"
    }

    fn aws_calls(&self) -> Vec<String> {
        Vec::new()
    }

    fn verified_by(&self) -> &'static str {
        "each target's own steps"
    }

    fn taken_back_by(&self) -> &'static str {
        "run apply again"
    }

    fn follow_up(&self) -> FollowUp<'_> {
        FollowUp::Nothing
    }

    fn topic(&self) -> Option<&TopicArn> {
        None
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
