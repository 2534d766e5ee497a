//! Delivery: does AWS Config record here, and where does it publish?

use super::parts::{fact, looking};
use crate::model::aws_report::{Channel, ConfigReport, RecorderState};
use crate::model::check::{Check, CheckVerdict};
use crate::rules::plan;
use crate::state::Session;
use crate::ui::page::{Action, Block, Page, Tone};
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
    page.button(Action::Next, "Next: Review", "");
    page.button(Action::CheckAgain, "Look again", "");
    page
}

fn report(page: &mut Page, session: &Session, config: &ConfigReport) {
    let mut checks = Vec::new();
    match &config.recorder {
        Some((name, RecorderState::Recording)) => {
            checks.push(Check::new(CheckVerdict::Good, "Recorder", format!("{name} records")));
        }
        Some((name, RecorderState::Stopped)) => checks.push(
            Check::new(CheckVerdict::Warning, "Recorder", format!("{name} is stopped")).with_remedy(format!(
                "aws configservice start-configuration-recorder --configuration-recorder-name {name}"
            )),
        ),
        None => checks.push(
            Check::new(CheckVerdict::Warning, "Recorder", "there is none in this region")
                .with_remedy("Set up AWS Config in this region; it needs an S3 bucket and a role."),
        ),
    }
    let arn = session.topic_arn();
    match &config.channel {
        None => {
            checks.push(Check::new(
                CheckVerdict::Warning,
                "Delivery channel",
                "there is none in this region; it comes with setting up AWS Config",
            ));
            page.push(Block::Checks(checks));
        }
        Some(channel) => {
            let ours = channel.topic.is_some() && channel.topic == arn;
            checks.push(channel_check(channel, ours));
            page.push(Block::Checks(checks));
            if !ours {
                choices(page, session, channel);
            }
        }
    }
}

fn channel_check(channel: &Channel, ours: bool) -> Check {
    let status =
        channel.last_status.as_ref().map(|status| format!(", last delivery: {status}")).unwrap_or_default();
    match &channel.topic {
        Some(_) if ours => {
            Check::new(CheckVerdict::Good, "Delivery channel", format!("publishes to our topic{status}"))
        }
        Some(topic) => {
            Check::new(CheckVerdict::Warning, "Delivery channel", format!("publishes to {topic}{status}"))
        }
        None => Check::new(CheckVerdict::Warning, "Delivery channel", "publishes to no topic"),
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
    let Some(now) = plan::delivery_topic(session) else { return Pass::Ready };
    if Some(&now) == session.topic_arn().as_ref()
        || session.answers.text(Key::ReplaceTopicArn) == now.to_string()
    {
        return Pass::Ready;
    }
    let item = crate::ui::page::ItemId::Option(Key::ReplaceTopicArn, now.to_string());
    Pass::item(
        format!("Say that {} may stop getting AWS Config's events.", now.name),
        item,
        Key::ReplaceTopicArn,
        Exit::Usage,
    )
}
