//! One check: how it came out, what was seen, what to do.

use ecw_halyard::redact;
use serde::{Deserialize, Serialize};

/// How one check came out.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum CheckVerdict {
    /// As it should be.
    Good,
    /// Worth knowing; passed with Enter.
    Warning,
    /// Could not be checked; may be passed.
    Unknown,
    /// Not as it should be; stops here.
    Bad,
}

/// One check with its evidence and remedy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Check {
    /// How it came out.
    pub verdict: CheckVerdict,
    /// What was checked.
    pub label: String,
    /// What was seen.
    pub detail: String,
    /// What to do, when something has to be done.
    pub remedy: Option<String>,
}

impl Check {
    /// Returns a check without a remedy.
    pub fn new(verdict: CheckVerdict, label: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { verdict, label: label.into(), detail: redact(&detail.into()), remedy: None }
    }

    /// Returns the check with a remedy.
    #[must_use]
    pub fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}
