//! Targets: in which accounts and regions SNS is set up, where there are several, and where their topics stand.

use std::collections::BTreeSet;

use super::parts::field;
use crate::model::question::Question;
use crate::rules::targets::{FEW_ACCOUNTS, guessed};
use crate::state::Session;
use crate::ui::page::{Action, Block, Item, ItemId, ItemState, Page, Tone};
use crate::ui::pass::Pass;
use crate::values::answers::Key;
use crate::values::choices::{ConfigDelivery, Topology};
use crate::values::exit::Exit;
use crate::values::targets::{Target, TargetName};

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("In which accounts and regions?");
    let chosen = session.answers.sns_targets();
    let guessed = guessed(session);
    page.text(
        Tone::Plain,
        "Wherever AWS Config is to tell this Spinnaker of changes. They are set up side by side; if one fails, the others go on.",
    );
    if !guessed.is_empty() {
        page.text(
            Tone::Dim,
            "Proposed from the accounts and regions that Spinnaker names: a guess, AWS Config may record elsewhere.",
        );
    }
    page.push(Block::Gap);
    let mut proposed: Vec<Target> = guessed.iter().cloned().map(Target::plain).collect();
    proposed.extend(session.parked.iter().cloned());
    for target in listed(&chosen, &proposed) {
        let ticked = chosen.iter().any(|each| each.name == target.name);
        page.push(Block::Item(Item {
            id: ItemId::Target(target.name.clone()),
            label: target.name.to_string(),
            state: ItemState::Ticked(ticked),
            help: of_its_own(&target),
        }));
        asked(&mut page, session, &target.name);
    }
    field(
        &mut page,
        session,
        Key::AnotherTarget,
        "Account and region, then the ARN of a role if one is assumed there.",
        "123456789012 eu-west-1",
    );
    page.button(Action::AddTarget, "Add it", "");
    topology(&mut page, session, &chosen);
    delivery(&mut page, session);
    page.text(Tone::Plain, "");
    page.button(Action::Next, "Next: Endpoint", "");
    page.button(Action::CheckAgain, "Refresh", "");
    page
}

/// What was chosen and what was guessed, in one order.
fn listed(chosen: &[Target], proposed: &[Target]) -> Vec<Target> {
    let mut listed: Vec<Target> = chosen.to_vec();
    let more = proposed.iter().filter(|each| chosen.iter().all(|target| target.name != each.name));
    listed.extend(more.cloned());
    listed.sort_by(|left, right| left.name.cmp(&right.name));
    listed.dedup_by(|later, earlier| later.name == earlier.name);
    listed
}

fn of_its_own(target: &Target) -> String {
    let own = |key: &Key| matches!(key, Key::RoleArn | Key::AwsProfile | Key::TopicName | Key::TopicArn);
    let words = target.given.iter().filter(|(key, _)| own(key));
    let words: Vec<String> = words.map(|(key, value)| format!("{} {value}", key.label())).collect();
    words.join(", ")
}

/// What a target's plan asks for before it can go on.
fn asked(page: &mut Page, session: &Session, name: &TargetName) {
    let Some(plan) = session.target_plan(name) else { return };
    if let Some(trouble) = plan.trouble() {
        page.text(Tone::Warning, format!("    {trouble}"));
    }
    if let Some((key, value)) = &plan.asks {
        page.push(Block::Item(Item {
            id: ItemId::TargetAnswer(name.clone(), *key, value.clone()),
            label: format!("{}: yes, {value}", key.label()),
            state: ItemState::Chosen(false),
            help: "for this target alone".to_owned(),
        }));
    }
}

fn topology(page: &mut Page, session: &Session, chosen: &[Target]) {
    let accounts: BTreeSet<&str> = chosen.iter().map(|each| each.name.account.as_str()).collect();
    let regions: BTreeSet<&str> = chosen.iter().map(|each| each.name.region.as_str()).collect();
    if accounts.len() < 2 {
        return;
    }
    page.heading("Where do the topics stand?");
    let now = session.topology().text();
    page.option(
        Key::Topology,
        Topology::TopicPerTarget.text(),
        now,
        "Each target has a topic of its own",
        format!("{} subscriptions at Gate; no policy names another account", chosen.len()),
    );
    let hub = session.hub_account().map(|hub| hub.to_string()).unwrap_or_default();
    page.option(
        Key::Topology,
        Topology::TopicPerRegion.text(),
        now,
        format!("One topic a region, in account {hub}"),
        format!(
            "{} subscriptions at Gate; each topic's policy names its region's accounts, whose AWS Config publishes across",
            regions.len()
        ),
    );
    if session.answers.topology().is_none() {
        let words = if accounts.len() > FEW_ACCOUNTS { "more than" } else { "at most" };
        page.text(Tone::Dim, format!("Proposed, as there are {words} {FEW_ACCOUNTS} accounts."));
    }
    if session.topology() == Topology::TopicPerRegion {
        field(page, session, Key::HubAccount, "Empty: that of the first target.", "123456789012");
    }
}

fn delivery(page: &mut Page, session: &Session) {
    page.heading("AWS Config's delivery channels");
    let chosen = session.answers.text(Key::ConfigDelivery);
    page.option(
        Key::ConfigDelivery,
        ConfigDelivery::PointAtTopic.text(),
        chosen,
        "Point each at its topic",
        "their buckets stay; one that names another topic is asked about",
    );
    page.option(
        Key::ConfigDelivery,
        ConfigDelivery::Check.text(),
        chosen,
        "Leave them as they are",
        "nothing arrives from those that name no topic of ours",
    );
}

pub(super) fn pass(session: &Session) -> Pass {
    if session.answers.sns_targets().is_empty() {
        return Pass::field("Choose at least one account and region.", Key::AnotherTarget);
    }
    if let Err(why) = session.target_jobs() {
        return Pass::item(
            why,
            ItemId::Option(Key::Topology, Topology::TopicPerTarget.text().to_owned()),
            Key::HubAccount,
            Exit::Usage,
        );
    }
    if session.answers.text(Key::ConfigDelivery).is_empty() {
        let item = ItemId::Option(Key::ConfigDelivery, ConfigDelivery::PointAtTopic.text().to_owned());
        let why = "Point each channel at its topic, or leave them?";
        return Pass::item(why, item, Key::ConfigDelivery, Exit::Usage);
    }
    if session.facts.waits(|question| matches!(question, Question::TargetsPlan { .. })) {
        return Pass::Busy("what has to be done at each target".to_owned());
    }
    let Some(plans) = session.facts.targets_plan() else { return Pass::Ready };
    let none = plans.iter().all(|plan| plan.trouble().is_some());
    match plans.iter().find_map(|plan| plan.trouble().map(|why| (plan, why))) {
        // The others go on without it; with none of them there is nothing to go on with.
        Some((plan, why)) if none && !plans.is_empty() => {
            Pass::stuck(format!("Nothing can be done at any target. {}: {why}", plan.name), Exit::Aws)
        }
        _ => Pass::Ready,
    }
}
