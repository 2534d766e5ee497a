//! SNS: topic, policy, subscription; then Gate confirms.

use super::halted::{halted, ways_on};
use super::install::steps;
use super::parts::fact;
use crate::model::aws_report::SubscriptionState;
use crate::model::readiness::Readiness;
use crate::rules::limits::CONFIRM_WINDOW_MS;
use crate::rules::task::Task;
use crate::state::Session;
use crate::state::run::GateAnswers;
use crate::steps::StepKind;
use crate::ui::page::{Action, Block, Page, Tone};
use crate::values::answers::Key;
use crate::values::time::span;

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("SNS: topic, policy, subscription");
    page.push(Block::Steps(steps(session, |kind| {
        !matches!(kind, StepKind::WriteProfile | StepKind::ApplyDeployment)
    })));
    if matches!(session.next_task(), Some((_, Task::Confirm))) {
        confirming(&mut page, session);
    }
    halted(&mut page, session);
    ways_on(&mut page, session);
    page
}

fn confirming(page: &mut Page, session: &Session) {
    let Some((since, sent)) = session.run.confirm_since else { return };
    let waited = session.now.mono.saturating_sub(since.mono);
    let window = session.now.mono.saturating_sub(sent.mono);
    let state = match &session.run.subscription {
        None => "asked for".to_owned(),
        Some(Ok(SubscriptionState::Missing)) => "not listed yet".to_owned(),
        Some(Ok(SubscriptionState::Pending { .. })) => "pending: SNS waits for Gate".to_owned(),
        Some(Ok(SubscriptionState::Confirmed { .. })) => "confirmed".to_owned(),
        Some(Err(trouble)) => trouble.what.clone(),
    };
    page.push(Block::Gap);
    page.push(Block::Facts(vec![
        fact("Subscription", state, ""),
        fact("Endpoint", session.answers.text(Key::Endpoint), ""),
        fact("Waiting for", span(waited), ""),
    ]));
    if window < CONFIRM_WINDOW_MS {
        let left = span(CONFIRM_WINDOW_MS - window);
        page.text(
            Tone::Dim,
            format!("Gate confirms by itself. SNS tries for about two minutes, {left} left."),
        );
        if session.run.gate_answers == GateAnswers::Newly {
            page.text(Tone::Good, "Gate has begun to answer with the plugin.");
            page.button(
                Action::SendConfirmation,
                "Send a new confirmation",
                "subscribes again; nothing is doubled",
            );
        }
    } else {
        page.text(Tone::Warning, "SNS has stopped trying. Likely causes, in order:");
        for cause in causes(session) {
            page.text(Tone::Plain, format!("- {cause}"));
        }
        page.button(
            Action::SendConfirmation,
            "Send a new confirmation",
            "subscribes again; nothing is doubled",
        );
    }
    page.button(Action::ConfirmLater, "Leave it for later", "the Summary says what is left");
}

fn causes(session: &Session) -> Vec<String> {
    let gate = session.run.ready.values().find(|report| report.service.is_gate());
    let mut causes = Vec::new();
    match gate.map(|report| report.state) {
        Some(Readiness::Ready) => causes.push("AWS cannot reach the endpoint: firewall, ingress or DNS (Gate itself has the plugin, seen from here).".to_owned()),
        _ => causes.push("Gate does not run the plugin yet: its readiness was not seen from here.".to_owned()),
    }
    if session.deployment().is_some_and(|deployment| deployment.authn) {
        causes.push("A login stands in front of /aws/notify; a 4xx answer counts as delivered, so SNS does not try again.".to_owned());
    }
    if session.answers.text(Key::Endpoint).starts_with("https:") {
        causes.push("The certificate is not one that SNS trusts (public CA, whole chain).".to_owned());
    }
    causes
}
