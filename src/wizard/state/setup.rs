//! What does not change while the program runs.

use ecw_halyard::Compatibility;

use crate::model::journal::Actor;
use crate::model::mode::{Changes, Looking, Mode, Rehearsal, Unknown};
use crate::model::plan_document::PlanDocument;
use crate::model::press::Press;
use crate::model::target_job::Extent;

/// What does not change while the program runs.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Who acts.
    pub actor: Actor,
    /// Which plugin version goes with which Spinnaker.
    pub compatibility: Compatibility,
    /// Id of this run, if one is begun.
    pub run: String,
    /// Change ticket.
    pub change: Option<String>,
    /// Who decides.
    pub mode: Mode,
    /// What the session is about.
    pub extent: Extent,
    /// Whether this is a rehearsal.
    pub rehearsal: Rehearsal,
    /// The command that comes back to a running job.
    pub come_back: String,
    /// `--state-dir`, where one was given.
    pub state_dir: Option<String>,
    /// Below which directory of this user's the state of hal directories elsewhere stands.
    pub stand_ins: Option<String>,
    /// What a session that only looks is to find.
    pub looking: Looking,
    /// What becomes of a deploy whose end nobody knows.
    pub unknown: Unknown,
    /// What becomes of changes since an unfinished run was confirmed.
    pub changes: Changes,
    /// Buttons that are pressed when they are offered.
    pub presses: Vec<Press>,
    /// The plan that the world must still equal before anything is done.
    pub expected: Option<Box<PlanDocument>>,
}

impl Setup {
    /// Returns the set-up of a plain session on the real world: nothing was decided beforehand.
    #[must_use]
    pub fn new(mode: Mode, actor: Actor, run: String, compatibility: Compatibility) -> Self {
        Self {
            actor,
            compatibility,
            run,
            change: None,
            mode,
            extent: Extent::Whole,
            rehearsal: Rehearsal::No,
            come_back: "event-cache-wizard attach".to_owned(),
            state_dir: None,
            stand_ins: None,
            looking: Looking::default(),
            unknown: Unknown::default(),
            changes: Changes::default(),
            presses: Vec::new(),
            expected: None,
        }
    }
}
