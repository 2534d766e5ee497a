//! Redacting what is serialised: its texts one by one, so that it stays what it is.

use serde::Serialize;
use serde_json::Value;

/// Returns a value as JSON in which no text holds what looks like a secret.
///
/// # Errors
/// When it cannot be serialised.
pub fn redacted(value: &impl Serialize) -> Result<Value, serde_json::Error> {
    let mut value = serde_json::to_value(value)?;
    leaves(&mut value);
    Ok(value)
}

fn leaves(value: &mut Value) {
    match value {
        Value::String(text) => *text = ecw_halyard::redact(text),
        Value::Array(list) => list.iter_mut().for_each(leaves),
        Value::Object(map) => map.values_mut().for_each(leaves),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::redacted;

    #[test]
    fn a_text_with_line_breaks_stays_json() {
        let value = serde_json::json!({"log": "token:\nnext\tline password: x", "count": 5});
        let expected =
            serde_json::json!({"log": "token:(hidden)\nnext\tline password: (hidden)", "count": 5});
        let shown = redacted(&value).expect("json");
        assert_eq!(shown["count"], 5);
        assert!(!shown["log"].as_str().expect("text").contains("password: x"), "{shown} {expected}");
        assert!(serde_json::from_str::<serde_json::Value>(&shown.to_string()).is_ok());
    }
}
