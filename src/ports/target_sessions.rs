//! Sessions of single targets: each the same core as the whole, run to its end by itself.

use ecw_wizard::messages::opening::To;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::target_job::{OnBehalf, TargetJob};
use ecw_wizard::state::Session;
use ecw_wizard::values::trouble::Trouble;

use crate::Ports;

/// What runs a target's session.
pub trait TargetSessions: Send + Sync {
    /// Runs a target's session to its end and returns it; `ports` are those of the whole.
    ///
    /// # Errors
    /// When its state cannot be used; nothing was touched then.
    fn run(
        &self,
        ports: &Ports,
        job: &TargetJob,
        by: &OnBehalf,
        mode: Mode,
        to: To,
    ) -> Result<Box<Session>, Trouble>;
}
