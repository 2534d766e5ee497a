//! From answers and facts to the steps: what would be done, in which order. Pure, so that Review,
//! `plan` and the run show and do the same.

use ecw_halyard::ServiceName;

use crate::model::aws_report::{Subscriber, TopicReport};
use crate::model::place::AwsPlace;
use crate::model::report::{ProfileOutcome, ProfileReport, RootWay};
use crate::model::screen::Screen;
use crate::model::target_job::{Duty, Extent};
use crate::rules::targets;
use crate::state::Session;
use crate::steps::{
    AllowPublish, ApplyDeployment, AwaitRollout, CreateTopic, DeliverConfig, Intent, StepId, StepKind,
    SubscribeGate, TurnOffRawDelivery, WriteProfile,
};
use crate::values::answers::Key;
use crate::values::choices::{ConfigDelivery, RawDelivery, Stages};
use crate::values::names::{DeploymentName, EndpointUrl, TopicArn};
use crate::values::road::Road;
use crate::values::shell_words::shell_words;

/// Returns the steps that lead from the world as it was found to the answers. Empty means that
/// nothing has to change.
#[must_use]
pub fn steps(session: &Session) -> Vec<Intent> {
    let mut steps = writes(session);
    let written: Vec<String> = steps
        .iter()
        .filter_map(|step| {
            if let Intent::WriteProfile(WriteProfile { file, .. }) = step { Some(file.clone()) } else { None }
        })
        .collect();
    if session.answers.is_yes(Key::Apply) {
        steps.extend(applies(session, &written));
    } else if !session.road().is_halyard() && !written.is_empty() {
        steps.push(awaits(session));
    }
    if session.answers.sns_now() {
        steps.extend(sns(session));
    }
    if session.answers.sns_by_targets() {
        steps.extend(targets::step(session));
    }
    steps
}

fn files(session: &Session) -> &[ProfileReport] {
    session.facts.profiles().map(|profiles| profiles.files.as_slice()).unwrap_or_default()
}

fn writes(session: &Session) -> Vec<Intent> {
    if session.answers.is_no(Key::WriteProfiles) {
        return Vec::new();
    }
    let Some(wanted) = session.wanted_profiles() else { return Vec::new() };
    files(session)
        .iter()
        .filter(|file| {
            matches!(
                file.outcome,
                ProfileOutcome::Create | ProfileOutcome::Edit { .. } | ProfileOutcome::Repair { .. }
            )
        })
        .map(|file| {
            Intent::WriteProfile(WriteProfile {
                wanted: wanted.clone(),
                file: file.file.clone(),
                before: file.before.clone(),
                after: file.after.clone().unwrap_or_default(),
            })
        })
        .collect()
}

/// Returns the screen on which a step is decided.
#[must_use]
pub fn decided_on(step: &StepId) -> Screen {
    match step.kind {
        StepKind::WriteProfile => Screen::Configure,
        StepKind::ApplyDeployment | StepKind::AwaitRollout => Screen::InstallPlan,
        StepKind::CreateTopic | StepKind::AllowPublish => Screen::Topic,
        StepKind::SubscribeGate | StepKind::TurnOffRawDelivery => Screen::Endpoint,
        StepKind::DeliverConfig => Screen::Delivery,
        StepKind::SetUpTargets => Screen::Targets,
    }
}

/// Returns the stages: which services go out together, in order.
#[must_use]
pub fn stages(session: &Session) -> Vec<Vec<ServiceName>> {
    let services = session.services();
    // An overlay and a manifest are applied whole.
    if session.answers.stages() == Stages::AllAtOnce || !session.road().is_halyard() {
        return vec![services];
    }
    let (gate, rest): (Vec<ServiceName>, Vec<ServiceName>) =
        services.into_iter().partition(|service| service.is_gate());
    [gate, rest].into_iter().filter(|stage| !stage.is_empty()).collect()
}

/// Returns the exact command that deploys a stage: never with `--wait-for-completion`, which old
/// pods satisfy at once; the variable-length list stands last.
#[must_use]
pub fn command(session: &Session, services: &[ServiceName]) -> Vec<String> {
    command_for(session, session.deployment().map(|each| &each.name), services)
}

/// Returns the command that deploys services of a deployment that is known by its name alone.
#[must_use]
pub fn command_for(
    session: &Session,
    deployment: Option<&DeploymentName>,
    services: &[ServiceName],
) -> Vec<String> {
    if !session.road().is_halyard() {
        return session.kubectl_apply();
    }
    let mut command = Vec::new();
    if session.facts.site().is_some_and(|site| site.root == Some(RootWay::Sudo)) {
        command.extend(["sudo", "-n"].map(str::to_owned));
    }
    command.extend(shell_words(session.answers.text(Key::HalCommand)));
    command.extend(["--color", "false", "deploy", "apply"].map(str::to_owned));
    if let Some(deployment) = deployment {
        command.extend(["--deployment".to_owned(), deployment.to_string()]);
    }
    if session.answers.is_no(Key::Validate) {
        command.push("--no-validate".to_owned());
    }
    command.push("--service-names".to_owned());
    command.extend(services.iter().map(|service| service.as_str().to_owned()));
    session.halyard_in().command(command)
}

