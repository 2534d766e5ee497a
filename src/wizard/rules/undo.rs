//! Taking back what the journal says we did, and nothing else, in reverse order. What it needs to
//! know stands in the journal: an unreadable hal config does not hold it up.

use ecw_halyard::ServiceName;

use crate::model::journal::Author;
use crate::model::ledger::StepState;
use crate::model::part::Part;
use crate::model::place::WantedProfiles;
use crate::rules::plan;
use crate::state::Session;
use crate::steps::{ApplyDeployment, Intent, Made, UndoGround, UnwriteProfile};
use crate::values::answers::Key;
use crate::values::choices::YesNo;
use crate::values::names::TopicArn;

/// Returns the steps that take a part back, events first, then file by file with its deploy.
#[must_use]
pub fn steps(session: &Session, part: Part) -> Vec<Intent> {
    let mut events: Vec<Intent> = Vec::new();
    let mut files: Vec<UnwriteProfile> = Vec::new();
    for work in session.ledger.made.iter().rev().filter(|work| part.covers(&work.intent.step())) {
        match work.intent.inverse(&work.made, session) {
            Some(Intent::UnwriteProfile(unwrite)) => {
                match files.iter_mut().find(|each| each.same_file(&unwrite)) {
                    // An older edit of the same file is taken back after the later one, in the same step.
                    Some(known) => known.take_along(unwrite),
                    None => files.push(unwrite),
                }
            }
            Some(Intent::DisallowPublish(disallow)) => {
                let mut known = events.iter_mut().filter_map(|event| {
                    if let Intent::DisallowPublish(known) = event { Some(known) } else { None }
                });
                let known = known.find(|known| known.arn == disallow.arn);
                match known {
                    Some(known) => known.take_along(disallow),
                    None => events.push(Intent::DisallowPublish(disallow)),
                }
            }
            Some(Intent::TakeBackTargets(mut targets)) => {
                targets.by = session.on_behalf();
                if session.answers.is_yes(Key::DeleteTopic) {
                    let word = || (Key::DeleteTopic, YesNo::Yes.text().to_owned());
                    targets.jobs.iter_mut().for_each(|job| job.answers.push(word()));
                }
                events.push(Intent::TakeBackTargets(targets));
            }
            // One step each: what an earlier run made for another topic is left for the next undo.
            Some(undo) if events.iter().all(|other| other.step() != undo.step()) => events.push(undo),
            Some(_) | None => {}
        }
    }
    events.extend(perhaps_made(session, part, &events));
    if session.author == Author::Other {
        // With one's own AWS rights nothing is undone on another's word.
        events.clear();
    }
    let mut steps = events;
    steps.extend(still_to_deploy(session, part, &files));
    if !session.road().is_halyard() {
        steps.extend(undone_by_kubectl(session, files));
        return steps;
    }
    for unwrite in files {
        let apply = apply(session, &unwrite.wanted, &unwrite.file);
        steps.push(Intent::UnwriteProfile(unwrite));
        steps.extend(apply);
    }
    steps
}

/// An overlay or a manifest is applied whole: all files first, the latest edit first, then one apply.
fn undone_by_kubectl(session: &Session, files: Vec<UnwriteProfile>) -> Vec<Intent> {
    let profiles = files.iter().flat_map(|unwrite| unwrite.profiles().map(|file| (&unwrite.wanted, file)));
    let applies: Vec<Intent> = profiles.filter_map(|(wanted, file)| apply(session, wanted, file)).collect();
    let whole = applies.iter().filter_map(Intent::apply_deployment).cloned().reduce(|mut all, next| {
        all.services.extend(next.services);
        all
    });
    // What a pipeline deployed, a pipeline takes back: nothing is applied from here.
    let by_pipeline = session.ledger.left_to_pipeline();
    let whole = whole.filter(|_| !by_pipeline);
    files.into_iter().map(Intent::UnwriteProfile).chain(whole.map(Intent::ApplyDeployment)).collect()
}

/// Returns what takes back a step in AWS whose end nobody knows; each looks before it acts.
fn perhaps_made(session: &Session, part: Part, known: &[Intent]) -> Vec<Intent> {
    let rows = session.ledger.rows.iter().filter(|row| {
        matches!(row.state, StepState::Started | StepState::Unknown(_)) && part.covers(&row.intent.step())
    });
    let new = |undo: &Intent| known.iter().all(|other| other.step() != undo.step());
    rows.filter_map(|row| row.intent.inverse_of_unknown()).filter(new).collect()
}

/// Returns the deploys of an earlier undo whose files are taken back already.
fn still_to_deploy(session: &Session, part: Part, files: &[UnwriteProfile]) -> Vec<Intent> {
    if !session.undo_runs() {
        return Vec::new();
    }
    let covers = |services: &[ServiceName]| {
        services.iter().all(|each| match part {
            Part::All => true,
            Part::Gate => each.is_gate(),
            Part::Clouddriver => !each.is_gate(),
            Part::Sns => false,
        })
    };
    // A file that is still to be taken back brings its own deploy.
    let comes_with_a_file = |services: &[ServiceName]| {
        files.iter().any(|unwrite| services.iter().any(|each| each.profile_file() == unwrite.file))
    };
    let open = session.ledger.rows.iter().filter(|row| !matches!(row.state, StepState::Done(_)));
    open.map(|row| &row.intent)
        .filter(|intent| {
            matches!(intent, Intent::ApplyDeployment(ApplyDeployment { services, .. }) if covers(services) && !comes_with_a_file(services))
        })
        .cloned()
        .collect()
}

