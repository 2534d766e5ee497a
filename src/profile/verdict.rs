//! What [`crate::plan`] answers.

use serde::{Deserialize, Serialize};

use crate::position::Position;
use crate::splice::{self, Receipt, SpliceError};

/// The answer for one profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditVerdict {
    /// The file already says what is wanted. The findings are remarks about other entries.
    Unchanged(Vec<Finding>),
    /// There is no file: write these bytes.
    Create(Edit),
    /// Splice these edits; what the file said before stays as it was.
    Edit(Edit),
    /// As `Edit`, and the findings name what was wrong.
    Repair(Edit),
    /// The file holds a newer version than the wanted one: the operator decides.
    AsksNewer {
        /// The version that stands there.
        found: String,
        /// Where.
        at: Position,
    },
    /// Not safely editable. Nothing changes.
    Refused(Refusal),
}

/// A proved edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What was spliced, for undo.
    pub receipt: Receipt,
    /// What was found wrong, or is worth knowing.
    pub findings: Vec<Finding>,
}

/// Something that stands in a profile and that the operator should know of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Finding {
    /// The vendor's published snippet: another key with our id, which enables nothing.
    PublishedSnippet { key: String, at: Position },
    /// The key in brackets, which Spring reads as another property.
    BracketKey { key: String, at: Position },
    /// The key in another case; property names are matched exactly.
    WrongCase { key: String, at: Position },
    /// `enabled` is not true.
    Disabled { found: String, at: Position },
    /// `enabled` is nothing that Spring reads as a boolean: the service does not start.
    NoSwitch { found: String, at: Position },
    /// An older version than the wanted one.
    OlderVersion { found: String, at: Position },
    /// A newer version, kept on the operator's word.
    NewerVersionKept { found: String, at: Position },
    /// A version that is no version number.
    OddVersion { found: String, at: Position },
    /// Our repository entry without `url`: the service would not start.
    RepositoryWithoutUrl { key: String, at: Position },
    /// The repository with our URL is switched off.
    RepositoryDisabled { key: String, at: Position },
    /// Our repository entry points elsewhere.
    RepositoryOtherUrl {
        key: String,
        /** its URL */
        found: String,
        at: Position,
    },
    /// A repository key with a dot: Spring splits it, and the service does not start.
    DottedRepositoryKey { key: String, at: Position },
    /// A look-alike entry beside the right one; it does nothing and is left alone.
    InertLookAlike { key: String, at: Position },
    /// Another repository, not ours, that keeps the service from starting; left alone.
    ForeignRepositoryBroken {
        key: String,
        /** what is wrong with it */
        #[serde(default)]
        why: RepositoryFault,
    },
    /// A document of the file with a profile condition touches our properties; left alone.
    ConditionalDocument { at: Position },
}

impl Edit {
    /// Returns the whole new content in pieces, of which most are the file's own; `before` is the content
    /// that was planned on, empty where there is no file.
    ///
    /// # Errors
    /// `before` is another content.
    pub fn pieces<'a>(&'a self, before: &'a [u8]) -> Result<Vec<&'a [u8]>, SpliceError> {
        splice::pieces(before, &self.receipt.splices)
    }

    /// Returns the whole new content; see [`Self::pieces`].
    ///
    /// # Errors
    /// `before` is another content.
    pub fn after(&self, before: &[u8]) -> Result<Vec<u8>, SpliceError> {
        splice::apply(before, &self.receipt.splices)
    }
}

/// Why kork cannot use a repository's entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RepositoryFault {
    /// There is no `url`.
    #[default]
    NoUrl,
    /// `url` is none.
    OddUrl,
    /// `enabled` is nothing that Jackson reads as a boolean.
    NoSwitch,
    /// It is no mapping.
    NotMap,
}

impl RepositoryFault {
    fn words(self) -> &'static str {
        match self {
            Self::NoUrl => "has no url",
            Self::OddUrl => "has a url without a scheme",
            Self::NoSwitch => "has an enabled that is neither true nor false for kork",
            Self::NotMap => "is no mapping",
        }
    }
}

