//! What Kubernetes says of a service that comes up: the deployment, its replica sets and its pods, as
//! `kubectl get ... -o json` prints them. Fields and reasons: the Kubernetes API reference, apps/v1 and
//! core/v1; real answers: `tests/fixtures/kubectl`.

use serde_json::Value;

use crate::text::clean;

/// How far a rollout is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RolloutState {
    /// Every wanted pod is new and available.
    Ready,
    /// Pods are starting.
    Waiting,
    /// Pods run but are not ready, longer than Kubernetes was told to expect.
    Slow,
    /// It does not mend itself.
    Broken,
    /// No pod is wanted, or the answer cannot be read.
    CannotTell,
}

/// A rollout's state and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rollout {
    /// How far it is.
    pub state: RolloutState,
    /// What shows it, in words for an operator.
    pub words: String,
}

fn rollout(state: RolloutState, words: impl Into<String>) -> Rollout {
    Rollout { state, words: words.into() }
}

/// Returns how far a rollout is. `deployment` is `kubectl get deployment NAME -o json`; `objects` is
/// `kubectl get replicasets,pods -l cluster=NAME -o json` and `autoscalers` `kubectl get hpa -o json`, as
/// far as they could be had.
#[must_use]
pub fn read_rollout(deployment: &str, objects: Option<&str>, autoscalers: Option<&str>) -> Rollout {
    let deployment = serde_json::from_str::<Value>(deployment).ok();
    let Some(deployment) = deployment.filter(|found| found.pointer("/spec").is_some()) else {
        return rollout(RolloutState::CannotTell, "kubectl's answer cannot be read");
    };
    let number = |path: &str| deployment.pointer(path).and_then(Value::as_u64);
    let count = |path: &str| number(path).unwrap_or(0);
    // The API server fills in 1 where a manifest names no number.
    let wanted = number("/spec/replicas").unwrap_or(1);
    if wanted == 0 {
        return rollout(RolloutState::CannotTell, "the deployment is scaled to 0 pods: none comes up");
    }
    let seen = count("/status/observedGeneration") >= count("/metadata/generation");
    let (updated, available) = (count("/status/updatedReplicas"), count("/status/availableReplicas"));
    let all = count("/status/replicas");
    if seen && updated >= wanted && available >= wanted && all <= wanted {
        return rollout(RolloutState::Ready, format!("{available} of {wanted} pods are new and available"));
    }
    let objects = objects.and_then(|text| serde_json::from_str::<Value>(text).ok());
    let mut pods = Pods::default();
    let newest = objects.as_ref().and_then(|objects| newest_replica_set(&deployment, objects));
    for pod in objects.iter().flat_map(|objects| items(objects, "Pod")) {
        pods.look(pod, newest);
    }
    let who_decides = autoscalers
        .and_then(|text| autoscaler(text, &deployment))
        .map(|name| format!("; autoscaler {name} decides how many"))
        .unwrap_or_default();
    let deadline = has_reason(&deployment, "ProgressDeadlineExceeded");
    let ready = pods.ready;
    match pods.trouble {
        Some(why) => rollout(RolloutState::Broken, why),
        None if pods.none_new() && newest.and_then(refused_pods).is_some() => {
            let why = newest.and_then(refused_pods).unwrap_or_default();
            rollout(RolloutState::Broken, format!("its pods are not made: {why}"))
        }
        None if deadline && pods.starting == 0 => rollout(
            RolloutState::Broken,
            "Kubernetes' progress deadline has passed and no new pod is starting",
        ),
        None if deadline => rollout(
            RolloutState::Slow,
            format!(
                "{} new pods run and are not ready, past Kubernetes' progress deadline: a slow start{who_decides}",
                pods.starting
            ),
        ),
        None if pods.waits.is_some() => {
            rollout(RolloutState::Waiting, pods.waits.unwrap_or_default() + &who_decides)
        }
        None if updated >= wanted && ready >= wanted && all > wanted => rollout(
            RolloutState::Waiting,
            format!("{ready} new pods are ready; {} old ones are still there{who_decides}", all - wanted),
        ),
        None => rollout(
            RolloutState::Waiting,
            format!("{ready} of {wanted} new pods are ready; starting{who_decides}"),
        ),
    }
}

fn items<'v>(list: &'v Value, kind: &'static str) -> impl Iterator<Item = &'v Value> {
    let all = list.get("items").and_then(Value::as_array).into_iter().flatten();
    all.filter(move |item| item.get("kind").and_then(Value::as_str) == Some(kind))
}

/// The annotation by which a deployment and its newest replica set name one another.
const REVISION: &str = "/metadata/annotations/deployment.kubernetes.io~1revision";

fn newest_replica_set<'v>(deployment: &Value, objects: &'v Value) -> Option<&'v Value> {
    let revision = deployment.pointer(REVISION)?.as_str()?;
    items(objects, "ReplicaSet").find(|set| set.pointer(REVISION).and_then(Value::as_str) == Some(revision))
}

