//! Reading one line of the journal. All entries' fields stand side by side in it, so that a line is read
//! in one go: a journal of 100,000 records is opened in half a second.

use ecw_halyard::ServiceName;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::journal::{Actor, Confirmed, Entry, Record};
use crate::step::{Intent, Outcome, StepId};

/// Which entry a line is.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Begun,
    Adopted,
    Kept,
    Started,
    Finished,
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
    steps: Option<Vec<Intent>>,
    found: Option<Vec<String>>,
    deployed: Option<Vec<(ServiceName, String)>>,
    /// A list of ids in one entry, words in another.
    what: Option<Value>,
    step: Option<StepId>,
    attempt: Option<u32>,
    intent: Option<Intent>,
    outcome: Option<Outcome>,
    ended: Option<u64>,
    how: Option<String>,
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
                steps: line.steps.ok_or_else(|| missing("steps"))?,
            },
            Kind::Adopted => Entry::Adopted {
                actor: line.actor.ok_or_else(|| missing("actor"))?,
                found: line.found.ok_or_else(|| missing("found"))?,
                deployed: line.deployed.ok_or_else(|| missing("deployed"))?,
            },
            Kind::Kept => {
                let what = line.what.ok_or_else(|| missing("what"))?;
                Entry::Kept { what: serde_json::from_value(what).map_err(D::Error::custom)? }
            }
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
            Kind::Attested => {
                let what = line.what.ok_or_else(|| missing("what"))?;
                Entry::Attested { what: serde_json::from_value(what).map_err(D::Error::custom)? }
            }
            Kind::Ended => Entry::Ended { how: line.how.ok_or_else(|| missing("how"))? },
        };
        Ok(Self { v: line.v, seq: line.seq, run: line.run, at: line.at, entry })
    }
}
