//! The services that the plugin extends, as a deployment has them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::config::Deployment;

/// A Spinnaker service that the plugin extends, by Halyard's canonical name.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceName {
    /// Gate, the API.
    Gate,
    /// Clouddriver in one piece.
    Clouddriver,
    /// High availability: the caching agents.
    ClouddriverCaching,
    /// High availability: read and write.
    ClouddriverRw,
    /// High availability: read only.
    ClouddriverRo,
    /// High availability: read only for Deck.
    ClouddriverRoDeck,
}

impl ServiceName {
    /// Returns the name that `--service-names` takes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gate => "gate",
            Self::Clouddriver => "clouddriver",
            Self::ClouddriverCaching => "clouddriver-caching",
            Self::ClouddriverRw => "clouddriver-rw",
            Self::ClouddriverRo => "clouddriver-ro",
            Self::ClouddriverRoDeck => "clouddriver-ro-deck",
        }
    }

    /// Returns the key of the service in `history/service-profiles.yml` (camel case).
    #[must_use]
    pub fn history_key(self) -> &'static str {
        match self {
            Self::Gate => "gate",
            Self::Clouddriver => "clouddriver",
            Self::ClouddriverCaching => "clouddriverCaching",
            Self::ClouddriverRw => "clouddriverRw",
            Self::ClouddriverRo => "clouddriverRo",
            Self::ClouddriverRoDeck => "clouddriverRoDeck",
        }
    }

    /// Returns the name of the Kubernetes deployment.
    #[must_use]
    pub fn kubernetes_name(self) -> String {
        format!("spin-{}", self.as_str())
    }

    /// Returns whether this is Gate.
    #[must_use]
    pub fn is_gate(self) -> bool {
        self == Self::Gate
    }

    /// Returns the profile file that reaches this service.
    #[must_use]
    pub fn profile_file(self) -> &'static str {
        if self.is_gate() { "gate-local.yml" } else { "clouddriver-local.yml" }
    }

    /// Parses a name as `--service-names` would (hyphens and case do not matter).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |text: &str| text.replace('-', "").to_ascii_lowercase();
        Self::ALL.into_iter().find(|service| plain(service.as_str()) == plain(text))
    }

    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Gate,
        Self::Clouddriver,
        Self::ClouddriverCaching,
        Self::ClouddriverRw,
        Self::ClouddriverRo,
        Self::ClouddriverRoDeck,
    ];
}

impl fmt::Display for ServiceName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// Returns the Clouddriver services (in the order they are named to `hal`) and then Gate. In high
/// availability plain `clouddriver` is not enabled: naming it deploys nothing and exits 0.
#[must_use]
pub fn services_of(deployment: &Deployment) -> Vec<ServiceName> {
    let mut services = if deployment.clouddriver_ha {
        vec![ServiceName::ClouddriverCaching, ServiceName::ClouddriverRw, ServiceName::ClouddriverRo]
    } else {
        vec![ServiceName::Clouddriver]
    };
    if deployment.clouddriver_ha && !deployment.without_ro_deck {
        services.push(ServiceName::ClouddriverRoDeck);
    }
    services.push(ServiceName::Gate);
    services
}
