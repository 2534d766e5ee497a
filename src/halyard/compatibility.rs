//! Which plugin version goes with which Spinnaker line, from `assets/compatibility.yml`.

use serde::{Deserialize, Serialize};

use crate::version::Line;

/// The table. The default is empty: it knows of no pair.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compatibility {
    /// Format version; 1.
    pub version: u32,
    /// Where the table was read.
    pub source: String,
    /// When.
    pub date: String,
    /// Spinnaker line to plugin version.
    pub lines: Vec<CompatibilityRow>,
    /// First line whose services run on Spring Boot 3, where a plugin of 2023 cannot be expected
    /// to load.
    pub spring_boot_3_from: String,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompatibilityRow {
    /// Such as `1.31`.
    pub spinnaker: String,
    /// Such as `0.2.1`.
    pub plugin: String,
}

/// Why the table cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the compatibility table cannot be read: {0}")]
pub struct CompatibilityError(String);

/// What the table says of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum CompatibilityVerdict {
    /// In the table.
    Tested(String),
    /// Not in the table; the newest plugin version is named.
    Untested(String),
    /// Not in the table, and on Spring Boot 3.
    SpringBoot3(String),
    /// The line is not known.
    Unknown(String),
}

impl CompatibilityVerdict {
    /// Returns the plugin version that the verdict names.
    #[must_use]
    pub fn plugin(&self) -> &str {
        match self {
            Self::Tested(plugin)
            | Self::Untested(plugin)
            | Self::SpringBoot3(plugin)
            | Self::Unknown(plugin) => plugin,
        }
    }

    /// Returns whether the pair was published as working.
    #[must_use]
    pub fn tested(&self) -> bool {
        matches!(self, Self::Tested(_))
    }
}

impl Compatibility {
    /// Reads the table.
    ///
    /// # Errors
    /// When it is not the expected YAML.
    pub fn parse(text: &str) -> Result<Self, CompatibilityError> {
        let table: Self = crate::yaml::read(text)
            .and_then(crate::yaml::typed)
            .map_err(|error| CompatibilityError(error.to_string()))?;
        if table.version != 1 || table.lines.is_empty() {
            return Err(CompatibilityError("not a table of version 1 with lines".to_owned()));
        }
        Ok(table)
    }

    /// Returns what the table says of a line.
    #[must_use]
    pub fn verdict(&self, line: Option<Line>) -> CompatibilityVerdict {
        let newest = self.lines.iter().map(|row| row.plugin.clone()).max().unwrap_or_default();
        let Some(line) = line else { return CompatibilityVerdict::Unknown(newest) };
        if let Some(row) = self.lines.iter().find(|row| row.spinnaker.parse() == Ok(line)) {
            return CompatibilityVerdict::Tested(row.plugin.clone());
        }
        match self.spring_boot_3_from.parse::<Line>() {
            Ok(from) if line >= from => CompatibilityVerdict::SpringBoot3(newest),
            _ => CompatibilityVerdict::Untested(newest),
        }
    }
}
