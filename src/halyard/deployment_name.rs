//! The name of a deployment: also a directory's name, so it must not lead out of the hal directory.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::strip;

/// The name of a deployment in hal config.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct DeploymentName(String);

/// Why a name is none of a deployment; it is shown without what could harm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema, thiserror::Error)]
#[error(
    "{shown:?} is not the name of a deployment: it is a directory's name too, so no slash, no leading dot, no control characters, at most 200 bytes"
)]
pub struct BadDeploymentName {
    /// The name, cut and stripped.
    shown: String,
}

impl DeploymentName {
    /// Checks a deployment's name.
    ///
    /// # Errors
    /// When it could not be a directory's name, or reads other than it is.
    pub fn parse(text: &str) -> Result<Self, BadDeploymentName> {
        const LONGEST: usize = 200;
        let text = text.trim();
        let shown = strip(text, 60);
        let good = !text.is_empty()
            && text.len() <= LONGEST
            && !text.contains('/')
            && !text.starts_with(['.', '-'])
            && strip(text, LONGEST) == text;
        if good { Ok(Self(text.to_owned())) } else { Err(BadDeploymentName { shown }) }
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for DeploymentName {
    /// Halyard's own default.
    fn default() -> Self {
        Self("default".to_owned())
    }
}

impl fmt::Display for DeploymentName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl AsRef<str> for DeploymentName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for DeploymentName {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl From<DeploymentName> for String {
    fn from(name: DeploymentName) -> Self {
        name.0
    }
}

impl TryFrom<String> for DeploymentName {
    type Error = BadDeploymentName;

    fn try_from(text: String) -> Result<Self, BadDeploymentName> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::DeploymentName;

    #[test]
    fn a_name_that_leads_out_of_the_directory_is_none_wherever_it_comes_from() {
        for bad in
            ["", "..", ".", "../../x", "a/b", ".hidden", "-x", "a\u{1b}[31m", "a\u{202e}b", "a\u{0}b", "a\nb"]
        {
            assert!(DeploymentName::parse(bad).is_err(), "{bad:?}");
            let json = serde_json::to_string(bad).expect("json");
            assert!(serde_json::from_str::<DeploymentName>(&json).is_err(), "{bad:?}");
        }
        for good in ["default", "staging-2", "my deployment", "prod.eu", "été"] {
            assert_eq!(DeploymentName::parse(good).expect("good").as_str(), good);
        }
        let words = DeploymentName::parse("../\u{1b}[2J\u{202e}x").expect_err("bad").to_string();
        assert!(words.starts_with("\"../x\" is not the name of a deployment"), "{words}");
    }
}
