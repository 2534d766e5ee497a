//! Adding our statement, and taking it out again.

use serde_json::{Map, Value, json};

use crate::condition::PRINCIPAL;
use crate::error::PolicyError;
use crate::grant::{Grant, allows, grants};
use crate::splice::Spliced;

/// The vendor's statement id; a number is added where it is taken.
const SID: &str = "AWSConfigSNSPolicy";
/// AWS's limit for a topic policy.
pub const BYTE_LIMIT: usize = 30 * 1024;
/// A topic without a policy.
const EMPTY: &str = r#"{"Version":"2008-10-17","Statement":[]}"#;

/// What becomes of the statement that the plugin's page prints: it names the sample's topic, so in any other
/// topic's policy it does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// It stays, ours comes beside it.
    Leave,
    /// Ours takes its place.
    Replace,
}

/// A policy with our statement in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The whole document to set; `None` when nothing has to change.
    pub document: Option<String>,
    /// The id of the statement that was added.
    pub sid: Option<String>,
    /// The statement of the plugin's page that names another topic, as it stands there.
    pub sample: Option<String>,
    /// A statement that may deny AWS Config all the same, by its id or number: its condition asks for
    /// something that cannot be seen from here.
    pub may_deny: Option<String>,
}

/// Returns `policy` (`None` = the topic has none) with a statement that lets AWS Config of each of
/// `accounts` publish to `topic`. Not one byte of it changes besides.
///
/// ```
/// use ecw_policy::{Sample, merge};
/// let topic = "arn:aws:sns:us-west-2:123456789012:spinnaker-event-cache";
/// let merged = merge(None, topic, &["123456789012"], Sample::Leave)?;
/// let document = merged.document.expect("a statement was added");
/// assert!(document.contains("config.amazonaws.com"));
/// // It is there now, so nothing has to change.
/// assert_eq!(merge(Some(&document), topic, &["123456789012"], Sample::Leave)?.document, None);
/// # Ok::<(), ecw_policy::PolicyError>(())
/// ```
///
/// # Errors
/// When the document is not JSON, denies AWS Config, or would grow too long.
pub fn merge(
    policy: Option<&str>,
    topic: &str,
    accounts: &[&str],
    sample: Sample,
) -> Result<Merged, PolicyError> {
    let text = policy.filter(|text| !text.trim().is_empty()).unwrap_or(EMPTY);
    let spliced = Spliced::read(text)?;
    let document: Value =
        serde_json::from_str(text).map_err(|error| PolicyError::NotJson(error.to_string()))?;
    let mut may_deny = None;
    for account in accounts {
        match grants(&document, topic, account) {
            Grant::Denied => return Err(PolicyError::Denied),
            Grant::CannotTell { statement, denies: true } => may_deny = Some(statement),
            Grant::Allowed | Grant::Missing | Grant::CannotTell { denies: false, .. } => {}
        }
    }
    let parsed: Vec<Value> = spliced.statements().map(parse).collect();
    let found = parsed.iter().position(|statement| is_sample(statement, topic));
    let found_text = found.and_then(|number| spliced.statements().nth(number)).map(str::to_owned);
    let missing: Vec<&str> =
        accounts.iter().copied().filter(|account| !allows(&document, topic, account)).collect();
    if missing.is_empty() {
        return Ok(Merged { document: None, sid: None, sample: found_text, may_deny });
    }
    let replaced = found.filter(|_| sample == Sample::Replace);
    let others = parsed.iter().enumerate().filter(|(number, _)| Some(*number) != replaced);
    let taken: Vec<&str> =
        others.filter_map(|(_, statement)| statement.get("Sid").and_then(Value::as_str)).collect();
    let sid = free(&taken);
    let ours = statement(&sid, topic, &missing).to_string();
    let text = replaced.map_or_else(|| spliced.append(&ours), |number| spliced.replace(number, &ours));
    if text.len() > BYTE_LIMIT || parsed.len() >= 100 && replaced.is_none() {
        return Err(PolicyError::TooLong);
    }
    Ok(Merged { document: Some(text), sid: Some(sid), sample: found_text, may_deny })
}

