//! SNS: topic, policy, subscription; then Gate confirms.

use super::halted::{halted, ways_on};
use super::install::steps;
use super::parts::{fact, thousandths};
use crate::model::aws_report::SubscriptionState;
use crate::model::target_job::{TargetPhase, TargetProgress};
use crate::rules::limits::CONFIRM_WINDOW_MS;
use crate::rules::task::Task;
use crate::state::Session;
use crate::state::run::GateAnswers;
use crate::steps::StepKind;
use crate::ui::page::{Action, Block, Gauge, Mark, Page, StepLine, Tone};
use crate::values::answers::Key;
use crate::values::time::span;

pub(super) fn page(session: &Session) -> Page {
    let mut page = Page::new("SNS: topic, policy, subscription");
    halted(&mut page, session);
    if session.run_active() {
        page.text(
            Tone::Good,
            "Safe to disconnect: what is done is noted, and the rest goes on when you come back.",
        );
    }
    page.push(Block::Steps(steps(session, StepKind::in_aws)));
    targets(&mut page, session);
    if matches!(session.next_task(), Some((_, Task::Confirm))) {
        confirming(&mut page, session);
    }
    ways_on(&mut page, session);
    page
}

fn confirming(page: &mut Page, session: &Session) {
    let Some((since, _)) = session.run.confirm_since else { return };
    let waited = session.now.mono.saturating_sub(since.mono);
    let window = session.since_confirmation();
    let state = match &session.run.subscription {
        None => "asked for".to_owned(),
        Some(Ok(SubscriptionState::Missing)) if session.confirmation_is_due() => {
            "not there any more: it has expired, or somebody removed it".to_owned()
        }
        Some(Ok(SubscriptionState::Missing)) => "not listed yet".to_owned(),
        Some(Ok(SubscriptionState::Pending { .. })) => "pending: SNS waits for Gate".to_owned(),
        Some(Ok(SubscriptionState::Confirmed { .. })) => "confirmed".to_owned(),
        Some(Err(trouble)) => format!("not known: {}", trouble.what),
    };
    page.push(Block::Gap);
    page.push(Block::Facts(vec![
        fact("Subscription", state, ""),
        fact("Endpoint", session.answers.text(Key::Endpoint), ""),
        fact("Waiting for", span(waited), ""),
    ]));
    if !session.confirmation_is_due() && window < CONFIRM_WINDOW_MS {
        let left = span(CONFIRM_WINDOW_MS - window);
        page.push(Block::Gauge(Gauge {
            filled: thousandths(window, CONFIRM_WINDOW_MS),
            words: format!("{left} left: SNS tries for about two minutes"),
        }));
        page.text(Tone::Dim, "Gate confirms by itself.");
    } else {
        why(page, session);
        page.button(
            Action::SendConfirmation,
            "Send a new confirmation",
            "subscribes again; nothing is doubled",
        );
    }
    page.button(Action::ConfirmLater, "Leave it for later", "the Summary says what is left");
}

/// Why a new confirmation is worth sending, and what can be seen of why the last one was of no use.
fn why(page: &mut Page, session: &Session) {
    if session.run.gate_answers == GateAnswers::Newly {
        page.text(Tone::Good, "Gate has begun to answer with the plugin.");
        return;
    }
    match &session.run.subscription {
        Some(Ok(SubscriptionState::Missing)) => return,
        Some(Err(trouble)) => page.text(Tone::Warning, trouble.fix.clone()),
        _ => page.text(Tone::Warning, "SNS has stopped trying. What can be seen from here, likeliest first:"),
    };
    for cause in session.why_not_confirmed() {
        page.text(Tone::Plain, format!("- {cause}"));
    }
}

/// One line a target: how far it is, what it does or why it failed.
fn targets(page: &mut Page, session: &Session) {
    if session.run.targets.is_empty() {
        return;
    }
    page.push(Block::Gap);
    let line = |target: &TargetProgress| StepLine {
        mark: match target.phase {
            TargetPhase::ToDo => Mark::ToDo,
            TargetPhase::Begun => Mark::Now,
            TargetPhase::Failed => Mark::Failed,
            TargetPhase::Unknown => Mark::Unknown,
            TargetPhase::Done => Mark::Done,
        },
        text: format!("{}  {}", target.name, target.words),
        note: if target.of == 0 { String::new() } else { format!("{} of {}", target.done, target.of) },
    };
    page.push(Block::Steps(session.run.targets.iter().map(line).collect()));
}
