//! Expected trouble, as data: what happened, why, and what to do now. The one error of all ports.

use std::fmt;

use ecw_halyard::redact;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::values::aws_trouble::AwsTrouble;

/// Something that went wrong outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Trouble {
    /// What happened and why, one sentence or two.
    pub what: String,
    /// What to do now.
    pub fix: String,
    /// What AWS answered, where it was AWS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aws: Option<AwsTrouble>,
}

impl Trouble {
    /// Returns trouble with its remedy.
    pub fn new(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { what: redact(&what.into()), fix: fix.into(), aws: None }
    }

    /// Returns trouble of which only the reason is known; whoever asked knows what to do about it.
    pub fn reason(why: impl fmt::Display) -> Self {
        Self::new(why.to_string(), "")
    }

    /// Returns whether AWS says that the thing does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.aws == Some(AwsTrouble::NotFound)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.what)
    }
}

impl From<String> for Trouble {
    fn from(why: String) -> Self {
        Self::reason(why)
    }
}

impl From<&str> for Trouble {
    fn from(why: &str) -> Self {
        Self::reason(why)
    }
}

impl From<AwsTrouble> for Trouble {
    fn from(trouble: AwsTrouble) -> Self {
        Self { aws: Some(trouble.clone()), ..words(&trouble) }
    }
}

/// What happened and what to do now, for each.
fn words(trouble: &AwsTrouble) -> Trouble {
    match trouble {
        AwsTrouble::NoCredentials => Trouble::new(
            "No AWS credentials were found in the environment, the profile files or this machine's role.",
            "Name a profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, then refresh. Or choose Not from here.",
        ),
        AwsTrouble::BadProfile { detail } => Trouble::new(
            format!("The AWS profile cannot be used: {detail}."),
            "Name another profile, or fix it in ~/.aws/config and ~/.aws/credentials, then refresh.",
        ),
        AwsTrouble::SsoLogin { profile } => Trouble::new(
            "The SSO session of this profile is not logged in.",
            format!(
                "In another terminal: aws sso login --profile {profile} --use-device-code\nThen refresh."
            ),
        ),
        AwsTrouble::WantsMfa { profile } => Trouble::new(
            format!(
                "The role of profile {profile} asks for a code of an MFA device (mfa_serial), which no unattended program can give."
            ),
            format!(
                "In this shell, before the wizard: eval \"$(aws configure export-credentials --profile {profile} --format env)\", which asks for the code; then leave the profile out. Then refresh."
            ),
        ),
        AwsTrouble::Expired => {
            Trouble::new("The AWS session has expired.", "Log in again in another terminal, then refresh.")
        }
        AwsTrouble::UnknownKey => Trouble::new(
            "AWS does not know this access key, or the region is not enabled for the account.",
            "Check the key and the region, then refresh.",
        ),
        AwsTrouble::BadSignature { detail } => Trouble::new(
            format!("AWS refuses the signature: {detail}."),
            "Check the secret key and this machine's clock (date -u), then refresh.",
        ),
        AwsTrouble::Denied { detail } => Trouble::new(
            format!("AWS does not allow this: {detail}."),
            "Ask for the rights that `event-cache-wizard iam-policy` prints, or choose Not from here.",
        ),
        AwsTrouble::Unreachable { detail } => Trouble::new(
            format!("AWS does not answer: {detail}."),
            "Check the region, the network and HTTPS_PROXY, then refresh. Or choose Not from here.",
        ),
        AwsTrouble::WrongRegion { detail } => {
            Trouble::new(format!("The region does not fit: {detail}."), "Name the region of the topic.")
        }
        AwsTrouble::Throttled => Trouble::new("AWS asks to slow down.", "Wait a minute, then refresh."),
        AwsTrouble::NotFound => {
            Trouble::new("It does not exist.", "Check the name, the account and the region.")
        }
        AwsTrouble::NotAws { status: status @ 500.. } => Trouble::new(
            format!("The answer was HTTP {status} without a word of AWS: AWS or a proxy is unwell."),
            "Wait a minute, then refresh. Else check HTTPS_PROXY and the network.",
        ),
        AwsTrouble::NotAws { status } => Trouble::new(
            format!("Something other than AWS answered (HTTP {status}): a proxy or a captive portal."),
            "Check HTTPS_PROXY and the network, then refresh.",
        ),
        AwsTrouble::DeniedByOrganization { detail } => Trouble::new(
            format!("Your organization does not allow this, whatever your own rights: {detail}."),
            "A service control policy forbids it (Control Tower guards AWS Config like that): choose Not from here, and hand it to whoever looks after the organization. If it asks for tags on a new topic: sns.topic.tags.",
        ),
        AwsTrouble::UnreachableEndpoint { detail } => Trouble::new(
            format!("SNS tried the endpoint and did not reach it: {detail}."),
            "See that its name is in public DNS, that the firewall lets AWS in, and that its certificate is from a public authority, then retry.",
        ),
        AwsTrouble::OtherAttributes { detail } => Trouble::new(
            format!("There is one already, with other attributes or tags: {detail}."),
            "Choose it by its ARN instead of a new one, or name another.",
        ),
        AwsTrouble::NoSuchPrincipal { detail } => Trouble::new(
            format!("The topic's access policy names a user or role that does not exist any more: {detail}."),
            "SNS takes no policy that does. Take that principal out of the policy in AWS, then retry.",
        ),
        AwsTrouble::InsufficientDelivery { detail } => Trouble::new(
            format!("AWS Config has no right to deliver: {detail}."),
            "See that the topic's policy and the bucket's policy let config.amazonaws.com of this account in, then retry.",
        ),
        AwsTrouble::LimitReached { detail } => Trouble::new(
            format!("The account has as many as it may have: {detail}."),
            "Use one that exists, or have the quota raised (AWS Service Quotas), then retry.",
        ),
        AwsTrouble::TagPolicy { detail } => Trouble::new(
            format!("The tags do not fit the account's rules: {detail}."),
            "Give the tags that are wanted (sns.topic.tags), then retry.",
        ),
        AwsTrouble::Refused { code, detail } => Trouble::new(
            format!("AWS refused: {code}: {detail}."),
            "What was called stands in aws.log, beside the journal. Fix what it names, then retry.",
        ),
    }
}
/// Up to format 2 of the events, what AWS answered stood there alone, without its words.
impl<'de> Deserialize<'de> for Trouble {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Written {
            what: String,
            fix: String,
            aws: Option<AwsTrouble>,
        }
        let value = Value::deserialize(deserializer)?;
        if value.get("kind").is_some() {
            return AwsTrouble::deserialize(value).map(Self::from).map_err(D::Error::custom);
        }
        let Written { what, fix, aws } = Written::deserialize(value).map_err(D::Error::custom)?;
        Ok(Self { what, fix, aws })
    }
}
