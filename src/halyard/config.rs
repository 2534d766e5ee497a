//! Reading hal config, leniently: unknown fields are skipped, odd types tolerated. Never written.

use crate::yaml::Value;
use serde::{Deserialize, Serialize};

use crate::deployment_name::{BadDeploymentName, DeploymentName};
use crate::version::Spinnaker;
use crate::yaml;

const PLUGIN_ID: &str = "Armory.AWSCATsOnEvent";

/// Why a hal config cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema, thiserror::Error)]
pub enum ConfigError {
    /// It is not YAML.
    #[error("hal config is not valid YAML: {0}")]
    NotYaml(String),
    /// It is YAML, but no hal config.
    #[error("the file is YAML, but not a hal config: it has no deploymentConfigurations")]
    NoDeployments,
    /// It is YAML, but holds not exactly one `SpinnakerService`.
    #[error("the file does not hold exactly one SpinnakerService")]
    NoSpinnakerService,
    /// A deployment's name is none.
    #[error("hal config: {0}")]
    BadName(BadDeploymentName),
    /// The deployment does not exist.
    #[error("hal config has no deployment named {wanted}; it has: {}", present.join(", "))]
    UnknownDeployment {
        wanted: String,
        /** the names that exist */
        present: Vec<String>,
    },
}

/// A hal config.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct HalConfig {
    /// `currentDeployment`.
    pub current: DeploymentName,
    /// The deployments, in file order.
    pub deployments: Vec<Deployment>,
}

/// How Spinnaker is installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum EnvironmentKind {
    /// On Kubernetes.
    Distributed,
    /// Debian packages on this machine; the default.
    LocalDebian,
    /// From source.
    LocalGit,
    /// Baked images.
    BakeDebian,
    /// Something else.
    Other(String),
}

impl EnvironmentKind {
    /// Returns the name as Halyard writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Distributed => "Distributed",
            Self::LocalDebian => "LocalDebian",
            Self::LocalGit => "LocalGit",
            Self::BakeDebian => "BakeDebian",
            Self::Other(name) => name,
        }
    }

    fn parse(text: &str) -> Self {
        for kind in [Self::Distributed, Self::LocalDebian, Self::LocalGit, Self::BakeDebian] {
            if kind.as_str().eq_ignore_ascii_case(text.trim()) {
                return kind;
            }
        }
        Self::Other(text.trim().to_owned())
    }
}

/// An entry of ours in hal config itself: every service downloads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct HalPlugin {
    /// The plugin's or repository's key.
    pub key: String,
    /// Its version, for a plugin.
    pub version: Option<String>,
    /// The command that removes it.
    pub remove: String,
}

/// How to reach the cluster that a Distributed deployment runs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct KubernetesAccount {
    /// Account name in hal config.
    pub name: String,
    /// kubeconfig, if it names one.
    pub kubeconfig: Option<String>,
    /// Context, if it names one.
    pub context: Option<String>,
}

/// What the wizard needs to know of one deployment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Deployment {
    /// Its name, also its directory's.
    pub name: DeploymentName,
    /// Spinnaker's version.
    pub spinnaker: Spinnaker,
    /// How it is installed.
    pub kind: EnvironmentKind,
    /// Kubernetes namespace.
    pub location: Option<String>,
    /// The account it is deployed with.
    pub account: Option<KubernetesAccount>,
    /// Clouddriver in high availability.
    pub clouddriver_ha: bool,
    /// High availability without the role for Deck.
    pub without_ro_deck: bool,
    /// Gate's public URL, if it is an absolute one.
    pub gate_url: Option<String>,
    /// Gate asks for a login.
    pub authn: bool,
    /// `providers.aws.enabled`; `None` when hal config does not say (Halyard takes that as off).
    pub aws_enabled: Option<bool>,
    /// The providers that are switched on, as hal config lists them.
    #[serde(default)]
    pub providers: Vec<String>,
    /// AWS account ids of the provider.
    pub aws_accounts: Vec<String>,
    /// Regions of the provider, default ones first.
    pub aws_regions: Vec<String>,
    /// Entries of ours in hal config itself.
    pub own_plugins: Vec<HalPlugin>,
}

