//! `plan`: what would change.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ecw_wizard::Exit;
use ecw_wizard::model::check::CheckVerdict;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::plan_document::{PLAN_VERSION, PlanDocument};
use ecw_wizard::rules::plan_document::published;
use ecw_wizard::state::Session;

use super::context::Context;
use super::global::{Format, Global};
use super::input_files::{answers_of, bounded};
use super::reporting::{code, complain, print_json};
use super::several::{self, Came};
use crate::output::PlanFile;
use ecw_host::named_file;
use ecw_host::print::Shown;
use ecw_host::{put, say, warn};

/// Says what would change: file differences, exact commands, AWS calls, hosts, times, how each step
/// is verified and taken back. Exits 0 when nothing has to change, 13 when something has. Changes
/// nothing, ever. What needs a login or the daemon reads unknown.
#[derive(Debug, Args)]
pub(super) struct Plan {
    /// Answers (YAML, version 1)
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// How to report; text is Markdown
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Write plan.md for a change board and plan.json for `apply --plan` into this directory
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Plan {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        let given = match answers_of(self.answers.as_ref()) {
            Ok(given) => given,
            Err(why) => {
                warn!("{why}");
                return code(Exit::Usage);
            }
        };
        match several::named(global, &given) {
            Ok(names) if names.is_empty() => {}
            Ok(_) if self.out.is_some() => {
                warn!("--out writes one deployment's plan: name one with --deployment.");
                return code(Exit::Usage);
            }
            Ok(names) => {
                let given = several::without_names(&given);
                return several::each(&names, self.format, |name| {
                    match Context::answered(&several::one(global, name), Mode::PlanOnly, given.clone()) {
                        Ok(context) => one_of_several(&context, self.format),
                        Err(trouble) => {
                            complain(&trouble, Exit::Preflight);
                            Came::stopped(Exit::Preflight)
                        }
                    }
                });
            }
            Err(why) => {
                warn!("{why}");
                return code(Exit::Usage);
            }
        }
        let context = match Context::answered(global, Mode::PlanOnly, given) {
            Ok(context) => context,
            Err(trouble) => return complain(&trouble, Exit::Preflight),
        };
        match &self.out {
            None => print(&context, self.format),
            Some(dir) => match context.settled() {
                Ok(session) if session.exit().is_some_and(Exit::broken_off) => exit_of(&session),
                Ok(session) => write(&session, dir),
                Err(exit) => exit,
            },
        }
    }
}

/// Returns the plan as it is published, with its digest.
fn file(session: &Session) -> PlanFile {
    let plan = published(session);
    PlanFile { digest: digest(&plan), plan }
}

fn digest(plan: &PlanDocument) -> String {
    ecw_profile::sha256_hex(serde_json::to_string(plan).unwrap_or_default().as_bytes())
}

