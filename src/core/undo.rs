//! Taking back what the journal says we did, and nothing else, in reverse order. What it needs to
//! know stands in the journal: an unreadable hal config does not hold it up.

use ecw_halyard::ServiceName;
use serde::{Deserialize, Serialize};

use crate::answers::Key;
use crate::journal::{Author, LedgerRow, StepState};
use crate::names::TopicArn;
use crate::plan;
use crate::question::WantedProfiles;
use crate::session::Session;
use crate::step::{Intent, Made, StepId, StepTarget};

/// What is taken back.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The events: subscription, delivery, statement. Seconds, nothing restarts.
    Sns,
    /// The plugin out of Gate.
    Gate,
    /// The plugin out of Clouddriver.
    Clouddriver,
    /// Everything.
    All,
}

impl Part {
    /// All of them, the one that hurts least first.
    pub const ALL: [Self; 4] = [Self::Sns, Self::Gate, Self::Clouddriver, Self::All];

    /// Reads a part's name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == text)
    }

    /// Returns the part's name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sns => "sns",
            Self::Gate => "gate",
            Self::Clouddriver => "clouddriver",
            Self::All => "all",
        }
    }

    /// Returns what the part is called on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Sns => "Stop the events only",
            Self::Gate => "The plugin out of Gate only",
            Self::Clouddriver => "The plugin out of Clouddriver only",
            Self::All => "All of it",
        }
    }

    /// Returns how long it takes and what it costs.
    #[must_use]
    pub fn cost(self) -> &'static str {
        match self {
            Self::Sns => "seconds; nothing restarts, Clouddriver polls as before",
            Self::Gate => "2 to 10 min; Gate restarts: users may have to log in again",
            Self::Clouddriver => "5 to 60 min; Clouddriver restarts and fills its caches anew",
            Self::All => "up to 70 min; Gate and Clouddriver restart",
        }
    }

    fn covers(self, step: &StepId) -> bool {
        match &step.target {
            StepTarget::Sns { .. } => matches!(self, Self::Sns | Self::All),
            StepTarget::File { name } => match self {
                Self::All => true,
                Self::Gate => name.starts_with("gate"),
                Self::Clouddriver => name.starts_with("clouddriver"),
                Self::Sns => false,
            },
            StepTarget::Stage { .. } => false,
        }
    }
}

/// Returns the steps that take a part back, events first, then file by file with its deploy.
#[must_use]
pub fn steps(session: &Session, part: Part) -> Vec<Intent> {
    let mut sns: Vec<Intent> = Vec::new();
    let mut files: Vec<Intent> = Vec::new();
    for work in session.ledger.made.iter().rev().filter(|work| part.covers(&work.intent.step())) {
        let known = files.iter_mut().find(|intent| intent.step() == work.intent.step());
        match (&work.intent, &work.made, known) {
            // An older edit of the same file is taken back after the later one, in the same step.
            (_, Made::Profile { receipt, .. }, Some(Intent::UnwriteProfile { receipts, .. })) => {
                receipts.push(receipt.clone());
            }
            (Intent::WriteProfile { wanted, file, .. }, Made::Profile { receipt, .. }, _) => {
                let (wanted, receipts) = (wanted.clone(), vec![receipt.clone()]);
                files.push(Intent::UnwriteProfile { wanted, file: file.clone(), receipts });
            }
            // One step each: what an earlier run made for another topic is left for the next undo.
            (_, made, _) => sns.extend(
                undo_of_sns(session, &work.intent, made)
                    .filter(|undo| sns.iter().all(|other| other.step() != undo.step())),
            ),
        }
    }
    sns.extend(perhaps_made(session, part, &sns));
    if session.author == Author::Other {
        // With one's own AWS rights nothing is undone on another's word.
        sns.clear();
    }
    let mut steps = sns;
    steps.extend(still_to_deploy(session, part, &files));
    for unwrite in files {
        let apply = match &unwrite {
            Intent::UnwriteProfile { wanted, file, .. } => apply(session, wanted, file),
            _ => None,
        };
        steps.push(unwrite);
        steps.extend(apply);
    }
    steps
}

