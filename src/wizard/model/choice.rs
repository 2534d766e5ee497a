//! What the operator decides about a change since a run was confirmed.

use serde::{Deserialize, Serialize};

/// What the operator decides about a change.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// Plan anew with what holds now.
    Redo,
    /// Go on with what was confirmed.
    Keep,
    /// Stop; nothing is done.
    Stop,
}

impl Choice {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Redo, Self::Keep, Self::Stop];
}

/// Returns the id of an edited file.
#[must_use]
pub fn file_id(file: &str) -> String {
    format!("file {file}")
}
