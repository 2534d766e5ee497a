//! How commands report: exit codes, JSON, and what went wrong.

use std::process::ExitCode;

use ecw_host::print::Shown;
use ecw_host::{say, warn};
use ecw_wizard::Exit;
use serde::Serialize;

pub(super) fn code(exit: Exit) -> ExitCode {
    ExitCode::from(exit.code())
}

/// Prints a report as JSON, without what looks like a secret.
pub(super) fn print_json(value: &impl Serialize) {
    match ecw_wizard::values::redaction::redacted(value) {
        Ok(mut value) => {
            shown_leaves(&mut value);
            say!("{value:#}");
        }
        Err(error) => warn!("The report cannot be written: {error}"),
    }
}

/// JSON escapes what acts on a terminal, but not what turns a line around.
fn shown_leaves(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) => *text = Shown::new(text).as_str().to_owned(),
        serde_json::Value::Array(list) => list.iter_mut().for_each(shown_leaves),
        serde_json::Value::Object(map) => map.values_mut().for_each(shown_leaves),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
    }
}

/// Says what went wrong and what to do, and returns the exit code.
pub(super) fn complain(trouble: &ecw_wizard::values::trouble::Trouble, exit: Exit) -> ExitCode {
    let fix = (!trouble.fix.is_empty()).then(|| Shown::new(&trouble.fix));
    ecw_host::print::trouble(&Shown::new(&ecw_halyard::redact(&trouble.what)), fix.as_ref());
    code(exit)
}
