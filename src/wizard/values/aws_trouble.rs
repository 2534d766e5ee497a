//! What AWS or the way to it answered, told apart. The words for each stand in `trouble.rs`.

use serde::{Deserialize, Serialize};

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
    SsoLogin { profile: String },
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
    Refused { code: String, detail: String },
}

impl AwsTrouble {
    /// Returns what an error code of STS, SNS or AWS Config means (the APIs' "Common Errors", and the
    /// errors that each call's reference lists). `message` is AWS's own, from outside.
    #[must_use]
    pub fn of_code(code: &str, message: &str) -> Self {
        let detail = ecw_halyard::clean(message, 300);
        let detail = detail.trim_end_matches('.').to_owned();
        match code {
            "AuthorizationError" | "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => {
                Self::Denied { detail }
            }
            "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => Self::Expired,
            "InvalidClientTokenId" | "UnrecognizedClientException" | "OptInRequired" => Self::UnknownKey,
            "SignatureDoesNotMatch" | "InvalidSignatureException" => Self::BadSignature { detail },
            "Throttling" | "ThrottlingException" | "Throttled" | "TooManyRequestsException" => {
                Self::Throttled
            }
            "NotFound" | "NotFoundException" | "ResourceNotFoundException" => Self::NotFound,
            "InvalidParameter" if detail.contains("TopicArn") => Self::WrongRegion { detail },
            _ => Self::Refused { code: code.to_owned(), detail },
        }
    }
}
