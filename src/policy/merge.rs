//! Adding and removing our statement.

use serde_json::{Map, Value, json};

use crate::condition::PRINCIPAL;
use crate::grant::{Grant, allows, grants, statements};

/// The vendor's statement id; a number is added where it is taken.
const SID: &str = "AWSConfigSNSPolicy";
/// AWS's limit for a topic policy.
pub const BYTE_LIMIT: usize = 30 * 1024;

/// Why a policy is left alone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// It is not a JSON object.
    #[error("the topic's access policy is not a JSON document: {0}")]
    NotJson(String),
    /// A statement denies AWS Config.
    #[error(
        "the topic's access policy denies AWS Config to publish; a statement of yours would have to go first"
    )]
    Denied,
    /// It would be too long.
    #[error("the topic's access policy would grow beyond 30 KB or 100 statements, which SNS refuses")]
    TooLong,
}

/// A policy with our statement in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The whole document to set; `None` when nothing has to change.
    pub document: Option<String>,
    /// The id of the statement that was added.
    pub sid: Option<String>,
    /// A statement that may deny AWS Config all the same, by its id or number: its condition asks for
    /// something that cannot be seen from here.
    pub may_deny: Option<String>,
}

/// Returns `policy` (`None` = the topic has none) with a statement that lets AWS Config of
/// `account` publish to `topic`.
///
/// ```
/// let topic = "arn:aws:sns:us-west-2:123456789012:spinnaker-event-cache";
/// let merged = ecw_policy::merge(None, topic, "123456789012")?;
/// let document = merged.document.expect("a statement was added");
/// assert!(document.contains("config.amazonaws.com"));
/// // It is there now, so nothing has to change.
/// assert_eq!(ecw_policy::merge(Some(&document), topic, "123456789012")?.document, None);
/// # Ok::<(), ecw_policy::PolicyError>(())
/// ```
///
/// # Errors
/// When the document is not JSON, denies AWS Config, or would grow too long.
pub fn merge(policy: Option<&str>, topic: &str, account: &str) -> Result<Merged, PolicyError> {
    let mut document = parse(policy)?;
    let may_deny = match grants(&document, topic, account) {
        Grant::Denied => return Err(PolicyError::Denied),
        Grant::CannotTell { statement, denies: true } => Some(statement),
        Grant::Allowed | Grant::Missing | Grant::CannotTell { denies: false, .. } => None,
    };
    if allows(&document, topic, account) {
        return Ok(Merged { document: None, sid: None, may_deny });
    }
    let taken: Vec<String> = statements(&document)
        .iter()
        .filter_map(|statement| statement.get("Sid").and_then(Value::as_str).map(str::to_owned))
        .collect();
    let mut sid = SID.to_owned();
    let mut number = 2;
    while taken.contains(&sid) {
        sid = format!("{SID}{number}");
        number += 1;
    }
    let ours = statement(&sid, topic, account);
    // Parsed as an object above.
    let Some(map) = document.as_object_mut() else {
        return Err(PolicyError::NotJson("not an object".to_owned()));
    };
    match map.get_mut("Statement") {
        Some(Value::Array(list)) => list.push(ours),
        Some(one @ Value::Object(_)) => *one = Value::Array(vec![one.clone(), ours]),
        _ => {
            map.insert("Statement".to_owned(), Value::Array(vec![ours]));
        }
    }
    let text = document.to_string();
    if text.len() > BYTE_LIMIT || statements(&document).len() > 100 {
        return Err(PolicyError::TooLong);
    }
    Ok(Merged { document: Some(text), sid: Some(sid), may_deny })
}

/// Returns `policy` without the statement `sid`, if that statement is still the one that
/// [`merge`] added; `None` when there is nothing of ours to take out.
///
/// # Errors
/// When the document is not JSON.
pub fn remove(policy: &str, sid: &str, topic: &str, account: &str) -> Result<Option<String>, PolicyError> {
    let mut document = parse(Some(policy))?;
    let ours = statement(sid, topic, account);
    let Some(Value::Array(list)) = document.get_mut("Statement") else { return Ok(None) };
    let before = list.len();
    list.retain(|statement| normal(statement) != normal(&ours));
    Ok((list.len() != before).then(|| document.to_string()))
}

fn parse(policy: Option<&str>) -> Result<Value, PolicyError> {
    let Some(text) = policy.filter(|text| !text.trim().is_empty()) else {
        return Ok(json!({"Version": "2008-10-17", "Statement": []}));
    };
    match serde_json::from_str::<Value>(text) {
        Ok(value) if value.is_object() => Ok(value),
        Ok(_) => Err(PolicyError::NotJson("not an object".to_owned())),
        Err(error) => Err(PolicyError::NotJson(error.to_string())),
    }
}

fn statement(sid: &str, topic: &str, account: &str) -> Value {
    json!({
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": PRINCIPAL},
        "Action": "SNS:Publish",
        "Resource": topic,
        "Condition": {"StringEquals": {"AWS:SourceAccount": account}},
    })
}

