//! Can kubectl do in the cluster what is wanted? The context is always named: the current one may be any cluster.

use std::time::Duration;

use ecw_ports::Ports;
use ecw_wizard::model::check::{Check, CheckVerdict};
use ecw_wizard::model::place::Cluster;
use ecw_wizard::model::report::ClusterReport;
use ecw_wizard::values::road::Road;

pub(super) fn look(ports: &Ports, kubectl: &[String], cluster: &Cluster, road: Road) -> ClusterReport {
    let mut report = ClusterReport { checks: Vec::new() };
    let words = |more: &[&str]| -> Vec<String> {
        cluster.kubectl(kubectl).into_iter().chain(more.iter().map(|each| (*each).to_owned())).collect()
    };
    let client = words(&["version", "--client"]);
    match ports.commands.run(&client, Duration::from_secs(20)) {
        Ok(output) if output.status == Some(0) => {
            let said = output.stdout.lines().next().unwrap_or_default();
            report.checks.push(Check::new(CheckVerdict::Good, "kubectl", ecw_halyard::clean(said, 80)));
        }
        Ok(output) => {
            let said = ecw_halyard::clean(output.stderr.trim(), 200);
            report.checks.push(
                Check::new(CheckVerdict::Bad, "kubectl", format!("does not run: {said}"))
                    .with_remedy("Name a kubectl that runs (answer kubernetes.kubectl)."),
            );
            return report;
        }
        Err(trouble) => {
            report.checks.push(
                Check::new(CheckVerdict::Bad, "kubectl", trouble.what)
                    .with_remedy("Install it, or name it (answer kubernetes.kubectl)."),
            );
            return report;
        }
    }
    let Some(context) = &cluster.context else {
        report.checks.push(
            Check::new(CheckVerdict::Bad, "Context", "none is named, and the current one may be any cluster")
                .with_remedy("Name it: --context NAME (kubectl config get-contexts lists them)."),
        );
        return report;
    };
    let what = match road {
        Road::Operator => "spinnakerservices",
        Road::Halyard | Road::Kustomize => "deployments",
    };
    let may =
        words(&["--namespace", &cluster.namespace, "--request-timeout=10s", "auth", "can-i", "patch", what]);
    let label = "Cluster";
    let place = format!("{what} in namespace {} of context {context}", cluster.namespace);
    report.checks.push(match ports.commands.run(&may, Duration::from_secs(20)) {
        Ok(output) if output.stdout.trim() == "yes" => {
            Check::new(CheckVerdict::Good, label, format!("you may patch {place}"))
        }
        Ok(output) if output.stdout.trim().starts_with("no") => {
            Check::new(CheckVerdict::Bad, label, format!("you may not patch {place}"))
                .with_remedy("Use a user who may, or leave the apply to your pipeline (--no-apply).")
        }
        Ok(output) => {
            let said = ecw_halyard::clean(&ecw_halyard::redact(output.stderr.trim()), 300);
            Check::new(CheckVerdict::Bad, label, format!("does not answer: {said}"))
                .with_remedy("Is the context right, and are you logged in to it?")
        }
        Err(trouble) => Check::new(CheckVerdict::Bad, label, trouble.what).with_remedy(trouble.fix),
    });
    report
}
