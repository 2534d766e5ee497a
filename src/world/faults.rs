//! Faults, as data.

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The daemon does not answer.
    DaemonDown,
    /// Validation fails.
    ApplyInvalid,
    /// kubectl fails.
    ApplyKubectl,
    /// The daemon gives up after 30 minutes.
    ApplyTimeout,
    /// hal exits 0 without having deployed anything.
    ApplyNothing,
    /// No credentials.
    NoCredentials,
    /// The session has expired.
    Expired,
    /// SNS calls are denied.
    SnsDenied,
    /// Gate never confirms.
    GateSilent,
    /// The plugin's zip cannot be fetched: Gate's pod crashes.
    ZipGone,
    /// The repository does not list the version.
    VersionGone,
    /// A Spinnaker version change is pending.
    PendingVersion,
    /// SNS asks to slow down.
    Throttled,
    /// AWS Config keeps the topic of a channel that is put without one, as its reference says.
    ChannelKeepsTopic,
    /// hal and AWS repeat secrets in what they say.
    Leaky,
}

/// What they repeat then.
pub const LEAKED: [&str; 2] = ["canary-hal-output-9c41", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYLEAKEDKEY1"];

impl Fault {
    const NAMES: [(&'static str, Self); 15] = [
        ("daemon-down", Self::DaemonDown),
        ("apply-invalid", Self::ApplyInvalid),
        ("apply-kubectl", Self::ApplyKubectl),
        ("apply-timeout", Self::ApplyTimeout),
        ("apply-nothing", Self::ApplyNothing),
        ("no-credentials", Self::NoCredentials),
        ("expired", Self::Expired),
        ("sns-denied", Self::SnsDenied),
        ("gate-silent", Self::GateSilent),
        ("zip-gone", Self::ZipGone),
        ("version-gone", Self::VersionGone),
        ("pending-version", Self::PendingVersion),
        ("throttled", Self::Throttled),
        ("channel-keeps-topic", Self::ChannelKeepsTopic),
        ("leaky", Self::Leaky),
    ];

    /// Reads a fault's name, as `--fault` takes it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, fault)| *fault)
    }

    /// Returns all names.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::NAMES.iter().map(|(name, _)| *name)
    }
}
