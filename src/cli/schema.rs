//! `schema`: the published JSON schemas.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use ecw_host::say;
use ecw_wizard::Exit;
use ecw_wizard::messages::event::Logged;
use ecw_wizard::model::journal::Record;
use schemars::{Schema, schema_for};

use super::bundle::Bundle;
use super::reporting::{code, print_json};
use crate::output::{
    ApplyOutput, CheckOutput, DeploymentsOutput, DeploymentsStatus, PlanFile, RunReport, StatusOutput,
};

/// Prints the JSON schema (draft 2020-12) of what a command reports or writes, or the list of schemas.
#[derive(Debug, Args)]
pub(super) struct PrintSchema {
    /// Of what; without it, the list of them
    #[arg(value_enum)]
    of: Option<Of>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Of {
    /// apply and undo --format json
    Apply,
    /// plan --format json and plan.json
    Plan,
    /// apply, plan and undo --format json with several deployments
    Deployments,
    /// status and wait --format json
    Status,
    /// status --all --format json
    StatusAll,
    /// check --format json
    Check,
    /// report --format json
    Report,
    /// one line of events.jsonl
    Event,
    /// one line of journal.jsonl
    Journal,
    /// a support bundle
    Bundle,
}

impl Of {
    fn schema(self) -> Schema {
        match self {
            Self::Apply => schema_for!(ApplyOutput),
            Self::Plan => schema_for!(PlanFile),
            Self::Deployments => schema_for!(DeploymentsOutput),
            Self::Status => schema_for!(StatusOutput),
            Self::StatusAll => schema_for!(DeploymentsStatus),
            Self::Check => schema_for!(CheckOutput),
            Self::Report => schema_for!(RunReport),
            Self::Event => schema_for!(Logged),
            Self::Journal => schema_for!(Record),
            Self::Bundle => schema_for!(Bundle),
        }
    }
}

impl PrintSchema {
    pub(super) fn run(self) -> ExitCode {
        match self.of {
            Some(of) => print_json(&of.schema()),
            None => list(),
        }
        code(Exit::Done)
    }
}

fn list() {
    for value in Of::value_variants().iter().filter_map(ValueEnum::to_possible_value) {
        let help = value.get_help().map(ToString::to_string).unwrap_or_default();
        say!("{:<12} {help}", value.get_name());
    }
}
