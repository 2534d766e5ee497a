//! Taking back what the journal says we did, and nothing else, in reverse order.

use crate::answers::Key;
use crate::names::TopicArn;
use crate::plan;
use crate::question::{AwsPlace, WantedProfiles};
use crate::session::Session;
use crate::step::{Intent, Made, StepId, StepTarget};

/// What is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// Reads a part's name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "sns" => Some(Self::Sns),
            "gate" => Some(Self::Gate),
            "clouddriver" => Some(Self::Clouddriver),
            "all" => Some(Self::All),
            _ => None,
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

/// Returns the steps that take a part back, events first. The topic itself stays: deleting it is
/// the operator's own decision.
#[must_use]
pub fn steps(session: &Session, part: Part) -> Vec<Intent> {
    let mut sns = Vec::new();
    let mut files = Vec::new();
    let mut services = Vec::new();
    for (step, made) in session.ledger.made.iter().rev().filter(|(step, _)| part.covers(step)) {
        match (&step.target, made) {
            (StepTarget::File { name }, Made::Profile { receipt, .. }) => {
                if let Some(wanted) = wanted_of(session) {
                    files.push(Intent::UnwriteProfile {
                        wanted,
                        file: name.clone(),
                        receipt: receipt.clone(),
                    });
                    services.extend(
                        session.services().into_iter().filter(|service| service.profile_file() == name),
                    );
                }
            }
            (StepTarget::Sns { .. }, made) => sns.extend(undo_of_sns(session, step, made)),
            _ => {}
        }
    }
    services.sort_unstable();
    services.dedup();
    let mut steps = sns;
    steps.extend(files);
    if let (false, Some(hal_dir), Some(deployment)) =
        (services.is_empty(), session.hal_dir(), session.deployment())
    {
        services.sort_by_key(|service| service.is_gate());
        steps.push(Intent::Apply {
            hal_dir,
            deployment: deployment.name.clone(),
            command: plan::command(session, &services),
            services,
            files: Vec::new(),
        });
    }
    steps
}

fn wanted_of(session: &Session) -> Option<WantedProfiles> {
    session.wanted_profiles().or_else(|| {
        session.ledger.rows.iter().find_map(|row| match &row.intent {
            Intent::WriteProfile { wanted, .. } | Intent::UnwriteProfile { wanted, .. } => {
                Some(wanted.clone())
            }
            _ => None,
        })
    })
}

fn undo_of_sns(session: &Session, step: &StepId, made: &Made) -> Option<Intent> {
    let (aws, arn) = place_of(session, step)?;
    Some(match made {
        Made::Subscription { .. } => Intent::Unsubscribe { aws, arn, endpoint: session.endpoint_url()? },
        Made::Statement { sid } => Intent::DisallowPublish { aws, arn, sid: sid.clone() },
        Made::Delivery { former, .. } => Intent::Undeliver { aws, arn, former: former.clone() },
        Made::Topic { .. }
        | Made::Nothing
        | Made::Profile { .. }
        | Made::Deploy { .. }
        | Made::TakenBack { .. } => return None,
    })
}

fn place_of(session: &Session, step: &StepId) -> Option<(AwsPlace, TopicArn)> {
    let from_rows =
        session.ledger.rows.iter().find(|row| row.intent.step() == *step).and_then(|row| match &row.intent {
            Intent::CreateTopic { aws, arn }
            | Intent::AllowPublish { aws, arn }
            | Intent::Subscribe { aws, arn, .. }
            | Intent::Deliver { aws, arn, .. } => Some((aws.clone(), arn.clone())),
            _ => None,
        });
    from_rows.or_else(|| Some((session.aws_place()?, session.topic_arn()?)))
}

/// Returns what undo leaves, in words.
#[must_use]
pub fn stays(session: &Session) -> Vec<String> {
    let mut lines = Vec::new();
    for (_, made) in &session.ledger.made {
        if let Made::Topic { arn } = made {
            lines.push(format!("topic {arn} (delete it yourself once nothing else subscribes)"));
        }
    }
    if session.answers.text(Key::SnsWhen) == "later" {
        lines.push("whatever was set up in AWS by hand".to_owned());
    }
    lines
}
