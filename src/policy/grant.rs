//! Does a policy let AWS Config publish to a topic? Answered by IAM's rules for this one request: an explicit
//! deny beats every allow, and what depends on something that is not seen from here is said to do so.

use serde_json::Value;

use crate::condition::{Holds, PRINCIPAL, Request};
use crate::pattern::glob;

const ACTION: &str = "sns:publish";

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// A statement allows it and none may deny it.
    Allowed,
    /// No statement allows it.
    Missing,
    /// A statement denies it, whatever the others say.
    Denied,
    /// It depends on what cannot be seen from here: the id of the statement, or its place.
    CannotTell {
        /// The statement's `Sid`, or its number.
        statement: String,
        /// It may deny, not allow.
        denies: bool,
    },
}

/// Returns whether `policy` lets AWS Config, recording in `account`, publish to `topic` (its ARN, whose
/// region and partition are AWS Config's too: it does not publish across regions).
#[must_use]
pub fn grants(policy: &Value, topic: &str, account: &str) -> Grant {
    let mut parts = topic.split(':').skip(1);
    let (partition, region) = (parts.next().unwrap_or("aws"), parts.nth(1).unwrap_or_default());
    let request = Request { partition, region, account };
    let mut allowed = Holds::No;
    let mut cannot_tell = None;
    for (number, statement) in statements(policy).into_iter().enumerate() {
        let denies = statement.get("Effect").and_then(Value::as_str) == Some("Deny");
        let covers = covers(statement, denies, topic).and(request.meets(statement.get("Condition")));
        let named = || {
            let sid = statement.get("Sid").and_then(Value::as_str);
            sid.map_or_else(|| format!("number {}", number + 1), str::to_owned)
        };
        match (denies, covers) {
            (true, Holds::Yes) => return Grant::Denied,
            (true, Holds::Unknown) => {
                cannot_tell = Some(Grant::CannotTell { statement: named(), denies });
            }
            (false, _) => {
                if covers == Holds::Unknown && cannot_tell.is_none() {
                    cannot_tell = Some(Grant::CannotTell { statement: named(), denies });
                }
                allowed = allowed.or(covers);
            }
            (true, Holds::No) => {}
        }
    }
    match (allowed, cannot_tell) {
        (_, Some(deny @ Grant::CannotTell { denies: true, .. })) => deny,
        (Holds::Yes, _) => Grant::Allowed,
        (Holds::Unknown, Some(unknown)) => unknown,
        (Holds::Unknown | Holds::No, _) => Grant::Missing,
    }
}

/// Returns whether a statement allows it for sure, whatever may deny it.
pub(crate) fn allows(policy: &Value, topic: &str, account: &str) -> bool {
    let others: Vec<Value> = statements(policy)
        .into_iter()
        .filter(|statement| statement.get("Effect").and_then(Value::as_str) == Some("Allow"))
        .cloned()
        .collect();
    grants(&serde_json::json!({ "Statement": others }), topic, account) == Grant::Allowed
}

/// Returns the statements; AWS takes a single object too.
pub(crate) fn statements(policy: &Value) -> Vec<&Value> {
    match policy.get("Statement") {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one @ Value::Object(_)) => vec![one],
        _ => Vec::new(),
    }
}

/// Whether a statement is about AWS Config publishing to the topic, its condition apart.
fn covers(statement: &Value, denies: bool, topic: &str) -> Holds {
    let one_of = |name: &str, not: &str, fits: &dyn Fn(&str) -> bool| match (
        statement.get(name),
        statement.get(not),
    ) {
        (Some(wanted), None) => Holds::of(any(wanted, fits)),
        (None, Some(others)) => Holds::of(!any(others, fits)),
        _ => Holds::No,
    };
    let action = one_of("Action", "NotAction", &|pattern| glob(&pattern.to_ascii_lowercase(), ACTION));
    let resource = one_of("Resource", "NotResource", &|pattern| glob(pattern, topic));
    action.and(resource).and(principal(statement, denies))
}

/// Whether a statement's principal is AWS Config's service.
fn principal(statement: &Value, denies: bool) -> Holds {
    let service = |found: &Value| {
        found.get("Service").is_some_and(|names| any(names, &|name| [PRINCIPAL, "*"].contains(&name)))
    };
    match (statement.get("Principal"), statement.get("NotPrincipal")) {
        (Some(Value::String(text)), None) => Holds::of(text == "*"),
        (Some(found @ Value::Object(map)), None) => {
            let everybody = map.get("AWS").is_some_and(|names| any(names, &|name| name == "*"));
            match (service(found), everybody) {
                (true, _) => Holds::Yes,
                // Everybody: a deny reaches services too. Whether an allow does is not documented.
                (false, true) => {
                    if denies {
                        Holds::Yes
                    } else {
                        Holds::Unknown
                    }
                }
                (false, false) => Holds::No,
            }
        }
        (None, Some(others)) => match (service(others), others.as_str() == Some("*")) {
            (true, _) | (_, true) => Holds::No,
            _ if denies => Holds::Yes,
            _ => Holds::Unknown,
        },
        _ => Holds::No,
    }
}

fn any(value: &Value, fits: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => fits(text),
        Value::Array(list) => list.iter().filter_map(Value::as_str).any(fits),
        _ => false,
    }
}