impl HalConfig {
    /// Reads the bytes of a hal config.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn read(bytes: &[u8]) -> Result<Self, ConfigError> {
        Self::parse(&String::from_utf8_lossy(bytes))
    }

    /// Reads a hal config.
    ///
    /// # Errors
    /// When it is not YAML, unreasonably big or deep, or has no list of deployments.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let mut root = yaml::read(text).map_err(|error| ConfigError::NotYaml(error.to_string()))?;
        root.apply_merge().map_err(|error| ConfigError::NotYaml(error.to_string()))?;
        let list = root
            .get("deploymentConfigurations")
            .and_then(Value::as_sequence)
            .ok_or(ConfigError::NoDeployments)?;
        let deployments: Vec<Deployment> = list.iter().map(deployment).collect::<Result<_, _>>()?;
        if deployments.is_empty() {
            return Err(ConfigError::NoDeployments);
        }
        let current = name_at(&root, "currentDeployment")?;
        Ok(Self { current, deployments })
    }

    /// Returns a deployment by name; without one, the current deployment.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn deployment(&self, name: Option<&str>) -> Result<&Deployment, ConfigError> {
        let wanted = name.unwrap_or(self.current.as_str());
        self.deployments.iter().find(|deployment| deployment.name == *wanted).ok_or_else(|| {
            ConfigError::UnknownDeployment {
                wanted: crate::text::clean(wanted, 200),
                present: self.deployments.iter().map(|deployment| deployment.name.to_string()).collect(),
            }
        })
    }
}

fn at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| value.get(*key))
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        // What is shown, compared and called is never more than the text itself.
        Value::String(text) => Some(crate::text::strip(text.trim(), 2_000)),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_) => None,
    }
}

fn text_at(value: &Value, path: &[&str]) -> Option<String> {
    at(value, path).and_then(scalar).filter(|text| !text.is_empty())
}

fn flag_at(value: &Value, path: &[&str]) -> Option<bool> {
    let text = text_at(value, path)?.to_ascii_lowercase();
    Some(matches!(text.as_str(), "true" | "yes" | "on" | "1"))
}

fn name_at(value: &Value, key: &str) -> Result<DeploymentName, ConfigError> {
    // As it stands there: a name that would have to be stripped is refused.
    let text = value.get(key).and_then(Value::as_str).map(str::to_owned).or_else(|| text_at(value, &[key]));
    let text = text.filter(|text| !text.is_empty());
    text.map_or(Ok(DeploymentName::default()), |text| DeploymentName::parse(&text))
        .map_err(ConfigError::BadName)
}

/// Reads what has the form of a deployment in hal config.
///
/// # Errors
/// Its name is none.
pub(crate) fn deployment(value: &Value) -> Result<Deployment, ConfigError> {
    let name = name_at(value, "name")?;
    let spinnaker = match value.get("version") {
        Some(Value::Number(number)) => Spinnaker::from_number(number.to_string()),
        Some(value) => Spinnaker::parse(&scalar(value).unwrap_or_default()),
        None => Spinnaker::parse(""),
    };
    let kind = text_at(value, &["deploymentEnvironment", "type"])
        .map_or(EnvironmentKind::LocalDebian, |kind| EnvironmentKind::parse(&kind));
    let ha = ["deploymentEnvironment", "haServices", "clouddriver"];
    let ha_flag = |name: &str| flag_at(value, &[ha[0], ha[1], ha[2], name]).unwrap_or(false);
    let authn = flag_at(value, &["security", "authn", "enabled"]).unwrap_or(false)
        || ["oauth2", "saml", "ldap", "x509", "iap"]
            .iter()
            .any(|method| flag_at(value, &["security", "authn", method, "enabled"]).unwrap_or(false));
    Ok(Deployment {
        spinnaker,
        kind,
        location: text_at(value, &["deploymentEnvironment", "location"]),
        account: account(value),
        clouddriver_ha: ha_flag("enabled"),
        without_ro_deck: ha_flag("disableClouddriverRoDeck"),
        gate_url: text_at(value, &["security", "apiSecurity", "overrideBaseUrl"])
            .filter(|url| url.contains("://")),
        authn,
        aws_enabled: flag_at(value, &["providers", "aws", "enabled"]),
        providers: providers(value),
        aws_accounts: aws_accounts(value),
        aws_regions: aws_regions(value),
        own_plugins: own_plugins(value, &name),
        name,
    })
}

