//! The last question before the world changes: it names what is changed.

use crate::rules::worked_on::worked_on;
use crate::state::Session;
use crate::steps::{Intent, StepKind};

/// Returns such as `Write 2 profiles, deploy gate and clouddriver to default @ spinnaker-k8s/spinnaker and make 3
/// changes in 123456789012/us-west-2?`
#[must_use]
pub fn question(session: &Session, steps: &[Intent]) -> String {
    let (place, aws) = worked_on(session);
    let files = steps.iter().filter(|step| step.step().kind == StepKind::WriteProfile).count();
    let services: Vec<_> = steps
        .iter()
        .filter_map(Intent::apply_deployment)
        .flat_map(|apply| apply.services.iter().copied())
        .collect();
    let in_aws = steps.iter().filter(|step| step.step().kind.in_aws()).count();
    let mut parts = Vec::new();
    match files {
        0 => {}
        1 => parts.push(format!("Write 1 profile of {place}")),
        files => parts.push(format!("Write {files} profiles of {place}")),
    }
    if !services.is_empty() {
        let verb = if parts.is_empty() { "Deploy" } else { "deploy" };
        // The place is named once.
        let to = if files == 0 { format!(" to {place}") } else { String::new() };
        let services: Vec<&str> = services.iter().map(|service| service.as_str()).collect();
        parts.push(format!("{verb} {}{to}", services.join(" and ")));
    }
    if in_aws > 0 {
        let verb = if parts.is_empty() { "Make" } else { "make" };
        let changes = if in_aws == 1 { "1 change".to_owned() } else { format!("{in_aws} changes") };
        parts.push(if session.answers.sns_by_targets() {
            format!("{} SNS at {aws}", if parts.is_empty() { "Set up" } else { "set up" })
        } else if aws.is_empty() {
            format!("{verb} {changes} in AWS")
        } else {
            format!("{verb} {changes} in AWS at {aws}")
        });
    }
    let last = parts.pop().unwrap_or_else(|| "Begin".to_owned());
    if parts.is_empty() { format!("{last}?") } else { format!("{} and {last}?", parts.join(", ")) }
}
