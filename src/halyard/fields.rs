//! A YAML value as dotted paths.

use std::collections::{BTreeMap, BTreeSet};

use crate::text::clean;
use crate::yaml::Value;

/// Lists that Halyard reads as sets: their elements are known by their names, so their order is no difference.
const SETS: [&str; 5] = ["accounts", "masters", "regions", "defaultRegions", "serviceIntegrations"];

/// Every scalar by its path, and which lists are there at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields {
    /// Scalars.
    pub(crate) values: BTreeMap<String, String>,
    /// Paths of lists, empty ones too.
    lists: BTreeSet<String>,
}

impl Fields {
    /// Reads a value.
    pub(crate) fn of(value: &Value) -> Self {
        let mut fields = Self::default();
        fields.below(value, String::new());
        fields
    }

    /// Returns whether a path leads into a list that is there: then a default says nothing about its elements.
    pub(crate) fn has_list_of(&self, path: &str) -> bool {
        path.match_indices('[').any(|(at, _)| self.lists.contains(&path[..at]))
    }

    fn below(&mut self, value: &Value, path: String) {
        let deeper = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        match value {
            Value::Mapping(map) => {
                for (key, value) in map {
                    self.below(value, deeper(&clean(key.as_str().unwrap_or("?"), 100)));
                }
            }
            Value::Sequence(list) => {
                let set = SETS.contains(&path.rsplit('.').next().unwrap_or_default());
                for (at, value) in list.iter().enumerate() {
                    let name = value.get("name").and_then(Value::as_str).map(|name| clean(name, 100));
                    let place = match name {
                        Some(name) if set => name,
                        Some(name) => format!("{at} {name}"),
                        None => at.to_string(),
                    };
                    self.below(value, format!("{path}[{place}]"));
                }
                self.lists.insert(path);
            }
            Value::Null => {}
            Value::Bool(flag) => {
                self.values.insert(path, flag.to_string());
            }
            Value::Number(number) => {
                self.values.insert(path, number.to_string());
            }
            Value::String(text) => {
                self.values.insert(path, text.clone());
            }
            Value::Tagged(tagged) => self.below(&tagged.value, path),
        }
    }
}
