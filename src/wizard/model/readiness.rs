//! Did a deploy arrive, and does a service run with the plugin?

use ecw_halyard::ServiceName;
use serde::{Deserialize, Serialize};

use crate::model::check::{Check, CheckVerdict};

/// Did a service's files arrive?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct StagedReport {
    pub service: ServiceName,
    /// The staged file equals ours.
    pub staged: CheckVerdict,
    /// The history names our file for this service.
    pub history: CheckVerdict,
    /// When the history was written, milliseconds since 1970 UTC.
    #[serde(default)]
    pub history_at: Option<u64>,
    /// What was seen.
    pub detail: String,
}

impl StagedReport {
    /// Returns whether both say yes.
    #[must_use]
    pub fn arrived(&self) -> bool {
        self.staged == CheckVerdict::Good && self.history == CheckVerdict::Good
    }

    /// Returns whether what is there says nothing about this service.
    #[must_use]
    pub fn silent(&self) -> bool {
        self.history == CheckVerdict::Unknown && self.staged != CheckVerdict::Bad
    }
}

/// Is a service ready?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ReadyReport {
    pub service: ServiceName,
    /// Evidence, strongest first.
    pub checks: Vec<Check>,
    /// All in all.
    pub state: Readiness,
}

/// A service's readiness, all evidence together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Readiness {
    /// Ready, and the plugin is there.
    Ready,
    /// Still starting.
    Waiting,
    /// It will not come up by itself.
    Failed,
    /// Nothing here can tell.
    CannotTell,
}
