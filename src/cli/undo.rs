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
use super::environment::Given;
use super::global::{Format, Global};
use super::reporting::{code, complain, print_json};
use super::several::{self, Came};
use super::unattended::{Locking, step_output};
use crate::output::{ApplyOutput, VERSION};
use ecw_actions::open::ledger;
use ecw_drive::unattended::Style;
use ecw_host::{say, warn};

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

const NOTHING: &str = "The journal knows of nothing to take back.";

fn nothing() -> ApplyOutput {
    ApplyOutput {
        version: VERSION,
        exit: Exit::Done.code(),
        changed: false,
        message: Some(NOTHING.to_owned()),
        steps: Vec::new(),
        made: Vec::new(),
        left: Vec::new(),
        targets: Vec::new(),
    }
}

/// What an undo begins with.
enum Begun {
    /// There is nothing to take back.
    Nothing,
    Something(Box<Context>),
}

impl Undo {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        let Some(part) = Part::parse(&self.only) else { return code(Exit::Usage) };
        match several::named(global, &Given::new()) {
            Ok(names) if names.is_empty() => self.run_one(global, part),
            Ok(_) if !self.yes => {
                warn!("Without --yes one deployment is shown at a time: name one with --deployment.");
                code(Exit::Usage)
            }
            Ok(names) => several::each(&names, self.format, |name| {
                let global = several::one(global, name);
                match self.begun(&global) {
                    Ok(Begun::Nothing) => Came { exit: Exit::Done, output: Some(nothing()), plan: None },
                    Ok(Begun::Something(context)) => super::unattended::one_of_several(
                        &context,
                        self.format,
                        To::Undo(part),
                        Locking::Wait,
                    ),
                    Err(exit) => Came::stopped(exit),
                }
            }),
            Err(why) => {
                warn!("{why}");
                code(Exit::Usage)
            }
        }
    }

    fn run_one(&self, global: &Global, part: Part) -> ExitCode {
        match self.begun(global) {
            Ok(Begun::Nothing) => self.nothing(),
            Ok(Begun::Something(context)) if !self.yes => match context.settled() {
                Ok(session) => self.show(&session, part),
                Err(exit) => exit,
            },
            Ok(Begun::Something(context)) => {
                let style = if self.format == Format::Json { Style::Json } else { Style::Text };
                // What an undo that was cut off has taken back already is not in the journal's list any more,
                // so beginning the part anew goes on where it stood.
                super::unattended::run(&context, style, To::Undo(part))
            }
            Err(exit) => code(exit),
        }
    }

    /// Opens what is worked on, and says whether there is anything to take back.
    fn begun(&self, global: &Global) -> Result<Begun, Exit> {
        let mode = if self.yes { Mode::Unattended } else { Mode::Look };
        let mut context = Context::real(global, mode).map_err(|trouble| {
            complain(&trouble, Exit::Preflight);
            Exit::Preflight
        })?;
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
        let ledger = ledger(&*context.ports.store).map_err(|trouble| {
            complain(&trouble, Exit::Journal);
            Exit::Journal
        })?;
        if self.yes && ledger.made.is_empty() && !ledger.unfinished() {
            return Ok(Begun::Nothing);
        }
        Ok(Begun::Something(Box::new(context)))
    }

    fn nothing(&self) -> ExitCode {
        match self.format {
            Format::Text => say!("{NOTHING}"),
            Format::Json => print_json(&nothing()),
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
