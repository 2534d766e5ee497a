//! A proof of delivery: a snapshot is asked for on purpose, and what comes of it is looked at for a while.

use ecw_ports::Ports;
use ecw_wizard::model::aws_report::DeliveryStatus;
use ecw_wizard::model::delivery_proof::{ProofJob, Proved};
use ecw_wizard::rules::limits::{PROOF_COUNTS_MS, PROOF_POLL_MS};
use ecw_wizard::rules::proof::{Elsewhere, has_tried, proof};
use ecw_wizard::values::trouble::Trouble;
use serde_json::Value;

/// CloudWatch counts by five minutes, milliseconds.
const PERIOD_MS: u64 = 5 * 60_000;

/// Asks for the snapshot and returns what was proved and what was not.
///
/// # Errors
/// When it could not be asked for; what could not be looked at afterwards is a check that says so.
pub fn prove(ports: &Ports, job: &ProofJob) -> Result<Proved, Trouble> {
    // Without it nothing that comes could be told from what was there.
    let before = ports.aws.delivery_status(&job.aws)?;
    let snapshot = ports.aws.deliver_snapshot(&job.aws, &job.channel)?;
    let begun = ports.pace.now().mono;
    let mut after: Option<DeliveryStatus> = None;
    while ports.pace.now().mono.saturating_sub(begun) < job.limit {
        after = ports.aws.delivery_status(&job.aws).ok().or(after);
        if after.as_ref().is_some_and(|after| has_tried(&before, after)) {
            break;
        }
        ports.pace.rest(PROOF_POLL_MS);
    }
    let now = ports.pace.now().wall;
    let queue = job.redrive.as_deref().and_then(queue);
    let elsewhere = Elsewhere {
        // To the end of the period that runs.
        counts: ports.aws.sns_counts(
            &job.aws,
            &job.topic,
            now.saturating_sub(PROOF_COUNTS_MS),
            now + PERIOD_MS,
        ),
        waiting: queue.map(|queue| ports.aws.waiting(&job.aws, &queue)),
    };
    Ok(Proved { snapshot, checks: proof(&before, after.as_ref(), &job.topic, &elsewhere) })
}

/// The queue's ARN in a redrive policy (SNS: `{"deadLetterTargetArn": "..."}`).
fn queue(redrive: &str) -> Option<String> {
    let policy: Value = serde_json::from_str(redrive).ok()?;
    policy.get("deadLetterTargetArn")?.as_str().map(|arn| ecw_halyard::strip(arn, 300))
}
