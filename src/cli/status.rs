//! `status`: every probe run afresh.

use std::process::ExitCode;

use clap::Args;
use ecw_wizard::Exit;
use ecw_wizard::model::check::Check;
use ecw_wizard::model::goal::Goal;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::rules::status::{exit, rows};
use ecw_wizard::state::Session;

use super::context::Context;
use super::environment::flag;
use super::global::{Format, Global};
use super::reporting::{code, complain, print_json};
use crate::output::{StatusOutput, StatusRow, VERSION};
use ecw_halyard::redact;
use ecw_host::say;

/// Looks at files, services, topic, policy, subscription and delivery afresh. Exits 0 when all is
/// there, 8 when something is not, 14 when that cannot be told.
#[derive(Debug, Args)]
pub(super) struct Status {
    /// Every deployment of hal config, or those that --deployment a,b names, in one table
    #[arg(long)]
    all: bool,
    /// How to report
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Status {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        let named = flag(global.deployment.as_deref(), "deployment");
        if self.all || named.is_some_and(|(names, _)| names.contains(',')) {
            return super::status_all::run(global, self.format);
        }
        let context = match Context::real(global, Mode::Look) {
            Ok(context) => context,
            Err(trouble) => return complain(&trouble, Exit::Preflight),
        };
        match context.settled() {
            Ok(session) => print(&session, Goal::All, self.format),
            Err(exit) => exit,
        }
    }
}

/// Prints rows as text.
pub(super) fn print_rows(rows: &[StatusRow]) {
    for row in rows {
        say!("{}", redact(&format!("{:<8} {}: {}", row.verdict.word(), row.what, row.evidence)));
        if let Some(remedy) = &row.remedy {
            say!("         {}", redact(remedy));
        }
    }
}

/// What stands against an upgrade of Spinnaker, in words; only where the plugin is.
fn walls(session: &Session) -> Vec<String> {
    if session.ledger().made.is_empty() && session.ledger().adopted.is_empty() {
        return Vec::new();
    }
    let words = |wall: &Check| {
        let remedy = wall.remedy.as_deref().unwrap_or_default();
        format!("{}: {}. {remedy}", wall.label, wall.detail)
    };
    session.walls().iter().map(words).collect()
}

/// Prints how a goal stands and returns the exit code of the session.
pub(super) fn print(session: &Session, goal: Goal, format: Format) -> ExitCode {
    let rows = rows(session, goal);
    let exit = session.exit().unwrap_or_else(|| exit(&rows));
    let rows: Vec<StatusRow> = rows.iter().map(StatusRow::of).collect();
    let walls: Vec<String> = if goal == Goal::All { walls(session) } else { Vec::new() };
    match format {
        Format::Text => {
            print_rows(&rows);
            for wall in &walls {
                say!("note     {}", redact(wall));
            }
            if let Some(words) = &session.exit_words() {
                say!("{words}");
            }
        }
        Format::Json => print_json(&StatusOutput {
            version: VERSION,
            exit: exit.code(),
            message: session.exit_words().map(str::to_owned),
            checks: rows,
            before_an_upgrade: walls,
        }),
    }
    code(exit)
}
