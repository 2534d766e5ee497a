//! Will events arrive? Everything can be green and nothing ever come: this is the one question that a run
//! is for, so it is answered first and last.

use crate::model::aws_report::{ConfigReport, RecorderState, TopicsReport};
use crate::model::target_job::TargetPlan;
use crate::rules::plan;
use crate::state::Session;
use crate::steps::{Intent, Made};
use crate::values::answers::Key;
use crate::values::choices::RawDelivery;

/// Returns why no events will arrive once the planned steps are done; `None` = they will, as far as can be
/// seen.
#[must_use]
pub fn missing_in_plan(session: &Session) -> Option<String> {
    let points = plan::steps(session).iter().any(|step| matches!(step, Intent::DeliverConfig(_)));
    missing(session, points)
}

/// Returns why no events will arrive yet, at the end of a run; `None` = they will, as far as can be seen.
#[must_use]
pub fn missing_now(session: &Session) -> Option<String> {
    let pointed = session.ledger.made.iter().any(|work| matches!(work.made, Made::Delivery { .. }));
    let waits = session.answers.sns_now() && !session.confirmed() && !subscribed_before(session);
    missing(session, pointed).or_else(|| waits.then(|| "Gate has not confirmed its subscription".to_owned()))
}

/// Whether the subscription was confirmed when it was looked at, so that the run had nothing to wait for.
fn subscribed_before(session: &Session) -> bool {
    let topic = session.facts.topic().and_then(|topic| topic.as_ref().ok());
    topic.is_some_and(|topic| plan::our_subscription(session, topic).is_some())
}

fn missing(session: &Session, pointed: bool) -> Option<String> {
    // Where Git deploys, the run itself waits for it.
    let deploys = !session.answers.is_no(Key::Apply) || !session.road().is_halyard();
    if session.answers.is_no(Key::WriteProfiles) || !deploys {
        return Some("Gate and Clouddriver are still to be deployed with the plugin".to_owned());
    }
    if session.answers.sns_by_targets() {
        return of_targets(session);
    }
    if !session.answers.sns_now() {
        let by_hand = session.ledger.handed_over.as_ref().is_some_and(|(receipt, _)| receipt.confirmed);
        return (!by_hand).then(|| "SNS is still to be set up".to_owned());
    }
    if raw_stays(session) {
        return Some("raw message delivery stays on, and Gate reads no event then".to_owned());
    }
    match session.facts.topics() {
        Some(Ok(TopicsReport { config: Ok(config), .. })) => of_config(session, config, pointed),
        _ if pointed => None,
        _ => Some("AWS Config could not be looked at".to_owned()),
    }
}

/// Whether Gate's subscription has raw message delivery on, and the operator leaves it so.
fn raw_stays(session: &Session) -> bool {
    let topic = session.facts.topic().and_then(|topic| topic.as_ref().ok());
    let ours = topic.and_then(|topic| plan::our_subscription(session, topic));
    let raw = ours.and_then(|ours| ours.attributes.as_ref()).is_some_and(|found| found.raw);
    raw && session.answers.raw_delivery() == Some(RawDelivery::Leave)
}

fn of_config(session: &Session, config: &ConfigReport, pointed: bool) -> Option<String> {
    match &config.recorder {
        None => return Some("AWS Config has no recorder in this region".to_owned()),
        Some((name, RecorderState::Stopped)) => {
            return Some(format!("AWS Config's recorder {name} is stopped"));
        }
        Some((_, RecorderState::Recording)) => {}
    }
    let named = config.channel.as_ref().and_then(|channel| channel.topic.as_ref());
    let ours = named.is_some() && named == session.topic_arn().as_ref();
    (!ours && !pointed).then(|| "AWS Config does not deliver to the topic".to_owned())
}

fn of_targets(session: &Session) -> Option<String> {
    let Some(plans) = session.facts.targets_plan() else {
        return Some("the targets were not looked at".to_owned());
    };
    let missing: Vec<(&TargetPlan, &str)> =
        plans.iter().filter_map(|plan| Some((plan, plan.trouble().or(plan.missing.as_deref())?))).collect();
    let (first, why) = missing.first()?;
    Some(match missing.len() {
        1 => format!("at {}: {why}", first.name),
        more => format!("at {} of {} targets; {}: {why}", more, plans.len(), first.name),
    })
}
