//! What `hal deploy diff` prints: changes by section, between text of the validation that belongs to none.
//!
//! ```text
//! - INFO Stats are currently ENABLED. ...      validation, wrapped at 80 columns, also with -q
//!
//! ~ EDITED
//! features
//! - chaos false -> true
//! ```

use crate::defaults::Defaults;
use crate::pending::PendingChange;
use crate::redact::redact;
use crate::text::clean;

/// What a diff says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeployDiff {
    /// Changes, as hal names them.
    pub changes: Vec<PendingChange>,
    /// Lines that follow no rule known here; they are shown as they are.
    pub others: Vec<String>,
    /// Known noise that was left out.
    pub folded: usize,
}

/// What a line belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Nothing yet, or an empty line came.
    Between,
    /// A text of the validation and its wrapped lines.
    Validation,
    /// `~ EDITED`, `+ ADDED`, `- REMOVED`: the next line names the section.
    Kind,
    /// Fields of a section.
    Section,
}

/// Reads the output of `hal deploy diff`.
#[must_use]
pub fn read_deploy_diff(text: &str) -> DeployDiff {
    let mut diff = DeployDiff::default();
    let (mut part, mut section, mut kind) = (Part::Between, String::new(), "");
    for line in text.split(['\n', '\r']) {
        let line = clean(line, 400);
        let line = line.trim_end();
        if line.is_empty() {
            part = Part::Between;
        } else if begins_validation(line) {
            part = Part::Validation;
        } else if part == Part::Validation && (line.starts_with("  ") || line.starts_with("? ")) {
            // Wrapped, or its remedy.
        } else if let Some(found) =
            ["~ EDITED", "+ ADDED", "- REMOVED"].into_iter().find(|each| line == *each)
        {
            (part, kind) = (Part::Kind, found);
        } else if part == Part::Kind {
            (part, section) = (Part::Section, line.trim().to_owned());
            if kind != "~ EDITED" {
                note(&mut diff, whole(kind, &section));
            }
        } else if let (Part::Section, Some(field)) = (part, line.strip_prefix("- ")) {
            match edited(&section, field) {
                Some(change) => note(&mut diff, change),
                None => diff.others.push(redact(&format!("{section}: {field}"))),
            }
        } else if !line.contains("No changes have been made") {
            diff.others.push(redact(line.trim()));
        }
    }
    diff
}

fn begins_validation(line: &str) -> bool {
    ["- INFO ", "- WARNING ", "! ERROR ", "Validation in ", "Problems in "]
        .iter()
        .any(|each| line.starts_with(each))
}

/// A section that came or went as a whole.
fn whole(kind: &str, section: &str) -> PendingChange {
    let there = Some("there".to_owned());
    let (before, after) = if kind == "+ ADDED" { (None, there) } else { (there, None) };
    PendingChange { path: section.to_owned(), before, after }
}

/// `chaos false -> true`
fn edited(section: &str, field: &str) -> Option<PendingChange> {
    let (name, values) = field.split_once(' ')?;
    let (before, after) = values.split_once(" -> ")?;
    let value = |text: &str| Some(redact(text)).filter(|text| text != "null");
    let path = if section.is_empty() { name.to_owned() } else { format!("{section}.{name}") };
    Some(PendingChange { path, before: value(before), after: value(after) })
}

/// A field that is at its default on one side and left out on the other is no change.
fn note(diff: &mut DeployDiff, change: PendingChange) {
    let defaults = Defaults::ours();
    let known =
        |value: &Option<String>| value.clone().or_else(|| defaults.of(&change.path).map(str::to_owned));
    if defaults.is_noise(&change.path) || known(&change.before) == known(&change.after) {
        diff.folded += 1;
    } else {
        diff.changes.push(change);
    }
}
