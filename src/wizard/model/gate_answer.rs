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
