//! The Halyard daemon: does it answer, and does it read this directory? `hal` is not called before
//! the port answers: the old Debian wrapper would start a daemon of its own.

use std::time::Duration;

use ecw_wizard::model::check::{Check, CheckVerdict};
use ecw_wizard::model::report::DaemonReport;
use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::names::DeploymentName;
use ecw_wizard::values::shell_words;
use serde_json::Value;

use ecw_ports::{Ports, Redirects};

pub(super) fn look(
    ports: &Ports,
    endpoint: &str,
    hal: &[String],
    deployment: &DeploymentName,
    hal_dir: &str,
) -> DaemonReport {
    let mut report = DaemonReport { checks: Vec::new(), hal_version: None };
    let health = format!("{}/health", endpoint.trim_end_matches('/'));
    match ports.web.get(&health, Redirects::Show) {
        Ok(answer) if answer.status == 200 => {
            report.checks.push(Check::new(CheckVerdict::Good, "Halyard daemon", "answers"));
        }
        Ok(answer) => {
            report.checks.push(
                Check::new(
                    CheckVerdict::Bad,
                    "Halyard daemon",
                    format!("{endpoint} answers HTTP {}", answer.status),
                )
                .with_remedy("Look at the daemon's log; restart it with: sudo systemctl restart halyard"),
            );
            return report;
        }
        Err(why) if may_be_hidden(ports, hal) => {
            // In a container or another host the port may not be published; hal itself will tell.
            report.checks.push(Check::new(
                CheckVerdict::Unknown,
                "Halyard daemon",
                format!("{endpoint} does not answer from here ({why})"),
            ));
        }
        Err(why) => {
            report.checks.push(
                Check::new(CheckVerdict::Bad, "Halyard daemon", format!("{endpoint} does not answer: {why}"))
                    .with_remedy(if HalyardIn::of_command(hal).0.is_local() {
                        "Start it (sudo systemctl start halyard), or name its address, then refresh."
                    } else {
                        "Start it there, or name its address as it is seen from there, then refresh."
                    }),
            );
            return report;
        }
    }
    version(ports, hal, &mut report);
    if report.hal_version.is_some() {
        same_directory(ports, hal, deployment, hal_dir, &mut report);
    }
    report
}

/// A prefix such as `docker exec` stands before hal, or nothing there can ask.
fn may_be_hidden(ports: &Ports, hal: &[String]) -> bool {
    match HalyardIn::of_command(hal) {
        (HalyardIn::Local, words) => words.len() > 1,
        (place, _) => match ports.commands.carried(&place) {
            Ok(carried) => carried.is_some_and(|carried| carried.misses.iter().any(|tool| tool == "curl")),
            Err(_) => false,
        },
    }
}

fn with(hal: &[String], arguments: &[&str]) -> Vec<String> {
    hal.iter().cloned().chain(arguments.iter().map(|each| (*each).to_owned())).collect()
}

fn version(ports: &Ports, hal: &[String], report: &mut DaemonReport) {
    match ports.commands.run(&with(hal, &["--version"]), Duration::from_secs(30)) {
        Ok(output) if output.status == Some(0) => {
            let version = ecw_halyard::clean(output.stdout.lines().next().unwrap_or_default(), 60);
            report.checks.push(Check::new(CheckVerdict::Good, "hal", version.clone()));
            report.hal_version = Some(version);
        }
        Ok(output) => {
            let said = ecw_halyard::clean(output.stderr.lines().next().unwrap_or_default(), 200);
            let detail = format!(
                "{} --version failed ({}) {said}",
                shell_words::join(&HalyardIn::typed(hal)),
                output.status.map_or("signal".to_owned(), |code| format!("exit {code}"))
            );
            report.checks.push(
                Check::new(CheckVerdict::Bad, "hal", detail)
                    .with_remedy("Name the right hal command, then refresh."),
            );
        }
        Err(trouble) => {
            report.checks.push(Check::new(CheckVerdict::Bad, "hal", trouble.what).with_remedy(trouble.fix));
        }
    }
}

/// The daemon's view of the deployment must agree with the file that is read here.
fn same_directory(
    ports: &Ports,
    hal: &[String],
    deployment: &DeploymentName,
    hal_dir: &str,
    report: &mut DaemonReport,
) {
    let label = "Directory";
    let arguments = ["config", "--deployment", deployment.as_str(), "-q", "--no-validate", "-o", "json"];
    let output = match ports.commands.run(&with(hal, &arguments), Duration::from_secs(60)) {
        Ok(output) if output.status == Some(0) => output,
        Ok(output) => {
            let said = ecw_halyard::clean(output.stderr.trim(), 200);
            report.checks.push(Check::new(CheckVerdict::Bad, label, format!("the daemon does not know deployment {deployment}: {said}")).with_remedy(
                format!("Is {hal_dir} the daemon's directory? It is set by halyard.halconfig.directory in /opt/spinnaker/config/halyard.yml."),
            ));
            return;
        }
        Err(trouble) => {
            report.checks.push(Check::new(
                CheckVerdict::Unknown,
                label,
                format!("could not be compared: {}", trouble.what),
            ));
            return;
        }
    };
    let theirs = output.stdout.lines().rev().find_map(|line| serde_json::from_str::<Value>(line.trim()).ok());
    let text = ports.files.read(&format!("{hal_dir}/config")).ok().flatten().unwrap_or_default();
    let root = ecw_halyard::yaml::read(&String::from_utf8_lossy(&text)).unwrap_or_default();
    let ours = root.get("deploymentConfigurations").and_then(ecw_halyard::yaml::Value::as_sequence).and_then(
        |list| {
            list.iter().find(|each| {
                each.get("name").and_then(ecw_halyard::yaml::Value::as_str).unwrap_or("default")
                    == deployment.as_str()
            })
        },
    );
    let (Some(theirs), Some(ours)) = (theirs, ours) else {
        report.checks.push(Check::new(
            CheckVerdict::Unknown,
            label,
            "the daemon's answer could not be compared with the file",
        ));
        return;
    };
    let same = ["version", "name"].iter().all(|key| {
        let theirs = theirs.get(*key).and_then(Value::as_str).unwrap_or_default();
        let ours = ours.get(*key).and_then(ecw_halyard::yaml::Value::as_str).unwrap_or_default();
        theirs == ours || ours.is_empty()
    }) && theirs.pointer("/deploymentEnvironment/location").and_then(Value::as_str)
        == ours
            .get("deploymentEnvironment")
            .and_then(|each| each.get("location"))
            .and_then(ecw_halyard::yaml::Value::as_str);
    report.checks.push(if same {
        Check::new(CheckVerdict::Good, label, "the daemon reads this one")
    } else {
        Check::new(
            CheckVerdict::Bad,
            label,
            format!("the daemon reads another directory than {hal_dir}: its deployment differs"),
        )
        .with_remedy(
            "Name the daemon's directory (halyard.halconfig.directory in /opt/spinnaker/config/halyard.yml).",
        )
    });
}
