//! The manifest of a `SpinnakerService`: what it says of Spinnaker. `spec.spinnakerConfig.config` has the form of a
//! deployment in hal config (armory/spinnaker-operator, `doc/options.md`).

use crate::config::{ConfigError, Deployment, EnvironmentKind, deployment};
use crate::deployment_name::DeploymentName;
use crate::yaml::{self, Value};

/// The groups of the two operators (armory/spinnaker-operator, `deploy/crds`).
const GROUPS: [&str; 2] = ["spinnaker.io/", "spinnaker.armory.io/"];

/// A manifest as it concerns us.
#[derive(Clone, Debug, PartialEq)]
pub struct SpinnakerService {
    /// What it says of Spinnaker, in the terms of a hal config.
    pub deployment: Deployment,
    /// `metadata.name`.
    pub name: String,
    /// `metadata.namespace`.
    pub namespace: Option<String>,
    /// `apiVersion`.
    pub api_version: String,
    /// Plugins or repositories of ours under `profiles.spinnaker`, which every service reads, or `None`.
    pub for_every_service: Option<String>,
}

/// Reads the one `SpinnakerService` of a manifest.
///
/// # Errors
/// When it is not YAML, or has none or several.
pub fn read_service(text: &str, name: &DeploymentName) -> Result<SpinnakerService, ConfigError> {
    let not_yaml = |error: String| ConfigError::NotYaml(error);
    let documents = yaml::read_all(text).map_err(|error| not_yaml(error.to_string()))?;
    let is_service = |value: &&Value| {
        let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
        text("kind") == "SpinnakerService" && GROUPS.iter().any(|group| text("apiVersion").starts_with(group))
    };
    let mut services = documents.iter().filter(is_service);
    let (Some(service), None) = (services.next(), services.next()) else {
        return Err(ConfigError::NoSpinnakerService);
    };
    let at = |path: &[&str]| path.iter().try_fold(service, |value, key| value.get(*key));
    let text = |path: &[&str]| at(path).and_then(Value::as_str).map(|text| crate::clean(text, 253));
    let nothing = Value::Mapping(yaml::Mapping::new());
    let config = at(&["spec", "spinnakerConfig", "config"]).unwrap_or(&nothing);
    let mut deployment = deployment(config)?;
    deployment.name = name.clone();
    deployment.kind = EnvironmentKind::Distributed;
    deployment.location = text(&["metadata", "namespace"]).or(deployment.location);
    deployment.account = None;
    deployment.own_plugins = Vec::new();
    let aws = Aws::of_profile(at(&["spec", "spinnakerConfig", "profiles", "clouddriver"]));
    deployment.aws_enabled = deployment.aws_enabled.or(aws.enabled);
    if deployment.aws_accounts.is_empty() {
        deployment.aws_accounts = aws.accounts;
    }
    if deployment.aws_regions.is_empty() {
        deployment.aws_regions = aws.regions;
    }
    let every = ["spec", "spinnakerConfig", "profiles", "spinnaker", "spinnaker", "extensibility"];
    let for_every_service = at(&every).and_then(|extensibility| {
        let text = yaml::write(extensibility).ok()?;
        let ours = ["Armory.AWSCATsOnEvent", "armory-plugins/pluginRepository", "awsEventCache"];
        ours.iter().any(|each| text.contains(each)).then(|| every[2..].join("."))
    });
    Ok(SpinnakerService {
        deployment,
        name: text(&["metadata", "name"]).unwrap_or_else(|| "spinnaker".to_owned()),
        namespace: text(&["metadata", "namespace"]),
        api_version: text(&["apiVersion"]).unwrap_or_default(),
        for_every_service,
    })
}

/// What a Clouddriver profile says of AWS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Aws {
    pub(crate) enabled: Option<bool>,
    pub(crate) accounts: Vec<String>,
    pub(crate) regions: Vec<String>,
}

impl Aws {
    /// Reads a profile of Clouddriver; nested keys and `aws.enabled` alike.
    pub(crate) fn of_profile(profile: Option<&Value>) -> Self {
        let Some(profile) = profile else { return Self::default() };
        let nested = |key: &str| profile.get("aws").and_then(|aws| aws.get(key));
        let of = |key: &str| nested(key).or_else(|| profile.get(format!("aws.{key}").as_str()));
        let list = |value: Option<&Value>| value.and_then(Value::as_sequence).cloned().unwrap_or_default();
        let text = |value: &Value, key: &str| match value.get(key) {
            Some(Value::String(text)) => Some(crate::clean(text, 100)),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let accounts = list(of("accounts"));
        let mut regions: Vec<String> =
            list(of("defaultRegions")).iter().filter_map(|region| text(region, "name")).collect();
        for account in &accounts {
            let named = list(account.get("regions"));
            regions.extend(named.iter().filter_map(|region| text(region, "name")));
        }
        let mut seen = Vec::new();
        regions.retain(|region| {
            let new = !seen.contains(region);
            seen.push(region.clone());
            new
        });
        Self {
            enabled: of("enabled").and_then(Value::as_bool),
            accounts: accounts.iter().filter_map(|account| text(account, "accountId")).collect(),
            regions,
        }
    }
}
