//! Endpoint: Gate as AWS sees it.

use super::parts::{advanced, bad, field, looking};
use crate::model::aws_report::SubscriptionAttributes;
use crate::model::check::{Check, CheckVerdict};
use crate::model::gate_answer::{EndpointAnswer, NotifyVerdict};
use crate::model::question::Question;
use crate::rules::plan;
use crate::state::Session;
use crate::ui::page::{Action, Block, ItemId, Page, Tone};
use crate::ui::pass::{Pass, Stuck};
use crate::values::answers::Key;
use crate::values::choices::RawDelivery;
use crate::values::exit::Exit;
use crate::values::names::EndpointUrl;

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("Where does SNS reach Gate?");
    page.text(
        Tone::Plain,
        "Gate's public address, its context path if it has one, then /aws/notify. A separate ingress without a login that exposes only /aws/notify is a good answer too.",
    );
    page.push(Block::Gap);
    field(
        &mut page,
        session,
        Key::Endpoint,
        "As AWS sees it; the protocol follows from its scheme.",
        "https://gate.example.com/aws/notify",
    );
    advanced(
        &mut page,
        session,
        &[(
            Key::ProbeUrl,
            "Gate as seen from here; only looked at (GET), never posted to.",
            "http://localhost:8084",
        )],
    );
    page.heading("Checks");
    match session.facts.endpoint() {
        Some(report) => {
            page.push(Block::Checks(checks(session, &report.checks)));
        }
        None if session.endpoint_url().is_some() => {
            let since =
                session.facts.in_flight().find(|slot| matches!(slot.question, Question::Endpoint { .. }));
            looking(&mut page, session, "whether SNS can reach it", since.map(|slot| slot.asked));
        }
        None => {
            page.text(Tone::Warning, "Give the endpoint first.");
        }
    }
    about_subscription(&mut page, session);
    page.button(Action::Next, "Next: Delivery", "");
    page.button(Action::CheckAgain, "Refresh", "");
    page
}

fn checks(session: &Session, of_endpoint: &[Check]) -> Vec<Check> {
    let mut checks = of_endpoint.to_vec();
    if session.deployment().is_some_and(|deployment| deployment.authn) {
        checks.push(
            Check::new(CheckVerdict::Warning, "Login", "Gate asks for a login; the plugin excludes /aws/notify from it, which is seen only after the deploy")
                .with_remedy("If it answers 401 or 302 then: a second Gate without login that exposes only /aws/notify."),
        );
    }
    match session.facts.endpoint().and_then(|seen| seen.answer.as_ref()) {
        Some(EndpointAnswer::Http { verdict: NotifyVerdict::There | NotifyVerdict::NotThere, .. }) | None => {
        }
        Some(answer @ EndpointAnswer::Silent { .. }) => {
            checks.push(
                Check::new(CheckVerdict::Unknown, "The endpoint, now", answer.cause())
                    .with_remedy("Fine if only AWS can reach it; else see firewall and ingress."),
            );
        }
        Some(answer) => {
            checks.push(Check::new(CheckVerdict::Warning, "The endpoint, now", answer.cause()));
        }
    }
    if let Some(gate) = session.facts.gate() {
        let words = match gate.notify {
            NotifyVerdict::NotThere => "/aws/notify not there yet; normal before the deploy".to_owned(),
            other => other.words().to_owned(),
        };
        let verdict = match gate.notify {
            NotifyVerdict::NotGate => CheckVerdict::Warning,
            NotifyVerdict::CannotTell => CheckVerdict::Unknown,
            _ => CheckVerdict::Good,
        };
        checks.push(Check::new(verdict, "From here, now", words));
    }
    checks
}

/// What Gate's subscription is like, where it stands already.
fn attributes(session: &Session) -> Option<&SubscriptionAttributes> {
    let topic = session.facts.topic()?.as_ref().ok()?;
    plan::our_subscription(session, topic)?.attributes.as_ref()
}

/// What is worth knowing of Gate's subscription, where it stands already.
pub(super) fn of_subscription(session: &Session) -> Vec<Check> {
    let Some(found) = attributes(session) else { return Vec::new() };
    let mut checks = Vec::new();
    if found.raw {
        checks.push(Check::new(
            CheckVerdict::Warning,
            "Raw message delivery",
            "on: messages come without SNS's envelope, and Gate cannot read them",
        ));
    }
    if let Some(filter) = &found.filter_policy {
        checks.push(
            Check::new(CheckVerdict::Warning, "Filter policy", format!("only what fits arrives: {filter}"))
                .with_remedy(
                    "AWS Config's messages carry no attributes: see that they fit, or take the filter off.",
                ),
        );
    }
    if let Some(redrive) = &found.redrive_policy {
        checks.push(Check::new(
            CheckVerdict::Good,
            "Dead-letter queue",
            format!("what cannot be delivered goes there: {redrive}"),
        ));
    }
    checks
}

fn about_subscription(page: &mut Page, session: &Session) {
    let checks = of_subscription(session);
    if checks.is_empty() {
        return;
    }
    page.heading("Gate's subscription, which stands already");
    page.push(Block::Checks(checks));
    if attributes(session).is_some_and(|found| found.raw) {
        let chosen = session.answers.text(Key::RawDelivery);
        let off = RawDelivery::TurnOff.text();
        page.option(Key::RawDelivery, off, chosen, "Turn raw message delivery off", "undo turns it on again");
        let leave = RawDelivery::Leave.text();
        page.option(Key::RawDelivery, leave, chosen, "Leave it on", "no event is read then");
    }
}

pub(super) fn pass(session: &Session) -> Pass {
    if let Err(error) = EndpointUrl::parse(session.answers.text(Key::Endpoint)) {
        return Pass::field(error.0, Key::Endpoint);
    }
    let Some(report) = session.facts.endpoint() else {
        return Pass::Busy("whether SNS can reach the endpoint".to_owned());
    };
    match bad(&report.checks) {
        Some(check) => Pass::Stuck(Stuck {
            why: format!("{}: {}. {}", check.label, check.detail, check.remedy.clone().unwrap_or_default()),
            item: Some(ItemId::Field(Key::Endpoint)),
            key: Some(Key::Endpoint),
            exit: Exit::Aws,
        }),
        None if attributes(session).is_some_and(|found| found.raw)
            && session.answers.raw_delivery().is_none() =>
        {
            Pass::item(
                "Gate's subscription has raw message delivery on, which Gate cannot read: choose whether to turn it off.",
                ItemId::Option(Key::RawDelivery, RawDelivery::TurnOff.text().to_owned()),
                Key::RawDelivery,
                Exit::Usage,
            )
        }
        None => Pass::Ready,
    }
}
