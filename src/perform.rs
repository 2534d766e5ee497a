//! Performs effects through the ports and says what came of them. It decides nothing.

use ecw_core::event::{DeployRead, DeployState};
use ecw_core::journal::{Head, Journal, Record};
use ecw_core::step::{Intent, Outcome};
use ecw_core::{Effect, Event};

use crate::drive::open;
use crate::ports::Ports;
use crate::{looks, steps};

/// Performs one effect. Effects for the skin itself (drawing, copying, leaving) give no event.
#[must_use]
pub fn perform(ports: &Ports, effect: Effect) -> Option<Event> {
    match effect {
        Effect::Ask(question) => {
            let report = looks::answer(ports, &question);
            Some(Event::Answered { question: Box::new(question), report: Box::new(report) })
        }
        Effect::Journal(record) => {
            let (seq, head) = (record.seq, Head { seq: record.seq, at: record.at });
            let mut line = match serde_json::to_vec(&record) {
                Ok(line) => line,
                Err(error) => {
                    let trouble = ecw_core::trouble::Trouble::new(
                        format!("A journal record cannot be written: {error}."),
                        "This is a bug; please report it.",
                    );
                    return Some(Event::StoreFailed { seq: Some(seq), trouble });
                }
            };
            line.push(b'\n');
            Some(match ports.store.append_journal(&line, head) {
                Ok(()) => Event::Journaled { seq },
                Err(trouble) => Event::StoreFailed { seq: Some(seq), trouble },
            })
        }
        Effect::Execute { number, intent: Intent::Apply { command, .. } } => {
            Some(start(ports, number, &command))
        }
        Effect::Execute { intent, .. } => {
            let step = intent.step();
            Some(Event::Executed { step, outcome: steps::execute(ports, &intent) })
        }
        Effect::ReadDeploy { number, offset } => {
            Some(Event::DeployRead(ports.commands.read_deploy(number, offset)))
        }
        Effect::CancelDeploy { number } => {
            Some(Event::Cancelled { words: ports.commands.cancel_deploy(number) })
        }
        Effect::Save(saved) => {
            let text = serde_yaml::to_string(&saved).unwrap_or_default();
            store(ports, "session.yml", &text)
        }
        Effect::WriteState { name, text } => store(ports, &name, &text),
        Effect::WritePatch(wanted) => {
            let text = looks::profiles::patch(ports, &wanted);
            match ports.store.write("profiles.patch", text.as_bytes()) {
                Ok(()) => None,
                Err(trouble) => Some(Event::StoreFailed { seq: None, trouble }),
            }
        }
        Effect::ReadAlong => Some(Event::Watched { records: records(ports), holder: ports.store.holder() }),
        Effect::TakeOver(actor) => Some(match ports.store.take_over(&actor) {
            // A torn last line is cut off before anything is appended behind it.
            Ok(()) => match open::journal(&*ports.store, open::Torn::Cut) {
                Ok(records) => {
                    let saved = open::saved(&*ports.store).ok().flatten().map(Box::new);
                    Event::TookOver { records, saved }
                }
                Err(trouble) => {
                    ports.store.unlock();
                    Event::StillHeld { why: format!("{} {}", trouble.what, trouble.fix) }
                }
            },
            Err(why) => Event::StillHeld { why },
        }),
        Effect::Copy(_) | Effect::Redraw | Effect::Suspend | Effect::Quit(_) => None,
    }
}

/// Returns the journal's records; one that cannot be read now is read again at the next look.
fn records(ports: &Ports) -> Vec<Record> {
    let bytes = ports.store.read("journal.jsonl").ok().flatten().unwrap_or_default();
    Journal::parse(&bytes).map(|journal| journal.records).unwrap_or_default()
}

fn store(ports: &Ports, name: &str, text: &str) -> Option<Event> {
    match ports.store.write(name, text.as_bytes()) {
        Ok(()) => None,
        Err(trouble) => Some(Event::StoreFailed { seq: None, trouble }),
    }
}

fn start(ports: &Ports, number: u64, command: &[String]) -> Event {
    match ports.commands.start_deploy(number, command) {
        Ok(()) => Event::DeployRead(DeployRead {
            number,
            offset: 0,
            end: 0,
            text: String::new(),
            state: DeployState::Running,
        }),
        Err(trouble) => Event::Executed { step: step_of(command), outcome: Outcome::Failed { trouble } },
    }
}

/// Returns the step that a deploy command belongs to: its services stand at its end.
fn step_of(command: &[String]) -> ecw_core::step::StepId {
    let names = command.iter().skip_while(|word| *word != "--service-names").skip(1);
    let services: Vec<ecw_halyard::ServiceName> =
        names.filter_map(|name| ecw_halyard::ServiceName::parse(name)).collect();
    ecw_core::step::StepId {
        kind: ecw_core::step::StepKind::ApplyDeployment,
        target: ecw_core::step::StepTarget::Stage { name: ecw_core::step::stage_name(&services) },
    }
}
