//! Opening a session: journal, answers of the last visit, answers given. The same for every skin.

use ecw_core::answers::{Answers, Key, Provenance};
use ecw_core::effect::{SAVED_VERSION, Saved};
use ecw_core::journal::{Journal, Ledger};
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
    let ledger = ledger(store)?;
    let saved = saved(store)?;
    let mut answers = Answers::default();
    for (key, value, from) in given {
        answers.offer(*key, value.clone(), from.clone());
    }
    Ok(Session::new(setup, answers, saved, ledger, now))
}

/// Returns the ledger that the journal folds to; a torn last line is cut off.
///
/// # Errors
/// When the journal is unusable.
pub fn ledger(store: &dyn Store) -> Result<Ledger, Trouble> {
    let Some(bytes) = store.read("journal.jsonl")? else { return Ok(Ledger::default()) };
    let journal = Journal::parse(&bytes).map_err(|error| {
        Trouble::new(
            format!("The journal {}/journal.jsonl cannot be used: {error}.", store.place()),
            "It is left untouched. Use the program that wrote it, or move it away to begin anew.",
        )
    })?;
    if journal.sound_len < bytes.len() {
        store.trim_journal(journal.sound_len as u64)?;
    }
    Ok(Ledger::fold(&journal.records))
}

fn saved(store: &dyn Store) -> Result<Option<Saved>, Trouble> {
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
