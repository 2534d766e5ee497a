//! The plan as a document: for a change board, for a pipeline, and for `apply --plan`, which runs
//! only if the world still equals it. Pure; what is not known says so.

use serde::{Deserialize, Serialize};

use crate::answers::{Key, Provenance};
use crate::effect::Effect;
use crate::exit::Exit;
use crate::plan;
use crate::question::{Check, ProfileReport, Verdict};
use crate::session::Session;
use crate::step::Intent;

/// Version of [`PlanDocument`].
pub const PLAN_VERSION: u32 = 1;

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
    /// What changes in the topic's access policy; `None` = unknown.
    pub policy_diff: Option<Vec<String>>,
    /// Hosts that are talked to.
    pub hosts: Vec<String>,
    /// Services that restart.
    pub restarts: Vec<String>,
    /// What was seen.
    pub checks: Vec<Check>,
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

const UNKNOWN: &str = "unknown";

/// Returns the plan as it is published: without what looks like a secret. Plans are compared so.
#[must_use]
pub fn published(session: &Session) -> PlanDocument {
    let plan = document(session);
    let shown = crate::redaction::redacted(&plan).and_then(serde_json::from_value);
    shown.unwrap_or(plan)
}

fn document(session: &Session) -> PlanDocument {
    let steps = plan::steps(session);
    let mut restarts: Vec<String> = steps
        .iter()
        .filter_map(|step| if let Intent::Apply { services, .. } = step { Some(services) } else { None })
        .flatten()
        .map(ToString::to_string)
        .collect();
    restarts.dedup();
    PlanDocument {
        version: PLAN_VERSION,
        change: session.setup.change.clone(),
        exit: session.exit.unwrap_or(Exit::Done).code(),
        message: session.exit_words.clone(),
        world: world(session),
        answers: answers(session),
        steps: steps.iter().map(planned).collect(),
        files: files(session),
        policy_diff: policy_diff(session),
        hosts: hosts(session),
        restarts,
        checks: checks(session),
    }
}