/// Returns the deploy that makes a file's removal felt, if the file was deployed at all.
fn apply(session: &Session, wanted: &WantedProfiles, file: &str) -> Option<Intent> {
    let mut services: Vec<ServiceName> =
        session.services().into_iter().filter(|each| each.profile_file() == file).collect();
    if services.is_empty() {
        // Without a readable hal config: the services that the journal says were deployed with it.
        services =
            session.ledger.deployed.keys().copied().filter(|each| each.profile_file() == file).collect();
    }
    let deploys = session.answers.is_yes(Key::Apply) && !services.is_empty();
    deploys.then(|| {
        Intent::ApplyDeployment(ApplyDeployment {
            hal_dir: wanted.hal_dir.clone(),
            deployment: wanted.deployment.clone(),
            command: plan::command_for(session, Some(&wanted.deployment), &services),
            services,
            files: Vec::new(),
            road: session.road(),
        })
    })
}

impl UndoGround for Session {
    fn may_delete(&self, topic: &TopicArn) -> bool {
        deletable(self, topic)
    }

    fn wants_topics_deleted(&self) -> bool {
        self.answers.is_yes(Key::DeleteTopic)
    }

    fn our_endpoints(&self, topic: &TopicArn) -> Vec<String> {
        our_endpoints(self, topic)
    }
}

/// The topic goes only on the operator's word, and only while nobody else is known to subscribe;
/// the step looks once more before it deletes.
fn deletable(session: &Session, arn: &TopicArn) -> bool {
    session.answers.is_yes(Key::DeleteTopic) && others(session, arn).is_empty()
}

fn our_endpoints(session: &Session, arn: &TopicArn) -> Vec<String> {
    let subscribed = session.ledger.made.iter().filter_map(|work| work.intent.subscribe_gate());
    subscribed.filter(|each| each.arn == *arn).map(|each| each.endpoint.as_str().to_owned()).collect()
}

/// Returns who else subscribes to a topic, as far as it was looked at.
#[must_use]
pub fn others(session: &Session, arn: &TopicArn) -> Vec<String> {
    let ours = our_endpoints(session, arn);
    let report =
        session.facts.topic().and_then(|topic| topic.as_ref().ok()).filter(|topic| topic.arn == *arn);
    let all = report.map(|topic| topic.subscriptions.as_slice()).unwrap_or_default();
    all.iter()
        .filter(|each| !ours.contains(&each.endpoint))
        .map(|each| ecw_halyard::redact(&format!("{} {}", each.protocol, each.endpoint)))
        .collect()
}

/// Returns the topic that we made and that still stands, if there is one.
#[must_use]
pub fn our_topic(session: &Session) -> Option<TopicArn> {
    session.ledger.made.iter().find_map(|work| match &work.made {
        Made::Topic { arn } => Some(arn.clone()),
        _ => None,
    })
}

/// Returns what undo leaves, in words.
#[must_use]
pub fn stays(session: &Session, part: Part) -> Vec<String> {
    let mut lines = Vec::new();
    if session.author == Author::Other && part != Part::Gate && part != Part::Clouddriver {
        lines.push(
            "everything in AWS: the journal was written by another user, whose word is not taken for AWS (--trust-journal takes it)"
                .to_owned(),
        );
    }
    if let (Some(targets), Part::Sns | Part::All) = (session.known_targets(), part)
        && !session.answers.is_yes(Key::DeleteTopic)
    {
        let names: Vec<String> = targets.jobs.iter().map(|job| job.name.to_string()).collect();
        lines.push(format!(
            "topics of ours at {} (they cost nothing; --delete-topic deletes them)",
            names.join(", ")
        ));
    }
    if let (Some(arn), Part::Sns | Part::All) = (our_topic(session), part) {
        let mut others = others(session, &arn);
        // The topic was looked at before this undo took ours back.
        let gone = session.ledger.rows.iter().filter_map(|row| row.intent.unsubscribe_gate());
        let gone = gone.filter(|each| each.arn == arn);
        let gone: Vec<String> = gone.map(|each| ecw_halyard::redact(each.endpoint.as_str())).collect();
        others.retain(|other| {
            other.split_once(' ').is_none_or(|(_, endpoint)| gone.iter().all(|each| each != endpoint))
        });
        if !others.is_empty() {
            lines.push(format!("topic {arn}: others subscribe ({})", others.join(", ")));
        } else if !deletable(session, &arn) {
            lines.push(format!("topic {arn} (it costs nothing; deleted only if you ask)"));
        }
    }
    if !session.answers.sns_now() && !session.answers.sns_by_targets() {
        lines.push("whatever was set up in AWS by hand".to_owned());
    }
    if part != Part::Sns && !session.answers.is_yes(Key::Apply) {
        lines.push("the running services, until they are deployed again (install.apply is off)".to_owned());
    }
    lines.extend(session.ledger.adopted.iter().map(|what| format!("{what} (not made by us)")));
    lines
}
