//! The program's own variables, and what they and flags give. With `context.rs` the only place that reads the environment.

use std::env;

use ecw_wizard::values::answers::{Key, Provenance};
use ecw_wizard::values::halyard_in::HalyardIn;

/// Answers that were given before anything was opened, each with where it came from.
pub(super) type Given = Vec<(Key, String, Provenance)>;

/// Returns where Halyard runs by what was given; it was checked.
pub(super) fn halyard_in(given: &Given) -> HalyardIn {
    let text = given.iter().find(|(key, ..)| *key == Key::HalyardIn).map(|(_, text, _)| text.as_str());
    text.and_then(|text| HalyardIn::parse(text).ok()).unwrap_or_default()
}

/// How our own variables begin.
pub(super) const PREFIX: &str = "EVENT_CACHE_WIZARD_";

/// Returns a variable that is not empty.
pub(super) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Returns a flag's value, or the environment's, with where it came from.
pub(super) fn flag(flag: Option<&str>, name: &str) -> Option<(String, Provenance)> {
    if let Some(value) = flag {
        return Some((value.to_owned(), Provenance::Flag(format!("--{name}"))));
    }
    let name = format!("{PREFIX}{}", name.to_ascii_uppercase().replace('-', "_"));
    variable(&name).map(|value| (value, Provenance::Environment(name)))
}
