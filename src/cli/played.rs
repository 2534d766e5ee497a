//! What is played in a rehearsal.

use std::path::PathBuf;

use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::road::Road;

/// What is played.
#[derive(Clone, Debug)]
pub(super) struct Played {
    /// Where it is laid out.
    pub(super) dir: PathBuf,
    /// How much faster time goes.
    pub(super) scale: u64,
    /// What goes wrong.
    pub(super) faults: Vec<String>,
    /// How the stand-in Spinnaker is deployed.
    pub(super) road: Road,
    /// Where the stand-in Halyard runs.
    pub(super) halyard_in: HalyardIn,
}
