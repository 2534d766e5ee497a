//! Names that have rules, checked once.

use std::fmt;

pub use ecw_halyard::DeploymentName;
use serde::{Deserialize, Serialize};

/// Why a name is refused: what is wrong, what is allowed, how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadName(pub String);

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Returns the text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

name!(
    /// A plugin version, exactly as the repository lists it.
    PluginVersion
);
name!(
    /// An AWS region.
    Region
);
name!(
    /// A twelve-digit AWS account id.
    AccountId
);
name!(
    /// The name of a Standard SNS topic.
    TopicName
);
name!(
    /// The address that SNS posts to, `/aws/notify` included.
    EndpointUrl
);

impl PluginVersion {
    /// Checks a plugin version.
    ///
    /// # Errors
    /// When it is not numbers with dots.
    pub fn parse(text: &str) -> Result<Self, BadName> {
        let text = text.trim();
        let good = text.split('.').count() >= 2
            && text.split('.').all(|part| !part.is_empty() && part.chars().all(|each| each.is_ascii_digit()));
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadName(
                "A plugin version is numbers with dots, exactly as the repository lists it, such as 0.2.1."
                    .to_owned(),
            ))
        }
    }
}

impl Region {
    /// Checks a region's name. A mistyped region is an unresolvable host for the SDK, so its form
    /// is checked first.
    ///
    /// # Errors
    /// When it does not look like a region.
    pub fn parse(text: &str) -> Result<Self, BadName> {
        let text = text.trim();
        let parts: Vec<&str> = text.split('-').collect();
        let words = parts.len() >= 3
            && parts[..parts.len() - 1]
                .iter()
                .all(|part| !part.is_empty() && part.chars().all(|each| each.is_ascii_lowercase()))
            && parts[parts.len() - 1].parse::<u8>().is_ok();
        if words {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadName(format!(
                "{text} is not the name of an AWS region. Write it as eu-west-1 or us-gov-west-1."
            )))
        }
    }

    /// Returns the partition that the region is in, as ARNs name it (botocore's `partitions.json`).
    #[must_use]
    pub fn partition(&self) -> &'static str {
        let partitions = [
            ("cn-", "aws-cn"),
            ("us-gov-", "aws-us-gov"),
            ("eusc-", "aws-eusc"),
            ("us-isob-", "aws-iso-b"),
            ("us-isof-", "aws-iso-f"),
            ("eu-isoe-", "aws-iso-e"),
            ("us-iso-", "aws-iso"),
        ];
        partitions.iter().find(|(prefix, _)| self.0.starts_with(prefix)).map_or("aws", |(_, name)| name)
    }
}

impl AccountId {
    /// Checks an account id.
    ///
    /// # Errors
    /// When it is not twelve digits.
    pub fn parse(text: &str) -> Result<Self, BadName> {
        let text = text.trim();
        if text.len() == 12 && text.chars().all(|each| each.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadName("An AWS account id is twelve digits.".to_owned()))
        }
    }
}

impl TopicName {
    /// Checks a topic's name (SNS: letters, digits, `-` and `_`, 1 to 256; the vendor's sample
    /// name has spaces, which SNS refuses).
    ///
    /// # Errors
    /// When SNS would refuse it, or it names a FIFO topic.
    pub fn parse(text: &str) -> Result<Self, BadName> {
        let text = text.trim();
        if text.ends_with(".fifo") {
            return Err(BadName(
                "A FIFO topic cannot deliver to HTTP endpoints. Name a Standard topic.".to_owned(),
            ));
        }
        if let Some(bad) =
            text.chars().find(|each| !(each.is_ascii_alphanumeric() || *each == '-' || *each == '_'))
        {
            let shown = if bad == ' ' { "a space".to_owned() } else { format!("{bad:?}") };
            return Err(BadName(format!(
                "SNS refuses {shown} in a topic's name: only letters, digits, - and _. For example spinnaker-event-cache."
            )));
        }
        match text.len() {
            0 => Err(BadName("Give the topic a name, for example spinnaker-event-cache.".to_owned())),
            1..=256 => Ok(Self(text.to_owned())),
            length => {
                Err(BadName(format!("A topic's name has at most 256 characters; this one has {length}.")))
            }
        }
    }
}

/// An SNS topic's ARN, taken apart.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct TopicArn {
    /// `aws`, `aws-cn`, ...
    pub partition: String,
    pub region: Region,
    pub account: AccountId,
    /// Topic name; may end in `.fifo`.
    pub name: String,
}

