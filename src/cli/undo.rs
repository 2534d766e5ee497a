//! `undo`: takes back what the journal says we did.

use std::process::ExitCode;

use clap::Args;
use ecw_wizard::Exit;
use ecw_wizard::messages::opening::To;
use ecw_wizard::model::mode::{Mode, Unknown};
use ecw_wizard::model::part::Part;
use ecw_wizard::rules::undo;
use ecw_wizard::state::Session;
use ecw_wizard::values::answers::{Key, Provenance};

use super::context::Context;
use super::global::{Format, Global};
use super::reporting::{code, complain, print_json};
use super::unattended::step_output;
use crate::output::{ApplyOutput, VERSION};
use ecw_actions::open::ledger;
use ecw_drive::unattended::Style;
use ecw_host::say;

/// Takes back what the journal says we did, and nothing else, in reverse order: events first, then
/// file by file with a deploy of its services. Without --yes it only says what it would do, and
/// exits 13. A part that fails does not hold up the others.
#[derive(Debug, Args)]
pub(super) struct Undo {
    /// Only a part: sns (stops the events in seconds, nothing restarts), gate, clouddriver
    #[arg(long, value_parser = ["sns", "gate", "clouddriver", "all"], default_value = "all")]
    only: String,
    /// Delete the topic too, if we made it and nobody else subscribes
    #[arg(long)]
    delete_topic: bool,
    /// Really do it
    #[arg(long)]
    yes: bool,
    /// Deploy again where nobody knows how the last deploy ended
    #[arg(long)]
    redo_unknown: bool,
    /// Take back in AWS what the journal names although another user wrote to it
    #[arg(long)]
    trust_journal: bool,
    /// How to report
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Undo {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        let Some(part) = Part::parse(&self.only) else { return code(Exit::Usage) };
        let mode = if self.yes { Mode::Unattended } else { Mode::Look };
        let mut context = match Context::real(global, mode) {
            Ok(context) => context,
            Err(trouble) => return complain(&trouble, Exit::Preflight),
        };
        if self.trust_journal {
            context.ports.store.trust();
        }
        if self.redo_unknown {
            context.setup.unknown = Unknown::Redo;
        }
        if self.delete_topic {
            let from = Provenance::Flag("--delete-topic".to_owned());
            context.given.push((Key::DeleteTopic, "true".to_owned(), from));
        }
        let ledger = match ledger(&*context.ports.store) {
            Ok(ledger) => ledger,
            Err(trouble) => return complain(&trouble, Exit::Journal),
        };
        if !self.yes {
            return match context.settled() {
                Ok(session) => self.show(&session, part),
                Err(exit) => exit,
            };
        }
        if ledger.made.is_empty() && !ledger.unfinished() {
            return self.nothing();
        }
        let style = if self.format == Format::Json { Style::Json } else { Style::Text };
        // What an undo that was cut off has taken back already is not in the journal's list any more,
        // so beginning the part anew goes on where it stood.
        super::unattended::run(&context, style, To::Undo(part))
    }

    fn nothing(&self) -> ExitCode {
        let words = "The journal knows of nothing to take back.";
        match self.format {
            Format::Text => say!("{words}"),
            Format::Json => print_json(&ApplyOutput {
                version: VERSION,
                exit: Exit::Done.code(),
                changed: false,
                message: Some(words.to_owned()),
                steps: Vec::new(),
                made: Vec::new(),
                left: Vec::new(),
                targets: Vec::new(),
            }),
        }
        code(Exit::Done)
    }

    fn show(&self, session: &Session, part: Part) -> ExitCode {
        let steps = undo::steps(session, part);
        let stays = undo::stays(session, part);
        if let Some(exit) = session.exit().filter(|exit| exit.broken_off()) {
            return code(exit);
        }
        let exit = if steps.is_empty() { Exit::Done } else { Exit::Pending };
        if self.format == Format::Json {
            let rows = steps.into_iter().map(ecw_wizard::model::ledger::LedgerRow::new);
            print_json(&ApplyOutput {
                version: VERSION,
                exit: exit.code(),
                changed: false,
                message: Some("Nothing was changed.".to_owned()),
                steps: rows.map(|row| step_output(&row)).collect(),
                made: ecw_wizard::rules::summary::made(session),
                left: stays,
                targets: Vec::new(),
            });
            return code(exit);
        }
        if steps.is_empty() {
            return self.nothing();
        }
        say!("To take back ({}):", part.cost());
        for step in &steps {
            say!("- {} ({}). {}", step.describe(), step.usual_time(), step.explain());
        }
        stays.iter().for_each(|line| say!("Stays: {line}"));
        say!("Nothing was changed. To do it: event-cache-wizard undo --only {} --yes", self.only);
        code(exit)
    }
}
