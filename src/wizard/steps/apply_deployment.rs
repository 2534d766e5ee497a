//! Deploy some services with `hal deploy apply`. An undo deploys them again without our file.

use std::convert::Infallible;

use ecw_halyard::ServiceName;
use serde::{Deserialize, Serialize};

use crate::steps::{
    AwsAction, AwsGrant, ByHand, Direction, FollowUp, Made, Step, StepId, StepKind, StepTarget, Touches,
    UndoGround,
};
use crate::values::halyard_in::HalyardIn;
use crate::values::names::{DeploymentName, EndpointUrl, TopicArn};
use crate::values::road::Road;

/// Run hal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ApplyDeployment {
    /// hal directory.
    pub hal_dir: String,
    pub deployment: DeploymentName,
    /// The exact command, as it was planned; what is run is built anew from the answers.
    pub command: Vec<String>,
    /// Services named in it.
    pub services: Vec<ServiceName>,
    /// Profiles that must arrive, with their SHA-256; none when they are taken back.
    pub files: Vec<(String, String)>,
    /// Who deploys.
    #[serde(default, skip_serializing_if = "Road::is_default")]
    pub road: Road,
}

/// Returns the name of a stage that deploys these services.
#[must_use]
pub fn stage_name(services: &[ServiceName]) -> String {
    match (services.iter().any(|service| service.is_gate()), services.len()) {
        (true, 1) => "gate".to_owned(),
        (true, _) => "all".to_owned(),
        (false, _) => "clouddriver".to_owned(),
    }
}

/// Returns service names separated by blanks.
#[must_use]
pub fn names(services: &[ServiceName]) -> String {
    services.iter().map(|service| service.as_str()).collect::<Vec<_>>().join(" ")
}

impl Step for ApplyDeployment {
    type Inverse = Infallible;
    const KIND: StepKind = StepKind::ApplyDeployment;
    const TOUCHES: Touches = Touches::Services;
    const AWS_ACTIONS: &'static [AwsAction] = &[];
    const AWS_GRANT: AwsGrant = AwsGrant::Always;

    fn id(&self) -> StepId {
        StepId { kind: Self::KIND, target: StepTarget::Stage { name: stage_name(&self.services) } }
    }

    /// A deploy that brings no file of ours takes back.
    fn direction(&self) -> Direction {
        if self.files.is_empty() { Direction::TakesBack } else { Direction::Makes }
    }

    fn describe(&self) -> String {
        format!("Deploy {}", names(&self.services))
    }

    fn explain(&self) -> &'static str {
        "Only these services restart. Undo: take the block out and deploy them again."
    }

    fn usual_time(&self) -> &'static str {
        if self.services.iter().all(|service| service.is_gate()) { "2 to 10 min" } else { "5 to 60 min" }
    }

    fn aws_calls(&self) -> Vec<String> {
        Vec::new()
    }

    fn verified_by(&self) -> &'static str {
        match self.road {
            Road::Halyard => {
                "hal's exit and last line, staging and history files, rollout, the plugin's start in the log, GET /aws/notify"
            }
            Road::Kustomize | Road::Operator => {
                "kubectl's exit, rollout, the plugin's start in the log, GET /aws/notify"
            }
        }
    }

    fn taken_back_by(&self) -> &'static str {
        "undo takes the block out and deploys the services again"
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

    /// Each profile that is taken back brings the deploy of its services.
    fn inverse(&self, _made: &Made, _ground: &dyn UndoGround) -> Option<Self::Inverse> {
        None
    }

    fn inverse_of_unknown(&self) -> Option<Self::Inverse> {
        None
    }

    fn by_hand(&self, _made: &Made, _first: &Made) -> ByHand {
        ByHand::Deploy {
            services: self.services.clone(),
            lines: vec![
                format!("# restarts {}", names(&self.services)),
                shell_words::join(HalyardIn::typed(&self.command)),
            ],
        }
    }
}
