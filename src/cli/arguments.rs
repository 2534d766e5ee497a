//! What can be asked for.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use super::global::Global;
use super::{
    about, answers, apply, bundle, check, handover, headless, iam_policy, plan, plugin, rehearse, report,
    resume, schema, status, undo, verify, wait,
};

/// Puts the AWS Event Cache plugin into a Spinnaker that Halyard manages, or that kustomize or the Operator deploy.
///
/// Without a command the wizard opens: it asks, shows everything on one page, and changes nothing
/// before you confirm. Without a terminal, with TERM=dumb or with --plain it asks line by line.
#[derive(Debug, Parser)]
#[command(name = "event-cache-wizard", version, after_help = AFTER)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

const AFTER: &str = "\
Try it first: event-cache-wizard rehearse    (nothing real is touched)

Exit codes: 0 done or unchanged, 1 failed, 2 usage or a missing answer, 3 preflight, 4 profile,
5 deploy failed, 6 deploy outcome unknown, 7 AWS, 8 not there, 9 undone after a failure,
10 detached, 11 locked, 12 journal unusable, 13 changes pending, 14 cannot tell,
15 headless expectation failed, 16 the world no longer equals the plan, 70 bug, 74 done but output
could not be written, 124 timeout,
129 hang-up, 130 Ctrl-C while asking, 143 TERM

Defaults of yours stand in $XDG_CONFIG_HOME/event-cache-wizard/config.yml (~/.config otherwise), by the names
of the options above: region: eu-west-1";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Play the whole job on stand-ins: nothing real is touched, no AWS or Halyard is needed
    Rehearse(rehearse::Rehearse),
    /// Show the running deploy and go on with the run, from any terminal
    Attach,
    /// Go on with an unfinished run, or take the receipt of whoever set SNS up by hand
    Resume(resume::Resume),
    /// Do the job unattended, from an answers file; twice changes nothing
    Apply(apply::Apply),
    /// Say what would change; changes nothing, ever
    Plan(plan::Plan),
    /// Look at everything afresh: files, deploy, topic, subscription
    Status(status::Status),
    /// Look until the services are ready or the subscription is confirmed
    Wait(wait::Wait),
    /// Have AWS Config deliver a snapshot and say what that proves
    Verify(verify::Verify),
    /// Print the evidence of the last run: who, when, what, hashes, ARNs
    Report(report::PrintReport),
    /// Take back what the journal says we did, and nothing else
    Undo(undo::Undo),
    /// Print the answers of the last visit, or a commented template
    Answers(answers::PrintAnswers),
    /// Say whether the plugin is published for a Spinnaker version; exit 0 yes, 8 no, 14 unknown
    Check(check::CheckSpinnaker),
    /// Write what whoever has the AWS rights needs to set SNS up by hand
    #[command(name = "handover")]
    HandOver(handover::HandOver),
    /// Keep a copy of the plugin's repository, for Spinnakers without a way to the published one
    Plugin(plugin::Plugin),
    /// Print the least rights that the wizard needs in AWS
    IamPolicy(iam_policy::IamPolicy),
    /// Say what this program is; with --facts, what it relies on, with sources and dates
    About(about::About),
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
    Man {
        /// Write those of all commands into this directory instead
        #[arg(long, value_name = "DIR")]
        dir: Option<std::path::PathBuf>,
    },
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
        #[arg(long, default_value_t = ecw_wire::server::IDLE_LIMIT.as_secs())]
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
    StandInCarrier {
        #[arg(value_parser = clap::builder::PossibleValuesParser::new(ecw_wire::carriers::PLAYED))]
        carrier: String,
        #[arg(last = true, allow_hyphen_values = true)]
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

impl Command {
    /// Returns whether the program starts it itself, and nobody else does.
    pub(super) fn is_own(&self) -> bool {
        matches!(
            self,
            Self::Supervise { .. }
                | Self::StandInWorld { .. }
                | Self::StandInHal { .. }
                | Self::StandInCarrier { .. }
                | Self::StandInKubectl { .. }
        )
    }
}
