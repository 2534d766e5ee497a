//! What an apply would ship besides our profiles: hal config against its copy of the last apply.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::defaults::Defaults;
use crate::fields::flatten;
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
    /// Returns whether this changes the Spinnaker version.
    #[must_use]
    pub fn is_version(&self) -> bool {
        self.path == "version"
    }

    /// What is most felt comes first: the Spinnaker version, what is switched on or off, the rest.
    fn rank(&self) -> u8 {
        let switch = self.path.ends_with(".enabled") || self.path.starts_with("features.");
        match (self.is_version(), switch) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => 2,
        }
    }
}

/// Returns the changed fields of one deployment, the most felt first; `None` when one of the two texts
/// cannot be read.
///
/// Like is compared with like: `.backup/config` is Halyard's full form, in which every default is written
/// out, and a hand-kept hal config leaves them away. A field that only one of them has at its default is no
/// change, nor is an order of accounts, nor what Halyard makes anew in each file.
#[must_use]
pub fn pending_changes(applied: &str, current: &str, deployment: &str) -> Option<Vec<PendingChange>> {
    let before = fields(applied, deployment)?;
    let after = fields(current, deployment)?;
    let defaults = Defaults::ours();
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut changes = Vec::new();
    for path in paths {
        let (then, now) = (before.get(path), after.get(path));
        let known = |value: Option<&String>| {
            value.map(String::as_str).or_else(|| defaults.of(path)).map(str::to_owned)
        };
        if known(then) == known(now) || defaults.is_noise(path) {
            continue;
        }
        let shown = |value: Option<&String>| value.map(|value| mask(path, value));
        changes.push(PendingChange { path: path.clone(), before: shown(then), after: shown(now) });
    }
    changes.sort_by_key(|change| (change.rank(), change.path.clone()));
    Some(changes)
}

fn mask(path: &str, value: &str) -> String {
    let name = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    if secret_name(&name) { HIDDEN.to_owned() } else { redact(value) }
}

fn fields(text: &str, deployment: &str) -> Option<BTreeMap<String, String>> {
    let root = crate::yaml::read(text).ok()?;
    let list = root.get("deploymentConfigurations")?.as_sequence()?;
    let entry = list
        .iter()
        .find(|entry| entry.get("name").and_then(Value::as_str).unwrap_or("default") == deployment)?;
    Some(flatten(entry))
}
