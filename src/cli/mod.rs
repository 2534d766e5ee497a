//! The command line: arguments in, exit code out. One command a file.

mod answers;
mod apply;
pub(crate) mod bundle;
mod check;
mod context;
mod headless;
mod iam_policy;
mod manual;
mod plan;
mod rehearse;
mod report;
mod schema;
mod status;
mod undo;
mod wait;
mod wizard;

use std::path::PathBuf;
use std::process::ExitCode;

use crate::{say, warn};
use clap::{Args, Parser, Subcommand, ValueEnum};
use ecw_core::Exit;
use ecw_core::opening::To;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde::Serialize;

/// Puts the AWS Event Cache plugin into a Spinnaker that Halyard manages.
///
/// Without a command the wizard opens: it asks, shows everything on one page, and changes nothing
/// before you confirm. Without a terminal, with TERM=dumb or with --plain it asks line by line.
#[derive(Debug, Parser)]
#[command(name = "event-cache-wizard", version, after_help = AFTER)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

const AFTER: &str = "\
Try it first: event-cache-wizard rehearse    (nothing real is touched)

Exit codes: 0 done or unchanged, 1 failed, 2 usage or a missing answer, 3 preflight, 4 profile,
5 deploy failed, 6 deploy outcome unknown, 7 AWS, 8 not there, 9 undone after a failure,
10 detached, 11 locked, 12 journal unusable, 13 changes pending, 14 cannot tell,
15 headless expectation failed, 16 the world no longer equals the plan, 70 bug, 74 done but output
could not be written, 124 timeout,
129 hang-up, 130 Ctrl-C while asking, 143 TERM";

