//! The plan as a document, as the session would make it now; what is not known says so.

use crate::model::aws_report::TopicsReport;
use crate::model::check::{Check, CheckVerdict};
use crate::model::plan_document::{PLAN_VERSION, PlanDocument, PlannedFile, PlannedStep, PlannedTarget};
use crate::model::report::ProfileReport;
use crate::model::target_job::TargetPlan;
use crate::rules::deploy_needs::daemon_checks;
use crate::rules::{aws_config, plan};
use crate::state::Session;
use crate::steps::{ApplyDeployment, Intent};
use crate::values::answers::{Key, Provenance};
use crate::values::exit::Exit;
use crate::values::halyard_in::HalyardIn;

const UNKNOWN: &str = "unknown";

/// Returns the plan as it is published: without what looks like a secret. Plans are compared so.
#[must_use]
pub fn published(session: &Session) -> PlanDocument {
    let plan = document(session);
    let shown = crate::values::redaction::redacted(&plan).and_then(serde_json::from_value);
    shown.unwrap_or(plan)
}

fn document(session: &Session) -> PlanDocument {
    let steps = plan::steps(session);
    let mut restarts: Vec<String> = steps
        .iter()
        .filter_map(|step| {
            if let Intent::ApplyDeployment(ApplyDeployment { services, .. }) = step {
                Some(services)
            } else {
                None
            }
        })
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
        rendered: session.facts.rendered().map(|rendered| rendered.diff.clone()).unwrap_or_default(),
        policy_diff: policy_diff(session),
        hosts: hosts(session),
        restarts,
        targets: targets(session),
        checks: checks(session),
    }
}

/// What would be done at each target; what is not known says so.
fn targets(session: &Session) -> Vec<PlannedTarget> {
    if !session.answers.sns_by_targets() {
        return Vec::new();
    }
    let planned = |plan: &TargetPlan| PlannedTarget {
        target: plan.name.to_string(),
        steps: plan.steps.clone(),
        calls: plan.calls.clone(),
        world: plan.world.clone(),
        policy_diff: plan.policy_diff.clone(),
        trouble: plan.trouble().map(str::to_owned),
    };
    session.facts.targets_plan().unwrap_or_default().iter().map(planned).collect()
}

fn world(session: &Session) -> Vec<(String, String)> {
    let deployment = session.deployment();
    let text =
        |text: Option<String>| text.filter(|text| !text.is_empty()).unwrap_or_else(|| UNKNOWN.to_owned());
    let sns = session.answers.sns_now();
    let mut world = vec![
        (session.road().home(), text(session.hal_dir())),
        ("deployment", text(deployment.map(|each| each.name.to_string()))),
        ("Spinnaker version", text(deployment.map(|each| each.spinnaker.text.clone()))),
        ("plugin version", text(Some(session.answers.text(Key::PluginVersion).to_owned()))),
    ];
    if session.road().is_halyard() {
        let version = session.facts.daemon().and_then(|daemon| daemon.hal_version.clone());
        world.push(("hal version", text(version)));
    }
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
        Some(Err(_)) | None if !session.answers.sns_now() => Some(Vec::new()),
        Some(Err(_)) | None => None,
    }
}

fn hosts(session: &Session) -> Vec<String> {
    let daemon = session.road().is_halyard().then(|| session.daemon_endpoint());
    let mut urls = vec![
        daemon.unwrap_or_default(),
        session.answers.text(Key::RepositoryUrl).to_owned(),
        session.probe_url(),
    ];
    if session.answers.sns_now() {
        urls.push(session.answers.text(Key::Endpoint).to_owned());
    }
    let mut hosts: Vec<String> = urls
        .iter()
        .filter_map(|url| {
            let (place, url) = HalyardIn::split(url);
            let url = url::Url::parse(url).ok()?;
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            let from = if place.is_local() { String::new() } else { format!(" (from {place})") };
            Some(format!("{}{port}{from}", url.host_str()?))
        })
        .collect();
    if session.answers.sns_now() {
        let region = session.aws_place().map_or(UNKNOWN.to_owned(), |place| place.region.to_string());
        let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        hosts.extend(["sts", "sns", "config"].map(|service| format!("{service}.{region}.{suffix}")));
    }
    if let Some(cluster) = session.ready_target().cluster {
        hosts.push(match cluster.context {
            Some(context) => format!("the cluster of kubectl context {context}"),
            None => format!("no cluster: {} names no context", session.road().source()),
        });
    }
    hosts.dedup();
    hosts
}

/// Returns what was looked at; what could not be is there as unknown.
fn checks(session: &Session) -> Vec<Check> {
    let facts = &session.facts;
    let missing = |label: &str| vec![Check::new(CheckVerdict::Unknown, label, "was not asked")];
    let mut checks = facts.site().map_or_else(|| missing(session.road().home()), |site| site.checks.clone());
    checks.extend(daemon_checks(session).unwrap_or_else(|| missing(session.road().deployer())));
    checks.extend(facts.rendered().map(|rendered| rendered.checks.clone()).unwrap_or_default());
    checks
        .extend(facts.repository().map_or_else(|| missing("Plugin repository"), |each| each.checks.clone()));
    if session.answers.sns_now() {
        match facts.identity() {
            Some(Ok(identity)) => checks.push(Check::new(CheckVerdict::Good, "AWS", &identity.arn)),
            Some(Err(trouble)) => {
                checks
                    .push(Check::new(CheckVerdict::Unknown, "AWS", &trouble.what).with_remedy(&trouble.fix));
            }
            None => checks.extend(missing("AWS")),
        }
        match facts.topics() {
            Some(Ok(TopicsReport { config: Ok(config), .. })) => {
                checks.extend(aws_config::checks(session, config));
            }
            Some(Ok(TopicsReport { config: Err(trouble), .. })) => {
                let unknown = Check::new(CheckVerdict::Unknown, "AWS Config", &trouble.what);
                checks.push(unknown.with_remedy(&trouble.fix));
            }
            Some(Err(_)) | None => {}
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
        command: if let Intent::ApplyDeployment(ApplyDeployment { command, .. }) = step {
            Some(HalyardIn::typed(command))
        } else {
            None
        },
        calls: step.aws_calls(),
        usual_time: step.usual_time().to_owned(),
        verified_by: step.verified_by().to_owned(),
        taken_back_by: step.taken_back_by().to_owned(),
    }
}
