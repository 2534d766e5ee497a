//! `check`: compatibility by exit code.

use std::process::ExitCode;

use clap::Args;
use ecw_halyard::{Compatibility, CompatibilityVerdict, Line, Spinnaker};
use ecw_wizard::Exit;
use ecw_wizard::rules::walls::REMOVE;

use super::context::compatibility;
use super::global::{Format, Global};
use super::reporting::{code, complain, print_json};
use crate::output::{CheckOutput, VERSION};
use ecw_host::say;

/// Says whether the plugin is published for a Spinnaker version (exit 0 yes, 8 no, 14 unknown), or, with --road,
/// whether it survived a move from Halyard to kustomize or the Operator.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CheckSpinnaker {
    /// Spinnaker version as it is released
    #[arg(long, required_unless_present = "road", conflicts_with = "road")]
    spinnaker: Option<String>,
    /// After a move from Halyard: are the files there, is the plugin loaded, is the endpoint the same, the
    /// subscription confirmed? With --kustomize or --operator; --hal-dir names the former installation
    #[arg(long)]
    road: bool,
    /// How to report
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  event-cache-wizard check --spinnaker 2025.3.2
  event-cache-wizard check --road --kustomize /srv/spinnaker-kustomize --context prod";

impl CheckSpinnaker {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        match self.spinnaker {
            Some(spinnaker) => of_version(spinnaker, self.format),
            None => super::check_road::run(global, self.format),
        }
    }
}

fn of_version(asked: String, format: Format) -> ExitCode {
    let table = match compatibility() {
        Ok(table) => table,
        Err(trouble) => return complain(&trouble, Exit::Bug),
    };
    let line = Spinnaker::parse(&asked).line;
    let (plugin, message, exit) = verdict(&table, line);
    let line = line.map(|line| line.to_string());
    let source = format!("{}, {}", table.source, table.date);
    match format {
        Format::Text => {
            let shown = line.map_or_else(|| "unknown line".to_owned(), |line| format!("line {line}"));
            say!("Spinnaker {asked} ({shown}): {message}. Source: {source}");
        }
        Format::Json => print_json(&CheckOutput {
            version: VERSION,
            exit: exit.code(),
            spinnaker: asked,
            line,
            plugin,
            message,
            source,
        }),
    }
    code(exit)
}

/// Returns the plugin version that is published for a line, what the table says in words, and the exit code.
fn verdict(table: &Compatibility, line: Option<Line>) -> (Option<String>, String, Exit) {
    match table.verdict(line) {
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
    }
}