/// Options that hold for every command.
#[derive(Clone, Debug, Default, Args)]
pub struct Global {
    /// Halyard's directory; detected otherwise
    #[arg(long, global = true, value_name = "DIR")]
    hal_dir: Option<String>,
    /// Deployment; hal config's current one otherwise
    #[arg(long, global = true, value_name = "NAME")]
    deployment: Option<String>,
    /// The hal command, split as shell words, never given to a shell, such as "docker exec -i halyard hal"
    #[arg(long, global = true, value_name = "COMMAND")]
    hal: Option<String>,
    /// Where to keep our state; <hal dir>/.event-cache-wizard/<deployment> otherwise
    #[arg(long, global = true, value_name = "DIR")]
    state_dir: Option<PathBuf>,
    /// AWS profile; beats keys in the environment
    #[arg(long, global = true, value_name = "NAME")]
    aws_profile: Option<String>,
    /// AWS region of the topic
    #[arg(long, global = true, value_name = "REGION")]
    region: Option<String>,
    /// When to use colour
    #[arg(long, global = true, value_enum, value_name = "WHEN")]
    color: Option<When>,
    /// ASCII only
    #[arg(long, global = true)]
    ascii: bool,
    /// Ask line by line instead of drawing a screen
    #[arg(long, global = true)]
    plain: bool,
    /// Change ticket to note in the journal
    #[arg(long, global = true, value_name = "ID")]
    change: Option<String>,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play the whole job on stand-ins: nothing real is touched, no AWS or Halyard is needed
    Rehearse(rehearse::Rehearse),
    /// Show the running deploy and go on with the run, from any terminal
    Attach,
    /// Go on with an unfinished run
    Resume,
    /// Do the job unattended, from an answers file; twice changes nothing
    Apply(apply::Apply),
    /// Say what would change; changes nothing, ever
    Plan(plan::Plan),
    /// Look at everything afresh: files, deploy, topic, subscription
    Status(status::Status),
    /// Look until the services are ready or the subscription is confirmed
    Wait(wait::Wait),
    /// Print the evidence of the last run: who, when, what, hashes, ARNs
    Report(report::Report),
    /// Take back what the journal says we did, and nothing else
    Undo(undo::Undo),
    /// Print the answers of the last visit, or a commented template
    Answers(answers::PrintAnswers),
    /// Say whether the plugin is published for a Spinnaker version; exit 0 yes, 8 no, 14 unknown
    Check(check::Check),
    /// Print the least rights that the wizard needs in AWS
    IamPolicy(iam_policy::IamPolicy),
    /// Print the JSON schema of what a command reports or writes
    Schema(schema::PrintSchema),
    /// Write a redacted support bundle that can be played again
    Bundle(bundle::MakeBundle),
    /// Drive the wizard by a script, without a terminal
    Headless(headless::HeadlessRun),
    /// Print shell completions
    Completions {
        /// Shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
    #[command(hide = true)]
    Supervise {
        #[arg(long)]
        dir: PathBuf,
        #[arg(last = true)]
        command: Vec<String>,
    },
    #[command(hide = true)]
    StandInWorld {
        #[arg(long)]
        dir: PathBuf,
        #[arg(long)]
        scale: u64,
        #[arg(long)]
        fault: Vec<String>,
        /// Seconds without a question and without a wizard after which it ends
        #[arg(long, default_value_t = crate::rehearsal::server::IDLE_LIMIT.as_secs())]
        idle: u64,
    },
    #[command(hide = true)]
    StandInHal {
        #[arg(long)]
        world: String,
        #[arg(long)]
        dir: PathBuf,
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    #[command(hide = true)]
    StandInKubectl {
        #[arg(long)]
        world: String,
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

/// Runs the command line. Output that could not be printed never changes what is done; where all else
/// went well it is the exit code.
#[must_use]
pub fn run() -> ExitCode {
    crate::drive::terminal::guard_panics();
    no_core_dumps();
    let exit = commanded();
    let Some(why) = crate::print::failure() else { return exit };
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
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            let asked = matches!(
                error.kind(),
                clap::error::ErrorKind::DisplayHelp | clap::error::ErrorKind::DisplayVersion
            );
            return ExitCode::from(if asked { 0 } else { Exit::Usage.code() });
        }
    };
    let global = cli.global;
    match cli.command {
        None => wizard::run(&global),
        Some(Command::Attach) => wizard::go_on(&global, To::Deploy),
        Some(Command::Resume) => wizard::go_on(&global, To::Usual),
        Some(Command::Rehearse(command)) => command.run(&global),
        Some(Command::Apply(command)) => command.run(&global),
        Some(Command::Plan(command)) => command.run(&global),
        Some(Command::Status(command)) => command.run(&global),
        Some(Command::Wait(command)) => command.run(&global),
        Some(Command::Report(command)) => command.run(&global),
        Some(Command::Schema(command)) => command.run(),
        Some(Command::Bundle(command)) => command.run(&global),
        Some(Command::Undo(command)) => command.run(&global),
        Some(Command::Answers(command)) => command.run(&global),
        Some(Command::Check(command)) => command.run(),
        Some(Command::IamPolicy(command)) => command.run(&global),
        Some(Command::Headless(command)) => command.run(&global),
        Some(Command::Completions { shell }) => manual::completions(shell),
        Some(Command::Man) => manual::page(),
        Some(Command::Supervise { dir, command }) => crate::supervisor::run(&dir, &command),
        Some(Command::StandInWorld { dir, scale, fault, idle }) => {
            let faults = fault.iter().filter_map(|name| ecw_world::Fault::parse(name)).collect();
            crate::rehearsal::server::serve(&dir, scale, faults, std::time::Duration::from_secs(idle))
        }
        Some(Command::StandInHal { world, dir, arguments }) => {
            crate::rehearsal::commands::hal(&world, &dir, &arguments)
        }
        Some(Command::StandInKubectl { world, arguments }) => {
            crate::rehearsal::commands::kubectl(&world, &arguments)
        }
    }
}

fn code(exit: Exit) -> ExitCode {
    ExitCode::from(exit.code())
}

/// Prints a report as JSON, without what looks like a secret.
fn print_json(value: &impl Serialize) {
    match ecw_core::redaction::redacted(value) {
        Ok(mut value) => {
            shown_leaves(&mut value);
            say!("{value:#}");
        }
        Err(error) => warn!("The report cannot be written: {error}"),
    }
}

/// JSON escapes what acts on a terminal, but not what turns a line around.
fn shown_leaves(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) => *text = crate::print::Shown::new(text).as_str().to_owned(),
        serde_json::Value::Array(list) => list.iter_mut().for_each(shown_leaves),
        serde_json::Value::Object(map) => map.values_mut().for_each(shown_leaves),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
    }
}

/// Says what went wrong and what to do, and returns the exit code.
fn complain(trouble: &ecw_core::trouble::Trouble, exit: Exit) -> ExitCode {
    warn!("{}\n{}", ecw_halyard::redact(&trouble.what), trouble.fix);
    code(exit)
}
