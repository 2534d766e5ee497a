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
    /// Where the plugin stops working, the earliest first.
    #[serde(default)]
    pub walls: Vec<Wall>,
}

/// A Spinnaker line from which on the plugin does not work any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wall {
    /// Its name.
    pub name: String,
    /// The first such line, such as `2025.4`.
    pub from: String,
    /// Why, without a full stop.
    pub what: String,
    /// Where that was read.
    pub source: String,
    /// When.
    pub date: String,
}

impl Wall {
    /// Returns whether a line stands behind it.
    #[must_use]
    pub fn stops(&self, line: Line) -> bool {
        self.from.parse::<Line>().is_ok_and(|from| line >= from)
    }

    /// Returns where it was read, and when.
    #[must_use]
    pub fn read_in(&self) -> String {
        format!("{}, {}", self.source, self.date)
    }
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
    /// Not in the table, and behind a wall: it cannot be expected to work.
    Walled(String),
    /// The line is not known.
    Unknown(String),
}

impl CompatibilityVerdict {
    /// Returns the plugin version that the verdict names.
    #[must_use]
    pub fn plugin(&self) -> &str {
        match self {
            Self::Tested(plugin) | Self::Untested(plugin) | Self::Walled(plugin) | Self::Unknown(plugin) => {
                plugin
            }
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
        if self.walls_before(line).is_empty() {
            CompatibilityVerdict::Untested(newest)
        } else {
            CompatibilityVerdict::Walled(newest)
        }
    }

    /// Returns the walls that a line stands behind.
    #[must_use]
    pub fn walls_before(&self, line: Line) -> Vec<&Wall> {
        self.walls.iter().filter(|wall| wall.stops(line)).collect()
    }

    /// Returns the next wall that a line will come to.
    #[must_use]
    pub fn wall_ahead(&self, line: Option<Line>) -> Option<&Wall> {
        self.walls.iter().find(|wall| line.is_none_or(|line| !wall.stops(line)))
    }
}
