//! Who decides, on which world, and what is looked for.

use serde::{Deserialize, Serialize};

use crate::model::goal::Goal;

/// Who decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// An operator on a screen or in line mode.
    Operator,
    /// Nobody: answers decide; changes are made.
    Unattended,
    /// Nobody: stop where changes would begin.
    PlanOnly,
    /// Nobody: look at everything afresh and say how it stands.
    Look,
    /// An operator who reads along while another works.
    Watch,
}

impl Mode {
    /// Returns whether the mode changes nothing, not even our own state.
    #[must_use]
    pub fn reads_only(self) -> bool {
        matches!(self, Self::PlanOnly | Self::Look | Self::Watch)
    }

    /// Returns whether somebody is there who can be asked.
    #[must_use]
    pub fn asks(self) -> bool {
        matches!(self, Self::Operator | Self::Watch)
    }
}

/// What a session that only looks is to find.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looking {
    /// What is looked for.
    pub goal: Goal,
    /// Look again until it is there, at most for this long (milliseconds); once otherwise.
    pub wait: Option<u64>,
}

/// What becomes of a deploy whose end nobody knows, when nobody can be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unknown {
    /// It is looked at, and repeated where it is seen not to be done.
    #[default]
    LookedAt,
    /// It is done again.
    Redo,
}

/// Whether this is a rehearsal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rehearsal {
    /// On stand-ins.
    Yes,
    /// On the real world.
    No,
}

/// What becomes of changes since an unfinished run was confirmed, when nobody can be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Changes {
    /// The run is planned anew with what holds now.
    #[default]
    PlannedAnew,
    /// The run goes on with what was confirmed.
    Kept,
}
