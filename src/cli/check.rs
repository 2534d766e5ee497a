//! `check`: compatibility by exit code.

use std::process::ExitCode;

use clap::Args;
use ecw_halyard::{Compatibility, CompatibilityVerdict, Spinnaker};
use ecw_wizard::Exit;
use ecw_wizard::rules::walls::REMOVE;

use super::global::Format;
use super::reporting::{code, print_json};
use crate::output::{CheckOutput, VERSION};
use ecw_host::say;

/// Says whether the plugin is published for a Spinnaker version: exit 0 yes, 8 no, 14 unknown.
#[derive(Debug, Args)]
pub(super) struct CheckSpinnaker {
    /// Spinnaker version as hal config writes it
    #[arg(long)]
    spinnaker: String,
    /// How to report
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl CheckSpinnaker {
    pub(super) fn run(self) -> ExitCode {
        let Ok(table) = Compatibility::parse(include_str!("../../assets/compatibility.yml")) else {
            return code(Exit::Bug);
        };
        let line = Spinnaker::parse(&self.spinnaker).line;
        let (plugin, words, exit) = match table.verdict(line) {
            CompatibilityVerdict::Tested(plugin) => {
                let words = format!("plugin {plugin} is published for it");
                (Some(plugin), words, Exit::Done)
            }
            CompatibilityVerdict::Untested(_) => {
                (None, "outside the published matrix".to_owned(), Exit::NotThere)
            }
            CompatibilityVerdict::Walled(_) => {
                let walls = line.map(|line| table.walls_before(line)).unwrap_or_default();
                let why: Vec<String> =
                    walls.iter().map(|wall| format!("{} ({})", wall.what, wall.read_in())).collect();
                let words = format!(
                    "outside the published matrix, and it cannot be expected to work: {}. {REMOVE}: event-cache-wizard undo",
                    why.join("; ")
                );
                (None, words, Exit::NotThere)
            }
            CompatibilityVerdict::Unknown(_) => (None, "cannot be told".to_owned(), Exit::CannotTell),
        };
        let line = line.map(|line| line.to_string());
        let source = format!("{}, {}", table.source, table.date);
        match self.format {
            Format::Text => {
                let shown = line.map_or_else(|| "unknown line".to_owned(), |line| format!("line {line}"));
                say!("Spinnaker {} ({shown}): {words}. Source: {source}", self.spinnaker);
            }
            Format::Json => print_json(&CheckOutput {
                version: VERSION,
                exit: exit.code(),
                spinnaker: self.spinnaker,
                line,
                plugin,
                message: words,
                source,
            }),
        }
        code(exit)
    }
}
