//! From the `version` of a deployment to a Spinnaker release line.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A release line, such as 1.31 or 2025.0.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Line {
    /// First number.
    pub major: u32,
    /// Second number.
    pub minor: u32,
}

impl fmt::Display for Line {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.major, self.minor)
    }
}

impl std::str::FromStr for Line {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (major, minor) = text.trim().split_once('.').ok_or(())?;
        Ok(Self { major: major.parse().map_err(|_| ())?, minor: minor.parse().map_err(|_| ())? })
    }
}

/// Something to say about how the version is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VersionRemark {
    /// No version was chosen.
    NotChosen,
    /// An unquoted number: YAML reads `1.30` as 1.3, and so does Halyard.
    UnquotedNumber,
    /// A moving build; its line cannot be told from its name.
    Moving,
    /// `branch:` versions are for LocalGit only; Halyard's validator refuses others.
    BranchOutsideLocalGit,
    /// A form that is not known.
    Unfamiliar,
}

impl VersionRemark {
    /// Returns the remark as a sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NotChosen => "No Spinnaker version is chosen in hal config.",
            Self::UnquotedNumber => {
                "The version is an unquoted number: YAML, and so Halyard, reads 1.30 as 1.3. Quote it in hal config."
            }
            Self::Moving => "A moving build does not say which release line it belongs to.",
            Self::BranchOutsideLocalGit => {
                "branch: versions are for LocalGit deployments only; Halyard's validation refuses them elsewhere."
            }
            Self::Unfamiliar => "The version has a form that is not known here.",
        }
    }
}

/// The Spinnaker version of a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Spinnaker {
    /// As it stands in hal config.
    pub text: String,
    /// Its release line, when it can be told.
    pub line: Option<Line>,
    /// What to say about it.
    pub remark: Option<VersionRemark>,
}

impl Spinnaker {
    /// Reads a version string (Halyard: `Versions.java`, lines 29-96).
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let (line, remark) = read(text.trim());
        Self { text: text.to_owned(), line, remark }
    }

    /// Reads a version that YAML took for a number.
    #[must_use]
    pub fn from_number(text: String) -> Self {
        Self { text, line: None, remark: Some(VersionRemark::UnquotedNumber) }
    }
}

fn read(text: &str) -> (Option<Line>, Option<VersionRemark>) {
    if text.is_empty() {
        return (None, Some(VersionRemark::NotChosen));
    }
    if let Some(branch) = text.strip_prefix("branch:") {
        let line = branch.find("release-").and_then(|at| release(&branch[at..]));
        return (line, Some(VersionRemark::BranchOutsideLocalGit));
    }
    if text.starts_with("master-") || text.starts_with("main-") {
        return (None, Some(VersionRemark::Moving));
    }
    let text = text.strip_prefix("local:").unwrap_or(text);
    if text.starts_with("release-") {
        let line = release(text);
        return (line, line.is_none().then_some(VersionRemark::Unfamiliar));
    }
    let line = three_parts(text);
    (line, line.is_none().then_some(VersionRemark::Unfamiliar))
}

fn release(text: &str) -> Option<Line> {
    let rest = text.strip_prefix("release-")?;
    rest[..rest.find(".x")?].parse().ok()
}

fn three_parts(text: &str) -> Option<Line> {
    let text = text.split('-').next().unwrap_or_default();
    let mut parts = text.split('.');
    let (major, minor, patch) = (parts.next()?, parts.next()?, parts.next()?);
    patch.parse::<u32>().ok()?;
    Some(Line { major: major.parse().ok()?, minor: minor.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_version_leads_to_its_line_or_a_remark() {
        let line = |major, minor| Some(Line { major, minor });
        let table = [
            ("1.31.2", line(1, 31), None),
            ("1.31.2-rc1", line(1, 31), None),
            ("local:1.28.1", line(1, 28), None),
            ("2025.0.3", line(2025, 0), None),
            ("release-1.30.x-latest-validated", line(1, 30), None),
            ("branch:upstream/release-1.30.x", line(1, 30), Some(VersionRemark::BranchOutsideLocalGit)),
            ("branch:upstream/master", None, Some(VersionRemark::BranchOutsideLocalGit)),
            ("master-latest-unvalidated", None, Some(VersionRemark::Moving)),
            ("master-20240101000000", None, Some(VersionRemark::Moving)),
            ("", None, Some(VersionRemark::NotChosen)),
            ("1.30", None, Some(VersionRemark::Unfamiliar)),
            ("latest", None, Some(VersionRemark::Unfamiliar)),
        ];
        for (text, line, remark) in table {
            assert_eq!(Spinnaker::parse(text), Spinnaker { text: text.to_owned(), line, remark });
        }
    }
}
