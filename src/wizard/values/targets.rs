//! Targets: the accounts and regions in which SNS is set up, when there is more than one. On disk and among
//! the answers they are a JSON list of what the answers file calls `sns.targets`.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::values::answers::{Answers, Key};
use crate::values::names::{AccountId, Region, RoleArn};

/// What is said where something else was typed.
pub const EXAMPLE: &str = "Name an account and a region, for example 123456789012 eu-west-1, and the ARN of a role if one is assumed there.";
/// At most this many targets are taken.
pub const MOST_TARGETS: usize = 500;

/// An account and region: what a target is called, also the name of its directory.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct TargetName {
    /// The account in which AWS Config records.
    pub account: AccountId,
    /// The region in which it does.
    pub region: Region,
}

/// Returns a number of targets in words: `1 target`, `3 targets`.
#[must_use]
pub fn counted_targets(targets: usize) -> String {
    if targets == 1 { "1 target".to_owned() } else { format!("{targets} targets") }
}

impl fmt::Display for TargetName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.account, self.region)
    }
}

impl TargetName {
    /// Returns the name of its directory below `targets/`.
    #[must_use]
    pub fn directory(&self) -> String {
        format!("{}-{}", self.account, self.region)
    }
}

/// One target with what was answered for it alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Target {
    /// Account and region.
    pub name: TargetName,
    /// Answers that hold for it alone.
    pub given: BTreeMap<Key, String>,
}

/// What the answers file calls the answers that a target may have of its own.
pub const OWN: [(&str, Key); 11] = [
    ("role_arn", Key::RoleArn),
    ("external_id", Key::ExternalId),
    ("profile", Key::AwsProfile),
    ("endpoint", Key::Endpoint),
    ("config_delivery", Key::ConfigDelivery),
    ("replace_topic_arn", Key::ReplaceTopicArn),
    ("raw_delivery", Key::RawDelivery),
    ("topic.name", Key::TopicName),
    ("topic.arn", Key::TopicArn),
    ("topic.accept_encrypted", Key::AcceptEncrypted),
    ("topic.sample_statement", Key::SampleStatement),
];

impl Target {
    /// Returns a target of which nothing but its place is known.
    #[must_use]
    pub fn plain(name: TargetName) -> Self {
        Self { name, given: BTreeMap::new() }
    }

    /// Reads what is typed on a screen: account and region, and the role that is assumed there.
    ///
    /// # Errors
    /// The sentence to show below the field.
    pub fn typed(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
        let (account, region, role) = match words[..] {
            [account, region] => (account, region, None),
            [account, region, role] => (account, region, Some(role)),
            _ => return Err(EXAMPLE.to_owned()),
        };
        let account = AccountId::parse(account).map_err(|error| error.0)?;
        let region = Region::parse(region).map_err(|error| error.0)?;
        let role = role.map(RoleArn::parse).transpose().map_err(|error| error.0)?;
        if let Some(role) = role.as_ref().filter(|role| role.account != account) {
            return Err(format!("That is a role of account {}, not of {account}.", role.account));
        }
        let given = role.map(|role| (Key::RoleArn, role.to_string())).into_iter().collect();
        Ok(Self { name: TargetName { account, region }, given })
    }

    /// Returns it as the answers file writes it.
    #[must_use]
    pub fn value(&self) -> Value {
        let mut map = Map::new();
        map.insert("account".to_owned(), self.name.account.as_str().into());
        map.insert("region".to_owned(), self.name.region.as_str().into());
        for (path, key) in OWN {
            let Some(value) = self.given.get(&key) else { continue };
            match path.split_once('.') {
                None => map.insert(path.to_owned(), value.as_str().into()),
                Some((group, name)) => {
                    let inner = map.entry(group).or_insert_with(|| Map::new().into());
                    inner
                        .as_object_mut()
                        .and_then(|inner| inner.insert(name.to_owned(), value.as_str().into()))
                }
            };
        }
        map.into()
    }

