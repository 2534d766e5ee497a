//! Is a service up, and did it start the plugin? Evidence in order of strength.

use ecw_halyard::ServiceName;
use ecw_profile::PLUGIN_ID;
use ecw_wizard::model::check::{Check, CheckVerdict};
use ecw_wizard::model::gate_answer::NotifyVerdict;
use ecw_wizard::model::place::{Cluster, ReadyTarget};
use ecw_wizard::model::readiness::{Readiness, ReadyReport};
use serde_json::Value;

use super::gate;
use ecw_ports::Ports;

pub(super) fn look(ports: &Ports, target: &ReadyTarget, service: ServiceName) -> ReadyReport {
    let mut checks = Vec::new();
    let mut rollout = Rollout::CannotTell;
    let mut started = Started::CannotTell;
    if let Some(cluster) = &target.cluster {
        rollout = rolled_out(ports, cluster, service, &mut checks);
        if rollout != Rollout::CannotTell {
            started = plugin_started(ports, cluster, service, target, &mut checks);
        }
    }
    if service.is_gate()
        && let Some(base) = &target.gate
    {
        started = started.or(of_gate(ports, base, target.baseline, &mut checks));
    }
    let state = match (rollout, started) {
        (Rollout::Broken, _) => Readiness::Failed,
        (Rollout::Waiting, _) => Readiness::Waiting,
        (_, Started::Yes) => Readiness::Ready,
        (Rollout::Ready, Started::No) => Readiness::Failed,
        (Rollout::Ready, Started::CannotTell) => Readiness::CannotTell,
        (Rollout::CannotTell, Started::No) => Readiness::Waiting,
        (Rollout::CannotTell, Started::CannotTell) => Readiness::CannotTell,
    };
    if checks.is_empty() {
        checks.push(Check::new(
            CheckVerdict::Unknown,
            "Readiness",
            "nothing here can tell: no kubectl, no address",
        ));
    }
    ReadyReport { service, checks, state }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rollout {
    Ready,
    Waiting,
    Broken,
    CannotTell,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Started {
    Yes,
    No,
    CannotTell,
}

impl Started {
    /// Positive evidence from either side counts; a plain no counts only where nothing says yes.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, _) | (_, Self::No) => Self::No,
            _ => Self::CannotTell,
        }
    }
}

fn rolled_out(ports: &Ports, cluster: &Cluster, service: ServiceName, checks: &mut Vec<Check>) -> Rollout {
    let name = format!("deployment/{}", service.kubernetes_name());
    let label = "Rollout";
    if cluster.context.is_none() {
        // kubectl's current context may be any cluster.
        let detail = "hal config names no context for the deployment's account, so no cluster is asked";
        checks.push(Check::new(CheckVerdict::Unknown, label, detail));
        return Rollout::CannotTell;
    }
    let output = match ports.commands.kubectl(cluster, &["get", &name, "-o", "json"]) {
        Ok(output) if output.status == Some(0) => output,
        Ok(output) => {
            let said = ecw_halyard::clean(output.stderr.lines().next().unwrap_or_default(), 200);
            checks.push(Check::new(CheckVerdict::Unknown, label, format!("kubectl cannot tell: {said}")));
            return Rollout::CannotTell;
        }
        Err(trouble) => {
            checks.push(Check::new(CheckVerdict::Unknown, label, trouble.what));
            return Rollout::CannotTell;
        }
    };
    let Ok(json) = serde_json::from_str::<Value>(&output.stdout) else {
        checks.push(Check::new(CheckVerdict::Unknown, label, "kubectl's answer cannot be read"));
        return Rollout::CannotTell;
    };
    let number = |path: &str| json.pointer(path).and_then(Value::as_u64).unwrap_or(0);
    let wanted = number("/spec/replicas").max(1);
    let current = number("/status/observedGeneration") >= number("/metadata/generation");
    let (updated, available) = (number("/status/updatedReplicas"), number("/status/availableReplicas"));
    let all = number("/status/replicas");
    if current && updated >= wanted && available >= wanted && all <= wanted {
        checks.push(Check::new(
            CheckVerdict::Good,
            label,
            format!("{available} of {wanted} pods are new and available"),
        ));
        return Rollout::Ready;
    }
    let gave_up =
        json.pointer("/status/conditions").and_then(Value::as_array).into_iter().flatten().any(|condition| {
            condition.get("reason").and_then(Value::as_str) == Some("ProgressDeadlineExceeded")
        });
    match pod_trouble(ports, cluster, service) {
        Some(why) => {
            checks.push(Check::new(CheckVerdict::Bad, label, why));
            Rollout::Broken
        }
        None if gave_up => {
            checks.push(
                Check::new(
                    CheckVerdict::Warning,
                    label,
                    "Kubernetes' progress deadline has passed; the pods are slow or do not start",
                )
                .with_remedy(format!(
                    "kubectl -n {} describe deploy/{}",
                    cluster.namespace,
                    service.kubernetes_name()
                )),
            );
            Rollout::Broken
        }
        None => {
            checks.push(Check::new(
                CheckVerdict::Unknown,
                label,
                format!("{available} of {wanted} new pods are available; starting"),
            ));
            Rollout::Waiting
        }
    }
}

