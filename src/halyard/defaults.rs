//! What Halyard fills in where hal config says nothing: data with its source (`assets/halyard/defaults.yml`).

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::fields::Fields;
use crate::yaml::{self, Value};

/// Where the provider stands by which OAuth's other values are filled in.
const OAUTH: &str = "security.authn.oauth2";

/// Halyard's defaults, flattened.
pub(crate) struct Defaults {
    /// By path below a deployment.
    deployment: Fields,
    /// By the accounts' place and the path below one.
    accounts: Fields,
    /// By OAuth provider and path below `security.authn.oauth2`.
    oauth2: Fields,
    /// Paths that are new in each file, or computed from others, and never a change.
    noise: Vec<String>,
}

#[derive(Default, Deserialize)]
struct Table {
    #[serde(default)]
    noise: Vec<String>,
    #[serde(default)]
    accounts: Value,
    #[serde(default)]
    oauth2: BTreeMap<String, Value>,
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
            let providers = table.oauth2.into_iter().map(|(name, value)| (Value::String(name), value));
            Self {
                deployment: Fields::of(&table.deployment),
                accounts: Fields::of(&table.accounts),
                oauth2: Fields::of(&Value::Mapping(providers.collect())),
                noise: table.noise,
            }
        })
    }

    /// Returns whether a difference there is nobody's change.
    pub(crate) fn is_noise(&self, path: &str) -> bool {
        self.noise.iter().any(|each| each == path)
    }

    /// Returns what holds at a path in a file: what it says, or what Halyard fills in.
    pub(crate) fn known<'a>(&'a self, file: &'a Fields, path: &str) -> Option<&'a str> {
        let said = file.values.get(path).map(String::as_str);
        // The elements of a list that is there are all that it holds.
        let element = file.has_list_of(path) && self.deployment.values.contains_key(path);
        said.or_else(|| self.of_oauth(file, path)).or_else(|| self.of(path).filter(|_| !element))
    }

    /// Returns what Halyard fills in at a path that a file leaves out.
    pub(crate) fn of(&self, path: &str) -> Option<&str> {
        let plain = self.deployment.values.get(path).map(String::as_str).or_else(|| self.of_account(path));
        plain.or_else(|| {
            // Whatever can be switched on is off where nothing is said (`enabled` is a plain boolean of the models),
            // but for the extensions of a plugin.
            let on = path.contains(".extensions.");
            path.ends_with(".enabled").then_some(if on { "true" } else { "false" })
        })
    }

    fn of_account(&self, path: &str) -> Option<&str> {
        let (before, below) = path.split_once(".accounts[")?;
        let (_, field) = below.split_once("].")?;
        // `canary.serviceIntegrations[google]` is a place of its own, as `providers.google` is.
        let place = before.replace('[', ".").replace(']', "");
        self.accounts.values.get(&format!("{place}.{field}")).map(String::as_str)
    }

    fn of_oauth(&self, file: &Fields, path: &str) -> Option<&str> {
        let below = path.strip_prefix(OAUTH)?;
        let provider = file.values.get(&format!("{OAUTH}.provider"))?;
        self.oauth2.values.get(&format!("{provider}{below}")).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::Defaults;

    #[test]
    fn the_table_knows_deployments_accounts_and_noise() {
        let ours = Defaults::ours();
        assert_eq!(ours.of("deploymentEnvironment.imageVariant"), Some("SLIM"));
        assert_eq!(ours.of("deploymentEnvironment.type"), Some("LocalDebian"));
        assert_eq!(ours.of("providers.kubernetes.accounts[prod].cacheThreads"), Some("1"));
        assert_eq!(ours.of("providers.dockerRegistry.accounts[hub].paginateSize"), Some("100"));
        assert_eq!(ours.of("providers.aws.enabled"), Some("false"));
        assert_eq!(ours.of("providers.cloudfoundry.accounts[pcf].skipSslValidation"), Some("false"));
        assert_eq!(ours.of("artifacts.gitrepo.accounts[git].sshTrustUnknownHosts"), Some("false"));
        let canary = "canary.serviceIntegrations";
        assert_eq!(ours.of(&format!("{canary}[google].accounts[g].rootFolder")), Some("kayenta"));
        assert_eq!(
            ours.of(&format!("{canary}[prometheus].accounts[p].supportedTypes[0]")),
            Some("METRICS_STORE")
        );
        assert_eq!(ours.of("spinnaker.extensibility.plugins.P.extensions.e.enabled"), Some("true"));
        assert_eq!(ours.of("version"), None);
        assert_eq!(ours.oauth2.values["GITHUB.userInfoMapping.username"], "login");
        assert_eq!(ours.oauth2.values["ORACLE.userInfoMapping.username"], "preferred_username");
        assert!(ours.is_noise("stats.instanceId") && !ours.is_noise("stats.enabled"));
    }
}