/// Lists of one and their single value mean the same, and so do cases of an action.
fn normal(value: &Value) -> Value {
    match value {
        Value::Array(list) if list.len() == 1 => normal(&list[0]),
        Value::Array(list) => Value::Array(list.iter().map(normal).collect()),
        Value::Object(map) => {
            let mut sorted: Vec<(&String, &Value)> = map.iter().collect();
            sorted.sort_by_key(|(key, _)| key.to_ascii_lowercase());
            let fold = |key: &str, value: &Value| match (key, value.as_str()) {
                ("Action", Some(text)) => Value::String(text.to_ascii_lowercase()),
                _ => normal(value),
            };
            Value::Object(
                sorted
                    .into_iter()
                    .map(|(key, value)| (key.to_ascii_lowercase(), fold(key, value)))
                    .collect::<Map<_, _>>(),
            )
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOPIC: &str = "arn:aws:sns:us-west-2:123456789012:spinnaker-event-cache";
    const ACCOUNT: &str = "123456789012";
    const DEFAULT: &str = r#"{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID","Effect":"Allow","Principal":{"AWS":"*"},"Action":["SNS:Publish"],"Resource":"arn:aws:sns:us-west-2:123456789012:spinnaker-event-cache","Condition":{"StringEquals":{"AWS:SourceOwner":"123456789012"}}}],"Odd":1}"#;

    #[test]
    fn our_statement_is_added_and_taken_out_without_touching_the_rest() {
        let merged = merge(Some(DEFAULT), TOPIC, ACCOUNT).expect("merges");
        let document = merged.document.expect("changes");
        assert_eq!(merged.sid.as_deref(), Some("AWSConfigSNSPolicy"));
        assert_eq!(
            merge(Some(&document), TOPIC, ACCOUNT),
            Ok(Merged { document: None, sid: None, may_deny: None })
        );
        assert_eq!(remove(&document, "AWSConfigSNSPolicy", TOPIC, ACCOUNT), Ok(Some(DEFAULT.to_owned())));
        assert_eq!(remove(DEFAULT, "AWSConfigSNSPolicy", TOPIC, ACCOUNT), Ok(None));
        insta::assert_snapshot!(crate::diff(Some(DEFAULT), &document).join("\n"));
    }

    #[test]
    fn what_already_allows_is_seen_in_every_spelling() {
        let allowing = |statement: &str| format!(r#"{{"Statement":{statement}}}"#);
        let table = [
            (format!(r#"{{"Effect":"Allow","Principal":{{"Service":"config.amazonaws.com"}},"Action":"sns:Publish","Resource":"{TOPIC}"}}"#), Grant::Allowed),
            (format!(r#"[{{"Effect":"Allow","Principal":{{"Service":["config.amazonaws.com","x"]}},"Action":["SNS:publish"],"Resource":["{TOPIC}"],"Condition":{{"StringEquals":{{"aws:SourceAccount":["{ACCOUNT}"]}}}}}}]"#), Grant::Allowed),
            (format!(r#"{{"Effect":"Allow","Principal":{{"Service":"config.amazonaws.com"}},"Action":"sns:Publish","Resource":"{TOPIC}","Condition":{{"StringEquals":{{"aws:SourceAccount":"999999999999"}}}}}}"#), Grant::Missing),
            (format!(r#"{{"Effect":"Allow","Principal":{{"Service":"config.amazonaws.com"}},"Action":"sns:Publish","Resource":"{TOPIC}","Condition":{{"IpAddress":{{"aws:SourceIp":"1.2.3.4"}}}}}}"#), Grant::CannotTell { statement: "number 1".to_owned(), denies: false }),
            (r#"{"Effect":"Allow","Principal":{"Service":"config.amazonaws.com"},"Action":"sns:Publish","Resource":"arn:aws:sns:us-west-2:568975057762:config-topic-568975057762"}"#.to_owned(), Grant::Missing),
            (format!(r#"{{"Effect":"Deny","Principal":"*","Action":"sns:*","Resource":"{TOPIC}"}}"#), Grant::Denied),
        ];
        for (statement, expected) in table {
            let value: Value = serde_json::from_str(&allowing(&statement)).expect("JSON");
            assert_eq!(grants(&value, TOPIC, ACCOUNT), expected, "{statement}");
        }
    }

    #[test]
    fn a_single_statement_becomes_a_list_and_a_taken_sid_gets_a_number() {
        let policy = r#"{"Statement":{"Sid":"AWSConfigSNSPolicy","Effect":"Allow","Principal":{"Service":"config.amazonaws.com"},"Action":"sns:Publish","Resource":"arn:aws:sns:us-west-2:568975057762:x"}}"#;
        let merged = merge(Some(policy), TOPIC, ACCOUNT).expect("merges");
        assert_eq!(merged.sid.as_deref(), Some("AWSConfigSNSPolicy2"));
        assert_eq!(merge(Some("[]"), TOPIC, ACCOUNT), Err(PolicyError::NotJson("not an object".to_owned())));
    }
}
