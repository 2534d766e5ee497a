//! Who acts.

use serde::{Deserialize, Serialize};

/// Who acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Actor {
    /// User name.
    pub user: String,
    pub host: String,
    /// Terminal, if any.
    pub tty: Option<String>,
}

impl Actor {
    /// Returns who, in words.
    #[must_use]
    pub fn words(&self) -> String {
        let tty = self.tty.as_ref().map(|tty| format!(" ({tty})")).unwrap_or_default();
        format!("{} on {}{tty}", self.user, self.host)
    }
}
