//! Several deployments of one Halyard in one run: each with its own state, steps and verdict, one after the other,
//! because one daemon deploys them. One that fails does not hold up the next.

use std::process::ExitCode;

use ecw_host::{say, warn};
use ecw_wizard::Exit;
use ecw_wizard::values::answers::Key;
use ecw_wizard::values::names::DeploymentName;
use ecw_wizard::values::redaction::redacted;

use super::environment::{Given, flag};
use super::global::{Format, Global};
use super::reporting::code;
use crate::output::{ApplyOutput, DeploymentOutput, DeploymentVerdict, DeploymentsOutput, PlanFile, VERSION};

/// Returns the deployments that were named, where they are several: by the flag, else by the answers.
pub(super) fn named(global: &Global, given: &Given) -> Result<Vec<DeploymentName>, String> {
    let names: Vec<String> = match flag(global.deployment.as_deref(), "deployment") {
        Some((list, _)) => list.split(',').map(str::to_owned).collect(),
        None => given
            .iter()
            .filter(|(key, ..)| *key == Key::Deployment)
            .map(|(_, name, _)| name.clone())
            .collect(),
    };
    if names.len() < 2 {
        return Ok(Vec::new());
    }
    let on = |key: Key| given.iter().any(|(each, value, _)| *each == key && !value.is_empty());
    if global.kustomize.is_some() || global.operator.is_some() || on(Key::Overlay) || on(Key::Manifest) {
        return Err(
            "Several deployments are one Halyard's; an overlay or a manifest is one by itself.".to_owned()
        );
    }
    let mut found: Vec<DeploymentName> = Vec::new();
    for name in names {
        let name = DeploymentName::parse(&name).map_err(|error| format!("{error}."))?;
        if found.contains(&name) {
            return Err(format!("Deployment {name} is named twice."));
        }
        found.push(name);
    }
    Ok(found)
}

/// The flags for one of them.
pub(super) fn one(global: &Global, name: &DeploymentName) -> Global {
    Global { deployment: Some(name.to_string()), ..global.clone() }
}

/// The answers for one of them.
pub(super) fn without_names(given: &Given) -> Given {
    given.iter().filter(|(key, ..)| *key != Key::Deployment).cloned().collect()
}

/// What came of one deployment: how its run ended, and its report where there is one.
pub(super) struct Came {
    pub(super) exit: Exit,
    pub(super) output: Option<ApplyOutput>,
    /// What would be done, where that was asked.
    pub(super) plan: Option<PlanFile>,
}

impl Came {
    /// It ended before there was anything to report.
    pub(super) fn stopped(exit: Exit) -> Self {
        Self { exit, output: None, plan: None }
    }
}

/// Runs something for each deployment and reports all of it.
pub(super) fn each(
    names: &[DeploymentName],
    format: Format,
    mut run: impl FnMut(&DeploymentName) -> Came,
) -> ExitCode {
    let mut deployments = Vec::new();
    let mut worst = Exit::Done;
    for name in names {
        if format == Format::Text {
            say!("== {name} ==");
        }
        let came = run(name);
        let stopped =
            matches!(came.exit, Exit::Interrupted | Exit::HangUp | Exit::Terminated | Exit::Detached);
        worst = worse(worst, came.exit);
        deployments.push(of(name, came));
        if stopped {
            warn!("Stopped: the deployments after {name} were not begun.");
            break;
        }
    }
    let output = DeploymentsOutput { version: VERSION, exit: worst.code(), deployments };
    match format {
        Format::Json => match redacted(&output) {
            Ok(value) => say!("{value}"),
            Err(error) => warn!("The report cannot be written: {error}"),
        },
        Format::Text => table(&output.deployments),
    }
    code(worst)
}

/// Returns which of two exits says more: a failure before a change that is pending or cannot be told, that before
/// all is well; of two failures the first.
pub(super) fn worse(first: Exit, second: Exit) -> Exit {
    let weight = |exit: Exit| match exit {
        Exit::Done => 0,
        Exit::CannotTell => 1,
        Exit::Pending => 2,
        _ => 3,
    };
    if weight(second) > weight(first) { second } else { first }
}

fn of(name: &DeploymentName, came: Came) -> DeploymentOutput {
    let changed = came.output.as_ref().is_some_and(|output| output.changed);
    let verdict = match came.exit {
        Exit::Done if changed => DeploymentVerdict::Changed,
        Exit::Done => DeploymentVerdict::Ok,
        Exit::Pending => DeploymentVerdict::Pending,
        _ => DeploymentVerdict::Failed,
    };
    let message = came.output.as_ref().and_then(|output| output.message.clone());
    let (output, plan) = (came.output, came.plan);
    DeploymentOutput { deployment: name.to_string(), verdict, exit: came.exit.code(), message, output, plan }
}

fn table(deployments: &[DeploymentOutput]) {
    let wide = deployments.iter().map(|each| each.deployment.chars().count()).max().unwrap_or(0).max(10);
    say!("\n{:<wide$}  {:<8}  exit", "deployment", "verdict");
    for each in deployments {
        let words = each.message.as_deref().and_then(|text| text.lines().next()).unwrap_or_default();
        let words =
            if words.is_empty() { String::new() } else { format!("  {}", ecw_halyard::redact(words)) };
        say!("{:<wide$}  {:<8}  {}{words}", each.deployment, each.verdict.word(), each.exit);
    }
}