    fn read(value: &Value) -> Result<Self, String> {
        let Value::Object(map) = value else {
            return Err(format!("a target is a mapping: {}", keys().join(", ")));
        };
        let mut flat = BTreeMap::new();
        for (name, value) in map {
            match value {
                Value::Null => {}
                Value::Object(inner) => {
                    flat.extend(inner.iter().map(|(key, value)| (format!("{name}.{key}"), text(value))));
                }
                other => drop(flat.insert(name.clone(), text(other))),
            }
        }
        let mut given = BTreeMap::new();
        let (mut account, mut region) = (None, None);
        for (name, text) in flat {
            let text = text.ok_or_else(|| format!("{name}: a single value is wanted here"))?;
            let bad = |why: String| format!("{name}: {why}");
            if text.chars().any(char::is_control) {
                return Err(bad("control characters are not allowed".to_owned()));
            }
            match name.as_str() {
                "account" => account = Some(AccountId::parse(&text).map_err(|error| bad(error.0))?),
                "region" => region = Some(Region::parse(&text).map_err(|error| bad(error.0))?),
                other => {
                    let known = OWN.iter().find(|(path, _)| *path == other);
                    let (_, key) = known.ok_or_else(|| {
                        let name = ecw_halyard::clean(other, 100);
                        format!("{name} is none of {}", keys().join(", "))
                    })?;
                    given.insert(*key, text);
                }
            }
        }
        let role = given.get(&Key::RoleArn).and_then(|arn| RoleArn::parse(arn).ok());
        let account = match (account, role) {
            (Some(account), Some(role)) if role.account != account => {
                return Err(format!("role_arn: it is a role of account {}, not of {account}", role.account));
            }
            (Some(account), _) => account,
            (None, Some(role)) => role.account,
            (None, None) => {
                return Err("account is missing: a target is named by account and region".to_owned());
            }
        };
        let region = region.ok_or("region is missing: a target is named by account and region")?;
        Ok(Self { name: TargetName { account, region }, given })
    }
}

fn keys() -> Vec<&'static str> {
    ["account", "region"].into_iter().chain(OWN.iter().map(|(path, _)| *path)).collect()
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Reads a list of targets.
///
/// # Errors
/// Which one is wrong, and how; also where two are the same account and region.
pub fn parse(list: &str) -> Result<Vec<Target>, String> {
    let list = if list.trim().is_empty() { "[]" } else { list };
    let values: Vec<Value> =
        serde_json::from_str(list).map_err(|_| "a list of targets is wanted".to_owned())?;
    if values.len() > MOST_TARGETS {
        return Err(format!("{} targets; at most {MOST_TARGETS} are taken", values.len()));
    }
    let mut targets: Vec<Target> = Vec::new();
    for (at, value) in values.iter().enumerate() {
        let target = Target::read(value).map_err(|why| format!("target {}: {why}", at + 1))?;
        if targets.iter().any(|known| known.name == target.name) {
            return Err(format!("target {}: {} is there twice", at + 1, target.name));
        }
        targets.push(target);
    }
    Ok(targets)
}

impl Answers {
    /// Returns the targets, where there are several.
    #[must_use]
    pub fn sns_targets(&self) -> Vec<Target> {
        // An answer was validated before it was taken.
        parse(self.text(Key::Targets)).unwrap_or_default()
    }
}

/// Returns what the answers file calls an answer that a target may have of its own.
#[must_use]
pub fn own_name(key: Key) -> &'static str {
    OWN.iter().find(|(_, own)| *own == key).map_or(key.path(), |(name, _)| name)
}

/// Returns the list as text, one line.
#[must_use]
pub fn write(targets: &[Target]) -> String {
    Value::Array(targets.iter().map(Target::value).collect()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_the_same() {
        let list = r#"[{"account":"123456789012","region":"us-west-2"},{"account":"210987654321","region":"eu-west-1","role_arn":"arn:aws:iam::210987654321:role/x","config_delivery":"point-at-topic","topic":{"name":"t"}}]"#;
        let targets = parse(list).expect("reads");
        assert_eq!((write(&targets), targets.len()), (list.to_owned(), 2));
        assert_eq!(parse(""), Ok(Vec::new()));
    }

    #[test]
    fn a_wrong_target_is_named_by_its_number_and_its_key() {
        let error = |list: &str| parse(list).expect_err("refused");
        let place = r#""account":"123456789012","region":"us-west-2""#;
        assert_eq!(error("{}"), "a list of targets is wanted");
        assert_eq!(
            error(r#"[{"region":"us-west-2"}]"#),
            "target 1: account is missing: a target is named by account and region"
        );
        assert_eq!(
            error(&format!("[{{{place}}},{{{place}}}]")),
            "target 2: 123456789012 us-west-2 is there twice"
        );
        assert!(
            error(&format!(r#"[{{{place},"regoin":"x"}}]"#))
                .starts_with("target 1: regoin is none of account, region, role_arn")
        );
        assert_eq!(
            error(&format!(r#"[{{{place},"role_arn":"arn:aws:iam::210987654321:role/x"}}]"#)),
            "target 1: role_arn: it is a role of account 210987654321, not of 123456789012"
        );
    }
}
