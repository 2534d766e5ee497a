//! The steps' doing: one file a kind of change, each idempotent, each with its probe.

mod allow_publish;
mod create_topic;
mod deliver_config;
mod probe;
mod subscribe_gate;
mod write_profile;

use ecw_core::names::TopicArn;
use ecw_core::question::AwsPlace;
use ecw_core::step::{Intent, Made, Outcome};
use ecw_core::trouble::{AwsTrouble, Trouble};

pub use probe::probe;

use crate::ports::Ports;

/// Does what an intent says; doing it twice changes nothing the second time.
#[must_use]
pub fn execute(ports: &Ports, intent: &Intent) -> Outcome {
    // Read, merge and write of a topic are one thing: no other wizard of ours comes between.
    let _held = match intent.topic().map(|topic| ports.store.lock_topic(topic)).transpose() {
        Ok(held) => held,
        Err(trouble) => return failed(trouble),
    };
    match intent {
        Intent::WriteProfile { wanted, file, before, after } => {
            write_profile::execute(ports, wanted, file, before.as_deref(), after)
        }
        Intent::UnwriteProfile { wanted, file, receipts } => {
            write_profile::undo(ports, wanted, file, receipts)
        }
        Intent::Apply { .. } => {
            failed(Trouble::new("A deploy is started by its supervisor.", "This is a bug; please report it."))
        }
        Intent::CreateTopic { aws, arn, change } => create_topic::execute(ports, aws, arn, change.as_deref()),
        Intent::DeleteTopic { aws, arn, ours } => create_topic::undo(ports, aws, arn, ours),
        Intent::AllowPublish { aws, arn } => allow_publish::execute(ports, aws, arn),
        Intent::DisallowPublish { aws, arn, sid } => allow_publish::undo(ports, aws, arn, sid),
        Intent::Subscribe { aws, arn, endpoint } => subscribe_gate::execute(ports, aws, arn, endpoint),
        Intent::Unsubscribe { aws, arn, endpoint } => subscribe_gate::undo(ports, aws, arn, endpoint),
        Intent::Deliver { aws, arn, replaces } => deliver_config::execute(ports, aws, arn, replaces.as_ref()),
        Intent::Undeliver { aws, arn, former } => deliver_config::undo(ports, aws, arn, former.as_ref()),
    }
}

fn done(evidence: impl Into<String>, made: Made) -> Outcome {
    Outcome::Done { evidence: evidence.into(), made }
}

fn failed(trouble: Trouble) -> Outcome {
    Outcome::Failed { trouble }
}

/// Calls that name no topic act on whatever account the credentials are of: it must be the one that
/// was confirmed. Returns why not, when it is another or cannot be told.
fn wrong_account(ports: &Ports, aws: &AwsPlace, arn: &TopicArn) -> Option<Outcome> {
    let identity = match ports.aws.identity(aws) {
        Ok(identity) if identity.account == arn.account.as_str() => return None,
        Ok(identity) => identity,
        Err(trouble) => return Some(aws_failed(&trouble)),
    };
    Some(failed(Trouble::new(
        format!(
            "The AWS credentials are account {}'s now; this run was confirmed for {}.",
            identity.account, arn.account
        ),
        "Use that account's credentials and retry, or choose Change answers.",
    )))
}

/// A refusal leaves nothing half done; no answer leaves us not knowing.
fn aws_failed(trouble: &AwsTrouble) -> Outcome {
    match trouble {
        AwsTrouble::Unreachable { .. } | AwsTrouble::NotAws { .. } => {
            Outcome::Unknown { why: trouble.trouble().what }
        }
        _ => failed(trouble.trouble()),
    }
}
