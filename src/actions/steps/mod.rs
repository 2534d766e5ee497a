//! The steps' doing: one file a kind of change. Each is idempotent and can be looked for.

mod allow_publish;
mod apply_deployment;
mod await_rollout;
mod create_topic;
mod deliver_config;
mod kept_policy;
mod raw_delivery;
mod set_up_targets;
mod subscribe_gate;
mod write_profile;

use ecw_ports::Ports;
use ecw_wizard::model::place::AwsPlace;
use ecw_wizard::model::report::Probed;
use ecw_wizard::steps::{Intent, Made, StepOutcome};
use ecw_wizard::values::aws_trouble::AwsTrouble;
use ecw_wizard::values::names::AccountId;
use ecw_wizard::values::trouble::Trouble;

/// What a step does to the world. Doing it twice changes nothing the second time.
trait Act {
    /// Does it.
    fn execute(&self, ports: &Ports) -> StepOutcome;
    /// Returns where it stands in the world, without changing it.
    fn probe(&self, ports: &Ports) -> Probed;
}

/// Returns the doing of an intent: a new kind of step does not compile before it has one.
fn act(intent: &Intent) -> &dyn Act {
    match intent {
        Intent::WriteProfile(step) => step,
        Intent::UnwriteProfile(step) => step,
        Intent::ApplyDeployment(step) => step,
        Intent::AwaitRollout(step) => step,
        Intent::CreateTopic(step) => step,
        Intent::DeleteTopic(step) => step,
        Intent::AllowPublish(step) => step,
        Intent::DisallowPublish(step) => step,
        Intent::SubscribeGate(step) => step,
        Intent::UnsubscribeGate(step) => step,
        Intent::DeliverConfig(step) => step,
        Intent::UndeliverConfig(step) => step,
        Intent::TurnOffRawDelivery(step) => step,
        Intent::TurnOnRawDelivery(step) => step,
        Intent::SetUpTargets(step) => step,
        Intent::TakeBackTargets(step) => step,
    }
}

/// Does what an intent says.
#[must_use]
pub fn execute(ports: &Ports, intent: &Intent) -> StepOutcome {
    // Read, merge and write of a topic are one thing: no other wizard of ours comes between.
    let _held = match intent.topic().map(|topic| ports.store.lock_topic(topic)).transpose() {
        Ok(held) => held,
        Err(trouble) => return failed(trouble),
    };
    act(intent).execute(ports)
}

/// Returns where a step stands in the world, without changing it.
#[must_use]
pub fn probe(ports: &Ports, intent: &Intent) -> Probed {
    act(intent).probe(ports)
}

fn done(evidence: impl Into<String>, made: Made) -> StepOutcome {
    StepOutcome::Done { evidence: evidence.into(), made }
}

fn failed(trouble: Trouble) -> StepOutcome {
    StepOutcome::Failed { trouble }
}

fn found(evidence: &str, made: Option<Made>) -> Probed {
    Probed::Done { evidence: evidence.to_owned(), made }
}

/// What cannot be asked is not known; what does not exist is not done.
fn not_found(trouble: Trouble) -> Probed {
    if trouble.is_not_found() { Probed::NotDone } else { Probed::CannotTell { why: trouble.what } }
}

/// Calls that name no topic act on whatever account the credentials are of: it must be the one that
/// was confirmed. Returns why not, when it is another or cannot be told.
fn wrong_account(ports: &Ports, aws: &AwsPlace, confirmed: &AccountId) -> Option<StepOutcome> {
    let identity = match ports.aws.identity(aws) {
        Ok(identity) if identity.account == confirmed.as_str() => return None,
        Ok(identity) => identity,
        Err(trouble) => return Some(aws_failed(trouble)),
    };
    Some(failed(Trouble::new(
        format!(
            "The AWS credentials are account {}'s now; this run was confirmed for {}.",
            identity.account, confirmed
        ),
        "Use that account's credentials and retry, or choose Change answers.",
    )))
}

/// A refusal leaves nothing half done; no answer leaves us not knowing.
fn aws_failed(trouble: Trouble) -> StepOutcome {
    match trouble.aws {
        Some(AwsTrouble::Unreachable { .. } | AwsTrouble::NotAws { .. }) => {
            StepOutcome::Unknown { why: trouble.what }
        }
        // AWS's own fault: it may have been done all the same.
        Some(AwsTrouble::Refused { ref code, .. })
            if code.contains("Internal") || code.contains("ServiceUnavailable") =>
        {
            StepOutcome::Unknown { why: trouble.what }
        }
        _ => failed(trouble),
    }
}
