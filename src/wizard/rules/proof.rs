//! Does what AWS Config publishes arrive? What a snapshot that was asked for shows, and what it does not.

use crate::model::aws_report::{Channel, Delivered, DeliveryStatus, SnsCounts, TopicsReport};
use crate::model::check::{Check, CheckVerdict};
use crate::model::delivery_proof::ProofJob;
use crate::rules::plan;
use crate::state::Session;
use crate::steps::Made;
use crate::values::names::TopicArn;
use crate::values::time::utc;
use crate::values::trouble::Trouble;

/// Returns whether AWS Config has tried to deliver since: what is compared is AWS's own clock.
#[must_use]
pub fn has_tried(before: &DeliveryStatus, after: &DeliveryStatus) -> bool {
    match (&after.snapshot, &before.snapshot) {
        (Some(after), Some(before)) => after.at != before.at,
        (Some(after), None) => after.at.is_some(),
        (None, _) => false,
    }
}

/// What besides AWS Config's own word was asked of AWS; each may be denied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// SNS's counts of the last hour.
    pub counts: Result<SnsCounts, Trouble>,
    /// How many messages wait in the dead-letter queue; `None` = Gate's subscription has none.
    pub waiting: Option<Result<u64, Trouble>>,
}

/// Returns what was proved and what was not, each with what was seen; `elsewhere` is what others than AWS Config
/// said.
#[must_use]
pub fn proof(
    before: &DeliveryStatus,
    after: Option<&DeliveryStatus>,
    topic: &TopicArn,
    elsewhere: &Elsewhere,
) -> Vec<Check> {
    let unknown = DeliveryStatus::default();
    let seen = after.unwrap_or(&unknown);
    let mut checks = vec![
        row("Snapshot", &before.snapshot, &seen.snapshot, has_tried(before, seen)),
        row("Stream to the topic", &before.stream, &seen.stream, seen.stream != before.stream),
        counted(topic, &elsewhere.counts),
    ];
    checks.extend(elsewhere.waiting.as_ref().map(waiting));
    checks.push(
        Check::new(CheckVerdict::Unknown, "Gate and Clouddriver", "not proved from here: their logs know").with_remedy(
            "In both logs, from now on: lines that name aws/notify or AWSCATsOnEvent (what exactly the plugin logs is not documented).",
        ),
    );
    checks
}

fn counted(topic: &TopicArn, counts: &Result<SnsCounts, Trouble>) -> Check {
    let label = "SNS to its subscribers";
    let metric = format!(
        "aws cloudwatch get-metric-statistics --region {} --namespace AWS/SNS --metric-name NumberOfNotificationsDelivered --dimensions Name=TopicName,Value={} --statistics Sum --period 300 --start-time START --end-time END",
        topic.region, topic.name
    );
    let counts = match counts {
        Ok(counts) => counts,
        Err(trouble) => {
            let detail = format!("SNS's counts cannot be read: {}", trouble.what);
            return Check::new(CheckVerdict::Unknown, label, detail)
                .with_remedy(format!("By whoever may (iam-policy --with-proof):\n{metric}"));
        }
    };
    let SnsCounts { delivered, failed } = counts;
    let detail =
        format!("in the last hour {delivered} delivered, {failed} failed, to all of the topic's subscribers");
    match (delivered, failed) {
        (_, 1..) => Check::new(CheckVerdict::Warning, label, detail).with_remedy(
            "Some may have failed before Gate was ready; if it goes on: does the endpoint answer SNS?",
        ),
        (1.., 0) => Check::new(CheckVerdict::Good, label, detail),
        (0, 0) => Check::new(CheckVerdict::Unknown, label, detail)
            .with_remedy(format!("CloudWatch lags some minutes. Later:\n{metric}")),
    }
}

fn waiting(waiting: &Result<u64, Trouble>) -> Check {
    let label = "Dead-letter queue";
    match waiting {
        Ok(0) => Check::new(CheckVerdict::Good, label, "empty: no message waits"),
        Ok(more) => {
            Check::new(CheckVerdict::Warning, label, format!("{more} messages that Gate did not take"))
                .with_remedy("They may be old; look into one of them for when and why.")
        }
        Err(trouble) => Check::new(CheckVerdict::Unknown, label, format!("cannot be read: {}", trouble.what))
            .with_remedy(&trouble.fix),
    }
}

impl Session {
    /// Returns the delivery channel and the topic that it names, where a snapshot would prove something.
    ///
    /// # Errors
    /// What has to be there first.
    pub fn provable(&self) -> Result<(&Channel, TopicArn), String> {
        if self.answers.sns_by_targets() {
            return Err("Several targets: event-cache-wizard verify --target \"ACCOUNT REGION\"".to_owned());
        }
        let Some(Ok(TopicsReport { config: Ok(config), .. })) = self.facts.topics() else {
            return Err("AWS Config was not checked yet; refresh first.".to_owned());
        };
        let channel = config.channel.as_ref().ok_or("AWS Config has no delivery channel in this region.")?;
        let topic = self.topic_arn().ok_or("The topic is not known.")?;
        let pointed = self.ledger.made.iter().any(|work| matches!(work.made, Made::Delivery { .. }));
        if channel.topic.as_ref() != Some(&topic) && !pointed {
            return Err(
                "AWS Config's delivery channel does not name our topic: nothing would arrive.".to_owned()
            );
        }
        Ok((channel, topic))
    }

    /// Returns the proof that can be asked for now; `limit` in milliseconds.
    #[must_use]
    pub fn proof_job(&self, limit: u64) -> Option<ProofJob> {
        let (channel, topic) = self.provable().ok()?;
        let report = self.facts.topic().and_then(|topic| topic.as_ref().ok());
        let ours = report.and_then(|report| plan::our_subscription(self, report));
        let redrive = ours.and_then(|ours| ours.attributes.as_ref()?.redrive_policy.clone());
        Some(ProofJob { aws: self.aws_place()?, channel: channel.name.clone(), topic, redrive, limit })
    }
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
            check.with_remedy("AWS Config reported nothing new in time; prove it again later.")
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
            let denied = Elsewhere { counts: Err(Trouble::reason("denied")), waiting: None };
            let rows = proof(&old, after.as_ref(), &topic, &denied);
            assert_eq!([rows[0].verdict, rows[1].verdict], expected, "{after:?}");
            assert!(rows[2..].iter().all(|row| row.verdict == Unknown));
        }
        for (delivered, failed, waiting, expected) in [
            (0, 0, None, vec![Unknown]),
            (3, 0, Some(Ok(0)), vec![Good, Good]),
            (3, 1, Some(Ok(2)), vec![CheckVerdict::Warning; 2]),
            (3, 0, Some(Err(Trouble::reason("denied"))), vec![Good, Unknown]),
        ] {
            let elsewhere = Elsewhere { counts: Ok(SnsCounts { delivered, failed }), waiting };
            let rows = proof(&old, None, &topic, &elsewhere);
            let seen: Vec<CheckVerdict> = rows[2..rows.len() - 1].iter().map(|row| row.verdict).collect();
            assert_eq!(seen, expected, "{elsewhere:?}");
        }
    }
}
