//! Opening a session: journal, answers of the last visit, answers given. The same for every skin.

use ecw_core::answers::{Answers, Key, Provenance};
use ecw_core::effect::{SAVED_VERSION, Saved};
use ecw_core::journal::{Journal, Ledger, Record};
use ecw_core::opening::{Opening, To};
use ecw_core::session::{Session, Setup};
use ecw_core::time::Now;
use ecw_core::trouble::Trouble;

use crate::ports::Store;

/// Returns the session as state and answers make it.
///
/// # Errors
/// When the journal or the saved answers cannot be used; nothing was touched then.
pub fn open(
    store: &dyn Store,
    setup: Setup,
    given: &[(Key, String, Provenance)],
    now: Now,
) -> Result<Session, Trouble> {
    Ok(opening(store, &setup, given)?.open(setup, now))
}

/// Returns what a session begins with.
///
/// # Errors
/// When the journal or the saved answers cannot be used; nothing was touched then.
pub fn opening(
    store: &dyn Store,
    setup: &Setup,
    given: &[(Key, String, Provenance)],
) -> Result<Opening, Trouble> {
    let mut answers = Answers::default();
    for (key, value, from) in given {
        answers.offer(*key, value.clone(), from.clone());
    }
    Ok(Opening {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        actor: setup.actor.clone(),
        change: setup.change.clone(),
        mode: setup.mode,
        rehearsal: setup.rehearsal,
        come_back: setup.come_back.clone(),
        answers,
        saved: saved(store)?,
        records: journal(store, if setup.mode.reads_only() { Torn::Left } else { Torn::Cut })?,
        head: store.head(),
        holder: None,
        message: None,
        size: (80, 24),
        ascii: false,
        to: To::Usual,
    })
}

/// What becomes of a torn last line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Torn {
    /// It is cut off: who holds the lock appends behind it.
    Cut,
    /// It stays: somebody may be writing it just now.
    Left,
}

/// Returns the records of the journal.
///
/// # Errors
/// When the journal is unusable.
pub fn journal(store: &dyn Store, torn: Torn) -> Result<Vec<Record>, Trouble> {
    let Some(bytes) = store.read("journal.jsonl")? else { return Ok(Vec::new()) };
    let journal = Journal::parse(&bytes).map_err(|error| {
        Trouble::new(
            format!("The journal {}/journal.jsonl cannot be used: {error}.", store.place()),
            "It is left untouched. Use the program that wrote it, or move it away to begin anew.",
        )
    })?;
    if journal.sound_len < bytes.len() && torn == Torn::Cut {
        store.trim_journal(journal.sound_len as u64)?;
    }
    Ok(journal.records)
}

/// Returns the ledger that the journal folds to, without touching it.
///
/// # Errors
/// When the journal is unusable.
pub fn ledger(store: &dyn Store) -> Result<Ledger, Trouble> {
    Ok(Ledger::fold(&journal(store, Torn::Left)?))
}

/// Returns the answers of the last visit.
///
/// # Errors
/// When they cannot be used.
pub fn saved(store: &dyn Store) -> Result<Option<Saved>, Trouble> {
    let Some(bytes) = store.read("session.yml")? else { return Ok(None) };
    let refused = |why: String| {
        Trouble::new(
            format!("The saved answers {}/session.yml cannot be used: {why}.", store.place()),
            "They are left untouched. Use the program that wrote them, or move them away to begin anew.",
        )
    };
    let value: serde_yaml::Value =
        serde_yaml::from_slice(&bytes).map_err(|error| refused(error.to_string()))?;
    match value.get("version").and_then(serde_yaml::Value::as_u64) {
        Some(version) if version > u64::from(SAVED_VERSION) => {
            Err(refused(format!("they have the newer format {version}")))
        }
        Some(_) => serde_yaml::from_value(value).map(Some).map_err(|error| refused(error.to_string())),
        None => Err(refused("they have no version".to_owned())),
    }
}