fn world(session: &Session) -> Vec<(String, String)> {
    let deployment = session.deployment();
    let text =
        |text: Option<String>| text.filter(|text| !text.is_empty()).unwrap_or_else(|| UNKNOWN.to_owned());
    let sns = session.answers.text(Key::SnsWhen) != "later";
    let mut world = vec![
        ("hal directory", text(session.hal_dir())),
        ("deployment", text(deployment.map(|each| each.name.to_string()))),
        ("Spinnaker version", text(deployment.map(|each| each.spinnaker.text.clone()))),
        ("plugin version", text(Some(session.answers.text(Key::PluginVersion).to_owned()))),
        ("hal version", text(session.facts.daemon().and_then(|daemon| daemon.hal_version.clone()))),
    ];
    if sns {
        world.push(("AWS account", text(session.account().map(|account| account.to_string()))));
        world.push(("AWS region", text(session.aws_place().map(|place| place.region.to_string()))));
        world.push(("topic", text(session.topic_arn().map(|arn| arn.to_string()))));
        world.push(("topic exists", topic_exists(session)));
        world.push(("subscriptions", subscriptions(session)));
        world.push(("AWS Config delivers to", delivers_to(session)));
    }
    world.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn topic_exists(session: &Session) -> String {
    match session.facts.topic() {
        Some(Ok(topic)) => if topic.exists { "yes" } else { "no" }.to_owned(),
        Some(Err(_)) | None => UNKNOWN.to_owned(),
    }
}

fn subscriptions(session: &Session) -> String {
    match session.facts.topic() {
        Some(Ok(topic)) => {
            let mut list: Vec<String> = topic
                .subscriptions
                .iter()
                .map(|each| format!("{} {}", each.protocol, each.endpoint))
                .collect();
            list.sort();
            if list.is_empty() { "none".to_owned() } else { list.join(", ") }
        }
        Some(Err(_)) | None => UNKNOWN.to_owned(),
    }
}

fn delivers_to(session: &Session) -> String {
    match session.facts.topics() {
        Some(Ok(topics)) if topics.config.is_ok() => {
            plan::delivery_topic(session).map_or("no topic".to_owned(), |topic| topic.to_string())
        }
        _ => UNKNOWN.to_owned(),
    }
}

fn answers(session: &Session) -> Vec<(String, String)> {
    session
        .answers
        .iter()
        .filter(|(key, _)| !key.passing())
        .filter(|(_, answer)| !matches!(answer.from, Provenance::Detected(_) | Provenance::Default))
        .map(|(key, answer)| (key.path().to_owned(), answer.value.clone()))
        .collect()
}

fn files(session: &Session) -> Vec<PlannedFile> {
    let files = session.facts.profiles().map(|profiles| profiles.files.as_slice()).unwrap_or_default();
    let planned = |file: &ProfileReport| PlannedFile {
        path: file.path.clone(),
        before: file.before.clone(),
        after: file.after.clone(),
        diff: file.diff.clone(),
    };
    files.iter().map(planned).collect()
}

fn policy_diff(session: &Session) -> Option<Vec<String>> {
    match session.facts.topic() {
        Some(Ok(topic)) => Some(topic.policy_diff.clone()),
        Some(Err(_)) | None if session.answers.text(Key::SnsWhen) == "later" => Some(Vec::new()),
        Some(Err(_)) | None => None,
    }
}

fn hosts(session: &Session) -> Vec<String> {
    let mut urls = vec![
        session.answers.text(Key::DaemonEndpoint).to_owned(),
        session.answers.text(Key::RepositoryUrl).to_owned(),
        session.answers.text(Key::ProbeUrl).to_owned(),
    ];
    if session.answers.text(Key::SnsWhen) != "later" {
        urls.push(session.answers.text(Key::Endpoint).to_owned());
    }
    let mut hosts: Vec<String> = urls
        .iter()
        .filter_map(|url| url::Url::parse(url).ok())
        .filter_map(|url| {
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            Some(format!("{}{port}", url.host_str()?))
        })
        .collect();
    if session.answers.text(Key::SnsWhen) != "later" {
        let region = session.aws_place().map_or(UNKNOWN.to_owned(), |place| place.region.to_string());
        let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        hosts.extend(["sts", "sns", "config"].map(|service| format!("{service}.{region}.{suffix}")));
    }
    if let Some(cluster) = session.ready_target().cluster {
        hosts.push(match cluster.context {
            Some(context) => format!("the cluster of kubectl context {context}"),
            None => "no cluster: hal config names no context".to_owned(),
        });
    }
    hosts.dedup();
    hosts
}

/// Returns what was looked at; what could not be is there as unknown.
fn checks(session: &Session) -> Vec<Check> {
    let facts = &session.facts;
    let missing = |label: &str| vec![Check::new(Verdict::Unknown, label, "was not asked")];
    let mut checks = facts.site().map_or_else(|| missing("hal directory"), |site| site.checks.clone());
    checks.extend(facts.daemon().map_or_else(|| missing("Halyard daemon"), |each| each.checks.clone()));
    checks
        .extend(facts.repository().map_or_else(|| missing("Plugin repository"), |each| each.checks.clone()));
    if session.answers.text(Key::SnsWhen) != "later" {
        match facts.identity() {
            Some(Ok(identity)) => checks.push(Check::new(Verdict::Good, "AWS", &identity.arn)),
            Some(Err(trouble)) => {
                let trouble = trouble.trouble();
                checks.push(Check::new(Verdict::Unknown, "AWS", trouble.what).with_remedy(trouble.fix));
            }
            None => checks.extend(missing("AWS")),
        }
        checks.extend(facts.endpoint().map_or_else(|| missing("Endpoint"), |each| each.checks.clone()));
    }
    checks
}

fn planned(step: &Intent) -> PlannedStep {
    PlannedStep {
        step: step.step().to_string(),
        describe: step.describe(),
        explain: step.explain().to_owned(),
        command: if let Intent::Apply { command, .. } = step { Some(command.clone()) } else { None },
        calls: calls(step),
        usual_time: step.usual_time().to_owned(),
        verified_by: verified_by(step).to_owned(),
        taken_back_by: taken_back_by(step).to_owned(),
    }
}

fn calls(step: &Intent) -> Vec<String> {
    match step {
        Intent::WriteProfile { .. } | Intent::UnwriteProfile { .. } | Intent::Apply { .. } => Vec::new(),
        Intent::CreateTopic { arn, change, .. } => {
            let tag = change.as_ref().map(|change| format!("sns:TagResource {arn} change={change}"));
            [format!("sns:CreateTopic Name={}", arn.name)].into_iter().chain(tag).collect()
        }
        Intent::DeleteTopic { arn, .. } => vec![format!("sns:DeleteTopic {arn}")],
        Intent::AllowPublish { arn, .. } | Intent::DisallowPublish { arn, .. } => {
            vec![format!("sns:SetTopicAttributes {arn} Policy")]
        }
        Intent::Subscribe { arn, endpoint, .. } => {
            vec![format!(
                "sns:Subscribe {arn} Protocol={} Endpoint={}",
                endpoint.protocol(),
                endpoint.as_str()
            )]
        }
        Intent::Unsubscribe { endpoint, .. } => {
            vec![format!("sns:Unsubscribe the subscription of {}", endpoint.as_str())]
        }
        Intent::Deliver { arn, .. } => vec![format!("config:PutDeliveryChannel snsTopicARN={arn}")],
        Intent::Undeliver { former, .. } => {
            let former = former.as_ref().map_or("none".to_owned(), ToString::to_string);
            vec![format!("config:PutDeliveryChannel snsTopicARN={former}")]
        }
    }
}

fn verified_by(step: &Intent) -> &'static str {
    match step {
        Intent::WriteProfile { .. } => "parsed again before it is written; its SHA-256 afterwards",
        Intent::UnwriteProfile { .. } => {
            "parsed again; byte-identical to the former file if nobody edited since"
        }
        Intent::Apply { .. } => {
            "hal's exit and last line, staging and history files, rollout, the plugin's start in the log, GET /aws/notify"
        }
        Intent::CreateTopic { .. } | Intent::DeleteTopic { .. } => "sns:GetTopicAttributes",
        Intent::AllowPublish { .. } | Intent::DisallowPublish { .. } => "the policy read back and compared",
        Intent::Subscribe { .. } => "sns:ListSubscriptionsByTopic until Gate has confirmed",
        Intent::Unsubscribe { .. } => "sns:ListSubscriptionsByTopic",
        Intent::Deliver { .. } | Intent::Undeliver { .. } => "config:DescribeDeliveryChannels",
    }
}

