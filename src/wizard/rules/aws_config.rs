//! Does AWS Config record what is wanted, and deliver to the chosen topic?

use crate::model::aws_report::{Channel, ConfigReport, RecorderState, Recording};
use crate::model::check::{Check, CheckVerdict};
use crate::rules::recorded;
use crate::state::Session;

/// What the check of the delivery channel is called.
pub const CHANNEL: &str = "Delivery channel";

/// Returns whether a channel publishes to the chosen topic.
#[must_use]
pub fn names_ours(session: &Session, channel: &Channel) -> bool {
    channel.topic.is_some() && channel.topic == session.topic_arn()
}

/// Returns what is wrong with AWS Config here, or that nothing is: recorder, what it records, channel.
#[must_use]
pub fn checks(session: &Session, config: &ConfigReport) -> Vec<Check> {
    let mut checks = vec![recorder_check(config)];
    if let (Some(records), true) = (&config.records, config.recorder.is_some()) {
        checks.extend(recording_checks(records));
    }
    checks.push(match &config.channel {
        None => Check::new(
            CheckVerdict::Warning,
            CHANNEL,
            "there is none in this region; it comes with setting up AWS Config",
        ),
        Some(channel) => channel_check(channel, names_ours(session, channel)),
    });
    checks
}

fn recorder_check(config: &ConfigReport) -> Check {
    let failed = config.records.as_ref().and_then(|records| records.last_error.as_ref());
    match (&config.recorder, failed) {
        (Some((name, RecorderState::Recording)), None) => {
            Check::new(CheckVerdict::Good, "Recorder", format!("{name} records"))
        }
        (Some((name, RecorderState::Recording)), Some(failed)) => Check::new(
            CheckVerdict::Warning,
            "Recorder",
            format!("{name} records, but failed last: {failed}"),
        )
        .with_remedy("See that its role may read resources and write to the bucket."),
        (Some((name, RecorderState::Stopped)), _) => {
            Check::new(CheckVerdict::Warning, "Recorder", format!("{name} is stopped")).with_remedy(format!(
                "aws configservice start-configuration-recorder --configuration-recorder-name {name}"
            ))
        }
        (None, _) => Check::new(CheckVerdict::Warning, "Recorder", "there is none in this region")
            .with_remedy("Set up AWS Config in this region; it needs an S3 bucket and a role."),
    }
}

fn recording_checks(records: &Recording) -> Vec<Check> {
    let (left_out, daily) = (recorded::left_out(records), recorded::daily(records));
    let mut checks = Vec::new();
    if !left_out.is_empty() {
        let detail = format!("left out, so no events come of: {}", few(&left_out));
        checks.push(
            Check::new(CheckVerdict::Warning, "What is recorded", detail)
                .with_remedy("Have the recorder record them: put-configuration-recorder, recordingGroup."),
        );
    }
    if !daily.is_empty() {
        let detail = format!("once a day only, so events come a day late of: {}", few(&daily));
        checks.push(
            Check::new(CheckVerdict::Warning, "How often", detail).with_remedy(
                "Have them recorded with each change: put-configuration-recorder, recordingMode.",
            ),
        );
    }
    if checks.is_empty() {
        checks.push(Check::new(
            CheckVerdict::Good,
            "What is recorded",
            "what Clouddriver caches, with each change",
        ));
    }
    checks
}

/// The first few, without what all have in common.
fn few(types: &[&str]) -> String {
    const SHOWN: usize = 4;
    let short = |kind: &&str| kind.strip_prefix("AWS::").unwrap_or(kind).to_owned();
    let mut text = types.iter().take(SHOWN).map(short).collect::<Vec<_>>().join(", ");
    if types.len() > SHOWN {
        text.push_str(&format!(" and {} more", types.len() - SHOWN));
    }
    text
}

fn channel_check(channel: &Channel, ours: bool) -> Check {
    let status =
        channel.last_status.as_ref().map(|status| format!(", last delivery: {status}")).unwrap_or_default();
    let failed = channel.last_error.as_ref();
    match (&channel.topic, failed) {
        (Some(_), None) if ours => {
            Check::new(CheckVerdict::Good, CHANNEL, format!("publishes to our topic{status}"))
        }
        (Some(topic), Some(failed)) => {
            let to = if ours { "our topic".to_owned() } else { topic.to_string() };
            Check::new(
                CheckVerdict::Warning,
                CHANNEL,
                format!("publishes to {to}, but failed last: {failed}"),
            )
            .with_remedy("See the topic's access policy and whether the topic is still there.")
        }
        (Some(topic), None) => {
            Check::new(CheckVerdict::Warning, CHANNEL, format!("publishes to {topic}{status}"))
        }
        (None, _) => Check::new(CheckVerdict::Warning, CHANNEL, "publishes to no topic"),
    }
}
