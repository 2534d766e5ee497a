//! Where things stand: profiles in a hal directory, an account and region, a cluster.

use serde::{Deserialize, Serialize};

use crate::model::gate_answer::NotifyVerdict;
use crate::values::names::{DeploymentName, Region, RoleArn};

/// What is wanted in the profiles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WantedProfiles {
    /// hal directory.
    pub hal_dir: String,
    pub deployment: DeploymentName,
    /// Clouddriver runs in high availability.
    pub clouddriver_ha: bool,
    /// The files that are written, by name.
    #[serde(default = "both_profiles")]
    pub files: Vec<String>,
    pub block: ecw_profile::WantedBlock,
}

/// The profile that each of the two services reads.
pub const PROFILES: [&str; 2] = ["gate-local.yml", "clouddriver-local.yml"];

fn both_profiles() -> Vec<String> {
    PROFILES.map(str::to_owned).to_vec()
}

/// An account and region, reached with a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AwsPlace {
    /// Profile picked by the operator; beats keys in the environment.
    pub profile: Option<String>,
    pub region: Region,
    /// The role that is assumed from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<AssumedRole>,
}

/// A role that is assumed, and what its trust policy asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AssumedRole {
    pub arn: RoleArn,
    /// External id; no secret, but what its owner agreed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

/// What readiness is read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ReadyTarget {
    /// kubeconfig, context and namespace of the deployment's account; `None` on LocalDebian.
    pub cluster: Option<Cluster>,
    /// Gate as seen from here.
    pub gate: Option<String>,
    /// Plugin version that was written.
    pub version: String,
    /// What `/aws/notify` answered before the deploy.
    pub baseline: Option<NotifyVerdict>,
}

/// A cluster, never the current context.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Cluster {
    /// kubeconfig file.
    pub kubeconfig: Option<String>,
    pub context: Option<String>,
    pub namespace: String,
}

impl AwsPlace {
    /// Returns the options that tell the aws command line where to work, quoted for a POSIX shell.
    #[must_use]
    pub fn cli_options(&self) -> String {
        let profile =
            self.profile.as_ref().map(|profile| format!(" --profile {}", shell_words::quote(profile)));
        format!("--region {}{}", self.region, profile.unwrap_or_default())
    }
}
