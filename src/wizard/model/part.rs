//! What can be taken back by itself.

use serde::{Deserialize, Serialize};

use crate::steps::{StepId, StepTarget};

/// What is taken back.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The events: subscription, delivery, statement. Seconds, nothing restarts.
    Sns,
    /// The plugin out of Gate.
    Gate,
    /// The plugin out of Clouddriver.
    Clouddriver,
    /// Everything.
    All,
}

impl Part {
    /// All of them, the one that hurts least first.
    pub const ALL: [Self; 4] = [Self::Sns, Self::Gate, Self::Clouddriver, Self::All];

    /// Reads a part's name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == text)
    }

    /// Returns the part's name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sns => "sns",
            Self::Gate => "gate",
            Self::Clouddriver => "clouddriver",
            Self::All => "all",
        }
    }

    /// Returns what the part is called on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Sns => "Stop the events only",
            Self::Gate => "The plugin out of Gate only",
            Self::Clouddriver => "The plugin out of Clouddriver only",
            Self::All => "All of it",
        }
    }

    /// Returns how long it takes and what it costs.
    #[must_use]
    pub fn cost(self) -> &'static str {
        match self {
            Self::Sns => "seconds; nothing restarts, Clouddriver polls as before",
            Self::Gate => "2 to 10 min; Gate restarts: users may have to log in again",
            Self::Clouddriver => "5 to 60 min; Clouddriver restarts and fills its caches anew",
            Self::All => "up to 70 min; Gate and Clouddriver restart",
        }
    }

    /// Returns whether a step belongs to the part; a deploy follows its file.
    #[must_use]
    pub fn covers(self, step: &StepId) -> bool {
        match &step.target {
            StepTarget::Sns { .. } | StepTarget::Targets => matches!(self, Self::Sns | Self::All),
            StepTarget::File { name } => match self {
                Self::All => true,
                Self::Gate => name.starts_with("gate"),
                Self::Clouddriver => name.starts_with("clouddriver"),
                Self::Sns => false,
            },
            StepTarget::Stage { .. } => false,
        }
    }
}