impl TopicArn {
    /// Reads an ARN.
    ///
    /// # Errors
    /// When it is not the ARN of an SNS topic.
    pub fn parse(text: &str) -> Result<Self, BadName> {
        let text = text.trim();
        let bad = || {
            BadName("A topic's ARN reads arn:aws:sns:REGION:ACCOUNT:NAME, for example arn:aws:sns:eu-west-1:123456789012:spinnaker-event-cache.".to_owned())
        };
        let parts: Vec<&str> = text.split(':').collect();
        let ["arn", partition, "sns", region, account, name] = parts[..] else { return Err(bad()) };
        let letters = name.trim_end_matches(".fifo");
        let name_is_good = !letters.is_empty()
            && name.len() <= 256
            && letters.chars().all(|each| each.is_ascii_alphanumeric() || each == '-' || each == '_');
        if !partition.starts_with("aws") || !name_is_good {
            return Err(bad());
        }
        Ok(Self {
            partition: partition.to_owned(),
            region: Region::parse(region).map_err(|_| bad())?,
            account: AccountId::parse(account).map_err(|_| bad())?,
            name: name.to_owned(),
        })
    }

    /// Returns whether this is a FIFO topic.
    #[must_use]
    pub fn is_fifo(&self) -> bool {
        self.name.ends_with(".fifo")
    }
}

impl fmt::Display for TopicArn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "arn:{}:sns:{}:{}:{}", self.partition, self.region, self.account, self.name)
    }
}

impl From<TopicArn> for String {
    fn from(arn: TopicArn) -> Self {
        arn.to_string()
    }
}

impl TryFrom<String> for TopicArn {
    type Error = BadName;

    fn try_from(text: String) -> Result<Self, BadName> {
        Self::parse(&text)
    }
}

/// The ARN of an IAM role, taken apart.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct RoleArn {
    /// `aws`, `aws-cn`, ...
    pub partition: String,
    pub account: AccountId,
    /// Its path and name, without the leading slash.
    pub name: String,
}

impl RoleArn {
    /// Reads an ARN.
    ///
    /// # Errors
    /// When it is not the ARN of an IAM role.
    pub fn parse(text: &str) -> Result<Self, BadName> {
        let text = text.trim();
        let bad = || {
            BadName("A role's ARN reads arn:aws:iam::ACCOUNT:role/NAME, for example arn:aws:iam::123456789012:role/spinnaker.".to_owned())
        };
        let parts: Vec<&str> = text.split(':').collect();
        let ["arn", partition, "iam", "", account, role] = parts[..] else { return Err(bad()) };
        let name = role.strip_prefix("role/").ok_or_else(bad)?;
        let is_good = |each: char| each.is_ascii_alphanumeric() || "+=,.@_-/".contains(each);
        if !partition.starts_with("aws") || name.is_empty() || name.len() > 600 || !name.chars().all(is_good)
        {
            return Err(bad());
        }
        Ok(Self {
            partition: partition.to_owned(),
            account: AccountId::parse(account).map_err(|_| bad())?,
            name: name.to_owned(),
        })
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "arn:{}:iam::{}:role/{}", self.partition, self.account, self.name)
    }
}

impl From<RoleArn> for String {
    fn from(arn: RoleArn) -> Self {
        arn.to_string()
    }
}

impl TryFrom<String> for RoleArn {
    type Error = BadName;

    fn try_from(text: String) -> Result<Self, BadName> {
        Self::parse(&text)
    }
}

/// The path of the plugin's endpoint in Gate; it stands only in a screenshot of the vendor's page.
pub const NOTIFY_PATH: &str = "/aws/notify";

