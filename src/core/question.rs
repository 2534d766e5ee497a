//! What the core asks of the outside without changing it. What comes back is a [`Report`].

use ecw_halyard::ServiceName;
use serde::{Deserialize, Serialize};

use crate::names::{DeploymentName, EndpointUrl, Region, TopicArn};
pub use crate::report::*;
use crate::step::StepId;

/// A question to the outside. Asking never changes anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "ask")]
pub enum Question {
    /// What stands in the hal directory?
    Site {
        /** hal directory; `None` = detect it */
        hal_dir: Option<String>,
        /** deployment */
        deployment: Option<String>,
    },
    /// Does the daemon answer, and does it read this directory?
    Daemon {
        /** address */
        endpoint: String,
        /** hal command */
        hal: Vec<String>,
        /** deployment */
        deployment: DeploymentName,
        /** hal directory */
        hal_dir: String,
    },
    /// Does the repository list this version, and does its zip answer?
    Repository {
        /** repository */
        url: String,
        /** version */
        version: String,
    },
    /// What has to happen to the profiles?
    Profiles {
        /** what is wanted and where */
        wanted: WantedProfiles,
    },
    /// What else would an apply ship?
    Pending {
        /** hal directory */
        hal_dir: String,
        /** deployment */
        deployment: DeploymentName,
        /** services */
        services: Vec<ServiceName>,
        /** hal command; only called while the daemon answers */
        hal: Vec<String>,
    },
    /// Who are we for AWS?
    Identity {
        /** where */
        aws: AwsPlace,
    },
    /// Which topics are there, and which does AWS Config use?
    Topics {
        /** where */
        aws: AwsPlace,
    },
    /// What is this topic like?
    Topic {
        /** where */
        aws: AwsPlace,
        /** topic */
        arn: TopicArn,
        /** endpoint looked for */
        endpoint: Option<EndpointUrl>,
    },
    /// Can SNS reach the endpoint?
    Endpoint {
        /** address */
        url: EndpointUrl,
    },
    /// What does Gate answer?
    Gate {
        /** base URL as seen from here */
        base: String,
    },
    /// Did the deployed files arrive where Halyard puts them?
    Staged {
        /** hal directory */
        hal_dir: String,
        /** deployment */
        deployment: DeploymentName,
        /** services */
        services: Vec<ServiceName>,
    },
    /// Is the service ready and the plugin started?
    Ready {
        /** what to look at */
        target: ReadyTarget,
        /** service */
        service: ServiceName,
    },
    /// What does the daemon work on?
    Tasks {
        /** address */
        endpoint: String,
    },
    /// Is the subscription confirmed?
    Subscription {
        /** where */
        aws: AwsPlace,
        /** topic */
        topic: TopicArn,
        /** endpoint */
        endpoint: EndpointUrl,
    },
    /// Where does this step stand in the world?
    Probe {
        /** step */
        step: StepId,
        /** what it would do */
        intent: Box<crate::step::Intent>,
    },
}

/// What is wanted in the profiles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WantedProfiles {
    /// hal directory.
    pub hal_dir: String,
    /// Deployment.
    pub deployment: DeploymentName,
    /// Clouddriver runs in high availability.
    pub clouddriver_ha: bool,
    /// The files that are written, by name.
    #[serde(default = "both_profiles")]
    pub files: Vec<String>,
    /// The block.
    pub block: ecw_profile::Wanted,
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
    /// Region.
    pub region: Region,
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
    /// Context.
    pub context: Option<String>,
    /// Namespace.
    pub namespace: String,
}
