//! Taking back what the journal says we did, and nothing else, in reverse order.

use crate::answers::Key;
use crate::plan;
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
    let mut sns: Vec<Intent> = Vec::new();
    let mut files: Vec<Intent> = Vec::new();
    let mut services = Vec::new();
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
                services
                    .extend(session.services().into_iter().filter(|service| service.profile_file() == file));
            }
            // One step each: what an earlier run made for another topic is left for the next undo.
            (_, made, _) => sns.extend(
                undo_of_sns(&work.intent, made)
                    .filter(|undo| sns.iter().all(|other| other.step() != undo.step())),
            ),
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

fn undo_of_sns(intent: &Intent, made: &Made) -> Option<Intent> {
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
        _ => return None,
    })
}

/// Returns what undo leaves, in words.
#[must_use]
pub fn stays(session: &Session) -> Vec<String> {
    let mut lines = Vec::new();
    for work in &session.ledger.made {
        if let Made::Topic { arn } = &work.made {
            lines.push(format!("topic {arn} (delete it yourself once nothing else subscribes)"));
        }
    }
    if session.answers.text(Key::SnsWhen) == "later" {
        lines.push("whatever was set up in AWS by hand".to_owned());
    }
    lines
}
