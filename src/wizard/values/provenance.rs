//! Where an answer came from.

use serde::{Deserialize, Serialize};

/// Where an answer came from, weakest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "from", content = "detail")]
pub enum Provenance {
    /// The wizard's own choice.
    Default,
    /// Found on this machine; says where.
    Detected(String),
    /// From this user's defaults; says where they stand.
    Config(String),
    /// From an earlier visit.
    Saved,
    /// From the answers file.
    AnswersFile,
    /// From an environment variable; says which.
    Environment(String),
    /// From a command-line flag; says which.
    Flag(String),
    /// Given on a screen in this session.
    Typed,
}

impl Provenance {
    /// Returns whether somebody gave it, rather than the wizard.
    #[must_use]
    pub fn is_given(&self) -> bool {
        match self {
            Self::Default | Self::Detected(_) => false,
            Self::Config(_)
            | Self::Saved
            | Self::AnswersFile
            | Self::Environment(_)
            | Self::Flag(_)
            | Self::Typed => true,
        }
    }

    /// Returns where the answer came from, in words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Default => "default".to_owned(),
            Self::Detected(place) | Self::Config(place) => format!("from {place}"),
            Self::Saved => "from your last visit".to_owned(),
            Self::AnswersFile => "from the answers file".to_owned(),
            Self::Environment(name) => format!("from {name}"),
            Self::Flag(name) => format!("from {name}"),
            Self::Typed => "your answer".to_owned(),
        }
    }
}