fn taken_back_by(step: &Intent) -> &'static str {
    match step {
        Intent::WriteProfile { .. } => "undo takes exactly our lines out",
        Intent::Apply { .. } => "undo takes the block out and deploys the services again",
        Intent::CreateTopic { .. } => "undo deletes it on your word, while nobody else subscribes",
        Intent::AllowPublish { .. } => "undo takes that statement out",
        Intent::Subscribe { .. } => "undo unsubscribes; a pending one expires by itself in 48 h",
        Intent::Deliver { .. } => "undo gives the former topic back while ours still stands there",
        Intent::UnwriteProfile { .. }
        | Intent::DeleteTopic { .. }
        | Intent::DisallowPublish { .. }
        | Intent::Unsubscribe { .. }
        | Intent::Undeliver { .. } => "run apply again",
    }
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

impl Session {
    /// Returns whether the world still equals the plan that was agreed to; otherwise ends with each
    /// difference by name. Where nothing is left to do, nothing differs that matters.
    pub(crate) fn equals_plan(&mut self, effects: &mut Vec<Effect>) -> bool {
        let Some(agreed) = &self.setup.expected else { return true };
        let now = published(self);
        let found = differences(agreed, &now);
        if found.is_empty() || now.steps.is_empty() {
            return true;
        }
        self.exit_words = Some(format!(
            "The world no longer equals the plan; nothing was changed.\n- {}\nMake a new plan: event-cache-wizard plan --out DIR",
            found.join("\n- ")
        ));
        self.quit(Exit::PlanDiffers, effects);
        false
    }
}
