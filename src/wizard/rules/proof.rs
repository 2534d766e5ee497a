//! Does what AWS Config publishes arrive? What a snapshot that was asked for shows, and what it does not.

use crate::model::aws_report::{Delivered, DeliveryStatus};
use crate::model::check::{Check, CheckVerdict};
use crate::values::names::TopicArn;
use crate::values::time::utc;

/// Returns whether AWS Config has tried to deliver since: what is compared is AWS's own clock.
#[must_use]
pub fn has_tried(before: &DeliveryStatus, after: &DeliveryStatus) -> bool {
    match (&after.snapshot, &before.snapshot) {
        (Some(after), Some(before)) => after.at != before.at,
        (Some(after), None) => after.at.is_some(),
        (None, _) => false,
    }
}

/// Returns what was proved and what was not, each with what was seen. `redrive` is the subscription's
/// dead-letter queue.
#[must_use]
pub fn proof(
    before: &DeliveryStatus,
    after: Option<&DeliveryStatus>,
    topic: &TopicArn,
    redrive: Option<&str>,
) -> Vec<Check> {
    let unknown = DeliveryStatus::default();
    let seen = after.unwrap_or(&unknown);
    let mut checks = vec![
        row("Snapshot", &before.snapshot, &seen.snapshot, has_tried(before, seen)),
        row("Stream to the topic", &before.stream, &seen.stream, seen.stream != before.stream),
    ];
    let metric = format!(
        "aws cloudwatch get-metric-statistics --region {} --namespace AWS/SNS --metric-name NumberOfNotificationsDelivered --dimensions Name=TopicName,Value={} --statistics Sum --period 300 --start-time START --end-time END",
        topic.region, topic.name
    );
    checks.push(
        Check::new(CheckVerdict::Unknown, "SNS to Gate", "not proved from here: only SNS and Gate know")
            .with_remedy(format!("SNS's own count, also with NumberOfNotificationsFailed:\n{metric}")),
    );
    if let Some(redrive) = redrive {
        checks.push(
            Check::new(CheckVerdict::Unknown, "Dead-letter queue", redrive)
                .with_remedy("Messages there are those that Gate did not take."),
        );
    }
    checks.push(
        Check::new(CheckVerdict::Unknown, "Gate and Clouddriver", "not proved from here: their logs know").with_remedy(
            "In both logs, from now on: lines that name aws/notify or AWSCATsOnEvent (what exactly the plugin logs is not documented).",
        ),
    );
    checks
}

fn row(label: &str, before: &Option<Delivered>, after: &Option<Delivered>, counts: bool) -> Check {
    let words = |delivered: &Option<Delivered>| match delivered {
        None => "no word".to_owned(),
        Some(delivered) => {
            let at = delivered.at.map(|at| format!(" at {}", utc(at))).unwrap_or_default();
            let error = delivered.error.as_ref().map(|error| format!(" ({error})")).unwrap_or_default();
            format!("{}{at}{error}", delivered.status)
        }
    };
    let detail = format!("before: {}; after: {}", words(before), words(after));
    let verdict = match after.as_ref().map(|after| after.status.to_ascii_lowercase()) {
        Some(status) if counts && status == "success" => CheckVerdict::Good,
        Some(status) if counts && status == "failure" => CheckVerdict::Bad,
        // A stream that failed before and has not changed fails still.
        Some(status) if status == "failure" && label != "Snapshot" => CheckVerdict::Bad,
        _ => CheckVerdict::Unknown,
    };
    let check = Check::new(verdict, label, detail);
    match verdict {
        CheckVerdict::Bad => check.with_remedy(
            "See the topic's access policy, the bucket's policy, and that the topic is still there.",
        ),
        CheckVerdict::Unknown => {
            check.with_remedy("AWS Config has said nothing new in time; look again later.")
        }
        CheckVerdict::Good | CheckVerdict::Warning => check,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(snapshot: Option<(&str, u64)>, stream: Option<&str>) -> DeliveryStatus {
        let delivered = |status: &str, at| Delivered { status: status.to_owned(), error: None, at };
        DeliveryStatus {
            snapshot: snapshot.map(|(status, at)| delivered(status, Some(at))),
            stream: stream.map(|status| delivered(status, None)),
        }
    }

    #[test]
    fn only_what_changed_since_proves_something_and_silence_is_not_known() {
        use CheckVerdict::{Bad, Good, Unknown};
        let topic = TopicArn::parse("arn:aws:sns:us-west-2:123456789012:t").expect("an ARN");
        let old = status(Some(("SUCCESS", 1_000)), Some("SUCCESS"));
        for (after, expected) in [
            (None, [Unknown, Unknown]),
            (Some(old.clone()), [Unknown, Unknown]),
            (Some(status(Some(("SUCCESS", 1_000)), Some("FAILURE"))), [Unknown, Bad]),
            (Some(status(Some(("SUCCESS", 2_000)), Some("FAILURE"))), [Good, Bad]),
            (Some(status(Some(("FAILURE", 2_000)), None)), [Bad, Unknown]),
        ] {
            let rows = proof(&old, after.as_ref(), &topic, None);
            assert_eq!([rows[0].verdict, rows[1].verdict], expected, "{after:?}");
            assert!(rows[2..].iter().all(|row| row.verdict == Unknown));
        }
        assert_eq!(proof(&old, None, &topic, Some("queue")).len(), 5);
    }
}