impl EndpointUrl {
    /// Checks the endpoint as AWS sees it.
    ///
    /// # Errors
    /// When it has no http(s) scheme, no host, a user name, a host with `_`, or the wrong path.
    pub fn parse(text: &str) -> Result<Self, BadName> {
        let text = text.trim();
        let bad = |why: &str| BadName(format!("{why} For example https://gate.example.com{NOTIFY_PATH}"));
        let url =
            url::Url::parse(text).map_err(|_| bad("The endpoint needs a scheme, a host and a path."))?;
        if !matches!(url.scheme(), "http" | "https") || !text.contains("://") {
            return Err(bad("The endpoint begins with https:// or http://."));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad(
                "Leave user names and passwords out of the endpoint: they would stand in the subscription.",
            ));
        }
        let Some(host) = url.host_str().filter(|host| !host.is_empty()) else {
            return Err(bad("The endpoint needs a host name."));
        };
        if host.contains('_') {
            return Err(bad("SNS refuses host names with an underscore."));
        }
        // What no address may hold as it is (RFC 3986), and would mean something where the address is written.
        if text
            .contains(|each: char| each.is_whitespace() || each.is_control() || "\"\\{}<>^`|".contains(each))
        {
            return Err(bad("The endpoint holds a character that no address has; write it as %XX."));
        }
        if !url.path().ends_with(NOTIFY_PATH) {
            return Err(bad("The path ends in /aws/notify; a context path of Gate stands before it."));
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns whether a subscription's endpoint is this one: letter case of the host, the scheme's own port
    /// and a slash at the end make no other address.
    #[must_use]
    pub fn is_same(&self, other: &str) -> bool {
        let normal = |text: &str| {
            let mut url = url::Url::parse(text.trim()).ok()?;
            let path = url.path().trim_end_matches('/').to_owned();
            url.set_path(&path);
            Some(url)
        };
        self.0 == other || normal(&self.0).is_some_and(|ours| normal(other) == Some(ours))
    }

    /// Returns the endpoint that belongs to Gate's public URL.
    #[must_use]
    pub fn of_gate(base: &str) -> String {
        format!("{}{NOTIFY_PATH}", base.trim().trim_end_matches('/'))
    }

    /// Returns Gate's base URL, without `/aws/notify`.
    #[must_use]
    pub fn base(&self) -> &str {
        self.0.split('?').next().unwrap_or_default().trim_end_matches(NOTIFY_PATH)
    }

    /// Returns the SNS protocol: `https` or `http`, from the scheme.
    #[must_use]
    pub fn protocol(&self) -> &'static str {
        if self.0.starts_with("https:") { "https" } else { "http" }
    }

    /// Returns the host name.
    #[must_use]
    pub fn host(&self) -> String {
        url::Url::parse(&self.0).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn illegal_names_are_refused_with_the_way_to_mend_them() {
        let error = |result: Result<String, BadName>| result.unwrap_or_else(|error| error.0);
        let topic = |text: &str| error(TopicName::parse(text).map(|name| name.to_string()));
        assert_eq!(topic("spinnaker-event-cache"), "spinnaker-event-cache");
        assert!(topic("AWS Event Cache Plugin").starts_with("SNS refuses a space"));
        assert!(topic("a.fifo").starts_with("A FIFO topic"));
        assert!(topic(&"a".repeat(257)).contains("has 257"));
        let endpoint = |text: &str| error(EndpointUrl::parse(text).map(|url| url.to_string()));
        assert_eq!(
            endpoint("https://gate.example.com/api/aws/notify"),
            "https://gate.example.com/api/aws/notify"
        );
        let ours =
            EndpointUrl::parse("https://gate.example.com/aws/notify").unwrap_or_else(|_| unreachable!());
        for (other, same) in [
            ("https://gate.example.com/aws/notify", true),
            ("https://Gate.Example.com:443/aws/notify/", true),
            ("http://gate.example.com/aws/notify", false),
            ("https://gate.example.com:8084/aws/notify", false),
            ("https://gate.example.com/AWS/notify", false),
            ("https://gate.example.com/aws/notify?x=1", false),
            ("not an address", false),
        ] {
            assert_eq!(ours.is_same(other), same, "{other}");
        }
        for bad in [
            "gate.example.com/aws/notify",
            "ftp://a/aws/notify",
            "https://u:p@a/aws/notify",
            "https://a_b/aws/notify",
            "https://a/",
        ] {
            assert!(endpoint(bad).contains("For example"), "{bad}");
        }
        assert!(
            Region::parse("eu-west-1").is_ok()
                && Region::parse("us-gov-west-1").is_ok()
                && Region::parse("euwest1").is_err()
        );
        let arn = "arn:aws-cn:sns:cn-north-1:123456789012:x";
        assert_eq!(TopicArn::parse(arn).map(|arn| arn.to_string()), Ok(arn.to_owned()));
        assert!(TopicArn::parse("arn:aws:sqs:eu-west-1:123456789012:x").is_err());
    }
}