impl Finding {
    /// Returns what is wrong, as a sentence that says what follows from it.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::PublishedSnippet { key, at } => format!(
                "Line {}: the published snippet's key {key} does not enable the plugin: the key must be the plugin's id.",
                at.line
            ),
            Self::BracketKey { key, at } => format!(
                "Line {}: the bracketed key {key} is another property for Spring and enables nothing.",
                at.line
            ),
            Self::WrongCase { key, at } => {
                format!("Line {}: {key} is not matched: property names are case-sensitive.", at.line)
            }
            Self::Disabled { found, at } => {
                format!("Line {}: the plugin is switched off (enabled: {found}).", at.line)
            }
            Self::NoSwitch { found, at } => format!(
                "Line {}: enabled: {found} is neither true nor false here; the service does not start with it.",
                at.line
            ),
            Self::OlderVersion { found, at } => {
                format!("Line {}: plugin version {found} is older than the chosen one.", at.line)
            }
            Self::NewerVersionKept { found, at } => {
                format!("Line {}: plugin version {found} is newer and is kept.", at.line)
            }
            Self::OddVersion { found, at } => {
                format!("Line {}: {found} is not a plugin version that is known.", at.line)
            }
            Self::RepositoryWithoutUrl { key, at } => {
                format!("Line {}: repository {key} has no url; the service would not start.", at.line)
            }
            Self::RepositoryDisabled { key, at } => {
                format!("Line {}: repository {key} is switched off.", at.line)
            }
            Self::RepositoryOtherUrl { key, found, at } => {
                format!("Line {}: repository {key} points to {found}.", at.line)
            }
            Self::DottedRepositoryKey { key, at } => format!(
                "Line {}: the dot in repository key {key} splits it in two; the service would not start.",
                at.line
            ),
            Self::InertLookAlike { key, at } => {
                format!("Line {}: {key} looks like our entry but does nothing; left alone.", at.line)
            }
            Self::ForeignRepositoryBroken { key, why } => format!(
                "Repository {key} {}: the service does not start with it. It is not ours; left alone.",
                why.words()
            ),
            Self::ConditionalDocument { at } => format!(
                "Line {}: a document with a profile condition touches the plugin too; it may be stronger. Left alone.",
                at.line
            ),
        }
    }
}

/// Why a file is not edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Refusal {
    pub reason: RefusalReason,
    /// Where, if it is a place.
    pub at: Option<Position>,
}

impl Refusal {
    pub(crate) fn at(reason: RefusalReason, at: Position) -> Self {
        Self { reason, at: Some(at) }
    }

    /// Returns the reason and the place as one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let place = self.at.map(|at| format!("line {}, column {}: ", at.line, at.column)).unwrap_or_default();
        format!("{place}{}", self.reason)
    }
}

/// Reasons for which a file is left alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema, thiserror::Error)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "detail")]
pub enum RefusalReason {
    /// A byte sequence that is not UTF-8.
    #[error("the file is not UTF-8")]
    NotUtf8,
    /// A tab in the indentation.
    #[error("a tab is used for indentation, which YAML does not allow")]
    TabIndentation,
    /// A syntax error.
    #[error("the file is not valid YAML: {0}")]
    NotYaml(String),
    /// The same key twice in one mapping.
    #[error(
        "the key {0} stands twice in one mapping; Spring refuses such a file and the service does not start"
    )]
    DuplicateKey(String),
    /// A key that is null, or no text inside a list.
    #[error(
        "the key {key} is no text for YAML, and Spring does not load a file with it here; put it in quotes",
        key = if .0.is_empty() { "(empty)" } else { .0 }
    )]
    KeyNotText(String),
    /// The same property twice, for instance dotted and nested.
    #[error("the property {0} is set twice (once with dots, once nested); say it once")]
    PropertyTwice(String),
    /// The document is a list or a text.
    #[error("the document is {0}, not a mapping of properties")]
    RootNotMap(String),
    /// A scalar or sequence where a mapping must stand.
    #[error("{path} is {found}; it must be a mapping")]
    NotMap {
        /** the property path */
        path: String,
        /** what stands there */
        found: String,
    },
    /// An alias or merge key on the path.
    #[error(
        "{0} goes through a YAML alias, anchor or merge key, so a change here would change or hide something else"
    )]
    Shared(String),
    /// A `${...}` placeholder in a value that matters.
    #[error("{0} is set by a placeholder; its value is not known here")]
    Placeholder(String),
    /// Another document of the file is stronger than what would be written.
    #[error(
        "another document of the file is stronger than what would be written: it says otherwise, or cannot be edited"
    )]
    SeveralDocuments,
    /// A manifest without the one that is edited.
    #[error("no document of the file is a SpinnakerService of spinnaker.io or spinnaker.armory.io")]
    NoSpinnakerService,
    /// A manifest with more than one of them.
    #[error("several documents of the file are a SpinnakerService; keep each in a file of its own")]
    SeveralSpinnakerServices,
    /// No document without a profile condition.
    #[error("every document of the file is under a profile condition; what is written must hold without one")]
    AllConditional,
    /// A form that the editor does not touch.
    #[error("{0} is written in a form that is not edited ({1})")]
    OddForm(String, String),
    /// The part of the file below `spinnaker.extensibility` is unreasonably big.
    #[error("the part below spinnaker.extensibility is too big to be edited safely")]
    TooBig,
    /// The edit could not be proved.
    #[error("the edit could not be proved to change nothing else ({0}); nothing was changed")]
    Unproved(String),
}
