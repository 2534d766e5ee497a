//! Endpoint: Gate as AWS sees it.

use super::parts::{bad, field, looking};
use crate::model::check::{Check, CheckVerdict};
use crate::model::gate_answer::NotifyVerdict;
use crate::model::question::Question;
use crate::state::Session;
use crate::ui::page::{Action, Block, ItemId, Page, Tone};
use crate::ui::pass::{Pass, Stuck};
use crate::values::answers::Key;
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
    field(
        &mut page,
        session,
        Key::ProbeUrl,
        "As seen from here; only looked at (GET), never posted to.",
        "http://localhost:8084",
    );
    page.heading("Go or no go");
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
    page.button(Action::Next, "Next: Delivery", "");
    page.button(Action::CheckAgain, "Look again", "");
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
    if let Some(gate) = session.facts.gate() {
        let words = match gate.notify {
            NotifyVerdict::NotThere => "not there yet, as expected before the deploy".to_owned(),
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
        None => Pass::Ready,
    }
}
