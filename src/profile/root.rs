//! Where in a file a profile stands.

use serde::{Deserialize, Serialize};

const GATE: [&str; 4] = ["spec", "spinnakerConfig", "profiles", "gate"];
const CLOUDDRIVER: [&str; 4] = ["spec", "spinnakerConfig", "profiles", "clouddriver"];

/// Where in a file a profile stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Root {
    /// The file is the profile.
    #[default]
    File,
    /// `spec.spinnakerConfig.profiles.gate` of a `SpinnakerService`.
    OperatorGate,
    /// `spec.spinnakerConfig.profiles.clouddriver` of a `SpinnakerService`.
    OperatorClouddriver,
}

impl Root {
    /// Returns whether the file is the profile.
    #[must_use]
    pub fn is_file(&self) -> bool {
        *self == Self::File
    }

    /// Returns the keys that lead to it; none where the file is the profile.
    #[must_use]
    pub fn way(self) -> &'static [&'static str] {
        match self {
            Self::File => &[],
            Self::OperatorGate => &GATE,
            Self::OperatorClouddriver => &CLOUDDRIVER,
        }
    }

    /// Returns its path with dots; empty where the file is the profile.
    #[must_use]
    pub fn path(self) -> String {
        self.way().join(".")
    }
}