/// Returns why a replica set's pods are refused: a quota, an admission webhook, a missing account.
fn refused_pods(set: &Value) -> Option<String> {
    let conditions = set.pointer("/status/conditions").and_then(Value::as_array)?;
    let failure = conditions.iter().find(|each| {
        each.get("type").and_then(Value::as_str) == Some("ReplicaFailure")
            && each.get("status").and_then(Value::as_str) == Some("True")
    })?;
    Some(clean(failure.get("message").and_then(Value::as_str).unwrap_or("no reason is given"), 200))
}

fn has_reason(object: &Value, reason: &str) -> bool {
    let conditions = object.pointer("/status/conditions").and_then(Value::as_array);
    conditions.into_iter().flatten().any(|each| each.get("reason").and_then(Value::as_str) == Some(reason))
}

fn autoscaler(text: &str, deployment: &Value) -> Option<String> {
    let list: Value = serde_json::from_str(text).ok()?;
    let name = deployment.pointer("/metadata/name")?.as_str()?;
    let mut all = list.get("items")?.as_array()?.iter();
    let ours = all.find(|each| {
        each.pointer("/spec/scaleTargetRef/kind").and_then(Value::as_str) == Some("Deployment")
            && each.pointer("/spec/scaleTargetRef/name").and_then(Value::as_str) == Some(name)
    })?;
    let number = |path: &str| ours.pointer(path).and_then(Value::as_u64);
    let least = number("/spec/minReplicas").unwrap_or(1);
    let most = number("/spec/maxReplicas").unwrap_or(least);
    let named = clean(ours.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default(), 100);
    Some(format!("{named} ({least} to {most} pods)"))
}

/// What the newest replica set's pods show.
#[derive(Default)]
struct Pods {
    ready: u64,
    /// Pods that run and are not ready.
    starting: u64,
    /// What does not mend itself.
    trouble: Option<String>,
    /// What a pod waits for.
    waits: Option<String>,
    seen: u64,
}

impl Pods {
    fn none_new(&self) -> bool {
        self.seen == 0
    }

    fn look(&mut self, pod: &Value, newest: Option<&Value>) {
        let owner = pod.pointer("/metadata/ownerReferences/0/uid");
        if newest.is_some_and(|set| set.pointer("/metadata/uid") != owner)
            || pod.pointer("/metadata/deletionTimestamp").is_some()
        {
            // An older replica set's, or on its way out: what it suffers from is not ours.
            return;
        }
        self.seen += 1;
        let condition = |name: &str| {
            let all = pod.pointer("/status/conditions").and_then(Value::as_array)?;
            all.iter().find(|each| each.get("type").and_then(Value::as_str) == Some(name))
        };
        let is = |condition: Option<&Value>, status: &str| {
            condition.is_some_and(|each| each.get("status").and_then(Value::as_str) == Some(status))
        };
        if is(condition("Ready"), "True") {
            self.ready += 1;
            return;
        }
        let scheduled = condition("PodScheduled");
        if is(scheduled, "False") {
            let why = scheduled.and_then(|each| each.get("message")).and_then(Value::as_str);
            self.waits = Some(format!("a pod finds no node: {}", clean(why.unwrap_or("no reason"), 160)));
            return;
        }
        let containers = ["/status/initContainerStatuses", "/status/containerStatuses"];
        for container in containers.iter().filter_map(|path| pod.pointer(path)?.as_array()).flatten() {
            match Container::of(container) {
                Container::Broken(why) => self.trouble = Some(why),
                Container::Waits(why) => self.waits = Some(why),
                Container::Fine => {}
            }
        }
        self.starting += 1;
    }
}

enum Container {
    Broken(String),
    Waits(String),
    Fine,
}

impl Container {
    /// Reads one entry of `containerStatuses`. The kubelet's reasons: `pkg/kubelet/images/types.go`,
    /// `pkg/kubelet/kuberuntime/kuberuntime_container.go`.
    fn of(status: &Value) -> Self {
        let text = |path: &str| status.pointer(path).and_then(Value::as_str).unwrap_or_default();
        let restarts = status.get("restartCount").and_then(Value::as_u64).unwrap_or(0);
        let ready = status.get("ready").and_then(Value::as_bool).unwrap_or(false);
        let message = clean(text("/state/waiting/message"), 160);
        let how = match text("/lastState/terminated/reason") {
            "OOMKilled" => ", killed for want of memory",
            _ => "",
        };
        match text("/state/waiting/reason") {
            "CrashLoopBackOff" if restarts >= 2 => Self::Broken(format!(
                "a pod crashes again and again ({restarts} restarts{how}); its log says why"
            )),
            "ImagePullBackOff" | "InvalidImageName" | "ErrImageNeverPull" => {
                Self::Broken(format!("the image cannot be pulled: {}", clean(text("/image"), 120)))
            }
            "ErrImagePull" => Self::Waits(format!("an image is not there yet: {message}")),
            "CreateContainerConfigError" | "CreateContainerError" | "RunContainerError" => {
                Self::Broken(format!("a container cannot be made: {message}"))
            }
            _ if restarts >= 3 && !ready => Self::Broken(format!(
                "a pod was started {restarts} times again{how} and is not ready; its log says why"
            )),
            _ if restarts > 0 && !ready => {
                Self::Waits(format!("a pod was started again ({restarts} restarts{how})"))
            }
            _ => Self::Fine,
        }
    }
}
