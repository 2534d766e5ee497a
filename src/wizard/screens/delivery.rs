//! Delivery: does AWS Config record here, and where does it publish?

use super::parts::{fact, looking};
use crate::model::aws_report::{Channel, ConfigReport, TopicsReport};
use crate::model::check::{Check, CheckVerdict};
use crate::rules::{aws_config, costs, plan};
use crate::state::Session;
use crate::ui::page::{Action, Block, ItemId, Page, Tone};
use crate::ui::pass::Pass;
use crate::values::answers::Key;
use crate::values::choices::ConfigDelivery;
use crate::values::exit::Exit;

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("Does AWS Config deliver to the topic?");
    page.text(Tone::Plain, "Without a recorder and a delivery channel to our topic, no event ever arrives.");
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
    page.button(Action::CheckAgain, "Refresh", "");
    page
}

fn report(page: &mut Page, session: &Session, config: &ConfigReport) {
    page.push(Block::Checks(aws_config::checks(session, config)));
    if let Some(channel) = &config.channel
        && !aws_config::names_ours(session, channel)
    {
        choices(page, session, channel);
    }
}

fn choices(page: &mut Page, session: &Session, channel: &Channel) {
    let chosen = session.answers.text(Key::ConfigDelivery);
    page.push(Block::Gap);
    let bucket = channel.bucket.clone().unwrap_or_default();
    let label = "Point it at our topic";
    page.option(
        Key::ConfigDelivery,
        ConfigDelivery::PointAtTopic.text(),
        chosen,
        label,
        &*format!("its bucket {bucket} stays; undo restores a former topic"),
    );
    page.option(
        Key::ConfigDelivery,
        ConfigDelivery::Check.text(),
        chosen,
        "Leave it as it is",
        "nothing arrives until it names our topic",
    );
    if chosen == ConfigDelivery::PointAtTopic.text()
        && let Some(topic) = &channel.topic
    {
        let mut facts = vec![fact("Loses its events", topic.to_string(), "")];
        facts.extend(channel.subscribers.iter().map(|each| fact("Who subscribes there", each, "")));
        if channel.subscribers.is_empty() {
            facts.push(fact("Who subscribes there", "nobody, or no right to list them", ""));
        }
        page.push(Block::Facts(facts));
        page.option(
            Key::ReplaceTopicArn,
            &topic.to_string(),
            session.answers.text(Key::ReplaceTopicArn),
            format!("Yes, {} stops getting AWS Config's events", topic.name),
            "",
        );
    }
}

/// Whether there is something to decide that nobody has decided: it has no default.
fn undecided(session: &Session) -> bool {
    let Some(Ok(TopicsReport { config: Ok(config), .. })) = session.facts.topics() else { return false };
    let other = config.channel.as_ref().is_some_and(|channel| !aws_config::names_ours(session, channel));
    other && session.answers.text(Key::ConfigDelivery).is_empty()
}

pub(super) fn pass(session: &Session) -> Pass {
    if session.facts.topics().is_none() {
        return Pass::Busy("AWS Config in this region".to_owned());
    }
    if undecided(session) {
        let item = ItemId::Option(Key::ConfigDelivery, ConfigDelivery::PointAtTopic.text().to_owned());
        let why = "Point the delivery channel at the topic, or leave it?";
        return Pass::item(why, item, Key::ConfigDelivery, Exit::Usage);
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
        format!("Confirm that {} stops getting AWS Config's events.", now.name),
        item,
        Key::ReplaceTopicArn,
        Exit::Usage,
    )
}
