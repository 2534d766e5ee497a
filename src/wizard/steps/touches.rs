//! What a step changes, and what follows from that: the screen that shows it and how a run ends on it.

use crate::model::screen::Screen;
use crate::values::exit::Exit;

/// What a step changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touches {
    /// Profiles.
    Files,
    /// Running services.
    Services,
    /// SNS and AWS Config.
    Aws,
}

impl Touches {
    /// Returns the screen that shows the step while it runs.
    #[must_use]
    pub fn screen(self) -> Screen {
        match self {
            Self::Files | Self::Services => Screen::Install,
            Self::Aws => Screen::Sns,
        }
    }

    /// Returns how an unattended run ends when the step failed.
    #[must_use]
    pub fn exit_on_failure(self) -> Exit {
        match self {
            Self::Files => Exit::Profile,
            Self::Services => Exit::DeployFailed,
            Self::Aws => Exit::Aws,
        }
    }

    /// Returns how an unattended run ends when nobody knows how the step ended.
    #[must_use]
    pub fn exit_when_unknown(self) -> Exit {
        match self {
            Self::Services => Exit::DeployUnknown,
            Self::Files | Self::Aws => Exit::CannotTell,
        }
    }
}