/// Returns the id of the statement in `policy` that reads exactly as [`merge`] writes it for one or more of
/// `accounts`; `None` when there is none. The last one, should there be more.
#[must_use]
pub fn ours(policy: &str, topic: &str, accounts: &[&str]) -> Option<String> {
    let spliced = Spliced::read(policy).ok()?;
    let ours = spliced.statements().map(parse).filter(|each| is_ours(each, None, topic, accounts));
    ours.last()?.get("Sid")?.as_str().map(str::to_owned)
}

/// Returns `policy` without the statement `sid`, if that statement is still the one that [`merge`] added;
/// `None` when there is nothing of ours to take out. `former` is the policy before [`merge`]: where that is
/// what comes out, it comes out to the byte. A statement of the plugin's page that ours had replaced comes
/// back. Nothing else changes.
///
/// # Errors
/// When the document is not JSON.
pub fn remove(
    policy: &str,
    sid: &str,
    topic: &str,
    accounts: &[&str],
    former: Option<&str>,
) -> Result<Option<String>, PolicyError> {
    let spliced = Spliced::read(policy)?;
    let parsed: Vec<Value> = spliced.statements().map(parse).collect();
    let Some(number) = parsed.iter().position(|each| is_ours(each, Some(sid), topic, accounts)) else {
        return Ok(None);
    };
    // Beside the page's statement ours has a number; without one it may have taken its place.
    let before = former.filter(|_| sid == SID).map(Spliced::read).transpose().unwrap_or_default();
    let mut of_the_page = before.iter().flat_map(Spliced::statements);
    let sample = of_the_page.find(|text| is_sample(&parse(text), topic));
    let rest = match sample.filter(|_| !parsed.iter().any(|each| is_sample(each, topic))) {
        Some(sample) => spliced.replace(number, sample),
        None => spliced.cut(number),
    };
    Ok(Some(former.filter(|former| same(former, &rest)).map_or(rest, str::to_owned)))
}

/// Returns whether two policies say the same: order of members, letter case of actions and lists of one
/// apart.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    match (serde_json::from_str::<Value>(one), serde_json::from_str::<Value>(other)) {
        (Ok(one), Ok(other)) => normal(&one) == normal(&other),
        _ => one == other,
    }
}

/// A statement that cannot be read by itself is nobody's.
fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

fn free(taken: &[&str]) -> String {
    let numbered = (2..).map(|number| format!("{SID}{number}"));
    let mut names = std::iter::once(SID.to_owned()).chain(numbered);
    names.find(|name| !taken.contains(&name.as_str())).unwrap_or_default()
}

fn statement(sid: &str, topic: &str, accounts: &[&str]) -> Value {
    let accounts = match accounts {
        [one] => json!(one),
        more => json!(more),
    };
    json!({
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": PRINCIPAL},
        "Action": "SNS:Publish",
        "Resource": topic,
        "Condition": {"StringEquals": {"AWS:SourceAccount": accounts}},
    })
}

/// Whether a statement reads as we write it, for one or more of the accounts. Without an id, any that we
/// would give it.
fn is_ours(found: &Value, sid: Option<&str>, topic: &str, accounts: &[&str]) -> bool {
    let Some(named) = found.get("Sid").and_then(Value::as_str) else { return false };
    let numbered = named.strip_prefix(SID).is_some_and(|rest| rest.chars().all(|each| each.is_ascii_digit()));
    if !sid.map_or(numbered, |sid| sid == named) {
        return false;
    }
    let wanted = found.pointer("/Condition/StringEquals/AWS:SourceAccount");
    let listed: Vec<&str> = match wanted {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => return false,
    };
    let known = !listed.is_empty() && listed.iter().all(|account| accounts.contains(account));
    known && normal(found) == normal(&statement(named, topic, &listed))
}

/// Whether a statement is the one of the plugin's page, pasted with a topic that is not this one.
///
/// It is put back on the word of a kept file, so it must be that statement and nothing besides.
fn is_sample(statement: &Value, topic: &str) -> bool {
    let resource = statement.get("Resource").and_then(Value::as_str).unwrap_or_default();
    let plain = resource.starts_with("arn:") && !resource.contains(['*', '?', '$']);
    let page = json!({
        "Sid": SID,
        "Effect": "Allow",
        "Principal": {"Service": PRINCIPAL},
        "Action": "sns:Publish",
        "Resource": resource,
    });
    plain
        && resource.split(':').nth(2) == Some("sns")
        && resource != topic
        && normal(statement) == normal(&page)
}

