//! Wait for whoever deploys: where Git does, nothing is applied from here, and the services still have to come up.

use std::convert::Infallible;

use ecw_halyard::ServiceName;
use serde::{Deserialize, Serialize};

use crate::steps::{
    AwsAction, AwsGrant, ByHand, Direction, FollowUp, Made, Step, StepId, StepKind, StepTarget, Touches,
    UndoGround,
};
use crate::values::names::{EndpointUrl, TopicArn};

/// Wait for a rollout that somebody else makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AwaitRollout {
    /// Services that are waited for.
    pub services: Vec<ServiceName>,
    /// The files that have to be committed, by their paths.
    pub files: Vec<String>,
}

impl Step for AwaitRollout {
    type Inverse = Infallible;
    const KIND: StepKind = StepKind::AwaitRollout;
    const TOUCHES: Touches = Touches::Services;
    const AWS_ACTIONS: &'static [AwsAction] = &[];
    const AWS_GRANT: AwsGrant = AwsGrant::Always;

    fn id(&self) -> StepId {
        StepId { kind: Self::KIND, target: StepTarget::Stage { name: "all".to_owned() } }
    }

    fn direction(&self) -> Direction {
        Direction::Makes
    }

    fn describe(&self) -> String {
        format!("Wait until your pipeline has deployed {}", super::names(&self.services))
    }

    fn explain(&self) -> &'static str {
        "Nothing is applied from here: commit the files, and the services are watched until they run with the plugin."
    }

    fn usual_time(&self) -> &'static str {
        "as long as your review and pipeline take"
    }

    fn aws_calls(&self) -> Vec<String> {
        Vec::new()
    }

    fn verified_by(&self) -> &'static str {
        "rollout, the plugin's start in the log, GET /aws/notify"
    }

    fn taken_back_by(&self) -> &'static str {
        "undo takes the block out; your pipeline deploys that too"
    }

    fn follow_up(&self) -> FollowUp<'_> {
        FollowUp::Ready(&self.services)
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
