//! A deploy is started by its supervisor and told by its own files; it never comes here.

use ecw_ports::Ports;
use ecw_wizard::model::report::Probed;
use ecw_wizard::steps::{ApplyDeployment, StepOutcome};
use ecw_wizard::values::trouble::Trouble;

use super::{Act, failed};

impl Act for ApplyDeployment {
    fn execute(&self, _ports: &Ports) -> StepOutcome {
        failed(Trouble::new("A deploy is started by its supervisor.", "This is a bug; please report it."))
    }

    fn probe(&self, _ports: &Ports) -> Probed {
        Probed::CannotTell { why: "a deploy is told by its own files".to_owned() }
    }
}