fn applies(session: &Session, written: &[String]) -> Vec<Intent> {
    let (Some(hal_dir), Some(deployment)) = (session.hal_dir(), session.deployment()) else {
        return Vec::new();
    };
    let last = |file: &ProfileReport| {
        let hash = if written.contains(&file.file) { &file.after } else { &file.before };
        hash.clone()
    };
    let hash = |name: &str| {
        let file = files(session).iter().find(|file| file.file == name)?;
        // Both profiles in one file: what is deployed is that file as the last of them leaves it.
        let file = if session.road() == Road::Operator { files(session).last()? } else { file };
        last(file).map(|hash| (name.to_owned(), hash))
    };
    stages(session)
        .into_iter()
        .filter(|stage| {
            stage.iter().any(|service| {
                let file = service.profile_file();
                let now = hash(file).map(|(_, hash)| hash);
                written.iter().any(|each| each == file)
                    || now.is_none()
                    || session.ledger.deployed.get(service) != now.as_ref()
            })
        })
        .map(|stage| {
            let mut files: Vec<(String, String)> =
                stage.iter().filter_map(|service| hash(service.profile_file())).collect();
            files.dedup();
            Intent::ApplyDeployment(ApplyDeployment {
                hal_dir: hal_dir.clone(),
                deployment: deployment.name.clone(),
                command: command(session, &stage),
                services: stage,
                files,
                road: session.road(),
            })
        })
        .collect()
}

/// Nothing is applied from here: the files are committed, and the services come up by themselves.
fn awaits(session: &Session) -> Intent {
    let wanted = session.wanted_profiles();
    let mut paths: Vec<String> =
        wanted.iter().flat_map(|wanted| wanted.files.iter().map(|file| wanted.path_of(file))).collect();
    paths.dedup();
    Intent::AwaitRollout(AwaitRollout { services: session.services(), files: paths })
}

fn sns(session: &Session) -> Vec<Intent> {
    let (Some(aws), Some(arn)) = (session.aws_place(), session.topic_arn()) else {
        return Vec::new();
    };
    if session.setup.extent == Extent::Target(Duty::Delivers) {
        return delivery(session, aws, arn).into_iter().collect();
    }
    let Some(endpoint) = session.endpoint_url() else { return Vec::new() };
    let topic = session.facts.topic().and_then(|topic| topic.as_ref().ok()).filter(|topic| topic.arn == arn);
    let mut steps = Vec::new();
    if !topic.is_some_and(|topic| topic.exists) {
        let change = session.setup.change.clone();
        steps.push(Intent::CreateTopic(CreateTopic {
            aws: aws.clone(),
            arn: arn.clone(),
            change,
            tags: session.answers.topic_tags(),
        }));
    }
    if topic.is_none_or(|topic| !topic.exists || !topic.policy_diff.is_empty()) {
        steps.push(Intent::AllowPublish(AllowPublish {
            aws: aws.clone(),
            arn: arn.clone(),
            sources: session.source_accounts(&arn),
            sample: session.answers.sample_statement(),
        }));
    }
    if !topic.is_some_and(|topic| subscribed(topic, &endpoint)) {
        steps.push(Intent::SubscribeGate(SubscribeGate { aws: aws.clone(), arn: arn.clone(), endpoint }));
    }
    if session.answers.raw_delivery() == Some(RawDelivery::TurnOff)
        && let Some(ours) = topic.and_then(|topic| our_subscription(session, topic))
        && ours.attributes.as_ref().is_some_and(|attributes| attributes.raw)
    {
        let (aws, arn, subscription) = (aws.clone(), arn.clone(), ours.arn.clone());
        steps.push(Intent::TurnOffRawDelivery(TurnOffRawDelivery { aws, arn, subscription }));
    }
    steps.extend(delivery(session, aws, arn));
    steps
}

fn delivery(session: &Session, aws: AwsPlace, arn: TopicArn) -> Option<Intent> {
    let now = delivery_topic(session);
    let points =
        session.answers.config_delivery() == ConfigDelivery::PointAtTopic && now.as_ref() != Some(&arn);
    points.then(|| {
        let recorder = session.other_recorder(&arn);
        Intent::DeliverConfig(DeliverConfig { aws, arn, replaces: now, recorder })
    })
}

/// Returns whether the endpoint is subscribed and confirmed.
#[must_use]
pub fn subscribed(topic: &TopicReport, endpoint: &EndpointUrl) -> bool {
    topic.subscriptions.iter().any(|each| endpoint.is_same(&each.endpoint) && each.arn.starts_with("arn:"))
}

/// Returns Gate's own subscription among a topic's, if it is confirmed.
#[must_use]
pub fn our_subscription<'t>(session: &Session, topic: &'t TopicReport) -> Option<&'t Subscriber> {
    let endpoint = session.endpoint_url()?;
    topic.subscriptions.iter().find(|each| endpoint.is_same(&each.endpoint) && each.arn.starts_with("arn:"))
}

/// Returns the topic that AWS Config delivers to now.
#[must_use]
pub fn delivery_topic(session: &Session) -> Option<TopicArn> {
    let topics = session.facts.topics()?.as_ref().ok()?;
    topics.config.as_ref().ok()?.channel.as_ref()?.topic.clone()
}
