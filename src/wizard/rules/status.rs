//! How the installation stands, by probes that were all run afresh: for `status`, `wait`, Home and
//! the question what is known after a deploy that nobody saw end.

use ecw_halyard::ServiceName;

use crate::model::aws_report::{ConfigReport, RecorderState, SubscriptionState};
use crate::model::check::{Check, CheckVerdict};
use crate::model::goal::Goal;
use crate::model::journal::Seen;
use crate::model::question::Question;
use crate::model::readiness::Readiness;
use crate::model::report::ProfileOutcome;
use crate::model::target_job::{Duty, Extent, TargetStand};
use crate::rules::plan;
use crate::state::Session;
use crate::values::choices::ConfigDelivery;
use crate::values::exit::Exit;
use crate::values::time::utc;
use crate::values::trouble::Trouble;

const SUBSCRIPTION: &str = "Subscription";
/// What stands in place of a target's rows whose state cannot be read.
pub const UNREAD: &str = "State";

/// Returns the questions that status is read from, besides those that are asked anyway.
#[must_use]
pub fn questions(session: &Session) -> Vec<Question> {
    let mut wanted = of_services(session);
    if session.answers.sns_by_targets()
        && let Ok(jobs) = session.target_jobs()
    {
        wanted.push(Question::TargetsStand { jobs, by: session.on_behalf() });
    }
    if let (Some(aws), Some(topic), Some(endpoint)) =
        (session.aws_place(), session.topic_arn(), session.endpoint_url())
        && session.answers.sns_now()
        && matches!(session.facts.identity(), Some(Ok(_)))
    {
        wanted.push(Question::Subscription { aws, topic, endpoint });
    }
    wanted
}

/// Returns the questions about the services alone.
#[must_use]
pub fn of_services(session: &Session) -> Vec<Question> {
    let (Some(hal_dir), Some(deployment)) = (session.hal_dir(), session.deployment()) else {
        return Vec::new();
    };
    let services = session.services();
    let mut wanted = Vec::new();
    if session.road().is_halyard() {
        let deployment = deployment.name.clone();
        wanted.push(Question::Staged { hal_dir, deployment, services: services.clone() });
        wanted.push(Question::Tasks { endpoint: session.daemon_endpoint() });
    }
    let target = session.ready_target();
    wanted.extend(services.into_iter().map(|service| Question::Ready { target: target.clone(), service }));
    wanted
}

/// Returns the rows of a goal, each with evidence and remedy. `Warning` and `Bad` both mean: not
/// there; `Unknown`: cannot be told.
#[must_use]
pub fn rows(session: &Session, goal: Goal) -> Vec<Check> {
    match goal {
        Goal::All => {
            let mut rows = files(session);
            for service in session.services() {
                let ready = readiness(session, service);
                // A later deploy of other services may have replaced what this one left behind, so it
                // counts only where the service itself says nothing.
                rows.extend(staged(session, service).filter(|_| ready.verdict != CheckVerdict::Good));
                rows.push(ready);
            }
            rows.extend(sns(session));
            rows
        }
        Goal::Ready => session.services().into_iter().map(|service| readiness(session, service)).collect(),
        Goal::Events => sns(session),
        Goal::Confirmed if session.answers.sns_by_targets() => by_target(session, confirmed),
        Goal::Confirmed => vec![subscription(session)],
    }
}

/// Returns the exit code of some rows: 0 all there, 8 something is not, 14 cannot tell.
#[must_use]
pub fn exit(rows: &[Check]) -> Exit {
    let has = |verdict| rows.iter().any(|row| row.verdict == verdict);
    if has(CheckVerdict::Bad) || has(CheckVerdict::Warning) {
        Exit::NotThere
    } else if has(CheckVerdict::Unknown) || rows.is_empty() {
        Exit::CannotTell
    } else {
        Exit::Done
    }
}

