//! What `hal deploy diff` prints: changes by section, between text of the validation that belongs to none.
//!
//! ```text
//! - INFO Stats are currently ENABLED. ...      validation, wrapped at 80 columns, also with -q
//!
//! ~ EDITED
//! features
//! - chaos false -> true                        wrapped at 80 columns too, without an indent
//! ```

use crate::defaults::Defaults;
use crate::pending::{PendingChange, mask, rank};
use crate::redact::redact;
use crate::text::clean;

/// Longer lines are cut, and longer fields are joined no further.
const LINE_LIMIT: usize = 400;

/// What a diff says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeployDiff {
    /// Changes, as hal names them, the most felt first.
    pub changes: Vec<PendingChange>,
    /// Lines that follow no rule known here; they are shown as they are.
    pub others: Vec<String>,
    /// How many known non-changes were left out.
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

/// A diff being read.
struct Reading<'a> {
    deployment: &'a str,
    part: Part,
    kind: &'static str,
    section: String,
    /// A field whose next lines may still come.
    field: Option<String>,
    diff: DeployDiff,
}

/// Reads the output of `hal deploy diff` of a deployment.
#[must_use]
pub fn read_deploy_diff(text: &str, deployment: &str) -> DeployDiff {
    let mut reading = Reading {
        deployment,
        part: Part::Between,
        kind: "",
        section: String::new(),
        field: None,
        diff: DeployDiff::default(),
    };
    for line in text.split(['\n', '\r']) {
        reading.line(clean(line, LINE_LIMIT).trim_end());
    }
    reading.end_field();
    reading.diff.changes.sort_by_key(|change| (rank(&change.path), change.path.clone()));
    reading.diff
}

impl Reading<'_> {
    fn line(&mut self, line: &str) {
        let kind = ["~ EDITED", "+ ADDED", "- REMOVED"].into_iter().find(|each| line == *each);
        if line.is_empty() {
            self.end_field();
            self.part = Part::Between;
        } else if begins_validation(line) {
            self.end_field();
            self.part = Part::Validation;
        } else if self.part == Part::Validation && (line.starts_with("  ") || line.starts_with("? ")) {
            // Wrapped, or its remedy.
        } else if let Some(kind) = kind {
            self.end_field();
            (self.part, self.kind) = (Part::Kind, kind);
        } else if self.part == Part::Kind {
            self.begin_section(line.trim());
        } else if let (Part::Section, Some(field)) = (self.part, line.strip_prefix("- ")) {
            self.end_field();
            self.field = Some(field.to_owned());
        } else if let Some(field) = self.field.as_mut().filter(|field| field.len() < LINE_LIMIT) {
            field.push(' ');
            field.push_str(line.trim());
        } else if !line.contains("No changes have been made") {
            self.diff.others.push(redact(line.trim()));
        }
    }

    fn begin_section(&mut self, name: &str) {
        // Nested nodes are named with their deployment before them.
        let below = name.strip_prefix(self.deployment).and_then(|rest| rest.strip_prefix('.'));
        self.section = below.unwrap_or(if name == self.deployment { "" } else { name }).to_owned();
        self.part = Part::Section;
        let there = Some("there".to_owned());
        let (before, after) = match self.kind {
            "+ ADDED" => (None, there),
            "- REMOVED" => (there, None),
            _ => return,
        };
        let path = if self.section.is_empty() { name.to_owned() } else { self.section.clone() };
        self.note(PendingChange { path, before, after });
    }

    /// `chaos false -> true`
    fn end_field(&mut self) {
        let Some(field) = self.field.take() else { return };
        let parts = field.split_once(' ').and_then(|(name, values)| Some((name, values.split_once(" -> ")?)));
        let Some((name, (before, after))) = parts else {
            let name = field.split(' ').next().unwrap_or_default();
            let shown = mask(name, field.get(name.len()..).unwrap_or_default().trim());
            self.diff.others.push(format!("{}: {name} {shown}", self.section));
            return;
        };
        let path = if self.section.is_empty() { name.to_owned() } else { format!("{}.{name}", self.section) };
        let value = |text: &str| Some(text.to_owned()).filter(|text| text != "null");
        self.note(PendingChange { before: value(before), after: value(after), path });
    }

    /// A field that is at its default on one side and left out on the other is no change.
    fn note(&mut self, change: PendingChange) {
        let defaults = Defaults::ours();
        let known =
            |value: &Option<String>| value.clone().or_else(|| defaults.of(&change.path).map(str::to_owned));
        if defaults.is_noise(&change.path) || known(&change.before) == known(&change.after) {
            self.diff.folded += 1;
            return;
        }
        let shown = |value: &Option<String>| value.as_ref().map(|value| mask(&change.path, value));
        let (before, after) = (shown(&change.before), shown(&change.after));
        self.diff.changes.push(PendingChange { before, after, path: change.path });
    }
}

fn begins_validation(line: &str) -> bool {
    ["- INFO ", "- WARNING ", "! ERROR ", "Validation in ", "Problems in "]
        .iter()
        .any(|each| line.starts_with(each))
}
