//! Reading one line of the journal. All entries' fields stand side by side in it, so that a line is read
//! in one go: a journal of 100,000 records is opened in half a second.

use ecw_halyard::ServiceName;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::model::journal::{Actor, Attestation, Confirmed, Entry, Record, RunEnd, Word};
use crate::steps::{Intent, StepId, StepOutcome};

/// Which entry a line is.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Begun,
    Adopted,
    Kept,
    Started,
    Finished,
    Reopened,
    Attested,
    Ended,
}

#[derive(Deserialize)]
struct Line {
    v: u32,
    seq: u64,
    run: String,
    at: u64,
    entry: Kind,
    actor: Option<Actor>,
    change: Option<String>,
    confirmed: Option<Confirmed>,
    /// Intents in one entry, steps that are taken up again in another.
    steps: Option<Value>,
    found: Option<Vec<String>>,
    deployed: Option<Vec<(ServiceName, String)>>,
    /// A list of ids in one entry, words in another.
    what: Option<Value>,
    step: Option<StepId>,
    attempt: Option<u32>,
    intent: Option<Intent>,
    outcome: Option<StepOutcome>,
    ended: Option<u64>,
    how: Option<RunEnd>,
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let line = Line::deserialize(deserializer)?;
        let missing = |name: &'static str| D::Error::missing_field(name);
        let entry = match line.entry {
            Kind::Begun => Entry::Begun {
                actor: line.actor.ok_or_else(|| missing("actor"))?,
                change: line.change,
                confirmed: line.confirmed.unwrap_or_default(),
                steps: typed(line.steps, "steps")?,
            },
            Kind::Adopted => Entry::Adopted {
                actor: line.actor.ok_or_else(|| missing("actor"))?,
                found: line.found.ok_or_else(|| missing("found"))?,
                deployed: line.deployed.ok_or_else(|| missing("deployed"))?,
            },
            Kind::Kept => Entry::Kept { what: typed(line.what, "what")? },
            Kind::Reopened => Entry::Reopened { steps: typed(line.steps, "steps")? },
            Kind::Started => Entry::Started {
                step: line.step.ok_or_else(|| missing("step"))?,
                attempt: line.attempt.ok_or_else(|| missing("attempt"))?,
                intent: line.intent.ok_or_else(|| missing("intent"))?,
            },
            Kind::Finished => Entry::Finished {
                step: line.step.ok_or_else(|| missing("step"))?,
                attempt: line.attempt.ok_or_else(|| missing("attempt"))?,
                outcome: line.outcome.ok_or_else(|| missing("outcome"))?,
                ended: line.ended,
            },
            Kind::Attested => match line.what {
                Some(Value::String(words)) if line.v < TYPED_SINCE => {
                    Entry::Attested { what: of_words(&words) }
                }
                what => Entry::Attested { what: typed(what, "what")? },
            },
            Kind::Ended => Entry::Ended { how: line.how.ok_or_else(|| missing("how"))? },
        };
        Ok(Self { v: line.v, seq: line.seq, run: line.run, at: line.at, entry })
    }
}

fn typed<T: DeserializeOwned, E: serde::de::Error>(value: Option<Value>, name: &'static str) -> Result<T, E> {
    serde_json::from_value(value.ok_or_else(|| E::missing_field(name))?).map_err(E::custom)
}

/// From this format on an attestation is typed; before, it was a sentence.
const TYPED_SINCE: u32 = 3;

/// Reads the sentence of formats 1 and 2: `confirmed`, or `ready gate clouddriver`, with `unchecked` at its end.
fn of_words(words: &str) -> Attestation {
    let Some(list) = words.strip_prefix("ready ") else { return Attestation::Confirmed };
    let word = if list.split(' ').any(|each| each == "unchecked") { Word::Unchecked } else { Word::Operator };
    Attestation::Ready { services: list.split(' ').filter_map(ServiceName::parse).collect(), word }
}
