//! What else an apply would ship: hal config against its copy of the last apply, and files that
//! were edited since.

use std::time::Duration;

use ecw_halyard::{DeployDiff, ServiceName, pending_by_own_view, pending_changes, read_deploy_diff};
use ecw_wizard::model::report::PendingReport;
use ecw_wizard::values::names::DeploymentName;

use ecw_ports::{Kind, Ports};

/// More lines of `hal deploy diff` than this are not shown.
const LINES: usize = 40;

pub(super) fn look(
    ports: &Ports,
    hal_dir: &str,
    deployment: &DeploymentName,
    services: &[ServiceName],
    hal: &[String],
) -> PendingReport {
    let read = |path: String| {
        ports.files.read(&path).ok().flatten().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    };
    let applied = read(format!("{hal_dir}/.backup/config"));
    let current = read(format!("{hal_dir}/config"));
    let has_history = applied.is_some();
    let changes = match (applied, current) {
        (Some(applied), Some(current)) => own_view(ports, hal, deployment)
            .and_then(|view| pending_by_own_view(&applied, &current, &view, deployment.as_str()))
            .or_else(|| pending_changes(&applied, &current, deployment.as_str())),
        _ => None,
    };
    let since =
        ports.files.stat(&format!("{hal_dir}/{deployment}/history/service-profiles.yml")).ok().flatten();
    let mut newer_files = Vec::new();
    if let Some(since) = since {
        for folder in ["profiles", "service-settings"] {
            let dir = format!("{hal_dir}/{deployment}/{folder}");
            for name in ports.files.list(&dir).unwrap_or_default() {
                let stat = ports.files.stat(&format!("{dir}/{name}")).ok().flatten();
                let touches = services
                    .iter()
                    .any(|service| name.starts_with(service.as_str().split('-').next().unwrap_or_default()))
                    || name.starts_with("spinnaker");
                if stat.is_some_and(|stat| stat.kind == Kind::File && stat.mtime > since.mtime)
                    && touches
                    && !name.starts_with('.')
                {
                    newer_files.push(format!("{folder}/{name}"));
                }
            }
        }
    }
    let said = hal_diff(ports, hal, deployment);
    PendingReport {
        changes,
        newer_files,
        has_history,
        hal_folded: said.as_ref().map_or(0, |diff| diff.folded),
        hal_diff: said.as_ref().map(lines),
    }
}

/// Returns what hal prints, if it is configured, answers and ends well.
fn ask(ports: &Ports, hal: &[String], arguments: &[&str]) -> Option<String> {
    if hal.is_empty() {
        return None;
    }
    let words = ["--color", "false"].iter().chain(arguments).map(|each| (*each).to_owned());
    let command: Vec<String> = hal.iter().cloned().chain(words).collect();
    let output = ports.commands.run(&command, Duration::from_secs(60)).ok()?;
    (output.status == Some(0)).then_some(output.stdout)
}

/// Returns hal config as this Halyard sees it, every default written out.
fn own_view(ports: &Ports, hal: &[String], deployment: &DeploymentName) -> Option<String> {
    let name = deployment.as_str();
    ask(ports, hal, &["config", "--deployment", name, "-q", "--no-validate", "-o", "json"])
}

/// `hal deploy diff` compares with the copy that a mere backup makes too, so it may be blind; it is
/// shown beside what the files say.
fn hal_diff(ports: &Ports, hal: &[String], deployment: &DeploymentName) -> Option<DeployDiff> {
    let name = deployment.as_str();
    let said = ask(ports, hal, &["deploy", "diff", "-q", "--deployment", name])?;
    Some(read_deploy_diff(&said, name))
}

fn lines(diff: &DeployDiff) -> Vec<String> {
    let changes = diff.changes.iter().map(|change| format!("{}: {}", change.path, change.becomes()));
    let mut lines: Vec<String> =
        changes.chain(diff.others.iter().map(|line| super::diff::mask(line))).collect();
    let more = lines.len().saturating_sub(LINES);
    lines.truncate(LINES);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    lines
}
