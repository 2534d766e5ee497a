//! What Gate's `/aws/notify` answers to a GET: is the plugin there?

use serde::{Deserialize, Serialize};

/// What `GET /aws/notify` says (never POST).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NotifyVerdict {
    /// 405, or 2xx that is no HTML.
    There,
    /// 404.
    NotThere,
    /// 401, 403 or a redirect: a login in the way *or* the plugin not loaded.
    LoginOrMissing,
    /// HTML: this is not Gate.
    NotGate,
    /// 5xx, no answer.
    CannotTell,
}

impl NotifyVerdict {
    /// Returns the verdict of an answer to `GET /aws/notify`.
    #[must_use]
    pub fn of(status: u16, html: bool) -> Self {
        match status {
            405 => Self::There,
            200..=299 if !html => Self::There,
            200..=299 => Self::NotGate,
            404 => Self::NotThere,
            300..=399 | 401 | 403 => Self::LoginOrMissing,
            _ => Self::CannotTell,
        }
    }

    /// Returns the verdict in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::There => "/aws/notify is there",
            Self::NotThere => "/aws/notify is not there (404): Gate runs without the plugin",
            Self::LoginOrMissing => "a login is in the way, or the plugin is not loaded",
            Self::NotGate => "an HTML page answers: this is not Gate",
            Self::CannotTell => "no usable answer",
        }
    }
}

/// What the endpoint that SNS posts to answers to a GET from here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "answer")]
pub enum EndpointAnswer {
    /// Something answered.
    Http {
        /** what it says of the plugin */
        verdict: NotifyVerdict,
        status: u16,
    },
    /// Nothing did.
    Silent { why: String },
}

impl EndpointAnswer {
    /// Returns whether it answers as Gate with the plugin does.
    #[must_use]
    pub fn is_there(&self) -> bool {
        matches!(self, Self::Http { verdict: NotifyVerdict::There, .. })
    }

    /// Returns what is seen from here, in a sentence.
    #[must_use]
    pub fn cause(&self) -> String {
        let (verdict, status) = match self {
            Self::Http { verdict, status } => (verdict, status),
            Self::Silent { why } => {
                return format!("The endpoint does not answer from here: {}.", why.trim_end_matches('.'));
            }
        };
        match (verdict, status) {
            (NotifyVerdict::There, _) => "The endpoint answers with the plugin.".to_owned(),
            (NotifyVerdict::NotThere, _) => {
                "The endpoint answers 404: Gate without the plugin, or not Gate's path (does it have a context path?)."
                    .to_owned()
            }
            (NotifyVerdict::LoginOrMissing, 300..=399) => {
                format!("The endpoint redirects (HTTP {status}), which SNS does not follow: a login, or another address.")
            }
            (NotifyVerdict::LoginOrMissing, _) => format!(
                "A login stands in front of the endpoint (HTTP {status}); a 4xx answer counts as delivered, so SNS does not try again."
            ),
            (NotifyVerdict::NotGate, _) => {
                "A page answers at the endpoint (HTML): this is not Gate's /aws/notify.".to_owned()
            }
            (NotifyVerdict::CannotTell, _) => {
                format!("The endpoint answers HTTP {status}: Gate, or the ingress before it, is unwell.")
            }
        }
    }
}
