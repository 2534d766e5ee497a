//! Delivery: does AWS Config record here, and where does it publish?

use super::parts::{fact, looking};
use crate::model::aws_report::{Channel, ConfigReport, RecorderState, Recording, TopicsReport};
use crate::model::check::{Check, CheckVerdict};
use crate::rules::{costs, plan, recorded};
use crate::state::Session;
use crate::ui::page::{Action, Block, ItemId, Page, Tone};
use crate::ui::pass::Pass;
use crate::values::answers::Key;
use crate::values::choices::ConfigDelivery;
use crate::values::exit::Exit;

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("Does AWS Config deliver to the topic?");
    page.text(Tone::Plain, "Without a recorder and a delivery channel to our topic, everything is green and nothing ever arrives.");
    page.push(Block::Gap);
    match session.facts.topics() {
        None => looking(&mut page, session, "AWS Config in this region", None),
        Some(Err(trouble)) => {
            page.text(Tone::Warning, trouble.what.clone());
        }
        Some(Ok(topics)) => match &topics.config {
            Err(trouble) => {
                page.push(Block::Checks(vec![
                    Check::new(CheckVerdict::Unknown, "AWS Config", &trouble.what).with_remedy(&trouble.fix),
                ]));
            }
            Ok(config) => report(&mut page, session, config),
        },
    }
    page.text(Tone::Dim, costs::COST);
    page.button(Action::Next, "Next: Review", "");
    page.button(Action::CheckAgain, "Look again", "");
    page
}

fn report(page: &mut Page, session: &Session, config: &ConfigReport) {
    page.push(Block::Checks(checks(session, config)));
    if let Some(channel) = &config.channel
        && !names_ours(session, channel)
    {
        choices(page, session, channel);
    }
}

fn names_ours(session: &Session, channel: &Channel) -> bool {
    channel.topic.is_some() && channel.topic == session.topic_arn()
}

/// Returns what is wrong with AWS Config here, or that nothing is: recorder, what it records, channel.
pub(super) fn checks(session: &Session, config: &ConfigReport) -> Vec<Check> {
    let mut checks = vec![recorder_check(config)];
    if let (Some(records), true) = (&config.records, config.recorder.is_some()) {
        checks.extend(recording_checks(records));
    }
    checks.push(match &config.channel {
        None => Check::new(
            CheckVerdict::Warning,
            "Delivery channel",
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
            Check::new(CheckVerdict::Good, "Delivery channel", format!("publishes to our topic{status}"))
        }
        (Some(topic), Some(failed)) => {
            let to = if ours { "our topic".to_owned() } else { topic.to_string() };
            Check::new(
                CheckVerdict::Warning,
                "Delivery channel",
                format!("publishes to {to}, but failed last: {failed}"),
            )
            .with_remedy("See the topic's access policy and whether the topic is still there.")
        }
        (Some(topic), None) => {
            Check::new(CheckVerdict::Warning, "Delivery channel", format!("publishes to {topic}{status}"))
        }
        (None, _) => Check::new(CheckVerdict::Warning, "Delivery channel", "publishes to no topic"),
    }
}

fn choices(page: &mut Page, session: &Session, channel: &Channel) {
    let chosen = session.answers.text(Key::ConfigDelivery);
    page.push(Block::Gap);
    page.option(
        Key::ConfigDelivery,
        ConfigDelivery::Check.text(),
        chosen,
        "Leave it as it is",
        "nothing arrives until it names our topic",
    );
    let bucket = channel.bucket.clone().unwrap_or_default();
    let label = "Point it at our topic";
    page.option(
        Key::ConfigDelivery,
        ConfigDelivery::PointAtTopic.text(),
        chosen,
        label,
        &*format!("its bucket {bucket} stays"),
    );
    if chosen == ConfigDelivery::PointAtTopic.text()
        && let Some(topic) = &channel.topic
    {
        let mut facts = vec![fact("Loses its events", topic.to_string(), "")];
        facts.extend(channel.subscribers.iter().map(|each| fact("Who subscribes there", each, "")));
        if channel.subscribers.is_empty() {
            facts.push(fact("Who subscribes there", "nobody, or it may not be listed", ""));
        }
        page.push(Block::Facts(facts));
        page.option(
            Key::ReplaceTopicArn,
            &topic.to_string(),
            session.answers.text(Key::ReplaceTopicArn),
            format!("Yes, {} may stop getting AWS Config's events", topic.name),
            "",
        );
    }
}

pub(super) fn pass(session: &Session) -> Pass {
    if session.facts.topics().is_none() {
        return Pass::Busy("AWS Config in this region".to_owned());
    }
    if session.answers.text(Key::ConfigDelivery) != ConfigDelivery::PointAtTopic.text() {
        return Pass::Ready;
    }
    if let Some(Ok(TopicsReport { config: Ok(ConfigReport { channel: None, .. }), .. })) =
        session.facts.topics()
    {
        let item = ItemId::Option(Key::ConfigDelivery, ConfigDelivery::PointAtTopic.text().to_owned());
        let why = "AWS Config has no delivery channel in this region that could be pointed at the topic. Set up AWS Config there first, or leave delivery as it is.";
        return Pass::item(why, item, Key::ConfigDelivery, Exit::Aws);
    }
    let Some(now) = plan::delivery_topic(session) else { return Pass::Ready };
    if Some(&now) == session.topic_arn().as_ref()
        || session.answers.text(Key::ReplaceTopicArn) == now.to_string()
    {
        return Pass::Ready;
    }
    let item = ItemId::Option(Key::ReplaceTopicArn, now.to_string());
    Pass::item(
        format!("Say that {} may stop getting AWS Config's events.", now.name),
        item,
        Key::ReplaceTopicArn,
        Exit::Usage,
    )
}
