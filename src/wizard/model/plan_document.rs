//! The plan as a document: for a change board, for a pipeline, and for `apply --plan`, which runs
//! only if the world still equals it. Pure; what is not known says so.

use serde::{Deserialize, Serialize};

use crate::model::check::Check;

/// Version of [`PlanDocument`].
pub const PLAN_VERSION: u32 = 2;

/// What would be done, from what, and how it is verified and taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PlanDocument {
    /// Format version.
    pub version: u32,
    /// Change ticket.
    pub change: Option<String>,
    /// How `plan` exits on it: 0 nothing to do, 13 changes pending, others why it cannot be done.
    pub exit: u8,
    /// That in words.
    pub message: Option<String>,
    /// What the plan was made from, by name; `unknown` where it needs a login or the daemon.
    pub world: Vec<(String, String)>,
    /// Answers that were given (not those found by looking), by their path in the answers file.
    pub answers: Vec<(String, String)>,
    /// Steps, in order.
    pub steps: Vec<PlannedStep>,
    /// The profiles.
    pub files: Vec<PlannedFile>,
    /// What kubectl would send otherwise than now, where it deploys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rendered: Vec<String>,
    /// What changes in the topic's access policy; `None` = unknown.
    pub policy_diff: Option<Vec<String>>,
    /// Hosts that are talked to.
    pub hosts: Vec<String>,
    /// Services that restart.
    pub restarts: Vec<String>,
    /// What would be done at each target, where there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<PlannedTarget>,
    /// What was seen.
    pub checks: Vec<Check>,
}

/// A target in a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PlannedTarget {
    /// Account and region.
    pub target: String,
    /// Each step in a line.
    pub steps: Vec<String>,
    /// AWS calls that change something.
    pub calls: Vec<String>,
    /// What that was made from, by name.
    pub world: Vec<(String, String)>,
    /// What changes in the topic's access policy; `None` = unknown.
    pub policy_diff: Option<Vec<String>>,
    /// Why nothing can be done there; it fails alone.
    pub trouble: Option<String>,
}

/// A step of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PlannedStep {
    /// Identity, the same in every run.
    pub step: String,
    /// What it does.
    pub describe: String,
    /// Why, and how it is undone.
    pub explain: String,
    /// The exact command, for deploys.
    pub command: Option<Vec<String>>,
    /// AWS calls that change something.
    pub calls: Vec<String>,
    /// How long it takes as a rule.
    pub usual_time: String,
    /// How it is verified.
    pub verified_by: String,
    /// How it is taken back.
    pub taken_back_by: String,
}

/// A profile in a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PlannedFile {
    /// Whole path.
    pub path: String,
    /// SHA-256 now; `None` = no file.
    pub before: Option<String>,
    /// SHA-256 afterwards; `None` = nothing changes, or it cannot be edited.
    pub after: Option<String>,
    /// The change with context, secrets masked.
    pub diff: Vec<String>,
}

/// Returns each difference between the plan that was agreed to and the plan as it would be now.
#[must_use]
pub fn differences(agreed: &PlanDocument, now: &PlanDocument) -> Vec<String> {
    let mut found = pairs("", &agreed.world, &now.world);
    found.extend(pairs("answer ", &agreed.answers, &now.answers));
    for file in &now.files {
        let before = agreed.files.iter().find(|each| each.path == file.path);
        match before {
            None => found.push(format!("{} was not part of the plan", file.path)),
            Some(agreed) if agreed.before != file.before => {
                found.push(format!("{} was edited since the plan was made", file.path));
            }
            Some(agreed) if agreed.after != file.after => {
                found.push(format!("{} would become something else now", file.path));
            }
            Some(_) => {}
        }
    }
    for step in &agreed.steps {
        match now.steps.iter().find(|each| each.step == step.step) {
            None => found.push(format!("step {} is not needed any more", step.step)),
            Some(other) if other.command != step.command || other.calls != step.calls => {
                found.push(format!("step {} would do something else now", step.step));
            }
            Some(_) => {}
        }
    }
    let added = now.steps.iter().filter(|step| agreed.steps.iter().all(|each| each.step != step.step));
    found.extend(added.map(|step| format!("step {} is needed now", step.step)));
    for target in &now.targets {
        match agreed.targets.iter().find(|each| each.target == target.target) {
            None => found.push(format!("target {} was not part of the plan", target.target)),
            Some(agreed) if agreed != target => {
                found.push(format!("target {}: something else would be done now", target.target));
            }
            Some(_) => {}
        }
    }
    let gone = agreed.targets.iter().filter(|each| now.targets.iter().all(|now| now.target != each.target));
    found.extend(gone.map(|each| format!("target {} is none any more", each.target)));
    if agreed.policy_diff != now.policy_diff {
        found.push("the topic's access policy would change in another way now".to_owned());
    }
    found
}

fn pairs(prefix: &str, agreed: &[(String, String)], now: &[(String, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, then) in agreed {
        match now.iter().find(|(each, _)| each == name) {
            Some((_, value)) if value == then => {}
            Some((_, value)) => found.push(format!("{prefix}{name}: {then} then, {value} now")),
            None => found.push(format!("{prefix}{name}: {then} then, not there now")),
        }
    }
    let added = now.iter().filter(|(name, _)| agreed.iter().all(|(each, _)| each != name));
    found.extend(added.map(|(name, value)| format!("{prefix}{name}: {value} now, not there then")));
    found
}
