//! Expected trouble, as data: what happened, why, and what to do now.

use ecw_halyard::redact;
use serde::{Deserialize, Serialize};

/// Something that went wrong outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Trouble {
    /// What happened and why, one sentence or two.
    pub what: String,
    /// What to do now.
    pub fix: String,
}

impl Trouble {
    /// Returns trouble with its remedy.
    pub fn new(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { what: redact(&what.into()), fix: fix.into() }
    }
}

/// What AWS or the way to it answered, told apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum AwsTrouble {
    /// No credentials anywhere in the SDK's chain.
    NoCredentials,
    /// A profile that does not exist or is half written.
    BadProfile {
        /** what the SDK says */
        detail: String,
    },
    /// The SSO session has to be logged in.
    SsoLogin {
        /** the profile */
        profile: String,
    },
    /// The session has expired.
    Expired,
    /// The key is unknown, or the region is not enabled for the account.
    UnknownKey,
    /// The signature does not fit: wrong secret, or this machine's clock.
    BadSignature {
        /** what AWS says */
        detail: String,
    },
    /// Not allowed.
    Denied {
        /** what AWS says; names the action */
        detail: String,
    },
    /// No answer.
    Unreachable {
        /** what failed */
        detail: String,
    },
    /// The region is missing or wrong.
    WrongRegion {
        /** what is wrong */
        detail: String,
    },
    /// Too many calls.
    Throttled,
    /// The thing does not exist.
    NotFound,
    /// Something between us and AWS answered instead (a proxy, a captive portal).
    NotAws {
        /** HTTP status */
        status: u16,
    },
    /// AWS refused the call.
    Refused {
        /** error code */
        code: String,
        /** message */
        detail: String,
    },
}

impl AwsTrouble {
    /// Returns what happened and what to do now.
    #[must_use]
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::NoCredentials => Trouble::new(
                "No AWS credentials were found in the environment, the profile files or this machine's role.",
                "Name a profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, then check again. Or choose Not from here.",
            ),
            Self::BadProfile { detail } => Trouble::new(
                format!("The AWS profile cannot be used: {detail}."),
                "Name another profile, or mend it in ~/.aws/config and ~/.aws/credentials, then check again.",
            ),
            Self::SsoLogin { profile } => Trouble::new(
                "The SSO session of this profile is not logged in.",
                format!(
                    "In another terminal: aws sso login --profile {profile} --use-device-code\nThen check again."
                ),
            ),
            Self::Expired => Trouble::new(
                "The AWS session has expired.",
                "Log in again in another terminal, then check again.",
            ),
            Self::UnknownKey => Trouble::new(
                "AWS does not know this access key, or the region is not enabled for the account.",
                "Check the key and the region, then check again.",
            ),
            Self::BadSignature { detail } => Trouble::new(
                format!("AWS refuses the signature: {detail}."),
                "Check the secret key and this machine's clock (date -u), then check again.",
            ),
            Self::Denied { detail } => Trouble::new(
                format!("AWS does not allow this: {detail}."),
                "Ask for the rights that `event-cache-wizard iam-policy` prints, or choose Not from here.",
            ),
            Self::Unreachable { detail } => Trouble::new(
                format!("AWS does not answer: {detail}."),
                "Check the region, the network and HTTPS_PROXY, then check again. Or choose Not from here.",
            ),
            Self::WrongRegion { detail } => {
                Trouble::new(format!("The region does not fit: {detail}."), "Name the region of the topic.")
            }
            Self::Throttled => Trouble::new("AWS asks to slow down.", "Wait a minute, then check again."),
            Self::NotFound => {
                Trouble::new("It does not exist.", "Check the name, the account and the region.")
            }
            Self::NotAws { status } => Trouble::new(
                format!("Something other than AWS answered (HTTP {status}): a proxy or a captive portal."),
                "Check HTTPS_PROXY and the network, then check again.",
            ),
            Self::Refused { code, detail } => {
                Trouble::new(format!("AWS refused: {code}: {detail}."), "See the log for the call.")
            }
        }
    }
}
