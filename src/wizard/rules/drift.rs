//! What changed since a run was confirmed, item by item. Each is the operator's to decide: done
//! anew, kept, or a reason to stop.

use crate::model::choice::file_id;
use crate::model::journal::Confirmed;
use crate::model::ledger::StepState;
use crate::model::report::ProfileOutcome;
use crate::state::Session;
use crate::steps::{Intent, WriteProfile};
use crate::values::answers::{Key, Provenance};

/// What kind of change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DriftKind {
    /// A profile was edited.
    File,
    /// An answer is another one.
    Answer(Key),
    /// The credentials are another account's.
    Account,
    /// hal config names another Spinnaker version.
    Spinnaker,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// Its id, the same at each visit.
    pub id: String,
    /// What changed.
    pub what: String,
    /// What doing it anew means.
    pub redo: String,
    /// What keeping it means.
    pub keep: String,
    pub kind: DriftKind,
}

/// Returns what held when a run is confirmed.
#[must_use]
pub fn confirmed(session: &Session) -> Confirmed {
    Confirmed {
        answers: session
            .answers
            .iter()
            .filter(|(key, _)| compared(*key))
            .map(|(key, answer)| (key, answer.value.clone()))
            .collect(),
        spinnaker: session.deployment().map(|each| each.spinnaker.text.clone()).unwrap_or_default(),
        account: session.account().map(|account| account.to_string()),
    }
}

/// The deploy's own limits and what is only looked at may change without being asked about.
fn compared(key: Key) -> bool {
    !key.passing()
        && !matches!(
            key,
            Key::Acknowledged
                | Key::ProbeUrl
                | Key::WaitForReady
                | Key::WaitForConfirmation
                | Key::AllowPending
        )
}

/// Returns what no longer is as the unfinished run was confirmed.
#[must_use]
pub fn drift(session: &Session) -> Vec<Drift> {
    // What is taken back stands in the journal whole; answers and files of today change nothing in it.
    if session.undo_runs() {
        return Vec::new();
    }
    let mut found = files(session);
    found.extend(answers(session));
    found.extend(account(session));
    found.extend(spinnaker(session));
    found
}

fn files(session: &Session) -> Vec<Drift> {
    let Some(profiles) = session.facts.profiles() else { return Vec::new() };
    let mut found = Vec::new();
    for row in &session.ledger.rows {
        let Intent::WriteProfile(WriteProfile { file, before, after, .. }) = &row.intent else { continue };
        let Some(now) = profiles.files.iter().find(|each| each.file == *file) else { continue };
        let known = now.before == *before || now.before.as_ref() == Some(after);
        if known || matches!(now.outcome, ProfileOutcome::Unchanged { .. }) {
            continue;
        }
        let keep = match row.state {
            StepState::Done(_) => "leave it as it is now, without the plugin block as wanted",
            _ => "leave it as it is now; nothing is written into it",
        };
        found.push(Drift {
            id: file_id(file),
            what: format!("{file} was edited since"),
            redo: "read it again and show what would be written (leads through Review)".to_owned(),
            keep: keep.to_owned(),
            kind: DriftKind::File,
        });
    }
    found
}

fn answers(session: &Session) -> Vec<Drift> {
    let then = &session.ledger.confirmed.answers;
    if then.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (key, now) in session.answers.iter().filter(|(key, _)| compared(*key)) {
        let before = then.iter().find(|(each, _)| *each == key).map(|(_, value)| value.as_str());
        // What is only detected follows from what the run itself did (the topic that AWS Config
        // delivers to); what was given differs only by somebody's word.
        let detected = matches!(now.from, Provenance::Detected(_) | Provenance::Default);
        let differs = match before {
            Some(before) => before != now.value && !(detected && key == Key::TopicArn),
            None => !detected && !now.value.is_empty(),
        };
        if differs {
            let before = before.filter(|text| !text.is_empty()).unwrap_or("nothing");
            found.push(Drift {
                id: format!("answer {}", key.path()),
                what: format!(
                    "{}: {} now ({}), {before} when confirmed",
                    key.label(),
                    now.value,
                    now.from.words()
                ),
                redo: format!("with {}, through Review", now.value),
                keep: format!("with {before}, as confirmed"),
                kind: DriftKind::Answer(key),
            });
        }
    }
    found
}

fn account(session: &Session) -> Option<Drift> {
    let now = session.account()?;
    let created = session.ledger.rows.iter().find_map(|row| row.intent.create_topic());
    let then = created.map(|create| create.arn.account.clone());
    let then =
        session.ledger.confirmed.account.clone().or_else(|| then.map(|account| account.to_string()))?;
    (now.as_str() != then).then(|| Drift {
        id: "account".to_owned(),
        what: format!("The AWS credentials are account {now}'s; the run was confirmed in {then}"),
        redo: format!("set up SNS in {now}, through Review"),
        keep: format!("go on in {then}; its credentials are needed then"),
        kind: DriftKind::Account,
    })
}

fn spinnaker(session: &Session) -> Option<Drift> {
    let then = &session.ledger.confirmed.spinnaker;
    let now = &session.deployment()?.spinnaker.text;
    (!then.is_empty() && now != then).then(|| Drift {
        id: "spinnaker".to_owned(),
        what: format!("{} names Spinnaker {now}; it was {then} when confirmed", session.road().source()),
        redo: "look at the versions again, through Review".to_owned(),
        keep: "go on; a deploy would ship that version too".to_owned(),
        kind: DriftKind::Spinnaker,
    })
}
