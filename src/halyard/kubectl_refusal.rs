//! Why kubectl gave no answer, by what it writes to standard error (real texts: `tests/fixtures/kubectl`).

use crate::text::clean;

/// Why kubectl gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KubectlRefusal {
    /// There is no such object.
    NotFound,
    /// There is no such namespace.
    NoNamespace,
    /// This user may not look.
    Denied(String),
    /// The cluster does not know who asks.
    NotLoggedIn,
    /// The kubeconfig has no such context.
    NoContext,
    /// The API server is not to be reached from here.
    Unreachable(String),
    /// Something else, in kubectl's words.
    Other(String),
}

impl KubectlRefusal {
    /// Reads what kubectl wrote to standard error.
    #[must_use]
    pub fn read(stderr: &str) -> Self {
        let line = stderr.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let said = clean(line, 240);
        if let Some(what) = line.strip_prefix("Error from server (NotFound): ") {
            if what.starts_with("namespaces ") { Self::NoNamespace } else { Self::NotFound }
        } else if line.starts_with("Error from server (Forbidden)") {
            Self::Denied(said)
        } else if line.contains("You must be logged in to the server") {
            Self::NotLoggedIn
        } else if line.starts_with("error: context") && line.contains("does not exist") {
            Self::NoContext
        } else if ["The connection to the server", "Unable to connect to the server", "net/http:"]
            .iter()
            .any(|known| line.contains(known))
        {
            Self::Unreachable(said)
        } else {
            Self::Other(said)
        }
    }
}
