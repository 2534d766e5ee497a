//! The walls ahead: Spinnaker lines from which on the plugin does not work. It has to be out before.

use ecw_halyard::{Line, Wall};

use crate::model::check::{Check, CheckVerdict};
use crate::state::Session;

/// What is done before an upgrade that leads behind a wall.
pub const REMOVE: &str = "Remove the plugin before upgrading";

impl Session {
    /// Returns what stands against an upgrade: the walls that Spinnaker is behind already, else the next one.
    #[must_use]
    pub fn walls(&self) -> Vec<Check> {
        let table = &self.setup.compatibility;
        let behind = self.line().map(|line| table.walls_before(line)).unwrap_or_default();
        if behind.is_empty() {
            return table.wall_ahead(self.line()).map(|wall| self.ahead(wall)).into_iter().collect();
        }
        behind.into_iter().map(|wall| self.behind(wall)).collect()
    }

    fn ahead(&self, wall: &Wall) -> Check {
        let detail = format!("from {} on: {}", wall.from, wall.what);
        let undo = self.command("event-cache-wizard undo");
        Check::new(CheckVerdict::Good, "Before Spinnaker is upgraded", detail).with_remedy(format!(
            "{REMOVE} to {} or later: {undo}. Source: {}",
            wall.from,
            wall.read_in()
        ))
    }

    fn behind(&self, wall: &Wall) -> Check {
        let undo = self.command("event-cache-wizard undo");
        let detail = format!("from {} on, and this Spinnaker is later: {}", wall.from, wall.what);
        Check::new(CheckVerdict::Warning, "Spinnaker is too new", detail)
            .with_remedy(format!("Take the plugin out: {undo}. Source: {}", wall.read_in()))
    }

    /// Returns it in a line; the whole of it stands in `check --spinnaker` and `status`.
    #[must_use]
    pub fn walls_in_short(&self) -> Vec<(CheckVerdict, String)> {
        let table = &self.setup.compatibility;
        let stand = self.line().map(|line| table.walls_before(line)).unwrap_or_default();
        if stand.is_empty() {
            let ahead = |wall: &Wall| {
                (CheckVerdict::Good, format!("{REMOVE} Spinnaker to {} or later (undo).", wall.from))
            };
            return table.wall_ahead(self.line()).map(ahead).into_iter().collect();
        }
        let behind = |wall: &Wall| {
            let words = format!(
                "From {} on, and this Spinnaker is later: {}. Take it out (undo).",
                wall.from, wall.what
            );
            (CheckVerdict::Warning, words)
        };
        stand.into_iter().map(behind).collect()
    }

    /// Returns what an upgrade to a line would meet.
    #[must_use]
    pub fn walls_of(&self, line: Line) -> Vec<Check> {
        let undo = self.command("event-cache-wizard undo");
        let check = |wall: &Wall| {
            let detail = format!("from {} on: {}", wall.from, wall.what);
            Check::new(CheckVerdict::Bad, wall.name.clone(), detail)
                .with_remedy(format!("{REMOVE}: {undo}. Source: {}", wall.read_in()))
        };
        self.setup.compatibility.walls_before(line).into_iter().map(check).collect()
    }
}
