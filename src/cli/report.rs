//! `report`: the closing evidence of a run, from the journal alone.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;
use ecw_wizard::Exit;
use ecw_wizard::model::journal::Attestation;
use ecw_wizard::model::ledger::{Ledger, LedgerRow, StepState};
use ecw_wizard::model::mode::Mode;
use ecw_wizard::rules::summary::made_by;
use ecw_wizard::steps::Made;
use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::targets::TargetName;
use ecw_wizard::values::time::utc;

use super::context::Context;
use super::global::{Format, Global};
use super::reporting::{code, complain, print_json};
use super::unattended::step_output;
use crate::output::{ReportStep, RunReport, TargetReport, VERSION};
use ecw_actions::open::ledger;
use ecw_halyard::redact;
use ecw_host::{put, warn};
use ecw_ports::Store;

/// Prints the evidence of the last run for a change ticket: who, when (UTC), what, hashes before and
/// after, ARNs. Exits 8 when there was no run.
#[derive(Debug, Args)]
pub(super) struct PrintReport {
    /// How to report; text is Markdown
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl PrintReport {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        let opened = Context::real(global, Mode::Look)
            .and_then(|context| Ok((ledger(&*context.ports.store)?, context)));
        let (ledger, context) = match opened {
            Ok(opened) => opened,
            Err(trouble) => return complain(&trouble, Exit::Journal),
        };
        let Some(mut report) = of(&ledger) else {
            warn!("The journal knows of no run here.");
            return code(Exit::NotThere);
        };
        report.targets = targets(&ledger, &*context.ports.store);
        match self.format {
            Format::Json => print_json(&report),
            Format::Text => put!("{}", redact(&markdown(&report))),
        }
        code(Exit::Done)
    }
}

fn of(ledger: &Ledger) -> Option<RunReport> {
    let (actor, begun) = ledger.begun.clone()?;
    Some(RunReport {
        version: VERSION,
        run: ledger.run.clone()?,
        change: ledger.change.clone(),
        user: actor.user,
        host: actor.host,
        begun: utc(begun),
        ended: ledger.ended.map(|end| end.word().to_owned()),
        last_record: utc(ledger.at),
        spinnaker: ledger.confirmed.spinnaker.clone(),
        account: ledger.confirmed.account.clone(),
        steps: ledger.rows.iter().map(step).collect(),
        made: made_by(ledger),
        attested: ledger.attested.iter().map(Attestation::words).collect(),
        adopted: ledger.adopted.clone(),
        targets: Vec::new(),
    })
}

/// Each target that was worked on, by its own journal.
fn targets(whole: &Ledger, store: &dyn Store) -> Vec<TargetReport> {
    let known = whole.made.iter().find_map(|work| work.intent.set_up_targets());
    let reported = |name: &TargetName| TargetReport {
        account: name.account.to_string(),
        region: name.region.to_string(),
        report: ledger(&*store.at_target(name)).ok().and_then(|ledger| of(&ledger)).map(Box::new),
    };
    known.iter().flat_map(|step| &step.jobs).map(|job| reported(&job.name)).collect()
}

fn step(row: &LedgerRow) -> ReportStep {
    let (hash_before, hash_after) = if let StepState::Done(Made::Profile { receipt, .. }) = &row.state {
        (receipt.before.clone(), Some(receipt.after.clone()))
    } else {
        let write = row.intent.write_profile();
        (write.and_then(|write| write.before.clone()), write.map(|write| write.after.clone()))
    };
    ReportStep {
        step: step_output(row),
        attempts: row.attempts,
        started: row.started.map(utc),
        finished: row.finished.map(utc),
        command: row.intent.apply_deployment().map(|apply| HalyardIn::typed(&apply.command)),
        hash_before,
        hash_after,
    }
}

fn markdown(report: &RunReport) -> String {
    let mut out = of_run(report, &format!("# Run {}", report.run), "##");
    for target in &report.targets {
        let heading = format!("## Target {} {}", target.account, target.region);
        match &target.report {
            Some(report) => out.push_str(&format!("\n{}", of_run(report, &heading, "###"))),
            None => out.push_str(&format!("\n{heading}\n\nIts journal knows of no run.\n")),
        }
    }
    out
}

fn of_run(report: &RunReport, heading: &str, level: &str) -> String {
    let mut out = String::new();
    let ended = report.ended.as_deref().unwrap_or("unfinished");
    let _ = writeln!(out, "{heading}\n");
    let _ = writeln!(out, "- change: {}", report.change.as_deref().unwrap_or("none named"));
    let _ = writeln!(out, "- confirmed: {} by {} on {}", report.begun, report.user, report.host);
    let _ = writeln!(out, "- ended: {ended}, last record {}", report.last_record);
    let _ = writeln!(out, "- Spinnaker: {}", report.spinnaker);
    let _ = writeln!(out, "- AWS account: {}", report.account.as_deref().unwrap_or("none"));
    let _ = writeln!(out, "\n{level} Steps\n");
    for each in &report.steps {
        let time = match (&each.started, &each.finished) {
            (Some(started), Some(finished)) => format!(" {started} to {finished}"),
            (Some(started), None) => format!(" begun {started}"),
            _ => String::new(),
        };
        let _ = writeln!(
            out,
            "- {}: {:?},{time} (attempt {})",
            each.step.describe, each.step.result, each.attempts
        );
        if !each.step.detail.is_empty() {
            let _ = writeln!(out, "  - {}", each.step.detail);
        }
        if let Some(command) = &each.command {
            let _ = writeln!(out, "  - `{}`", command.join(" "));
        }
        if let Some(after) = &each.hash_after {
            let before = each.hash_before.as_deref().unwrap_or("no file");
            let _ = writeln!(out, "  - SHA-256 before {before}\n  - SHA-256 after {after}");
        }
    }
    for (heading, lines) in [
        ("Made", &report.made),
        ("Vouched for", &report.attested),
        ("Found, not made by us", &report.adopted),
    ] {
        if !lines.is_empty() {
            let _ = writeln!(out, "\n{level} {heading}\n");
            for line in lines {
                let _ = writeln!(out, "- {line}");
            }
        }
    }
    out
}