fn files(session: &Session) -> Vec<Check> {
    let Some(profiles) = session.facts.profiles() else {
        let unknown = |why: &str| Check::new(CheckVerdict::Unknown, "Profiles", why);
        return vec![match session.facts.site().map(|site| &site.config) {
            Some(Err(trouble)) => unknown(&trouble.what).with_remedy(&trouble.fix),
            _ => unknown(&format!("the {} was not understood", session.road().home())),
        }];
    };
    let wizard = "event-cache-wizard shows what is missing, and asks before it changes anything.";
    profiles
        .files
        .iter()
        .map(|file| {
            let missing =
                |detail: &str| Check::new(CheckVerdict::Bad, &file.path, detail).with_remedy(wizard);
            match &file.outcome {
                ProfileOutcome::Unchanged { .. } => {
                    Check::new(CheckVerdict::Good, &file.path, "enables the plugin")
                }
                ProfileOutcome::Create => missing("there is no such file"),
                ProfileOutcome::Edit { .. } | ProfileOutcome::Repair { .. } => {
                    missing("does not enable the plugin as wanted")
                }
                ProfileOutcome::AsksNewer { found, .. } => {
                    Check::new(CheckVerdict::Good, &file.path, format!("enables the newer version {found}"))
                }
                ProfileOutcome::Refused { refusal, .. } => missing(&refusal.sentence()),
                ProfileOutcome::Unreadable { trouble } => {
                    Check::new(CheckVerdict::Unknown, &file.path, &trouble.what).with_remedy(&trouble.fix)
                }
            }
        })
        .collect()
}

/// Returns what is known of services: did their files arrive, do they run with the plugin, and does
/// the daemon still work on them.
#[must_use]
pub fn services(session: &Session, services: &[ServiceName]) -> Vec<Check> {
    let mut rows = Vec::new();
    for service in services.iter().copied() {
        rows.extend(staged(session, service));
        rows.push(readiness(session, service));
    }
    rows.extend(session.facts.tasks().map(tasks));
    rows
}

/// What is known of a service's last deploy: what our journal says, what its own stage left behind, or
/// that neither says anything.
fn staged(session: &Session, service: ServiceName) -> Option<Check> {
    let staged = session.facts.staged()?.iter().find(|each| each.service == service)?;
    let label = format!("{service}: files of the last deploy");
    let seen = &staged.detail;
    Some(match (staged.arrived(), staged.silent(), deployed_by_us(session, service)) {
        (true, _, true) => Check::new(CheckVerdict::Good, label, format!("deployed by this journal; {seen}")),
        (true, _, false) => Check::new(CheckVerdict::Good, label, seen),
        (false, true, true) => Check::new(
            CheckVerdict::Good,
            label,
            "deployed by this journal, seen in the history of its stage then; the history now is a later stage's",
        ),
        (false, true, false) => Check::new(CheckVerdict::Unknown, label, format!("cannot be asked: {seen}"))
            .with_remedy("Look at the service itself; deploying it again is safe."),
        (false, false, _) => Check::new(CheckVerdict::Bad, label, seen)
            .with_remedy("Deploy the service; applying again is safe."),
    })
}

/// Whether the journal says that the service was deployed with its profile as it is now.
fn deployed_by_us(session: &Session, service: ServiceName) -> bool {
    let files = session.facts.profiles().map(|profiles| profiles.files.as_slice()).unwrap_or_default();
    let now =
        files.iter().find(|file| file.file == service.profile_file()).and_then(|file| file.before.clone());
    now.is_some() && session.ledger.deployed.get(&service) == now.as_ref()
}

fn tasks(tasks: &Result<Vec<String>, String>) -> Check {
    let label = "Halyard daemon: tasks";
    match tasks {
        Ok(list) if list.is_empty() => {
            Check::new(CheckVerdict::Good, label, "works on nothing now; that does not mean failed")
        }
        Ok(list) => Check::new(CheckVerdict::Good, label, list.join("; ")),
        Err(why) => Check::new(CheckVerdict::Unknown, label, why),
    }
}

fn readiness(session: &Session, service: ServiceName) -> Check {
    let label = format!("{service}: loaded plugin");
    let Some(report) = session.facts.ready(service) else {
        return Check::new(CheckVerdict::Unknown, label, "not looked at");
    };
    let seen: Vec<String> =
        report.checks.iter().map(|check| format!("{}: {}", check.label, check.detail)).collect();
    let seen = seen.join("; ");
    match report.state {
        Readiness::Ready => Check::new(CheckVerdict::Good, label, seen),
        Readiness::Waiting => {
            Check::new(CheckVerdict::Bad, label, seen).with_remedy("event-cache-wizard wait --for ready")
        }
        Readiness::Failed => Check::new(CheckVerdict::Bad, label, seen)
            .with_remedy("Fix the cause, or: event-cache-wizard undo"),
        Readiness::CannotTell => Check::new(CheckVerdict::Unknown, label, seen)
            .with_remedy("Look at the service's log for: Start plugin 'Armory.AWSCATsOnEvent'"),
    }
}

