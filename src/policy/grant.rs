//! Does a policy let AWS Config publish to a topic?

use serde_json::Value;

/// AWS Config's service principal.
pub(crate) const PRINCIPAL: &str = "config.amazonaws.com";

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// A statement allows it.
    Allowed,
    /// No statement allows it.
    Missing,
    /// A statement denies it, whatever the others say.
    Denied,
}

/// Returns whether `policy` lets AWS Config of `account` publish to `topic`. Conditions that are
/// not understood do not count as allowing.
#[must_use]
pub fn grants(policy: &Value, topic: &str, account: &str) -> Grant {
    let statements = statements(policy);
    let covers = |statement: &&Value, effect: &str| {
        statement.get("Effect").and_then(Value::as_str) == Some(effect)
            && principal_fits(statement.get("Principal"))
            && any(statement.get("Action"), |action| {
                ["sns:publish", "sns:*", "*"].contains(&action.to_ascii_lowercase().as_str())
            })
            && any(statement.get("Resource"), |resource| resource == topic || resource == "*")
    };
    let unconditional = |statement: &Value| statement.get("Condition").is_none();
    if statements.iter().any(|each| covers(each, "Deny") && unconditional(each)) {
        return Grant::Denied;
    }
    let allowed = statements
        .iter()
        .any(|each| covers(each, "Allow") && conditions_hold(each.get("Condition"), account));
    if allowed { Grant::Allowed } else { Grant::Missing }
}

/// Returns the statements; AWS takes a single object too.
pub(crate) fn statements(policy: &Value) -> Vec<&Value> {
    match policy.get("Statement") {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one @ Value::Object(_)) => vec![one],
        _ => Vec::new(),
    }
}

fn any(value: Option<&Value>, fits: impl Fn(&str) -> bool) -> bool {
    match value {
        Some(Value::String(text)) => fits(text),
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).any(fits),
        _ => false,
    }
}

fn principal_fits(principal: Option<&Value>) -> bool {
    match principal {
        Some(Value::String(text)) => text == "*",
        Some(Value::Object(map)) => any(map.get("Service"), |service| service == PRINCIPAL || service == "*"),
        _ => false,
    }
}

fn conditions_hold(condition: Option<&Value>, account: &str) -> bool {
    let Some(condition) = condition else { return true };
    let Some(operators) = condition.as_object() else { return false };
    operators.iter().all(|(operator, keys)| {
        keys.as_object().is_some_and(|keys| {
            keys.iter().all(|(key, wanted)| {
                let key = key.to_ascii_lowercase();
                match (operator.as_str(), key.as_str()) {
                    ("StringEquals" | "StringLike", "aws:sourceaccount") => {
                        any(Some(wanted), |each| each == account)
                    }
                    ("ArnLike" | "StringLike" | "ArnEquals", "aws:sourcearn") => {
                        any(Some(wanted), |arn| arn_fits(arn, account))
                    }
                    _ => false,
                }
            })
        })
    })
}

fn arn_fits(arn: &str, account: &str) -> bool {
    let parts: Vec<&str> = arn.split(':').collect();
    parts.len() >= 6 && ["config", "*"].contains(&parts[2]) && (parts[4] == account || parts[4] == "*")
}
