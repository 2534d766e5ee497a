//! What kustomize prints for an overlay, or why it prints nothing.

use std::time::Duration;

use ecw_ports::{Output, Ports};
use ecw_wizard::values::trouble::Trouble;

/// How long kustomize may take: it fetches remote bases.
pub(super) const RENDER: Duration = Duration::from_secs(120);

/// What came of a call of kustomize.
pub(super) enum Kustomized {
    /// What it printed.
    Printed(String),
    /// It refused, in its own words.
    Refused(String),
    /// It could not be called, or took too long.
    NotRun(Trouble),
}

impl Kustomized {
    /// Reads how a call ended.
    pub(super) fn of(ended: Result<Output, Trouble>) -> Self {
        match ended {
            Ok(Output { status: Some(0), stdout, .. }) => Self::Printed(stdout),
            Ok(output) => Self::Refused(ecw_halyard::clean(&ecw_halyard::redact(output.stderr.trim()), 300)),
            Err(trouble) => Self::NotRun(trouble),
        }
    }
}

/// Has an overlay rendered as it is now.
pub(super) fn kustomized(ports: &Ports, kubectl: &[String], dir: &str) -> Kustomized {
    let words = ["kustomize".to_owned(), dir.to_owned()];
    let command: Vec<String> = kubectl.iter().cloned().chain(words).collect();
    Kustomized::of(ports.commands.run(&command, RENDER))
}