/// Returns how topic, policy, subscription and delivery stand.
#[must_use]
pub fn sns(session: &Session) -> Vec<Check> {
    if let (false, Some((receipt, seen))) = (session.answers.sns_now(), &session.ledger.handed_over) {
        let when = match seen {
            Seen::InAws => "seen in AWS when its receipt came",
            Seen::OnlyThere => "by its receipt alone",
        };
        let detail = format!("set up by hand, {when}: {}", receipt.words());
        return vec![Check::new(CheckVerdict::Unknown, "SNS", detail).with_remedy(
            "To look now: have set-up-sns.sh write receipt.json anew, and resume --receipt it.",
        )];
    }
    if session.answers.sns_by_targets() {
        return by_target(session, |_| true);
    }
    if !session.answers.sns_now() {
        return vec![Check::new(CheckVerdict::Unknown, "SNS", "not from here, by the answers")];
    }
    if session.setup.extent == Extent::Target(Duty::Delivers) {
        return vec![delivery(session)];
    }
    let mut rows = Vec::new();
    match session.facts.topic() {
        Some(Ok(topic)) if !topic.exists => rows.push(
            Check::new(CheckVerdict::Bad, "Topic", format!("{} does not exist", topic.arn))
                .with_remedy("event-cache-wizard creates it after Review."),
        ),
        Some(Ok(topic)) => {
            rows.push(Check::new(CheckVerdict::Good, "Topic", topic.arn.to_string()));
            rows.push(match (&topic.policy_trouble, topic.policy_diff.is_empty(), &topic.policy_doubt) {
                (Some(trouble), _, _) => Check::new(CheckVerdict::Bad, "Topic policy", trouble),
                (None, true, None) => {
                    Check::new(CheckVerdict::Good, "Topic policy", "lets AWS Config publish")
                }
                (None, true, Some(statement)) => {
                    let detail = format!(
                        "statement {statement} may deny AWS Config: its condition cannot be judged from here"
                    );
                    Check::new(CheckVerdict::Unknown, "Topic policy", detail)
                        .with_remedy("Does it spare config.amazonaws.com for this account and region?")
                }
                (None, false, _) => {
                    Check::new(CheckVerdict::Bad, "Topic policy", "does not let AWS Config publish")
                        .with_remedy("event-cache-wizard adds one statement after Review.")
                }
            });
        }
        Some(Err(trouble)) => rows.push(unknown("Topic", trouble)),
        None => rows.push(not_known(session, "Topic")),
    }
    rows.push(subscription(session));
    rows.push(delivery(session));
    rows
}

/// One row a target: the worst of what stands there, or all of it where all is well.
fn by_target(session: &Session, counts: impl Fn(&Check) -> bool) -> Vec<Check> {
    if let Err(why) = session.target_jobs() {
        return vec![Check::new(CheckVerdict::Unknown, "Targets", why)];
    }
    let Some(stand) = session.facts.targets_stand() else {
        return vec![Check::new(CheckVerdict::Unknown, "Targets", "were not looked at")];
    };
    let former = session.former_targets().into_iter().map(|name| {
        let detail = "still set up by this journal, though no target any more; undo takes it back";
        Check::new(CheckVerdict::Good, format!("SNS {name}"), detail)
    });
    let counted = |target: &TargetStand| {
        let checks: Vec<Check> = target.checks.iter().filter(|check| counts(check)).cloned().collect();
        // A target that only delivers elsewhere has no subscription to be confirmed.
        (target.checks.is_empty() || !checks.is_empty())
            .then(|| of_target(&TargetStand { name: target.name.clone(), checks }))
    };
    stand.iter().filter_map(counted).chain(former).collect()
}

/// Whether a check says something about Gate's confirmation; one that says why nothing could be told does.
fn confirmed(check: &Check) -> bool {
    check.label == SUBSCRIPTION || check.label == UNREAD
}

fn of_target(target: &TargetStand) -> Check {
    let label = format!("SNS {}", target.name);
    let worst = target.checks.iter().map(|check| check.verdict).max().unwrap_or(CheckVerdict::Unknown);
    if worst == CheckVerdict::Good {
        let seen: Vec<String> =
            target.checks.iter().map(|check| format!("{}: {}", check.label, check.detail)).collect();
        return Check::new(worst, label, seen.join("; "));
    }
    let not_there = target.checks.iter().filter(|check| check.verdict != CheckVerdict::Good);
    let seen: Vec<String> =
        not_there.clone().map(|check| format!("{}: {}", check.label, check.detail)).collect();
    let detail = if seen.is_empty() { "was not looked at".to_owned() } else { seen.join("; ") };
    let row = Check::new(worst, label, detail);
    match not_there.filter(|check| check.verdict == worst).find_map(|check| check.remedy.clone()) {
        Some(remedy) => row.with_remedy(remedy),
        None => row,
    }
}

