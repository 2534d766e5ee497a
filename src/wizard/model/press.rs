//! Buttons that a run without a screen may press: what an operator would decide by them is decided
//! beforehand.

use serde::{Deserialize, Serialize};

/// A button that is pressed whenever it is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Press {
    /// The operator vouches that the services are ready, or the subscription confirmed.
    Attest,
    /// Have SNS send a new confirmation, once the last one is over.
    SendConfirmation,
    /// Leave the confirmation for later.
    ConfirmLater,
    /// Tell our own running hal to stop.
    CancelDeploy,
    /// Note an installation that no journal knows of as not made by us.
    Adopt,
}

impl Press {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Attest, Self::SendConfirmation, Self::ConfirmLater, Self::CancelDeploy, Self::Adopt];

    /// Returns its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Attest => "attest",
            Self::SendConfirmation => "send-confirmation",
            Self::ConfirmLater => "confirm-later",
            Self::CancelDeploy => "cancel-deploy",
            Self::Adopt => "adopt",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|press| press.name() == text)
    }
}
