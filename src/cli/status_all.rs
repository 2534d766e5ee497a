//! `status --all`: every deployment of hal config in one table.

use std::process::ExitCode;

use ecw_host::{say, warn};
use ecw_wizard::Exit;
use ecw_wizard::model::check::Check;
use ecw_wizard::model::goal::Goal;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::rules::status;
use ecw_wizard::state::Session;
use ecw_wizard::values::names::DeploymentName;

use super::context::Context;
use super::environment::Given;
use super::global::{Format, Global};
use super::reporting::{code, complain, print_json};
use super::several;
use crate::output::{DeploymentStatus, DeploymentsStatus, Standing, StatusRow, VERSION};

pub(super) fn run(global: &Global, format: Format) -> ExitCode {
    let names = match several::named(global, &Given::new()) {
        Ok(names) if !names.is_empty() => names,
        Ok(_) => match all(global) {
            Ok(names) => names,
            Err(exit) => return exit,
        },
        Err(why) => {
            warn!("{why}");
            return code(Exit::Usage);
        }
    };
    let mut deployments = Vec::new();
    let mut worst = Exit::Done;
    for name in &names {
        let session = Context::real(&several::one(global, name), Mode::Look)
            .map_err(|trouble| complain(&trouble, Exit::Preflight))
            .and_then(|context| context.settled());
        // One that cannot be looked at does not keep the others from being.
        let Ok(session) = session else {
            worst = several::worse(worst, Exit::CannotTell);
            deployments.push(unknown(name));
            continue;
        };
        let found = one(name, &session);
        let exit = session.exit().unwrap_or_else(|| status::exit(&status::rows(&session, Goal::All)));
        worst = several::worse(worst, exit);
        deployments.push(found);
    }
    match format {
        Format::Json => print_json(&DeploymentsStatus { version: VERSION, exit: worst.code(), deployments }),
        Format::Text => table(&deployments),
    }
    code(worst)
}

/// Every deployment that hal config names.
fn all(global: &Global) -> Result<Vec<DeploymentName>, ExitCode> {
    let context = Context::real(global, Mode::Look).map_err(|trouble| complain(&trouble, Exit::Preflight))?;
    let session = context.settled()?;
    let config = session.facts().site().map(|site| site.config.clone());
    match config {
        Some(Ok(config)) => Ok(config.deployments.into_iter().map(|deployment| deployment.name).collect()),
        Some(Err(trouble)) => Err(complain(&trouble, Exit::Preflight)),
        None => Err(code(Exit::CannotTell)),
    }
}

fn unknown(name: &DeploymentName) -> DeploymentStatus {
    DeploymentStatus {
        deployment: name.to_string(),
        files: Standing::Unknown,
        services: Standing::Unknown,
        events: Standing::Unknown,
        checks: Vec::new(),
    }
}

fn one(name: &DeploymentName, session: &Session) -> DeploymentStatus {
    let rows = status::rows(session, Goal::All);
    let services = status::rows(session, Goal::Ready);
    let events = status::rows(session, Goal::Events);
    let files: Vec<&Check> =
        rows.iter().filter(|row| !services.contains(row) && !events.contains(row)).collect();
    DeploymentStatus {
        deployment: name.to_string(),
        files: worst(files.into_iter()),
        services: worst(services.iter()),
        events: worst(events.iter()),
        checks: rows.iter().map(StatusRow::of).collect(),
    }
}

fn worst<'c>(rows: impl Iterator<Item = &'c Check>) -> Standing {
    rows.map(|row| row.verdict).max().map_or(Standing::Unknown, Standing::of)
}

fn table(deployments: &[DeploymentStatus]) {
    let wide = deployments.iter().map(|each| each.deployment.chars().count()).max().unwrap_or(0).max(10);
    say!("{:<wide$}  {:<8} {:<8} {:<8}", "deployment", "files", "services", "events");
    for each in deployments {
        say!(
            "{:<wide$}  {:<8} {:<8} {:<8}",
            each.deployment,
            each.files.word(),
            each.services.word(),
            each.events.word()
        );
    }
    say!("\nWhat stands behind a row: event-cache-wizard status --deployment NAME");
}
