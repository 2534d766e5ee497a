//! Is a service up, and did it start the plugin? Evidence in order of strength.

use ecw_halyard::{KubectlRefusal, RolloutState, ServiceName, read_rollout};
use ecw_profile::PLUGIN_ID;
use ecw_wizard::model::check::{Check, CheckVerdict};
use ecw_wizard::model::gate_answer::NotifyVerdict;
use ecw_wizard::model::place::{Cluster, ReadyTarget};
use ecw_wizard::model::readiness::{Readiness, ReadyReport};
use ecw_wizard::values::road::Road;

use super::gate;
use ecw_ports::Ports;

pub(super) fn look(ports: &Ports, target: &ReadyTarget, service: ServiceName) -> ReadyReport {
    let mut checks = Vec::new();
    let mut rollout = RolloutState::CannotTell;
    let mut started = Started::CannotTell;
    if let Some(cluster) = &target.cluster {
        rollout = rolled_out(ports, cluster, target, service, &mut checks);
        if rollout != RolloutState::CannotTell {
            started = plugin_started(ports, cluster, service, target, &mut checks);
        }
    }
    if service.is_gate()
        && let Some(base) = &target.gate
    {
        started = started.or(of_gate(ports, base, target, &mut checks));
    }
    let state = match (rollout, started) {
        (RolloutState::Broken, _) => Readiness::Failed,
        (RolloutState::Waiting | RolloutState::Slow, _) => Readiness::Waiting,
        (RolloutState::Ready | RolloutState::CannotTell, Started::Yes) => Readiness::Ready,
        (RolloutState::Ready, Started::No) => Readiness::Failed,
        // Git and the Operator begin later than the apply: the old pods are ready until then.
        (RolloutState::Ready, Started::NotYet) if !target.road.is_halyard() => Readiness::Waiting,
        (RolloutState::Ready, Started::CannotTell | Started::NotYet) => Readiness::CannotTell,
        (RolloutState::CannotTell, Started::No) => Readiness::Waiting,
        (RolloutState::CannotTell, Started::CannotTell | Started::NotYet) => Readiness::CannotTell,
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
enum Started {
    Yes,
    No,
    /// The service says nothing of the plugin so far.
    NotYet,
    CannotTell,
}

impl Started {
    /// Positive evidence from either side counts; a plain no counts only where nothing says yes.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::NotYet, _) | (_, Self::NotYet) => Self::NotYet,
            _ => Self::CannotTell,
        }
    }
}

fn rolled_out(
    ports: &Ports,
    cluster: &Cluster,
    target: &ReadyTarget,
    service: ServiceName,
    checks: &mut Vec<Check>,
) -> RolloutState {
    let name = target.name_of(service);
    let label = "Rollout";
    if cluster.context.is_none() {
        // kubectl's current context may be any cluster.
        let detail = match target.road {
            Road::Halyard => {
                "hal config names no context for the deployment's account, so no cluster is asked"
            }
            Road::Kustomize | Road::Operator => "no context is named (--context), so no cluster is asked",
        };
        checks.push(Check::new(CheckVerdict::Unknown, label, detail));
        return RolloutState::CannotTell;
    }
    let deployment = match kubectl(ports, cluster, &["get", &format!("deployment/{name}"), "-o", "json"]) {
        Ok(json) => json,
        Err(refusal) => {
            checks.push(refused(cluster, &name, target.road, &refusal));
            return RolloutState::CannotTell;
        }
    };
    let mut rollout = read_rollout(&deployment, None, None);
    if !matches!(rollout.state, RolloutState::Ready | RolloutState::CannotTell) {
        let selector = selector_of(&deployment).unwrap_or_else(|| format!("cluster={name}"));
        let objects =
            kubectl(ports, cluster, &["get", "replicasets,pods", "-l", &selector, "-o", "json"]).ok();
        let autoscalers = kubectl(ports, cluster, &["get", "hpa", "-o", "json"]).ok();
        rollout = read_rollout(&deployment, objects.as_deref(), autoscalers.as_deref());
    }
    let verdict = match rollout.state {
        RolloutState::Ready => CheckVerdict::Good,
        RolloutState::Waiting | RolloutState::CannotTell => CheckVerdict::Unknown,
        RolloutState::Slow => CheckVerdict::Warning,
        RolloutState::Broken => CheckVerdict::Bad,
    };
    let mut check = Check::new(verdict, label, rollout.words);
    if matches!(rollout.state, RolloutState::Slow | RolloutState::Broken) {
        check = check.with_remedy(format!("kubectl -n {} describe deploy/{name}", cluster.namespace));
    }
    checks.push(check);
    rollout.state
}

