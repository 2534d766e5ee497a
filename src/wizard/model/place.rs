//! Where things stand: profiles in a hal directory, an account and region, a cluster.

use ecw_halyard::ServiceName;
use serde::{Deserialize, Serialize};

use crate::model::gate_answer::NotifyVerdict;
use crate::values::halyard_in::HalyardIn;
use crate::values::names::{DeploymentName, Region, RoleArn};
use crate::values::road::Road;

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
    /// How they are kept there.
    #[serde(default, skip_serializing_if = "ProfileHome::is_halyard")]
    pub home: ProfileHome,
}

/// Returns the whole path of something in a directory, or of what stands elsewhere.
#[must_use]
pub fn whole(dir: &str, path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { format!("{dir}/{path}") }
}

/// How the profiles of a deployment are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "kept")]
pub enum ProfileHome {
    /// Below `<hal directory>/<deployment>/profiles`.
    #[default]
    Halyard,
    /// As files that a kustomize overlay merges; each path is one below the overlay's directory, or beside it.
    Overlay {
        /** that of `gate-local.yml` */
        gate: String,
        /** that of `clouddriver-local.yml` */
        clouddriver: String,
    },
    /// Inside the manifest of a `SpinnakerService`.
    Manifest {
        /** its name in the directory */
        file: String,
    },
}

impl ProfileHome {
    /// Returns whether it is Halyard's.
    #[must_use]
    pub fn is_halyard(&self) -> bool {
        *self == Self::Halyard
    }
}

impl WantedProfiles {
    /// Returns the whole path of the file that holds a profile.
    #[must_use]
    pub fn path_of(&self, file: &str) -> String {
        let dir = &self.hal_dir;
        match &self.home {
            ProfileHome::Halyard => format!("{dir}/{}/profiles/{file}", self.deployment),
            ProfileHome::Overlay { gate, .. } if file == PROFILES[0] => whole(dir, gate),
            ProfileHome::Overlay { clouddriver, .. } => whole(dir, clouddriver),
            ProfileHome::Manifest { file } => format!("{dir}/{file}"),
        }
    }

    /// Returns whether the profiles are files that an overlay merges.
    #[must_use]
    pub fn home_is_overlay(&self) -> bool {
        matches!(self.home, ProfileHome::Overlay { .. })
    }

    /// Returns the block as it is wanted for a profile.
    #[must_use]
    pub fn block_for(&self, file: &str) -> ecw_profile::WantedBlock {
        let root = match &self.home {
            ProfileHome::Manifest { .. } if file == PROFILES[0] => ecw_profile::Root::OperatorGate,
            ProfileHome::Manifest { .. } => ecw_profile::Root::OperatorClouddriver,
            ProfileHome::Halyard | ProfileHome::Overlay { .. } => ecw_profile::Root::File,
        };
        ecw_profile::WantedBlock { root, ..self.block.clone() }
    }

    /// Returns what a profile is called on screens and in plans.
    #[must_use]
    pub fn called(&self, file: &str) -> String {
        match &self.home {
            ProfileHome::Halyard => file.to_owned(),
            ProfileHome::Overlay { gate, .. } if file == PROFILES[0] => gate.clone(),
            ProfileHome::Overlay { clouddriver, .. } => clouddriver.clone(),
            ProfileHome::Manifest { file: manifest } => {
                let service = file.trim_end_matches("-local.yml");
                format!("{manifest} (profiles.{service})")
            }
        }
    }
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
    /// What the services' Kubernetes deployments are called, where that is not as Halyard calls them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workloads: Vec<Workload>,
    /// Who deploys: where it is not hal, the old pods may still run for a while after the apply.
    #[serde(default, skip_serializing_if = "Road::is_default")]
    pub road: Road,
}

impl ReadyTarget {
    /// Returns the name of a service's Kubernetes deployment.
    #[must_use]
    pub fn name_of(&self, service: ServiceName) -> String {
        let known = self.workloads.iter().find(|each| each.service == service);
        known.map_or_else(|| service.kubernetes_name(), |each| each.name.clone())
    }
}

/// What a service's Kubernetes deployment is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Workload {
    /// The service.
    pub service: ServiceName,
    /// The deployment's name.
    pub name: String,
}

/// What is to be looked for in a directory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "ground")]
pub enum Ground {
    /// A hal directory.
    #[default]
    Halyard,
    /// A kustomize overlay.
    Overlay {
        /** kubectl command */
        kubectl: Vec<String>,
        /** where it is applied, as far as that was answered */
        cluster: GivenCluster,
    },
    /// The manifest of a `SpinnakerService`.
    Manifest {
        /** its name in the directory */
        file: String,
        /** the overlay that it is a patch of */
        overlay: Option<String>,
        /** kubectl command, which renders the overlay */
        kubectl: Vec<String>,
        /** where it is applied, as far as that was answered */
        cluster: GivenCluster,
    },
}

impl Ground {
    /// Returns whether it is a hal directory.
    #[must_use]
    pub fn is_halyard(&self) -> bool {
        *self == Self::Halyard
    }
}

/// What was answered of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct GivenCluster {
    pub kubeconfig: Option<String>,
    pub context: Option<String>,
    pub namespace: Option<String>,
}

/// A cluster, never the current context.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Cluster {
    /// Where kubectl runs: beside Halyard.
    #[serde(default, skip_serializing_if = "HalyardIn::is_local")]
    pub halyard_in: HalyardIn,
    /// kubeconfig file.
    pub kubeconfig: Option<String>,
    pub context: Option<String>,
    pub namespace: String,
}

impl Cluster {
    /// Returns the words that call kubectl against it, without a namespace: an overlay or a manifest names its own.
    #[must_use]
    pub fn kubectl(&self, kubectl: &[String]) -> Vec<String> {
        let mut words = kubectl.to_vec();
        if let Some(kubeconfig) = &self.kubeconfig {
            words.extend(["--kubeconfig".to_owned(), kubeconfig.clone()]);
        }
        if let Some(context) = &self.context {
            words.extend(["--context".to_owned(), context.clone()]);
        }
        words
    }
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
