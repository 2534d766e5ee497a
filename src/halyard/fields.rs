//! A YAML value as dotted paths. Elements of a list that have a name are known by it, so that their order is
//! no difference.

use std::collections::BTreeMap;

use crate::yaml::Value;

/// Returns every scalar by its path.
pub(crate) fn flatten(value: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    below(value, String::new(), &mut found);
    found
}

fn below(value: &Value, path: String, found: &mut BTreeMap<String, String>) {
    let deeper = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Mapping(map) => {
            for (key, value) in map {
                below(value, deeper(key.as_str().unwrap_or("?")), found);
            }
        }
        Value::Sequence(list) => {
            for (at, value) in list.iter().enumerate() {
                let name = value.get("name").and_then(Value::as_str);
                let place = name.map_or_else(|| at.to_string(), |name| crate::text::clean(name, 100));
                below(value, format!("{path}[{place}]"), found);
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
        Value::Tagged(tagged) => below(&tagged.value, path, found),
    }
}
