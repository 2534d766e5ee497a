//! How Spinnaker is deployed: where its profiles live, and what makes them felt.

use serde::{Deserialize, Serialize};

/// How Spinnaker is deployed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Road {
    /// By `hal deploy apply`, from a hal directory.
    #[default]
    Halyard,
    /// By `kubectl apply -k`, from a kustomize overlay.
    Kustomize,
    /// By the Spinnaker Operator, from the manifest of a `SpinnakerService`.
    Operator,
}

impl Road {
    /// Every road.
    pub const ALL: [Self; 3] = [Self::Halyard, Self::Kustomize, Self::Operator];

    /// Returns its name, as flags and answers say it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Halyard => "halyard",
            Self::Kustomize => "kustomize",
            Self::Operator => "operator",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|road| road.name() == text)
    }

    /// Returns whether it is the one that was meant before there were others.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Returns whether hal and its daemon deploy.
    #[must_use]
    pub fn is_halyard(self) -> bool {
        self == Self::Halyard
    }

    /// Returns the program that deploys.
    #[must_use]
    pub fn deployer(self) -> &'static str {
        match self {
            Self::Halyard => "hal",
            Self::Kustomize | Self::Operator => "kubectl",
        }
    }

    /// Returns the command that deploys, in short.
    #[must_use]
    pub fn deploys_with(self) -> &'static str {
        match self {
            Self::Halyard => "hal deploy apply",
            Self::Kustomize | Self::Operator => "kubectl apply",
        }
    }

    /// Returns what the profiles stand in, in words.
    #[must_use]
    pub fn home(self) -> &'static str {
        match self {
            Self::Halyard => "hal directory",
            Self::Kustomize => "overlay",
            Self::Operator => "manifest",
        }
    }

    /// Returns where Spinnaker's version and place are read from, in words.
    #[must_use]
    pub fn source(self) -> &'static str {
        match self {
            Self::Halyard => "hal config",
            Self::Kustomize => "the overlay",
            Self::Operator => "the manifest",
        }
    }
}