/// Lists of one and their single value mean the same, and so do cases of an action.
fn normal(value: &Value) -> Value {
    match value {
        Value::Array(list) if list.len() == 1 => normal(&list[0]),
        Value::Array(list) => Value::Array(list.iter().map(normal).collect()),
        Value::Object(map) => {
            let mut sorted: Vec<(&String, &Value)> = map.iter().collect();
            sorted.sort_by_key(|(key, _)| key.to_ascii_lowercase());
            let fold = |key: &str, value: &Value| match (key, normal(value)) {
                ("Action", Value::String(text)) => Value::String(text.to_ascii_lowercase()),
                (_, normal) => normal,
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
    const SAMPLE: &str = r#"{"Sid": "AWSConfigSNSPolicy", "Effect": "Allow", "Principal": {"Service": "config.amazonaws.com"}, "Action": "sns:Publish", "Resource": "arn:aws:sns:us-west-2:568975057762:config-topic-568975057762"}"#;

    fn merged(policy: &str) -> Merged {
        merge(Some(policy), TOPIC, &[ACCOUNT], Sample::Leave).expect("merges")
    }

    #[test]
    fn our_statement_is_added_and_taken_out_without_touching_the_rest() {
        let first = merged(DEFAULT);
        let document = first.document.expect("changes");
        assert_eq!(first.sid.as_deref(), Some("AWSConfigSNSPolicy"));
        assert_eq!(merged(&document), Merged { document: None, sid: None, sample: None, may_deny: None });
        let out = |policy: &str| remove(policy, "AWSConfigSNSPolicy", TOPIC, &[ACCOUNT], None);
        assert_eq!(out(&document), Ok(Some(DEFAULT.to_owned())));
        assert_eq!(out(DEFAULT), Ok(None));
        insta::assert_snapshot!(crate::diff(Some(DEFAULT), &document).join("\n"));
    }

    #[test]
    fn what_already_allows_is_seen_in_every_spelling() {
        let allowing = |statement: &str| format!(r#"{{"Statement":{statement}}}"#);
        let table = [
            (
                format!(
                    r#"{{"Effect":"Allow","Principal":{{"Service":"config.amazonaws.com"}},"Action":"sns:Publish","Resource":"{TOPIC}"}}"#
                ),
                Grant::Allowed,
            ),
            (
                format!(
                    r#"[{{"Effect":"Allow","Principal":{{"Service":["config.amazonaws.com","x"]}},"Action":["SNS:publish"],"Resource":["{TOPIC}"],"Condition":{{"StringEquals":{{"aws:SourceAccount":["{ACCOUNT}"]}}}}}}]"#
                ),
                Grant::Allowed,
            ),
            (
                format!(
                    r#"{{"Effect":"Allow","Principal":{{"Service":"config.amazonaws.com"}},"Action":"sns:Publish","Resource":"{TOPIC}","Condition":{{"StringEquals":{{"aws:SourceAccount":"999999999999"}}}}}}"#
                ),
                Grant::Missing,
            ),
            (
                format!(
                    r#"{{"Effect":"Allow","Principal":{{"Service":"config.amazonaws.com"}},"Action":"sns:Publish","Resource":"{TOPIC}","Condition":{{"IpAddress":{{"aws:SourceIp":"1.2.3.4"}}}}}}"#
                ),
                Grant::CannotTell { statement: "number 1".to_owned(), denies: false },
            ),
            (SAMPLE.to_owned(), Grant::Missing),
            (
                format!(r#"{{"Effect":"Deny","Principal":"*","Action":"sns:*","Resource":"{TOPIC}"}}"#),
                Grant::Denied,
            ),
        ];
        for (statement, expected) in table {
            let value: Value = serde_json::from_str(&allowing(&statement)).expect("JSON");
            assert_eq!(grants(&value, TOPIC, ACCOUNT), expected, "{statement}");
        }
    }

    #[test]
    fn the_statement_of_the_plugins_page_is_found_and_ours_comes_beside_it_or_in_its_place() {
        let policy = format!(r#"{{"Statement":{SAMPLE}}}"#);
        let beside = merged(&policy);
        assert_eq!(
            (beside.sid.as_deref(), beside.sample.as_deref()),
            (Some("AWSConfigSNSPolicy2"), Some(SAMPLE))
        );
        let instead = merge(Some(&policy), TOPIC, &[ACCOUNT], Sample::Replace).expect("merges");
        assert_eq!(instead.sid.as_deref(), Some("AWSConfigSNSPolicy"));
        let document = instead.document.expect("changes");
        assert!(!document.contains("568975057762"), "{document}");
        assert_eq!(ours(&document, TOPIC, &[ACCOUNT]).as_deref(), Some("AWSConfigSNSPolicy"));
        let out = |policy: &str, former: &str| {
            remove(policy, "AWSConfigSNSPolicy", TOPIC, &[ACCOUNT], Some(former))
        };
        assert_eq!(out(&document, &policy), Ok(Some(policy.clone())));
        // Somebody has added a statement since: theirs stays, and the page's comes back.
        let listed = document.replace(r#"{"Statement":"#, r#"{"Statement":[{"Sid":"theirs"},"#);
        let since = format!("{}]}}", listed.strip_suffix('}').expect("an object"));
        let back = out(&since, &policy).expect("JSON").expect("was there");
        assert_eq!(back, format!(r#"{{"Statement":[{{"Sid":"theirs"}},{SAMPLE}]}}"#));
        assert_eq!(
            merge(Some("[]"), TOPIC, &[ACCOUNT], Sample::Leave),
            Err(PolicyError::NotJson("not an object".to_owned()))
        );
    }

    #[test]
    fn a_bare_statement_and_its_odd_numbers_come_back_to_the_byte_unless_somebody_changed_more() {
        let former =
            "{ \"Statement\" : {\"Sid\":\"x\",\"Odd\":123456789012345678901234567890, \"N\":1.0e2} }";
        let document = merged(former).document.expect("changes");
        let out = |policy: &str, former| remove(policy, "AWSConfigSNSPolicy", TOPIC, &[ACCOUNT], former);
        assert_eq!(out(&document, Some(former)), Ok(Some(former.to_owned())));
        let listed = former.replace(": {", ": [{").replace("} }", "}] }");
        assert_eq!(out(&document, None), Ok(Some(listed.clone())));
        // Ours stood beside the page's statement, which somebody took out since: it does not come back.
        let page = format!(r#"{{"Statement":[{SAMPLE}]}}"#);
        let both =
            merge(Some(&page), TOPIC, &[ACCOUNT], Sample::Leave).expect("merges").document.expect("changes");
        let alone = both.replacen(&format!("{SAMPLE},"), "", 1);
        assert_eq!(
            remove(&alone, "AWSConfigSNSPolicy2", TOPIC, &[ACCOUNT], Some(&page)),
            Ok(Some(r#"{"Statement":[]}"#.to_owned()))
        );
        // A former policy that says something else is not given back, whoever wrote it there.
        assert_eq!(out(&document, Some(DEFAULT)), Ok(Some(listed)));
    }

    #[test]
    fn accounts_that_are_missing_get_one_statement_and_those_that_may_publish_stay() {
        let first = merged(DEFAULT).document.expect("changes");
        let more = [ACCOUNT, "210987654321", "111122223333"];
        let second = merge(Some(&first), TOPIC, &more, Sample::Leave).expect("merges");
        let document = second.document.expect("changes");
        assert_eq!(second.sid.as_deref(), Some("AWSConfigSNSPolicy2"));
        assert!(document.contains(r#""AWS:SourceAccount":["210987654321","111122223333"]"#), "{document}");
        assert_eq!(merge(Some(&document), TOPIC, &more, Sample::Leave).expect("merges").document, None);
        // Somebody else's account in it makes it somebody else's statement.
        assert_eq!(remove(&document, "AWSConfigSNSPolicy2", TOPIC, &[ACCOUNT], None), Ok(None));
        assert_eq!(remove(&document, "AWSConfigSNSPolicy2", TOPIC, &more, None), Ok(Some(first)));
    }

    #[test]
    fn two_documents_that_say_the_same_are_the_same() {
        assert!(same(
            r#"{"Statement":[{"Action":["SNS:Publish"]}],"Id":1}"#,
            r#"{"Id":1,"Statement":{"Action":"sns:publish"}}"#
        ));
        assert!(!same(r#"{"Statement":[]}"#, r#"{"Statement":[{}]}"#));
    }
}