fn kubectl(ports: &Ports, cluster: &Cluster, arguments: &[&str]) -> Result<String, KubectlRefusal> {
    match ports.commands.kubectl(cluster, arguments) {
        Ok(output) if output.status == Some(0) => Ok(output.stdout),
        Ok(output) => Err(KubectlRefusal::read(&output.stderr)),
        Err(trouble) => Err(KubectlRefusal::Other(trouble.what)),
    }
}

/// Returns what selects a deployment's pods, as kubectl's `-l` takes it.
fn selector_of(deployment: &str) -> Option<String> {
    let deployment: serde_json::Value = serde_json::from_str(deployment).ok()?;
    let labels = deployment.pointer("/spec/selector/matchLabels")?.as_object()?;
    let pairs = labels.iter().filter_map(|(key, value)| Some(format!("{key}={}", value.as_str()?)));
    Some(pairs.collect::<Vec<_>>().join(",")).filter(|selector| !selector.is_empty())
}

/// Returns why the cluster says nothing of a deployment, and what to do.
fn refused(cluster: &Cluster, name: &str, road: Road, refusal: &KubectlRefusal) -> Check {
    let namespace = &cluster.namespace;
    let context = cluster.context.as_deref().unwrap_or_default();
    let says = |detail: String| Check::new(CheckVerdict::Unknown, "Rollout", detail);
    match refusal {
        KubectlRefusal::NotFound => says(format!("namespace {namespace} has no deployment {name}"))
            .with_remedy("Is this the cluster and namespace that Spinnaker is deployed to?"),
        KubectlRefusal::NoNamespace => says(format!(
            "the cluster of context {context} has no namespace {namespace}"
        ))
        .with_remedy(if road.is_halyard() {
            "Compare deploymentEnvironment.location and the account's context."
        } else {
            "Compare --namespace and --context."
        }),
        KubectlRefusal::Denied(said) => says(format!("this user may not look: {said}")).with_remedy(format!(
            "Ask for get on deployments, and get and list on replicasets and pods, in namespace {namespace}."
        )),
        KubectlRefusal::NotLoggedIn => {
            says(format!("the cluster of context {context} does not know who asks"))
                .with_remedy("Log in to the cluster as this kubeconfig wants it, then refresh.")
        }
        KubectlRefusal::NoContext => {
            says(format!("the kubeconfig has no context {context}")).with_remedy(if road.is_halyard() {
                "hal config names it for the deployment's account: run where its kubeconfig is."
            } else {
                "Name a context of this kubeconfig: --context, --kubeconfig."
            })
        }
        KubectlRefusal::Unreachable(said) => says(format!("the cluster is not to be reached: {said}")),
        KubectlRefusal::Other(said) => says(format!("kubectl cannot tell: {said}")),
    }
}

fn plugin_started(
    ports: &Ports,
    cluster: &Cluster,
    service: ServiceName,
    target: &ReadyTarget,
    checks: &mut Vec<Check>,
) -> Started {
    let name = format!("deploy/{}", target.name_of(service));
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
    Started::NotYet
}

fn of_gate(ports: &Ports, base: &str, target: &ReadyTarget, checks: &mut Vec<Check>) -> Started {
    let installed = gate::installed(ports, base);
    let listed = installed.verdict == CheckVerdict::Good;
    checks.push(installed);
    let now = gate::notify(ports, base);
    let before = match target.baseline {
        Some(before) if before == now => " (as before the deploy)".to_owned(),
        Some(before) => format!(" (before the deploy: {})", before.words()),
        None => String::new(),
    };
    let (verdict, started) = match now {
        NotifyVerdict::There => (CheckVerdict::Good, Started::Yes),
        // The old pods answer until Git or the Operator has begun.
        NotifyVerdict::NotThere if !target.road.is_halyard() => (CheckVerdict::Unknown, Started::NotYet),
        NotifyVerdict::NotThere => (CheckVerdict::Warning, Started::No),
        // A login filter answers before a missing route: only a change against the baseline tells.
        NotifyVerdict::LoginOrMissing => (CheckVerdict::Unknown, Started::CannotTell),
        NotifyVerdict::NotGate | NotifyVerdict::CannotTell => (CheckVerdict::Unknown, Started::CannotTell),
    };
    checks.push(Check::new(verdict, "Gate answers", format!("{}{before}", now.words())));
    if listed { Started::Yes } else { started }
}
