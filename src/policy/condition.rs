//! What a statement's condition says of AWS Config's request. Three answers: it holds, it does not, or it
//! asks for something that is not known here.
//!
//! Operators and keys: IAM User Guide, "IAM JSON policy elements: Condition operators" and "AWS global
//! condition context keys".

use serde_json::Value;

use crate::pattern::{arn_like, glob};

/// AWS Config's service principal.
pub(crate) const PRINCIPAL: &str = "config.amazonaws.com";

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    Yes,
    No,
    /// It depends on what cannot be seen from here.
    Unknown,
}

impl Holds {
    pub(crate) fn of(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Unknown,
        }
    }

    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, Self::No) => Self::No,
            _ => Self::Unknown,
        }
    }

    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }
}

/// The request that AWS Config makes when it publishes.
pub(crate) struct Request<'r> {
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub(crate) partition: &'r str,
    pub(crate) region: &'r str,
    /// The account in which AWS Config records.
    pub(crate) account: &'r str,
}

/// What is known of a condition key.
enum Key<'r> {
    Is(&'r str),
    /// An ARN of AWS Config in the request's region and account; its last part is not known.
    ConfigArn,
    /// A service's request does not have it.
    Absent,
    /// It is there; its value is not known.
    Present,
    Unknown,
}

impl Request<'_> {
    fn key(&self, name: &str) -> Key<'_> {
        match name {
            "aws:sourceaccount" => Key::Is(self.account),
            "aws:sourcearn" => Key::ConfigArn,
            "aws:securetransport" | "aws:principalisawsservice" => Key::Is("true"),
            "aws:principalservicename" => Key::Is(PRINCIPAL),
            // Of the organization of the account that AWS Config acts for.
            "aws:sourceorgid" | "aws:sourceorgpaths" => Key::Present,
            // A service is no member of an organization, has no user id, and is not the topic's owner; the
            // protocol and endpoint are keys of Subscribe.
            "aws:principalorgid"
            | "aws:principalorgpaths"
            | "aws:principalaccount"
            | "aws:principalarn"
            | "aws:userid"
            | "aws:username"
            | "aws:sourceowner"
            | "aws:sourcevpc"
            | "aws:sourcevpce"
            | "sns:protocol"
            | "sns:endpoint" => Key::Absent,
            _ => Key::Unknown,
        }
    }

    /// Returns whether every demand of a condition holds.
    pub(crate) fn meets(&self, condition: Option<&Value>) -> Holds {
        let Some(condition) = condition else { return Holds::Yes };
        let Some(operators) = condition.as_object() else { return Holds::Unknown };
        let mut all = Holds::Yes;
        for (operator, keys) in operators {
            let Some(keys) = keys.as_object() else { return Holds::Unknown };
            for (key, wanted) in keys {
                all = all.and(self.demand(operator, key, wanted));
            }
        }
        all
    }

    fn demand(&self, operator: &str, key: &str, wanted: &Value) -> Holds {
        let operator = operator.rsplit_once(':').map_or(operator, |(_, plain)| plain).to_ascii_lowercase();
        let key = self.key(&key.to_ascii_lowercase());
        if operator == "null" {
            let absent = match key {
                Key::Absent => Holds::Yes,
                Key::Is(_) | Key::ConfigArn | Key::Present => Holds::No,
                Key::Unknown => Holds::Unknown,
            };
            return any(wanted, |text| if text.eq_ignore_ascii_case("true") { absent } else { absent.not() });
        }
        let (operator, if_exists) = match operator.strip_suffix("ifexists") {
            Some(plain) => (plain, true),
            None => (operator.as_str(), false),
        };
        let (plain, negated) = match operator {
            "stringnotequals" => ("stringequals", true),
            "stringnotequalsignorecase" => ("stringequalsignorecase", true),
            "stringnotlike" => ("stringlike", true),
            "arnnotequals" | "arnnotlike" => ("arnlike", true),
            "arnequals" => ("arnlike", false),
            other => (other, false),
        };
        let known = ["stringequals", "stringequalsignorecase", "stringlike", "arnlike", "bool"];
        if !known.contains(&plain) {
            return Holds::Unknown;
        }
        let matched = match key {
            // A key that is not there matches nothing, and so meets every negation.
            Key::Absent if if_exists => return Holds::Yes,
            Key::Absent => Holds::No,
            Key::Present | Key::Unknown => Holds::Unknown,
            Key::ConfigArn => any(wanted, |text| self.config_arn_like(text, plain)),
            Key::Is(value) => any(wanted, |text| {
                Holds::of(match plain {
                    "stringequals" => text == value,
                    "stringequalsignorecase" | "bool" => text.eq_ignore_ascii_case(value),
                    "stringlike" => glob(text, value),
                    _ => arn_like(text, value),
                })
            }),
        };
        if negated { matched.not() } else { matched }
    }

    /// Whether a pattern fits AWS Config's ARN, of which the last part is not known.
    fn config_arn_like(&self, pattern: &str, operator: &str) -> Holds {
        let whole = operator == "stringlike" && pattern == "*";
        if whole {
            return Holds::Yes;
        }
        let parts: Vec<&str> = pattern.splitn(6, ':').collect();
        let [arn, partition, service, region, account, rest] = parts[..] else {
            // `arn:aws:config:*` as a text: the star reaches over colons.
            let head = format!("arn:{}:config:{}:{}:", self.partition, self.region, self.account);
            let reaches = operator == "stringlike" && pattern.ends_with('*') && glob(pattern, &head);
            return Holds::of(reaches);
        };
        let exact = operator.starts_with("stringequals");
        let fits = |pattern: &str, value: &str| if exact { pattern == value } else { glob(pattern, value) };
        let before = fits(arn, "arn")
            && fits(partition, self.partition)
            && fits(service, "config")
            && fits(region, self.region)
            && fits(account, self.account);
        match rest {
            _ if !before => Holds::No,
            "*" if !exact => Holds::Yes,
            _ => Holds::Unknown,
        }
    }
}

fn any(wanted: &Value, fits: impl Fn(&str) -> Holds) -> Holds {
    let one = |value: &Value| match value {
        Value::String(text) => fits(text),
        Value::Bool(flag) => fits(if *flag { "true" } else { "false" }),
        Value::Number(number) => fits(&number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => Holds::Unknown,
    };
    match wanted {
        Value::Array(list) => list.iter().fold(Holds::No, |all, value| all.or(one(value))),
        value => one(value),
    }
}