/// Reads `plan.json`.
pub(super) fn read(path: &Path) -> Result<PlanDocument, String> {
    let text = bounded(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    let no_plan = |error| format!("{} is not a plan of this program: {error}", path.display());
    let value: serde_json::Value = serde_json::from_slice(&text).map_err(no_plan)?;
    let version = value.get("plan").and_then(|plan| plan.get("version")?.as_u64());
    if let Some(found) = version.filter(|found| *found > u64::from(PLAN_VERSION)) {
        return Err(format!(
            "{} was written by a newer event-cache-wizard (format {found}, this one reads up to {PLAN_VERSION})",
            path.display()
        ));
    }
    let file: PlanFile = serde_json::from_value(value).map_err(no_plan)?;
    if digest(&file.plan) != file.digest {
        return Err(format!("{} was changed after it was made: its digest does not fit", path.display()));
    }
    Ok(file.plan)
}

fn write(session: &Session, dir: &Path) -> ExitCode {
    let file = file(session);
    let written = serde_json::to_string_pretty(&file).map_err(|error| error.to_string()).and_then(|json| {
        std::fs::create_dir_all(dir)
            .and_then(|()| named_file::write(&dir.join("plan.json"), (json + "\n").as_bytes(), 0o644))
            .and_then(|()| {
                named_file::write(
                    &dir.join("plan.md"),
                    Shown::new(&markdown(&file)).as_str().as_bytes(),
                    0o644,
                )
            })
            .map_err(|error| error.to_string())
    });
    match written {
        Ok(()) => {
            say!("{}\n{}", dir.join("plan.md").display(), dir.join("plan.json").display());
            say!("Carry it out: event-cache-wizard apply --plan {} --yes", dir.join("plan.json").display());
            exit_of(session)
        }
        Err(error) => {
            warn!("{} could not be written: {error}", dir.display());
            code(Exit::Failed)
        }
    }
}

fn exit_of(session: &Session) -> ExitCode {
    code(session.exit().unwrap_or(Exit::Done))
}

/// Prints the plan.
pub(super) fn print(context: &Context, format: Format) -> ExitCode {
    let session = match context.settled() {
        Ok(session) => session,
        Err(exit) => return exit,
    };
    let file = file(&session);
    match format {
        Format::Json => print_json(&file),
        Format::Text => put!("{}", markdown(&file)),
    }
    exit_of(&session)
}

/// Plans one of several deployments: its text is printed, its document is another's to print.
pub(super) fn one_of_several(context: &Context, format: Format) -> Came {
    let Ok(session) = context.settled() else {
        return Came::stopped(Exit::Failed);
    };
    let file = file(&session);
    if format == Format::Text {
        put!("{}", markdown(&file));
    }
    Came { exit: session.exit().unwrap_or(Exit::Done), output: None, plan: Some(file) }
}

fn markdown(file: &PlanFile) -> String {
    let plan = &file.plan;
    let mut out = String::new();
    let _ = writeln!(out, "# What would change\n");
    if let Some(change) = &plan.change {
        let _ = writeln!(out, "Change: {change}\n");
    }
    for (name, value) in &plan.world {
        let _ = writeln!(out, "- {name}: {value}");
    }
    let _ = writeln!(out, "\n## Steps, in this order\n");
    if plan.steps.is_empty() {
        let _ = writeln!(out, "None.");
    }
    for (at, step) in plan.steps.iter().enumerate() {
        let _ = writeln!(out, "{}. {} ({}). {}", at + 1, step.describe, step.usual_time, step.explain);
        if let Some(command) = &step.command {
            let _ = writeln!(out, "   - command: `{}`", command.join(" "));
        }
        for call in &step.calls {
            let _ = writeln!(out, "   - AWS: {call}");
        }
        let _ =
            writeln!(out, "   - verified by: {}\n   - taken back: {}", step.verified_by, step.taken_back_by);
    }
    for target in &plan.targets {
        let _ = writeln!(out, "\n### Target {}\n", target.target);
        match &target.trouble {
            Some(why) => drop(writeln!(out, "Fails alone: {why}")),
            None if target.steps.is_empty() => drop(writeln!(out, "Nothing to do.")),
            None => {}
        }
        for step in &target.steps {
            let _ = writeln!(out, "- {step}");
        }
        for call in &target.calls {
            let _ = writeln!(out, "  - AWS: {call}");
        }
    }
    let restarts = if plan.restarts.is_empty() { "none".to_owned() } else { plan.restarts.join(", ") };
    let _ = writeln!(
        out,
        "\nServices that restart: {restarts}\nHosts that are talked to: {}",
        plan.hosts.join(", ")
    );
    for each in plan.files.iter().filter(|each| !each.diff.is_empty()) {
        let _ = writeln!(out, "\n## {}\n\n```diff\n{}\n```", each.path, each.diff.join("\n"));
    }
    if !plan.rendered.is_empty() {
        let _ = writeln!(out, "\n## What kubectl would send\n\n```diff\n{}\n```", plan.rendered.join("\n"));
    }
    match &plan.policy_diff {
        Some(lines) if lines.is_empty() => {}
        Some(lines) => {
            let _ = writeln!(out, "\n## Access policy of the topic\n\n```diff\n{}\n```", lines.join("\n"));
        }
        None => {
            let _ = writeln!(out, "\n## Access policy of the topic\n\nunknown: it could not be read");
        }
    }
    let _ = writeln!(out, "\n## What was seen\n");
    for check in &plan.checks {
        let verdict = match check.verdict {
            CheckVerdict::Good => "good",
            CheckVerdict::Warning => "warning",
            CheckVerdict::Unknown => "unknown",
            CheckVerdict::Bad => "bad",
        };
        let _ = writeln!(out, "- {verdict}: {}: {}", check.label, check.detail);
    }
    if let Some(words) = &plan.message {
        let _ = writeln!(out, "\n{words}");
    }
    let _ = writeln!(out, "\nDigest: {}", file.digest);
    out
}
