//! What an apply would ship besides our profiles: hal config against its copy of the last apply.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::defaults::Defaults;
use crate::fields::Fields;
use crate::redact::{HIDDEN, redact, secret_name};
use crate::yaml::Value;

/// One changed field of hal config.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PendingChange {
    /// Where, as a dotted path below the deployment.
    pub path: String,
    /// Before; values of secret-looking fields are masked.
    pub before: Option<String>,
    /// Now.
    pub after: Option<String>,
}

impl PendingChange {
    /// Returns both sides in words: `MEDIUM becomes LARGE`.
    #[must_use]
    pub fn becomes(&self) -> String {
        let side = |value: &'_ Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
        format!("{} becomes {}", side(&self.before), side(&self.after))
    }

    /// Returns whether this changes the Spinnaker version.
    #[must_use]
    pub fn is_version(&self) -> bool {
        self.path == "version"
    }
}

/// What is most felt comes first: the Spinnaker version, what is switched on or off, the rest.
pub(crate) fn rank(path: &str) -> u8 {
    let switch = path.ends_with(".enabled") || path.starts_with("features.");
    match (path == "version", switch) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    }
}

/// Returns the changed fields of one deployment, the most felt first; `None` when one of the two texts
/// cannot be read.
///
/// Like is compared with like: `.backup/config` is Halyard's full form, in which every default is written
/// out, and a hand-kept hal config leaves them away. A field that only one of them has at its default is no
/// change, nor is the order of a list that Halyard reads as a set, nor what it makes anew or computes.
#[must_use]
pub fn pending_changes(applied: &str, current: &str, deployment: &str) -> Option<Vec<PendingChange>> {
    Some(compared(&fields(applied, deployment)?, &fields(current, deployment)?))
}

/// Returns what [`pending_changes`] returns, by Halyard's own view of the deployment: what
/// `hal config -q --no-validate -o json` prints is the full form, filled in by the very Halyard that wrote
/// `.backup/config`, so no table of defaults has to be complete. `None` also when the view is not one of
/// `current`: a daemon may read another directory.
#[must_use]
pub fn pending_by_own_view(
    applied: &str,
    current: &str,
    view: &str,
    deployment: &str,
) -> Option<Vec<PendingChange>> {
    let file = fields(current, deployment)?;
    let view = Fields::of(&crate::yaml::read_json(view).ok()?);
    let defaults = Defaults::ours();
    let of_this_file = file
        .values
        .iter()
        .all(|(path, value)| defaults.is_noise(path) || view.values.get(path) == Some(value));
    of_this_file.then_some(compared(&fields(applied, deployment)?, &view))
}

fn compared(before: &Fields, after: &Fields) -> Vec<PendingChange> {
    let defaults = Defaults::ours();
    let paths: BTreeSet<&String> = before.values.keys().chain(after.values.keys()).collect();
    let mut changes = Vec::new();
    for path in paths {
        if defaults.known(before, path) == defaults.known(after, path) || defaults.is_noise(path) {
            continue;
        }
        let shown = |file: &Fields| file.values.get(path).map(|value| mask(path, value));
        changes.push(PendingChange { path: path.clone(), before: shown(before), after: shown(after) });
    }
    changes.sort_by_key(|change| (rank(&change.path), change.path.clone()));
    changes
}

/// Returns a value as it may be shown, by the name of its field.
pub(crate) fn mask(path: &str, value: &str) -> String {
    let name = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    if secret_name(&name) { HIDDEN.to_owned() } else { redact(value) }
}

fn fields(text: &str, deployment: &str) -> Option<Fields> {
    let root = crate::yaml::read(text).ok()?;
    let list = root.get("deploymentConfigurations")?.as_sequence()?;
    let entry = list
        .iter()
        .find(|entry| entry.get("name").and_then(Value::as_str).unwrap_or("default") == deployment)?;
    Some(Fields::of(entry))
}
