//! Arguments in, exit code out.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use ecw_host::print::Shown;
use ecw_host::{put, warn};
use ecw_wizard::Exit;
use ecw_wizard::messages::opening::To;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::arguments::{Cli, Command};
use super::config::Config;
use super::global::Global;
use super::reporting::{code, complain};
use super::{help, look, manual, wizard};

/// Runs the command line. Output that could not be printed never changes what is done; where all else
/// went well it is the exit code.
#[must_use]
pub fn run() -> ExitCode {
    ecw_drive::terminal::guard_panics();
    no_core_dumps();
    ecw_host::print::mark_troubles(look::marks_troubles(None));
    let exit = commanded();
    let Some(why) = ecw_host::print::failure() else { return exit };
    warn!("Its output could not be written: {why}. What was done is done.");
    // Where all else went well, or a plan was cut, that is what the caller has to know.
    let well = [Exit::Done, Exit::Pending].into_iter().any(|each| exit == code(each));
    if well { code(Exit::Output) } else { exit }
}

/// Memory may hold credentials and profiles; it is not left on disk by a crash, here or in hal.
fn no_core_dumps() {
    let hard = getrlimit(Resource::Core).maximum;
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: hard });
}

fn commanded() -> ExitCode {
    let (mut global, command) = match parsed(&std::env::args_os().collect::<Vec<_>>()) {
        Ok(cli) => (cli.global, cli.command),
        Err(exit) => return exit,
    };
    // What the program starts itself has been told everything.
    if !command.as_ref().is_some_and(Command::is_own) {
        global.config = match Config::read(&Cli::command()) {
            Ok(config) => config,
            Err(trouble) => return complain(&trouble, Exit::Usage),
        };
    }
    if (global.verbose || global.config.is_on("verbose")) && !look::look(&global).screen {
        ecw_host::print::say_details();
    }
    ecw_host::print::mark_troubles(look::marks_troubles(look::when(&global)));
    let Some(Command::Rehearse(rehearsal)) = &command else { return done(&global, command) };
    let Some(words) = rehearsal.command() else { return done(&global, command) };
    let played = match rehearsal.played_by_command(&global) {
        Ok(played) => played,
        Err(trouble) => return complain(&trouble, Exit::Usage),
    };
    let words = std::iter::once("event-cache-wizard".into()).chain(words.iter().map(Into::into));
    match parsed(&words.collect::<Vec<_>>()) {
        Ok(cli) => {
            let global = Global { config: global.config, rehearsal: Some(played), ..cli.global };
            done(&global, cli.command)
        }
        Err(exit) => exit,
    }
}

/// Returns the command line, or how the program ends without one.
fn parsed(words: &[OsString]) -> Result<Cli, ExitCode> {
    let error = match Cli::try_parse_from(words) {
        Ok(cli) => return Ok(cli),
        Err(error) => error,
    };
    let said = error.render().to_string();
    // What was typed comes from outside; and help that could not be printed is an exit code as well.
    Err(match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let words: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
            put!("{}", help::page(&words).unwrap_or(said));
            code(Exit::Done)
        }
        _ => {
            ecw_host::print::trouble(&Shown::new(said.trim_end()), None);
            code(Exit::Usage)
        }
    })
}

fn done(global: &Global, command: Option<Command>) -> ExitCode {
    match command {
        None => wizard::run(global),
        Some(Command::Attach) => wizard::go_on(global, To::Deploy),
        Some(Command::Resume(command)) => command.run(global),
        Some(Command::HandOver(command)) => command.run(global),
        Some(Command::Rehearse(command)) => command.run(global),
        Some(Command::Apply(command)) => command.run(global),
        Some(Command::Plan(command)) => command.run(global),
        Some(Command::Status(command)) => command.run(global),
        Some(Command::Wait(command)) => command.run(global),
        Some(Command::Verify(command)) => command.run(global),
        Some(Command::Report(command)) => command.run(global),
        Some(Command::Schema(command)) => command.run(),
        Some(Command::Bundle(command)) => command.run(global),
        Some(Command::Undo(command)) => command.run(global),
        Some(Command::Answers(command)) => command.run(global),
        Some(Command::Check(command)) => command.run(global),
        Some(Command::Plugin(command)) => command.run(),
        Some(Command::About(command)) => command.run(),
        Some(Command::IamPolicy(command)) => command.run(global),
        Some(Command::Headless(command)) => command.run(global),
        Some(Command::Completions { shell }) => manual::completions(shell),
        Some(Command::Man { dir }) => manual::pages(dir.as_deref()),
        Some(Command::Supervise { dir, command }) => ecw_host::supervisor::run(&dir, &command),
        Some(Command::StandInWorld { dir, scale, fault, idle }) => {
            let faults = fault.iter().filter_map(|name| ecw_world::Fault::parse(name)).collect();
            ecw_wire::server::serve(&dir, scale, faults, std::time::Duration::from_secs(idle))
        }
        Some(Command::StandInHal { world, dir, arguments }) => {
            ecw_wire::commands::hal(&world, &dir, &arguments)
        }
        Some(Command::StandInCarrier { carrier, arguments }) => {
            ecw_wire::carriers::carry(&carrier, &arguments)
        }
        Some(Command::StandInKubectl { world, arguments }) => ecw_wire::kubectl::kubectl(&world, &arguments),
    }
}
