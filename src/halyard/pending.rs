//! What an apply would ship besides our profiles: hal config against its copy of the last apply.

use std::collections::BTreeMap;

use crate::yaml::Value;
use serde::{Deserialize, Serialize};

use crate::redact::{HIDDEN, redact, secret_name};

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
}

/// Returns the changed fields of one deployment, the Spinnaker version first; `None` when one of
/// the two texts cannot be read.
#[must_use]
pub fn pending_changes(applied: &str, current: &str, deployment: &str) -> Option<Vec<PendingChange>> {
    let before = fields(applied, deployment)?;
    let after = fields(current, deployment)?;
    let mut changes = Vec::new();
    for path in before.keys().chain(after.keys().filter(|path| !before.contains_key(*path))) {
        if before.get(path) != after.get(path) {
            let shown = |fields: &BTreeMap<String, String>| fields.get(path).map(|value| mask(path, value));
            changes.push(PendingChange { path: path.clone(), before: shown(&before), after: shown(&after) });
        }
    }
    changes.sort_by_key(|change| (!change.is_version(), change.path.clone()));
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
    let mut found = BTreeMap::new();
    flatten(entry, String::new(), &mut found);
    Some(found)
}

fn flatten(value: &Value, path: String, found: &mut BTreeMap<String, String>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Mapping(map) => {
            for (key, value) in map {
                flatten(value, below(key.as_str().unwrap_or("?")), found);
            }
        }
        Value::Sequence(list) => {
            for (at, value) in list.iter().enumerate() {
                flatten(value, format!("{path}[{at}]"), found);
            }
        }
        Value::Null => {}
        Value::Bool(flag) => {
            found.insert(path, flag.to_string());
        }
        Value::Number(number) => {
            found.insert(path, number.to_string());
        }
        Value::String(text) => {
            found.insert(path, text.clone());
        }
        Value::Tagged(tagged) => flatten(&tagged.value, path, found),
    }
}
