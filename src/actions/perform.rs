//! Performs effects through the ports and says what came of them. It decides nothing.

use ecw_wizard::messages::event::{DeployRead, DeployState, Stopping};
use ecw_wizard::model::journal::{Actor, Entry, Head, Record};
use ecw_wizard::model::journal_file::Journal;
use ecw_wizard::steps::{ApplyDeployment, Intent, Step, StepOutcome};
use ecw_wizard::values::names::DeploymentName;
use ecw_wizard::values::trouble::Trouble;
use ecw_wizard::{Effect, Event};

use crate::open;
use crate::prove::prove;
use crate::{log_pages, queries, steps};
use ecw_ports::{LockAnswer, Ports, Room};

/// Performs one effect. Effects for the skin itself (drawing, copying, leaving) give no event.
#[must_use]
pub fn perform(ports: &Ports, effect: Effect) -> Option<Event> {
    match effect {
        Effect::Ask(question) => {
            let report = queries::answer(ports, &question);
            Some(Event::Answered { question: Box::new(question), report: Box::new(report) })
        }
        Effect::Journal(record) => {
            let (seq, head) = (record.seq, Head { seq: record.seq, at: record.at });
            let room = match record.entry {
                Entry::Begun { .. } | Entry::Started { .. } => Room::Ahead,
                Entry::Adopted { .. }
                | Entry::Kept { .. }
                | Entry::Reopened { .. }
                | Entry::Finished { .. }
                | Entry::Attested { .. }
                | Entry::Ended { .. } => Room::AsItIs,
            };
            let mut line = match serde_json::to_vec(&record) {
                Ok(line) => line,
                Err(error) => {
                    let trouble = ecw_wizard::values::trouble::Trouble::new(
                        format!("A journal record cannot be written: {error}."),
                        "This is a bug; please report it.",
                    );
                    return Some(Event::StoreFailed { seq: Some(seq), trouble });
                }
            };
            line.push(b'\n');
            Some(match ports.store.append_journal(&line, head, room) {
                Ok(()) => Event::Journaled { seq },
                Err(trouble) => Event::StoreFailed { seq: Some(seq), trouble },
            })
        }
        Effect::Execute { number, intent: Intent::ApplyDeployment(apply) } => {
            Some(start(ports, number, &apply))
        }
        Effect::Execute { intent, .. } => {
            let step = intent.step();
            Some(Event::Executed { step, outcome: steps::execute(ports, &intent) })
        }
        Effect::ReadDeploy { number, offset } => {
            Some(Event::DeployRead(ports.commands.read_deploy(number, offset)))
        }
        Effect::ReadLog(wanted) => {
            let read = log_pages::read(ports, &wanted);
            Some(Event::LogRead { wanted, read })
        }
        Effect::CancelDeploy { number, services, started, daemon } => {
            Some(match ports.commands.cancel_deploy(number, &services, started, &daemon) {
                Ok(words) => Event::Cancelled { number, words, stopping: Stopping::Asked },
                Err(trouble) => {
                    Event::Cancelled { number, words: trouble.what, stopping: Stopping::NotAsked }
                }
            })
        }
        Effect::Prove(job) => Some(Event::Proved { outcome: prove(ports, &job) }),
        Effect::Save(saved) => {
            let text = ecw_halyard::yaml::write(&saved).unwrap_or_default();
            store(ports, "session.yml", &text)
        }
        Effect::WriteState { name, text } => store(ports, &name, &text),
        Effect::WritePatch(wanted) => {
            let text = queries::profiles::patch(ports, &wanted);
            match ports.store.write("profiles.patch", text.as_bytes()) {
                Ok(()) => None,
                Err(trouble) => Some(Event::StoreFailed { seq: None, trouble }),
            }
        }
        Effect::ReadAlong => Some(Event::Watched { records: records(ports), holder: ports.store.holder() }),
        Effect::Settle { hal_dir, deployment, actor } => Some(settle(ports, &hal_dir, &deployment, &actor)),
        Effect::TakeOver(actor) => Some(match ports.store.take_over(&actor) {
            // A torn last line is cut off before anything is appended behind it.
            Ok(()) => match open::journal(&*ports.store, open::Torn::Cut) {
                Ok(open::Opened { records, .. }) => {
                    let saved = open::saved(&*ports.store).ok().flatten().map(Box::new);
                    Event::TookOver { records, saved, author: ports.store.author() }
                }
                Err(trouble) => {
                    ports.store.unlock();
                    Event::StillHeld { why: format!("{} {}", trouble.what, trouble.fix) }
                }
            },
            Err(trouble) => Event::StillHeld { why: trouble.what },
        }),
        Effect::Copy(_) | Effect::Redraw | Effect::Suspend | Effect::Quit(_) => None,
    }
}

/// Returns the journal's records; one that cannot be read now is read again at the next look.
fn records(ports: &Ports) -> Vec<Record> {
    let bytes = ports.store.read("journal.jsonl").ok().flatten().unwrap_or_default();
    Journal::parse(&bytes).map(|journal| journal.records).unwrap_or_default()
}

/// Opens the state of a hal directory, if that is another place than the one worked at.
fn settle(ports: &Ports, hal_dir: &str, deployment: &DeploymentName, actor: &Actor) -> Event {
    let store = &*ports.store;
    if !store.settle(hal_dir, deployment) {
        return Event::Stayed;
    }
    let mut message = None;
    let mut holder = None;
    match store.lock(actor) {
        LockAnswer::Ours(None) | LockAnswer::Nowhere => {}
        LockAnswer::Ours(Some(stale)) => message = Some(ended_without_leaving(&stale)),
        LockAnswer::By(by) => holder = Some(by),
        LockAnswer::Unwritable(why) => {
            message = Some(format!("State cannot be written: {}: {why}.", store.place()));
        }
        LockAnswer::Elsewhere(why) => {
            return Event::Unsettled { trouble: Trouble::new(why, "Nothing was changed.") };
        }
    }
    let torn = if holder.is_some() { open::Torn::Left } else { open::Torn::Cut };
    let opened = open::journal(store, torn).and_then(|opened| Ok((opened, open::saved(store)?)));
    match opened {
        Ok((open::Opened { records, kept }, saved)) => {
            let message = kept.as_deref().map(open::kept_aside).or(message);
            let (saved, head, author) = (saved.map(Box::new), store.head(), store.author());
            Event::Settled { records, saved, head, holder, message, author }
        }
        Err(trouble) => Event::Unsettled { trouble },
    }
}

/// Returns what is said of somebody who held the lock and was killed.
#[must_use]
pub fn ended_without_leaving(holder: &str) -> String {
    format!("{holder} ended without leaving. What was done is in the journal.")
}

fn store(ports: &Ports, name: &str, text: &str) -> Option<Event> {
    match ports.store.write(name, text.as_bytes()) {
        Ok(()) => None,
        Err(trouble) => Some(Event::StoreFailed { seq: None, trouble }),
    }
}

fn start(ports: &Ports, number: u64, apply: &ApplyDeployment) -> Event {
    match ports.commands.start_deploy(number, &apply.command) {
        Ok(()) => Event::DeployRead(DeployRead {
            number,
            offset: 0,
            end: 0,
            text: String::new(),
            state: DeployState::Running,
            down: None,
        }),
        Err(trouble) => Event::Executed { step: apply.id(), outcome: StepOutcome::Failed { trouble } },
    }
}
