//! Wait for whoever deploys: nothing is done to the world; that the services come up is asked of them afterwards.

use ecw_ports::Ports;
use ecw_wizard::model::report::Probed;
use ecw_wizard::steps::{AwaitRollout, Made, StepOutcome};

use super::{Act, done};

impl Act for AwaitRollout {
    fn execute(&self, _ports: &Ports) -> StepOutcome {
        // A deploy, though none of ours: what was deployed has to come up.
        done(format!("left to your pipeline: {}", self.files.join(", ")), Made::Deploy { number: 0 })
    }

    fn probe(&self, _ports: &Ports) -> Probed {
        Probed::NotDone
    }
}
