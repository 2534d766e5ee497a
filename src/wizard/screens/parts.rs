//! Pieces that several screens share.

use crate::model::check::{Check, CheckVerdict};
use crate::state::Session;
use crate::ui::page::{Block, Fact, Fold, Item, ItemId, ItemState, Page, Tone};
use crate::ui::wrap::cut;
use crate::values::answers::Key;
use crate::values::time::span;

/// Adds a text field for an answer.
pub(crate) fn field(page: &mut Page, session: &Session, key: Key, help: &str, example: &str) {
    let answer = session.answers.get(key);
    let state = ItemState::Text {
        value: answer.map(|answer| answer.value.clone()).unwrap_or_default(),
        note: answer.map(|answer| answer.from.words()).unwrap_or_default(),
        example: example.to_owned(),
    };
    page.push(Block::Item(Item {
        id: ItemId::Field(key),
        label: key.label().to_owned(),
        state,
        help: help.to_owned(),
    }));
}

/// Adds rarely needed fields behind a row that shows their values and opens them: key, help, example.
pub(crate) fn advanced(page: &mut Page, session: &Session, fields: &[(Key, &str, &str)]) {
    let open = toggled(session, Fold::Advanced);
    let values: Vec<&str> =
        fields.iter().map(|(key, ..)| session.answers.text(*key)).filter(|value| !value.is_empty()).collect();
    let words: Vec<String> = values.iter().map(|value| cut(value, 40)).collect();
    let words = if open { String::new() } else { words.join(", ") };
    page.row(ItemId::Fold(Fold::Advanced), "Advanced", words, if open { "hide" } else { "show" });
    if open {
        for (key, help, example) in fields {
            field(page, session, *key, help, example);
        }
    }
}

/// Returns whether a part of the screen shown was opened or closed by hand.
pub(crate) fn toggled(session: &Session, fold: Fold) -> bool {
    session.forms.get(&session.screen()).is_some_and(|form| form.folds.contains(&fold))
}

/// Returns an answer as a labelled value with where it came from.
pub(crate) fn answered(session: &Session, key: Key) -> Option<Fact> {
    let answer = session.answers.get(key)?;
    let value = match key {
        Key::Targets => {
            let names = session.answers.sns_targets().into_iter().map(|target| target.name.to_string());
            names.collect::<Vec<_>>().join(", ")
        }
        _ => answer.value.clone(),
    };
    Some(Fact { label: key.label().to_owned(), value, note: answer.from.words() })
}

/// Returns how much of a limit is used, in thousandths.
pub(crate) fn thousandths(used: u64, of: u64) -> u16 {
    u16::try_from(used.saturating_mul(1_000) / of.max(1)).unwrap_or(1_000).min(1_000)
}

/// Returns a labelled value.
pub(crate) fn fact(label: &str, value: impl Into<String>, note: impl Into<String>) -> Fact {
    Fact { label: label.to_owned(), value: value.into(), note: note.into() }
}

/// Adds a line that something is being looked at, with the time it takes already.
pub(crate) fn looking(
    page: &mut Page,
    session: &Session,
    what: &str,
    since: Option<crate::values::time::Now>,
) {
    let time =
        since.map(|since| session.now.mono.saturating_sub(since.mono)).filter(|millis| *millis >= 1_000);
    let time = time.map(|millis| format!(" {}", span(millis))).unwrap_or_default();
    page.text(Tone::Dim, format!("Looking: {what} ...{time}"));
}

/// Returns the first check that stops.
pub(crate) fn bad(checks: &[Check]) -> Option<&Check> {
    checks.iter().find(|check| check.verdict == CheckVerdict::Bad)
}

/// Returns the worst verdict of some checks.
pub(crate) fn worst(checks: &[Check]) -> CheckVerdict {
    checks.iter().map(|check| check.verdict).max().unwrap_or(CheckVerdict::Good)
}

/// Adds what came of the proof of delivery that was asked for in this session, if one was.
pub(crate) fn proof(page: &mut Page, session: &Session) {
    let Some(proof) = &session.proof else { return };
    page.heading("Proof of delivery");
    match &proof.outcome {
        None => looking(page, session, "whether AWS Config delivers the snapshot", Some(proof.since)),
        Some(Ok(proved)) => drop(page.push(Block::Checks(proved.checks.clone()))),
        Some(Err(trouble)) => drop(page.push(Block::Checks(vec![
            Check::new(CheckVerdict::Bad, "Snapshot", &trouble.what).with_remedy(&trouble.fix),
        ]))),
    }
}