fn account(value: &Value) -> Option<KubernetesAccount> {
    let name = text_at(value, &["deploymentEnvironment", "accountName"])?;
    let accounts = at(value, &["providers", "kubernetes", "accounts"]).and_then(Value::as_sequence);
    let entry =
        accounts.into_iter().flatten().find(|entry| text_at(entry, &["name"]).as_ref() == Some(&name));
    Some(KubernetesAccount {
        kubeconfig: entry.and_then(|entry| text_at(entry, &["kubeconfigFile"])),
        context: entry.and_then(|entry| text_at(entry, &["context"])),
        name,
    })
}

fn providers(value: &Value) -> Vec<String> {
    let listed = at(value, &["providers"]).and_then(Value::as_mapping);
    let names = listed.into_iter().flat_map(|map| map.keys().filter_map(Value::as_str));
    let on = names.filter(|name| flag_at(value, &["providers", name, "enabled"]) == Some(true));
    on.map(|name| crate::text::clean(name, 40)).take(20).collect()
}

fn aws_accounts(value: &Value) -> Vec<String> {
    let accounts = at(value, &["providers", "aws", "accounts"]).and_then(Value::as_sequence);
    accounts.into_iter().flatten().filter_map(|account| text_at(account, &["accountId"])).collect()
}

fn aws_regions(value: &Value) -> Vec<String> {
    let aws = at(value, &["providers", "aws"]);
    let mut lists = Vec::new();
    lists.extend(aws.and_then(|aws| aws.get("defaultRegions")));
    let accounts = aws.and_then(|aws| aws.get("accounts")).and_then(Value::as_sequence);
    lists.extend(accounts.into_iter().flatten().filter_map(|account| account.get("regions")));
    let mut regions: Vec<String> = Vec::new();
    for region in lists.iter().filter_map(|list| list.as_sequence()).flatten() {
        if let Some(name) = text_at(region, &["name"]).filter(|name| !regions.contains(name)) {
            regions.push(name);
        }
    }
    regions
}

fn own_plugins(value: &Value, deployment: &DeploymentName) -> Vec<HalPlugin> {
    let extensibility = ["spinnaker", "extensibility"];
    let list =
        |kind: &str| at(value, &[extensibility[0], extensibility[1], kind]).and_then(Value::as_mapping);
    let mut found = Vec::new();
    for (key, entry) in list("plugins").into_iter().flatten() {
        let Some(key) = scalar(key) else { continue };
        if key == PLUGIN_ID || text_at(entry, &["id"]).as_deref() == Some(PLUGIN_ID) {
            let remove = format!("hal plugins delete {key} --deployment {deployment}");
            found.push(HalPlugin { key, version: text_at(entry, &["version"]), remove });
        }
    }
    for (key, entry) in list("repositories").into_iter().flatten() {
        let Some(key) = scalar(key) else { continue };
        if text_at(entry, &["url"]).is_some_and(|url| url.contains("armory-plugins/pluginRepository")) {
            let remove = format!("hal plugins repository delete {key} --deployment {deployment}");
            found.push(HalPlugin { key, version: None, remove });
        }
    }
    found
}
