//! What Halyard fills in where hal config says nothing: data with its source (`assets/halyard/defaults.yml`).

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::fields::flatten;
use crate::yaml::{self, Value};

/// Halyard's defaults, flattened.
pub(crate) struct Defaults {
    /// By path below a deployment.
    deployment: BTreeMap<String, String>,
    /// By provider and path below an account.
    accounts: BTreeMap<String, String>,
    /// Paths that are new in each file and never a change.
    noise: Vec<String>,
}

#[derive(Default, Deserialize)]
struct Table {
    #[serde(default)]
    noise: Vec<String>,
    #[serde(default)]
    accounts: Value,
    #[serde(default)]
    deployment: Value,
}

impl Defaults {
    /// Returns the table that goes with this program.
    pub(crate) fn ours() -> &'static Self {
        static TABLE: OnceLock<Defaults> = OnceLock::new();
        TABLE.get_or_init(|| {
            let text = include_str!("../../assets/halyard/defaults.yml");
            // A test reads it; should it be broken all the same, every difference is shown.
            let table: Table = yaml::read(text).and_then(yaml::typed).unwrap_or_default();
            Self {
                deployment: flatten(&table.deployment),
                accounts: flatten(&table.accounts),
                noise: table.noise,
            }
        })
    }

    /// Returns whether a difference there is nobody's change.
    pub(crate) fn is_noise(&self, path: &str) -> bool {
        self.noise.iter().any(|each| each == path)
    }

    /// Returns what Halyard fills in for a path that a file leaves out.
    pub(crate) fn of(&self, path: &str) -> Option<&str> {
        let account = || {
            let (provider, below) = path.strip_prefix("providers.")?.split_once(".accounts[")?;
            let (_, field) = below.split_once("].")?;
            self.accounts.get(&format!("{provider}.{field}"))
        };
        // Whatever can be switched on is off where nothing is said (`enabled` is a plain boolean of the models).
        let off = || path.ends_with(".enabled").then_some("false");
        self.deployment.get(path).or_else(account).map(String::as_str).or_else(off)
    }
}

#[cfg(test)]
mod tests {
    use super::Defaults;

    #[test]
    fn the_table_knows_deployments_accounts_and_noise() {
        let ours = Defaults::ours();
        assert_eq!(ours.of("deploymentEnvironment.imageVariant"), Some("SLIM"));
        assert_eq!(ours.of("providers.kubernetes.accounts[prod].cacheThreads"), Some("1"));
        assert_eq!(ours.of("providers.aws.enabled"), Some("false"));
        assert_eq!(ours.of("version"), None);
        assert!(ours.is_noise("stats.instanceId") && !ours.is_noise("stats.enabled"));
    }
}
