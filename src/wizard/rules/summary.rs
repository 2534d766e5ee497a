//! What is said at the end, and how to take it back by hand. Pure functions of the session.

use crate::model::journal::KEPT;
use crate::model::ledger::Ledger;
use crate::model::mode::{Mode, Rehearsal};
use crate::model::part::Part;
use crate::rules::commit::PULL_REQUEST;
use crate::rules::deploy_needs::not_checked;
use crate::rules::{arrival, handover, plan, undo};
use crate::state::Session;
use crate::steps::Made;
use crate::values::answers::Key;
use crate::values::exit::Exit;
use crate::values::names::TopicArn;

/// Returns what is printed to stdout after the terminal was restored: outcome, what was made
/// (values alone on their lines), what is left, how to come back.
#[must_use]
pub fn after_exit(session: &Session) -> Vec<String> {
    let mut lines = Vec::new();
    let exit = session.exit.unwrap_or(Exit::Done);
    lines.push(match exit {
        Exit::Detached => {
            "Detached. The deploy goes on; all later steps wait until you come back.".to_owned()
        }
        Exit::Done if session.run_is_over() && session.ledger.rows.is_empty() => {
            "Unchanged: everything was as wanted.".to_owned()
        }
        Exit::Done if undone(session) && session.ledger.made.is_empty() => {
            "Done. What the wizard had made is taken back.".to_owned()
        }
        Exit::Done if undone(session) => "Done. What you chose is taken back.".to_owned(),
        Exit::Done if session.run_is_over() => "Done.".to_owned(),
        Exit::Done => "Unchanged.".to_owned(),
        Exit::Interrupted if session.ledger.run.is_none() => {
            "Left. Nothing was changed; your answers are saved.".to_owned()
        }
        Exit::Interrupted => "Left. What is done stays done; your answers are saved.".to_owned(),
        _ => session.exit_words.clone().unwrap_or_else(|| "Stopped.".to_owned()),
    });
    let made = made(session);
    if !made.is_empty() {
        lines.push(if session.ledger.takes_back() { "Still there:" } else { "Made:" }.to_owned());
        lines.extend(made);
    }
    let left = left(session);
    if !left.is_empty() && session.ledger.run.is_some() {
        lines.push(if session.ledger.takes_back() { "Left as it is:" } else { "Left to do:" }.to_owned());
        lines.extend(left);
    }
    if session.run_is_over() && !session.ledger.takes_back() && exit == Exit::Done {
        lines.push(match arrival::missing_now(session) {
            Some(why) => format!("No events will arrive yet: {why}."),
            None => "Events will arrive.".to_owned(),
        });
    }
    match exit {
        Exit::Detached => lines.extend(["Come back with:".to_owned(), session.come_back()]),
        Exit::Interrupted => {
            let again = match session.setup.rehearsal {
                Rehearsal::Yes => session.come_back(),
                Rehearsal::No => session.command("event-cache-wizard"),
            };
            lines.extend(["Go on with:".to_owned(), again]);
        }
        _ if session.ledger.run.is_some() && session.setup.rehearsal == Rehearsal::No => {
            lines.extend(["Check with:".to_owned(), session.command("event-cache-wizard status")]);
            if !undone(session) || !session.ledger.made.is_empty() {
                lines.extend(["Undo with:".to_owned(), session.command("event-cache-wizard undo")]);
            }
        }
        _ => {}
    }
    lines
}

/// Returns what was made, one value a line.
#[must_use]
pub fn made(session: &Session) -> Vec<String> {
    let mut made = made_by(&session.ledger);
    // All of it stands in `report`; here are the topics, which name account and region themselves.
    let targets = session.run.targets().iter().flat_map(|target| &target.made);
    made.extend(targets.filter(|what| TopicArn::parse(what).is_ok()).cloned());
    made
}

/// Returns what was made by a journal, one value a line.
#[must_use]
pub fn made_by(ledger: &Ledger) -> Vec<String> {
    let mut made: Vec<String> = ledger
        .made
        .iter()
        .filter_map(|work| match &work.made {
            Made::Profile { path, .. } => Some(path.clone()),
            Made::Topic { arn } => Some(arn.to_string()),
            Made::Subscription { arn } => arn.clone(),
            Made::Statement { sid } => Some(format!("policy statement {sid}")),
            Made::Delivery { channel, .. } => Some(format!("delivery channel {channel}")),
            Made::RawDelivery { subscription } => Some(format!("raw message delivery off: {subscription}")),
            Made::Targets { names } => Some(format!("SNS at {} targets", names.len())),
            Made::TopicsLeft { names } => Some(format!("topics at {} targets", names.len())),
            Made::Nothing | Made::Deploy { .. } | Made::TakenBack { .. } => None,
        })
        .collect();
    // Two profiles may stand in one file.
    made.dedup();
    made
}

/// Returns whether the latest run has ended and took something back.
#[must_use]
pub fn undone(session: &Session) -> bool {
    session.run_is_over() && session.setup.mode != Mode::Watch && session.ledger.takes_back()
}

/// Returns what an undo left: nothing of an installation is asked for after it.
fn left_by_undo(session: &Session) -> Vec<String> {
    let files = session.ledger.rows.iter().any(|row| row.intent.unwrite_profile().is_some());
    let mut lines = undo::stays(session, if files { Part::All } else { Part::Sns });
    lines.extend(kept(session));
    if let Some(commit) = session.commit_command() {
        lines.push("Commit what was taken out:".to_owned());
        lines.push(commit);
    }
    lines
}

/// Returns the steps that were given up on the operator's word.
fn kept(session: &Session) -> impl Iterator<Item = String> {
    let rows = session.ledger.rows.iter().filter(|row| row.evidence == KEPT);
    rows.map(|row| format!("{}: {KEPT}.", row.intent.describe()))
}

/// Returns what is left to do, in words; after an undo what that left.
#[must_use]
pub fn left(session: &Session) -> Vec<String> {
    if session.ledger.takes_back() {
        return left_by_undo(session);
    }
    let mut lines = Vec::new();
    let receipt = session.ledger.handed_over.as_ref();
    if let Some((receipt, _)) = receipt.filter(|(receipt, _)| !receipt.confirmed) {
        lines.push(format!("The SNS chapter is not complete by its receipt: {}", receipt.words()));
    }
    let elsewhere = !session.answers.sns_now() && !session.answers.sns_by_targets();
    if elsewhere && session.run_is_over() && receipt.is_none() {
        lines.extend(handover::words(session));
    }
    lines.extend(kept(session));
    if session.run.confirm_later && !session.confirmed() {
        lines.push(
            "Gate has not confirmed the subscription yet. Start the wizard again to send a new confirmation."
                .to_owned(),
        );
    }
    if let Some(what) = not_checked(session) {
        lines.push(format!("hal or its daemon did not answer, so it was not checked {what}."));
    }
    if let Some(commit) = session.commit_command() {
        lines.push(format!("Commit what was written (the text of a pull request is in {PULL_REQUEST}):"));
        lines.push(commit);
    }
    if session.answers.is_no(Key::Apply) && session.road().is_halyard() {
        lines.push("Deploy, when it suits:".to_owned());
        lines.extend(plan::stages(session).iter().map(|stage| plan::command(session, stage).join(" ")));
    }
    lines
}
