//! `verify`: is what AWS Config publishes delivered? Asked for on purpose, because it has a snapshot made.

use std::process::ExitCode;

use clap::Args;
use ecw_actions::prove::prove;
use ecw_halyard::redact;
use ecw_host::{say, warn};
use ecw_wizard::Exit;
use ecw_wizard::messages::opening::To;
use ecw_wizard::model::check::{Check, CheckVerdict};
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::target_job::TargetJob;
use ecw_wizard::rules::status;
use ecw_wizard::state::Session;
use ecw_wizard::values::time::parse_span;

use super::context::Context;
use super::global::{Format, Global};
use super::reporting::{code, complain, print_json};
use crate::output::{StatusOutput, StatusRow, VERSION};

/// Asks AWS Config for a configuration snapshot, which it tells the topic about, and shows how deliveries
/// stand before and after; says what cannot be proved from here. Without --yes it only says what it would
/// do, and exits 13. Exits 0 when the snapshot was delivered and the stream does not fail, 8 when one of them
/// failed, 14 when AWS Config has not said.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// Really ask for the snapshot
    #[arg(long)]
    yes: bool,
    /// For how long at most: 90m, 45s, 2h
    #[arg(long, default_value = "2m", value_name = "TIME")]
    timeout: String,
    /// Of which account and region, where there are several: "123456789012 eu-west-1"
    #[arg(long, value_name = "TARGET")]
    target: Option<String>,
    /// How to report
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Verify {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        self.verified(global).unwrap_or_else(|exit| exit)
    }

    fn verified(&self, global: &Global) -> Result<ExitCode, ExitCode> {
        let Some(limit) = parse_span(&self.timeout) else {
            say!("--timeout takes a length of time, for example 90m, 45s or 2h");
            return Err(code(Exit::Usage));
        };
        let context =
            Context::real(global, Mode::Look).map_err(|trouble| complain(&trouble, Exit::Preflight))?;
        let whole = context.settled()?;
        let session = match self.job(&whole)? {
            // A target has a session of its own.
            Some(job) => context
                .ports
                .targets
                .run(&context.ports, &job, &whole.on_behalf(), Mode::Look, To::Usual)
                .map_err(|trouble| complain(&trouble, Exit::Journal))?,
            None => Box::new(whole),
        };
        let rows = status::sns(&session);
        let ready = status::exit(&rows);
        let (Exit::Done, Ok((channel, _)), Some(job)) = (ready, session.provable(), session.proof_job(limit))
        else {
            let words = "Nothing was asked for: first these have to be there.";
            return Ok(self.print(&rows, if ready == Exit::Done { Exit::NotThere } else { ready }, words));
        };
        if !self.yes {
            let words = format!(
                "To ask AWS Config for a snapshot of channel {}, which goes to bucket {} and tells the topic: event-cache-wizard verify --yes",
                channel.name,
                channel.bucket.as_deref().unwrap_or("unknown")
            );
            return Ok(self.print(&rows, Exit::Pending, &words));
        }
        let proved = prove(&context.ports, &job).map_err(|trouble| complain(&trouble, Exit::Aws))?;
        // What only others can see is not held against it; a stream that did not change proves nothing.
        let exit = match (proved.checks[0].verdict, proved.checks[1].verdict) {
            (_, CheckVerdict::Bad) => Exit::NotThere,
            (snapshot, _) => status::exit(&[Check::new(snapshot, "", "")]),
        };
        Ok(self.print(&proved.checks, exit, &format!("Asked AWS Config for a snapshot: {}", proved.snapshot)))
    }

    /// Returns the target that is meant, where there are several.
    fn job(&self, whole: &Session) -> Result<Option<TargetJob>, ExitCode> {
        let refused = |why: String| {
            warn!("{why}");
            Err(code(Exit::Usage))
        };
        if !whole.answers().sns_by_targets() {
            return match &self.target {
                Some(_) => refused("--target: there is one account and region here; leave it out".to_owned()),
                None => Ok(None),
            };
        }
        let jobs = match whole.target_jobs() {
            Ok(jobs) => jobs,
            Err(why) => return refused(why),
        };
        let names: Vec<String> = jobs.iter().map(|job| format!("{:?}", job.name.to_string())).collect();
        let named = self.target.as_deref().map(|name| name.replace('/', " "));
        match jobs.into_iter().find(|job| Some(job.name.to_string()) == named) {
            Some(job) => Ok(Some(job)),
            None => refused(format!("Name one target: --target, one of {}", names.join(", "))),
        }
    }

    fn print(&self, rows: &[Check], exit: Exit, words: &str) -> ExitCode {
        let checks: Vec<StatusRow> = rows.iter().map(StatusRow::of).collect();
        match self.format {
            Format::Text => {
                for row in &checks {
                    say!("{}", redact(&format!("{:<8} {}: {}", row.verdict.word(), row.what, row.evidence)));
                    for line in row.remedy.iter().flat_map(|remedy| remedy.lines()) {
                        say!("         {}", redact(line));
                    }
                }
                say!("{words}");
            }
            Format::Json => print_json(&StatusOutput {
                before_an_upgrade: Vec::new(),
                version: VERSION,
                exit: exit.code(),
                message: Some(words.to_owned()),
                checks,
            }),
        }
        code(exit)
    }
}