/// A crash loop or an image that cannot be pulled does not mend itself.
fn pod_trouble(ports: &Ports, cluster: &Cluster, service: ServiceName) -> Option<String> {
    let selector = format!("cluster={}", service.kubernetes_name());
    let output = ports.commands.kubectl(cluster, &["get", "pods", "-l", &selector, "-o", "json"]).ok()?;
    let json: Value = serde_json::from_str(&output.stdout).ok()?;
    for pod in json.get("items")?.as_array()? {
        for container in
            pod.pointer("/status/containerStatuses").and_then(Value::as_array).into_iter().flatten()
        {
            let reason =
                container.pointer("/state/waiting/reason").and_then(Value::as_str).unwrap_or_default();
            let restarts = container.get("restartCount").and_then(Value::as_u64).unwrap_or(0);
            match reason {
                "CrashLoopBackOff" if restarts >= 2 => {
                    return Some(format!(
                        "a pod crashes again and again ({restarts} restarts); its log says why"
                    ));
                }
                "ImagePullBackOff" | "ErrImagePull" => return Some("the image cannot be pulled".to_owned()),
                _ => {}
            }
        }
    }
    None
}

fn plugin_started(
    ports: &Ports,
    cluster: &Cluster,
    service: ServiceName,
    target: &ReadyTarget,
    checks: &mut Vec<Check>,
) -> Started {
    let name = format!("deploy/{}", service.kubernetes_name());
    let label = "Log";
    let output =
        match ports.commands.kubectl(cluster, &["logs", &name, "--tail=-1", "--limit-bytes=20000000"]) {
            Ok(output) if output.status == Some(0) => output,
            Ok(_) | Err(_) => {
                checks.push(Check::new(CheckVerdict::Unknown, label, "the service's log cannot be read"));
                return Started::CannotTell;
            }
        };
    let exact = format!("Start plugin '{PLUGIN_ID}@{}'", target.version);
    if output.stdout.contains(&exact) {
        checks.push(Check::new(CheckVerdict::Good, label, exact));
        return Started::Yes;
    }
    let other = format!("Start plugin '{PLUGIN_ID}@");
    if let Some(line) = output.stdout.lines().find(|line| line.contains(&other)) {
        checks.push(Check::new(
            CheckVerdict::Bad,
            label,
            format!("another version was started: {}", ecw_halyard::clean(line, 160)),
        ));
        return Started::No;
    }
    if output.stdout.contains(&format!("Unable to start plugin '{PLUGIN_ID}"))
        || output.stdout.contains("SHA512 checksum of downloaded file")
    {
        checks.push(Check::new(
            CheckVerdict::Bad,
            label,
            "the plugin could not be started; the log says why",
        ));
        return Started::No;
    }
    checks.push(Check::new(CheckVerdict::Unknown, label, "no line about the plugin yet"));
    Started::CannotTell
}

fn of_gate(ports: &Ports, base: &str, baseline: Option<NotifyVerdict>, checks: &mut Vec<Check>) -> Started {
    let installed = gate::installed(ports, base);
    let listed = installed.verdict == CheckVerdict::Good;
    checks.push(installed);
    let now = gate::notify(ports, base);
    let before =
        baseline.map(|before| format!(" (before the deploy: {})", before.words())).unwrap_or_default();
    let (verdict, started) = match now {
        NotifyVerdict::There => (CheckVerdict::Good, Started::Yes),
        NotifyVerdict::NotThere => (CheckVerdict::Warning, Started::No),
        // A login filter answers before a missing route: only a change against the baseline tells.
        NotifyVerdict::LoginOrMissing => (CheckVerdict::Unknown, Started::CannotTell),
        NotifyVerdict::NotGate | NotifyVerdict::CannotTell => (CheckVerdict::Unknown, Started::CannotTell),
    };
    checks.push(Check::new(verdict, "/aws/notify", format!("{}{before}", now.words())));
    if listed { Started::Yes } else { started }
}
