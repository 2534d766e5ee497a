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
    /// The profile's role asks for a code of a device, which the SDK does not ask for.
    WantsMfa { profile: String },
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
    /// A service control policy of the organization denies it, whatever the user's own rights.
    DeniedByOrganization {
        /** what AWS says; names the action */
        detail: String,
    },
    /// SNS has tried the endpoint and did not reach it.
    UnreachableEndpoint {
        /** what SNS says */
        detail: String,
    },
    /// There is one of this name already, with other attributes or tags.
    OtherAttributes {
        /** what AWS says */
        detail: String,
    },
    /// The policy names a user or role that does not exist any more.
    NoSuchPrincipal {
        /** what SNS says */
        detail: String,
    },
    /// AWS Config may not publish to the topic, or not write to its bucket.
    InsufficientDelivery {
        /** what AWS Config says */
        detail: String,
    },
    /// The account has as many as it may have.
    LimitReached {
        /** what AWS says */
        detail: String,
    },
    /// A tag is wanted, or this one is not allowed.
    TagPolicy {
        /** what AWS says */
        detail: String,
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
        if let Some(told) = Self::of_detail(code, &detail) {
            return told;
        }
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
            "NotFound"
            | "NotFoundException"
            | "ResourceNotFoundException"
            | "NoSuchDeliveryChannelException" => Self::NotFound,
            "InsufficientDeliveryPolicyException" => Self::InsufficientDelivery { detail },
            "TopicLimitExceeded"
            | "SubscriptionLimitExceeded"
            | "MaxNumberOfDeliveryChannelsExceededException" => Self::LimitReached { detail },
            "TagPolicy" | "TagPolicyException" | "TagLimitExceeded" => Self::TagPolicy { detail },
            "InvalidParameter" if detail.contains("TopicArn") => Self::WrongRegion { detail },
            _ => Self::Refused { code: code.to_owned(), detail },
        }
    }

    /// What only the sentence tells apart: SNS answers several with one code (its API reference, Subscribe
    /// and CreateTopic, and what it was seen to say).
    fn of_detail(code: &str, detail: &str) -> Option<Self> {
        let detail = detail.to_owned();
        let says = |text: &str| detail.contains(text);
        match code {
            "AuthorizationError" | "AccessDenied" | "AccessDeniedException"
                if says("service control policy") =>
            {
                Some(Self::DeniedByOrganization { detail })
            }
            "InvalidParameter" if says("Unreachable Endpoint") => Some(Self::UnreachableEndpoint { detail }),
            "InvalidParameter" if says("already exists with different") => {
                Some(Self::OtherAttributes { detail })
            }
            "PrincipalNotFound" => Some(Self::NoSuchPrincipal { detail }),
            "InvalidParameter" if says("PrincipalNotFound") => Some(Self::NoSuchPrincipal { detail }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::AwsTrouble::{self, *};

    #[test]
    fn each_code_and_sentence_has_its_own_meaning() {
        let detail = |text: &str| text.to_owned();
        let table = [
            (
                "AuthorizationError",
                "User: x is not authorized to perform: SNS:Publish",
                Denied { detail: detail("User: x is not authorized to perform: SNS:Publish") },
            ),
            (
                "AccessDeniedException",
                "not authorized with an explicit deny in a service control policy",
                DeniedByOrganization {
                    detail: detail("not authorized with an explicit deny in a service control policy"),
                },
            ),
            (
                "InvalidParameter",
                "Invalid parameter: Unreachable Endpoint",
                UnreachableEndpoint { detail: detail("Invalid parameter: Unreachable Endpoint") },
            ),
            (
                "InvalidParameter",
                "Invalid parameter: Attributes Reason: Topic already exists with different attributes",
                OtherAttributes {
                    detail: detail(
                        "Invalid parameter: Attributes Reason: Topic already exists with different attributes",
                    ),
                },
            ),
            (
                "InvalidParameter",
                "Invalid parameter: Policy Error: PrincipalNotFound",
                NoSuchPrincipal { detail: detail("Invalid parameter: Policy Error: PrincipalNotFound") },
            ),
            (
                "InvalidParameter",
                "Invalid parameter: TopicArn",
                WrongRegion { detail: detail("Invalid parameter: TopicArn") },
            ),
            ("InsufficientDeliveryPolicyException", "x.", InsufficientDelivery { detail: detail("x") }),
            ("TopicLimitExceeded", "x", LimitReached { detail: detail("x") }),
            ("TagPolicy", "x", TagPolicy { detail: detail("x") }),
            ("Throttled", "Rate exceeded", Throttled),
            ("NoSuchDeliveryChannelException", "x", NotFound),
            ("InternalError", "x", Refused { code: detail("InternalError"), detail: detail("x") }),
        ];
        for (code, message, expected) in table {
            assert_eq!(AwsTrouble::of_code(code, message), expected);
        }
    }
}
