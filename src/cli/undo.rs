//! `undo`: takes back what the journal says we did.

use std::process::ExitCode;

use clap::Args;
use ecw_core::Exit;
use ecw_core::session::Mode;
use ecw_core::undo::{self, Part};

use super::context::Context;
use super::{Global, code, complain};
use crate::drive::unattended::{self, Style};

/// Takes back what the journal says we did, and nothing else, in reverse order: events first, then
/// the profiles, then a deploy of the services. Without --yes it only says what it would do.
#[derive(Debug, Args)]
pub(super) struct Undo {
    /// Only a part: sns (stops the events in seconds), gate, clouddriver
    #[arg(long, value_parser = ["sns", "gate", "clouddriver", "all"], default_value = "all")]
    only: String,
    /// Really do it
    #[arg(long)]
    yes: bool,
}

impl Undo {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        let mut context = match Context::real(global, Mode::PlanOnly) {
            Ok(context) => context,
            Err(trouble) => return complain(&trouble, Exit::Preflight),
        };
        let Some(part) = Part::parse(&self.only) else { return code(Exit::Usage) };
        let mut session = match context.open() {
            Ok(session) => session,
            Err(trouble) => return complain(&trouble, Exit::Journal),
        };
        if session.ledger.unfinished()
            && session.ledger.rows.iter().any(|row| ecw_core::run::is_undo(&row.intent))
        {
            // An undo that was cut off goes on where it stood.
            context.setup.mode = Mode::Unattended;
            return unattended::run(&context.ports, context.open(), &context.state_dir, Style::Text);
        }
        // Facts first: which services, which endpoint.
        let ended = session.ledger.ended.clone();
        session.ledger.ended.get_or_insert_with(|| "undo".to_owned());
        session.changing = true;
        let mut session = unattended::settle(&context.ports, session, &context.state_dir, Style::Quiet);
        session.ledger.ended = ended;
        let steps = undo::steps(&session, part);
        if steps.is_empty() {
            println!("The journal knows of nothing to take back.");
            return code(Exit::Done);
        }
        println!("To take back:");
        for step in &steps {
            println!("- {} ({}). {}", step.describe(), step.usual_time(), step.explain());
        }
        for line in undo::stays(&session) {
            println!("Stays: {line}");
        }
        if !self.yes {
            println!("Nothing was changed. To do it: event-cache-wizard undo --only {} --yes", self.only);
            return code(Exit::Pending);
        }
        session.setup.mode = Mode::Unattended;
        session.begin_undo(part);
        unattended::run(&context.ports, Ok(session), &context.state_dir, Style::Text)
    }
}
