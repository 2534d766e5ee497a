//! `check`: compatibility by exit code.

use std::process::ExitCode;

use clap::Args;
use ecw_core::Exit;
use ecw_halyard::{Compatibility, Spinnaker, Verdict};

use super::code;

/// Says whether the plugin is published for a Spinnaker version: exit 0 yes, 8 no, 14 unknown.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Spinnaker version as hal config writes it
    #[arg(long)]
    spinnaker: String,
}

impl Check {
    pub(super) fn run(self) -> ExitCode {
        let Ok(table) = Compatibility::parse(include_str!("../../assets/compatibility.yml")) else {
            return code(Exit::Bug);
        };
        let spinnaker = Spinnaker::parse(&self.spinnaker);
        let line = spinnaker.line.map_or_else(|| "unknown line".to_owned(), |line| format!("line {line}"));
        let (words, exit) = match table.verdict(spinnaker.line) {
            Verdict::Tested(plugin) => (format!("plugin {plugin} is published for it"), Exit::Done),
            Verdict::Untested(_) => ("outside the published matrix".to_owned(), Exit::NotThere),
            Verdict::SpringBoot3(_) => (
                "outside the published matrix, and on Spring Boot 3: it cannot be expected to load"
                    .to_owned(),
                Exit::NotThere,
            ),
            Verdict::Unknown(_) => ("cannot be told".to_owned(), Exit::CannotTell),
        };
        println!("Spinnaker {} ({line}): {words}. Source: {}, {}", self.spinnaker, table.source, table.date);
        code(exit)
    }
}
