//! Two journals of one deployment would not know of each other: where the state of a deployment stands elsewhere, that
//! is noted beside it, and said.

use ecw_wizard::values::trouble::Trouble;

use crate::far::{Far, Noted, Noting};
use crate::state_place::{JOURNAL, StatePlace};

/// Says where the state of a deployment stands, if not beside it.
const ELSEWHERE: &str = "state-dir";
/// Says where the state of this deployment stands, if that is not where it is looked for.
pub(crate) fn strays(place: &StatePlace) -> Result<(), String> {
    // A target's stands below the whole's, wherever that is.
    let place = StatePlace { target: None, ..place.clone() };
    let Ok(Some(home)) = place.home() else { return Ok(()) };
    let noted = home.read(ELSEWHERE, 4096).ok().flatten().unwrap_or_default();
    let noted = ecw_halyard::strip(String::from_utf8_lossy(&noted).trim(), 1_000);
    if !noted.is_empty() && !noted.starts_with('/') {
        // Of a wizard that works here from another machine.
        return Err(format!(
            "The state of this deployment is kept in {noted}. Two journals would not know of each other: go on there. If that is gone for good, delete {}/state-dir.",
            home.path().display()
        ));
    }
    let begun = || home.names().iter().any(|name| name == JOURNAL);
    let asked = place.words();
    if place.is_at_home() {
        if !noted.is_empty() && !begun() {
            return Err(format!(
                "The state of this deployment is kept in {noted}, not in the hal directory. Two journals would not know of each other: use --state-dir {noted}"
            ));
        }
        return Ok(());
    }
    // One that an earlier version began beside the other still has to be taken back.
    let own = place.open().ok().flatten();
    if own.is_some_and(|state| state.names().iter().any(|name| name == JOURNAL)) {
        return Ok(());
    }
    if begun() {
        let home = home.path().display();
        return Err(format!(
            "The state of this deployment is kept in {home}. Two journals would not know of each other: leave --state-dir out."
        ));
    }
    if !noted.is_empty() && noted != asked {
        return Err(format!(
            "The state of this deployment is kept in {noted}, not in {asked}. Two journals would not know of each other: use --state-dir {noted}"
        ));
    }
    Ok(())
}

/// Says where the state of a deployment elsewhere stands, if that is not here; `noting` is what is done with the note
/// that says it is.
pub(crate) fn strays_there(
    place: &StatePlace,
    far: &Far,
    noting: impl for<'n> FnOnce(&'n str) -> Noting<'n>,
) -> Result<(), Trouble> {
    let place = StatePlace { target: None, ..place.clone() };
    let Some(yard) = place.yard() else { return Ok(()) };
    let ours = place.noted_as();
    let noted = far.noted(&yard, noting(&ours))?;
    let there = yard.place.at(&yard.home);
    match noted {
        Noted::Nothing => Ok(()),
        Noted::Elsewhere(text) if place.own_note(&text).is_some_and(|path| path == place.words()) => Ok(()),
        Noted::Elsewhere(text) if place.own_note(&text).is_some() => {
            let path = place.own_note(&text).unwrap_or_default();
            Err(Trouble::new(
                format!(
                    "The state of this deployment is kept in {path}, begun under another name of this place."
                ),
                format!(
                    "If it is the same Halyard, go on with it: --state-dir {}",
                    ecw_wizard::values::shell_words::quoted(&[path.to_owned()])
                ),
            ))
        }
        Noted::Elsewhere(text) => Err(Trouble::new(
            format!(
                "The state of this deployment is kept in {text}. Two journals would not know of each other."
            ),
            format!("Go on there. If that is gone for good, delete {there}/state-dir."),
        )),
        Noted::Own => Err(Trouble::new(
            format!(
                "The state of this deployment is kept in {there}, by a wizard that ran there. Two journals would not know of each other."
            ),
            "Go on there.",
        )),
    }
}

/// Notes in the hal directory that its state stands elsewhere.
pub(crate) fn note_elsewhere(place: &StatePlace) {
    if !place.is_at_home()
        && let Ok(home) = place.make_home()
    {
        let _ = home.write(ELSEWHERE, format!("{}\n", place.words()).as_bytes(), 0o660);
    }
}