fn unknown(label: &str, trouble: &Trouble) -> Check {
    Check::new(CheckVerdict::Unknown, label, &trouble.what).with_remedy(&trouble.fix)
}

fn not_known(session: &Session, label: &str) -> Check {
    match session.facts.identity() {
        Some(Err(trouble)) => unknown(label, trouble),
        _ => Check::new(CheckVerdict::Unknown, label, "region or account is not known")
            .with_remedy("Name the region (--region) and, if need be, the profile (--aws-profile)."),
    }
}

fn subscription(session: &Session) -> Check {
    let label = SUBSCRIPTION;
    match session.facts.subscription() {
        None if session.endpoint_url().is_none() => {
            Check::new(CheckVerdict::Unknown, label, "the endpoint is not known")
        }
        None => not_known(session, label),
        Some(Ok(SubscriptionState::Confirmed { arn })) => {
            Check::new(CheckVerdict::Good, label, format!("confirmed, {arn}"))
        }
        Some(Ok(SubscriptionState::Pending { .. })) => {
            Check::new(CheckVerdict::Warning, label, "pending: Gate has not confirmed")
                .with_remedy("event-cache-wizard sends a new confirmation.")
        }
        Some(Ok(SubscriptionState::Missing)) => {
            Check::new(CheckVerdict::Bad, label, "Gate is not subscribed")
                .with_remedy("event-cache-wizard subscribes it.")
        }
        Some(Err(trouble)) if trouble.is_not_found() => {
            Check::new(CheckVerdict::Bad, label, "the topic does not exist")
        }
        Some(Err(trouble)) => unknown(label, trouble),
    }
}

/// Returns when AWS Config last delivered a change, as far as it says so.
fn last_event(config: &ConfigReport) -> String {
    let channel = config.channel.as_ref().filter(|channel| channel.last_status.as_deref() == Some("Success"));
    let at = channel.and_then(|channel| channel.last_at);
    at.map(|at| format!(", last event {}", utc(at))).unwrap_or_default()
}

fn delivery(session: &Session) -> Check {
    let label = "AWS Config delivery";
    if session.answers.config_delivery() == ConfigDelivery::Skip {
        return Check::new(CheckVerdict::Good, label, "not checked: sns.config_delivery is skip");
    }
    let config = match session.facts.topics() {
        Some(Ok(topics)) => &topics.config,
        Some(Err(trouble)) => return unknown(label, trouble),
        None => return not_known(session, label),
    };
    let config = match config {
        Ok(config) => config,
        Err(trouble) => return unknown(label, trouble),
    };
    match &config.recorder {
        Some((name, RecorderState::Stopped)) => {
            return Check::new(CheckVerdict::Bad, label, format!("the recorder {name} is stopped"))
                .with_remedy(format!(
                    "aws configservice start-configuration-recorder --configuration-recorder-name {name}"
                ));
        }
        None => {
            return Check::new(CheckVerdict::Bad, label, "there is no recorder in this region")
                .with_remedy("Set up AWS Config in this region; it needs an S3 bucket and a role.");
        }
        Some((_, RecorderState::Recording)) => {}
    }
    let failed = config.channel.as_ref().and_then(|channel| channel.last_error.as_ref());
    match plan::delivery_topic(session) {
        Some(topic) if Some(&topic) == session.topic_arn().as_ref() => match failed {
            None => {
                Check::new(CheckVerdict::Good, label, format!("publishes to the topic{}", last_event(config)))
            }
            Some(failed) => {
                let detail = format!("publishes to the topic, but failed last: {failed}");
                Check::new(CheckVerdict::Warning, label, detail)
                    .with_remedy("See the topic's access policy and whether the topic is still there.")
            }
        },
        other => {
            let now = other.map_or("no topic".to_owned(), |topic| topic.to_string());
            Check::new(
                CheckVerdict::Bad,
                label,
                format!("publishes to {now}; nothing arrives until it names ours"),
            )
            .with_remedy("event-cache-wizard can point it at the topic (answer sns.config_delivery).")
        }
    }
}
