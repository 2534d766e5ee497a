//! Opening a session: journal, answers of the last visit, answers given. The same for every skin.

use ecw_halyard::yaml;
use ecw_wizard::messages::effect::{SAVED_VERSION, Saved};
use ecw_wizard::messages::opening::{Opening, To};
use ecw_wizard::model::journal::Record;
use ecw_wizard::model::journal_file::{Journal, JournalError, Tail};
use ecw_wizard::model::ledger::Ledger;
use ecw_wizard::state::Session;
use ecw_wizard::state::setup::Setup;
use ecw_wizard::update;
use ecw_wizard::values::answers::{Answers, Key, Provenance};
use ecw_wizard::values::time::Now;
use ecw_wizard::values::trouble::Trouble;

use ecw_ports::Store;

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
    Ok(update::open(opening(store, &setup, given)?, setup, now))
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
    let journal = journal(store, if setup.mode.reads_only() { Torn::Left } else { Torn::Cut })?;
    Ok(Opening {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        actor: setup.actor.clone(),
        change: setup.change.clone(),
        mode: setup.mode,
        rehearsal: setup.rehearsal,
        come_back: setup.come_back.clone(),
        answers,
        saved: saved(store)?,
        records: journal.records,
        records_to: None,
        author: store.author(),
        head: store.head(),
        holder: None,
        message: journal.kept.as_deref().map(kept_aside),
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

/// Returns what is said of a tail of the journal that is not ours.
#[must_use]
pub fn kept_aside(kept: &str) -> String {
    format!("The journal ended in something that this program does not write; it is kept in {kept}.")
}

/// A journal that was opened.
#[derive(Debug, Default)]
pub struct Opened {
    pub records: Vec<Record>,
    /// Where a tail that is not ours is kept.
    pub kept: Option<String>,
}

/// Returns the journal.
///
/// # Errors
/// When it is unusable, or this deployment's state stands elsewhere.
pub fn journal(store: &dyn Store, torn: Torn) -> Result<Opened, Trouble> {
    store.standing()?;
    let Some(bytes) = store.read("journal.jsonl")? else { return Ok(Opened::default()) };
    let journal = read(&bytes).map_err(|error| {
        Trouble::new(
            format!("The journal {}/journal.jsonl cannot be used: {error}.", store.place()),
            "It is left untouched. Use the program that wrote it, or move it away to begin anew.",
        )
    })?;
    if journal.tail != Tail::None && torn == Torn::Cut {
        let kept = store.trim_journal(journal.sound_len as u64, journal.tail)?;
        return Ok(Opened { records: journal.records, kept });
    }
    Ok(Opened { records: journal.records, kept: None })
}

/// Reads a journal; the two halves of a long one side by side.
fn read(bytes: &[u8]) -> Result<Journal, JournalError> {
    const LONG: usize = 1024 * 1024;
    let middle = bytes.len() / 2;
    let half = bytes[middle..].iter().position(|byte| *byte == b'\n').map(|at| middle + at + 1);
    if let (Some(half), true) = (half, bytes.len() > LONG) {
        let (first, second) = bytes.split_at(half);
        let (first, second) = std::thread::scope(|scope| {
            let first = scope.spawn(|| Journal::parse(first));
            let second = Journal::parse(second);
            (first.join(), second)
        });
        if let (Ok(Ok(first)), Ok(second)) = (first, second)
            && first.sound_len == half
        {
            return Ok(first.followed_by(second));
        }
    }
    // Short, or not right: as a whole, so that the line that is wrong is named.
    Journal::parse(bytes)
}

/// Returns the ledger that the journal folds to, without touching it.
///
/// # Errors
/// When the journal is unusable.
pub fn ledger(store: &dyn Store) -> Result<Ledger, Trouble> {
    Ok(Ledger::fold(&journal(store, Torn::Left)?.records))
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
    let value = yaml::read(&String::from_utf8_lossy(&bytes)).map_err(|error| refused(error.to_string()))?;
    match value.get("version").and_then(yaml::Value::as_u64) {
        Some(version) if version > u64::from(SAVED_VERSION) => {
            Err(refused(format!("they have the newer format {version}")))
        }
        Some(_) => yaml::typed(value).map(Some).map_err(|error| refused(error.to_string())),
        None => Err(refused("they have no version".to_owned())),
    }
}