/// Returns what takes back an SNS step whose end nobody knows; each looks before it acts.
fn perhaps_made(session: &Session, part: Part, known: &[Intent]) -> Vec<Intent> {
    let rows = session.ledger.rows.iter().filter(|row| {
        matches!(row.state, StepState::Started | StepState::Unknown(_)) && part.covers(&row.intent.step())
    });
    let undo = |row: &LedgerRow| match row.intent.clone() {
        Intent::Subscribe { aws, arn, endpoint } => Some(Intent::Unsubscribe { aws, arn, endpoint }),
        Intent::AllowPublish { aws, arn } => {
            Some(Intent::DisallowPublish { aws, arn, sid: "AWSConfigSNSPolicy".to_owned() })
        }
        Intent::Deliver { aws, arn, replaces } => Some(Intent::Undeliver { aws, arn, former: replaces }),
        _ => None,
    };
    let new = |undo: &Intent| known.iter().all(|other| other.step() != undo.step());
    rows.filter_map(undo).filter(new).collect()
}

/// Returns the deploys of an earlier undo whose files are taken back already.
fn still_to_deploy(session: &Session, part: Part, files: &[Intent]) -> Vec<Intent> {
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
        files.iter().any(|unwrite| match unwrite {
            Intent::UnwriteProfile { file, .. } => services.iter().any(|each| each.profile_file() == file),
            _ => false,
        })
    };
    let open = session.ledger.rows.iter().filter(|row| !matches!(row.state, StepState::Done(_)));
    open.map(|row| &row.intent)
        .filter(|intent| {
            matches!(intent, Intent::Apply { services, .. } if covers(services) && !comes_with_a_file(services))
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
    deploys.then(|| Intent::Apply {
        hal_dir: wanted.hal_dir.clone(),
        deployment: wanted.deployment.clone(),
        command: plan::command_for(session, Some(&wanted.deployment), &services),
        services,
        files: Vec::new(),
    })
}

fn undo_of_sns(session: &Session, intent: &Intent, made: &Made) -> Option<Intent> {
    Some(match (intent.clone(), made) {
        (Intent::Subscribe { aws, arn, endpoint }, Made::Subscription { .. }) => {
            Intent::Unsubscribe { aws, arn, endpoint }
        }
        (Intent::AllowPublish { aws, arn }, Made::Statement { sid }) => {
            Intent::DisallowPublish { aws, arn, sid: sid.clone() }
        }
        (Intent::Deliver { aws, arn, .. }, Made::Delivery { former, .. }) => {
            Intent::Undeliver { aws, arn, former: former.clone() }
        }
        (Intent::CreateTopic { aws, arn, .. }, Made::Topic { .. }) if deletable(session, &arn) => {
            let ours = our_endpoints(session, &arn);
            Intent::DeleteTopic { aws, arn, ours }
        }
        _ => return None,
    })
}

/// The topic goes only on the operator's word, and only while nobody else is known to subscribe;
/// the step looks once more before it deletes.
fn deletable(session: &Session, arn: &TopicArn) -> bool {
    session.answers.is_yes(Key::DeleteTopic) && others(session, arn).is_empty()
}

fn our_endpoints(session: &Session, arn: &TopicArn) -> Vec<String> {
    session
        .ledger
        .made
        .iter()
        .filter_map(|work| match &work.intent {
            Intent::Subscribe { arn: topic, endpoint, .. } if topic == arn => {
                Some(endpoint.as_str().to_owned())
            }
            _ => None,
        })
        .collect()
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
    if let (Some(arn), Part::Sns | Part::All) = (our_topic(session), part) {
        let others = others(session, &arn);
        if !others.is_empty() {
            lines.push(format!("topic {arn}: others subscribe ({})", others.join(", ")));
        } else if !deletable(session, &arn) {
            lines.push(format!("topic {arn} (it costs nothing; delete it on your word)"));
        }
    }
    if session.answers.text(Key::SnsWhen) == "later" {
        lines.push("whatever was set up in AWS by hand".to_owned());
    }
    if part != Part::Sns && !session.answers.is_yes(Key::Apply) {
        lines.push("the running services, until they are deployed again (install.apply is off)".to_owned());
    }
    lines.extend(session.ledger.adopted.iter().map(|what| format!("{what} (not made by us)")));
    lines
}
