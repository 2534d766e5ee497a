//! `about`: what this program is, and which facts it relies on.

use std::process::ExitCode;

use clap::Args;
use ecw_host::say;
use ecw_wizard::Exit;
use ecw_wizard::values::facts;

use super::reporting::code;

/// Says what this program is; with --facts, what it relies on, from where and of which day.
#[derive(Debug, Args)]
pub(super) struct About {
    /// Endpoints, time limits, sizes, rights in AWS and the compatibility table, each with its source
    #[arg(long)]
    facts: bool,
}

impl About {
    pub(super) fn run(self) -> ExitCode {
        say!("event-cache-wizard {} ({})", env!("CARGO_PKG_VERSION"), env!("CARGO_PKG_LICENSE"));
        say!("{}", env!("CARGO_PKG_DESCRIPTION"));
        if !self.facts {
            say!("What it relies on, with sources and dates: event-cache-wizard about --facts");
            return code(Exit::Done);
        }
        let Ok(all) = facts::all() else { return code(Exit::Bug) };
        for kind in all {
            say!("\n{}", kind.about);
            for fact in kind.facts {
                if fact.name == fact.value {
                    say!("  {}: {}", fact.name, fact.what);
                } else {
                    say!("  {}: {}\n    {}", fact.name, fact.value, fact.what);
                }
                say!("    {}, read {}", fact.source, fact.date);
            }
        }
        code(Exit::Done)
    }
}
