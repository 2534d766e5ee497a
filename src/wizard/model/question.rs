//! What the core asks of the outside without changing it. What comes back is a [`Report`].

use ecw_halyard::ServiceName;
use serde::{Deserialize, Serialize};

use crate::model::place::{AwsPlace, Cluster, Ground, ReadyTarget, WantedProfiles};
use crate::model::target_job::{OnBehalf, TargetJob};
use crate::steps::{AwsAction, StepId};
use crate::values::choices::SampleStatement;
use crate::values::names::{AccountId, DeploymentName, EndpointUrl, TopicArn};
use crate::values::road::Road;
use crate::values::targets::TargetName;

/// A question to the outside. Asking never changes anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "ask")]
pub enum Question {
    /// What stands in the hal directory?
    Site {
        /** hal directory; `None` = detect it */
        hal_dir: Option<String>,
        deployment: Option<String>,
        /** what stands there besides a hal directory */
        #[serde(default, skip_serializing_if = "Ground::is_halyard")]
        ground: Ground,
    },
    /// Which containers and pods look like Halyard?
    Halyards,
    /// Does the daemon answer, and does it read this directory?
    Daemon {
        endpoint: String,
        /** hal command */
        hal: Vec<String>,
        deployment: DeploymentName,
        hal_dir: String,
    },
    /// Does the repository list this version, and does its zip answer?
    Repository {
        /** repository */
        url: String,
        version: String,
    },
    /// What has to happen to the profiles?
    Profiles {
        /** what is wanted and where */
        wanted: WantedProfiles,
    },
    /// What else would an apply ship?
    Pending {
        hal_dir: String,
        deployment: DeploymentName,
        services: Vec<ServiceName>,
        /** hal command; only called while the daemon answers */
        hal: Vec<String>,
    },
    /// Can kubectl do there what is wanted?
    Cluster {
        /** kubectl command */
        kubectl: Vec<String>,
        cluster: Cluster,
        /** who deploys */
        road: Road,
    },
    /// What would an apply send to the cluster?
    Rendered {
        /** what is wanted in the profiles */
        wanted: WantedProfiles,
        /** kubectl command with its context */
        kubectl: Vec<String>,
        /** what it is told to apply */
        apply: Vec<String>,
        /** the files' SHA-256 when they were planned on */
        of: Vec<Option<String>>,
    },
    /// Who are we for AWS?
    Identity { aws: AwsPlace },
    /// Which topics are there, and which does AWS Config use?
    Topics { aws: AwsPlace },
    /// What is this topic like?
    Topic {
        aws: AwsPlace,
        arn: TopicArn,
        /** endpoint looked for */
        endpoint: Option<EndpointUrl>,
        /** accounts whose AWS Config publishes; empty = the topic's own */
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        sources: Vec<AccountId>,
        /** what becomes of the page's policy statement */
        #[serde(default = "SampleStatement::unasked", skip_serializing_if = "SampleStatement::is_left")]
        sample: SampleStatement,
    },
    /// Can SNS reach the endpoint?
    Endpoint { url: EndpointUrl },
    /// What does Gate answer?
    Gate {
        /** base URL as seen from here */
        base: String,
    },
    /// Did the deployed files arrive where Halyard puts them?
    Staged { hal_dir: String, deployment: DeploymentName, services: Vec<ServiceName> },
    /// Is the service ready and the plugin started?
    Ready {
        /** what to look at */
        target: ReadyTarget,
        service: ServiceName,
    },
    /// What does the daemon work on?
    Tasks { endpoint: String },
    /// Is the subscription confirmed?
    Subscription { aws: AwsPlace, topic: TopicArn, endpoint: EndpointUrl },
    /// What would be done at these targets?
    TargetsPlan {
        jobs: Vec<TargetJob>,
        /** on whose behalf */
        by: OnBehalf,
    },
    /// How do these targets stand?
    TargetsStand {
        jobs: Vec<TargetJob>,
        /** on whose behalf */
        by: OnBehalf,
    },
    /// How far have these targets come?
    TargetsProgress {
        /** in which run */
        run: String,
        names: Vec<TargetName>,
    },
    /// Where does this step stand in the world?
    Probe {
        step: StepId,
        /** what it would do */
        intent: Box<crate::steps::Intent>,
    },
}

/// AWS actions that asking about AWS Config takes.
const OF_CONFIG: [AwsAction; 4] = [
    AwsAction::DescribeConfigurationRecorders,
    AwsAction::DescribeConfigurationRecorderStatus,
    AwsAction::DescribeDeliveryChannels,
    AwsAction::DescribeDeliveryChannelStatus,
];

/// Every AWS action that looking may call, whatever is looked at: what `iam-policy` prints besides the
/// actions of the steps.
pub const LOOKING: &[AwsAction] = &[
    AwsAction::GetTopicAttributes,
    AwsAction::ListSubscriptionsByTopic,
    AwsAction::GetSubscriptionAttributes,
    AwsAction::ListTopics,
    AwsAction::GetCallerIdentity,
    OF_CONFIG[0],
    OF_CONFIG[1],
    OF_CONFIG[2],
    OF_CONFIG[3],
];

impl Question {
    /// Returns every AWS action that answering this question may call; all stand in [`LOOKING`].
    #[must_use]
    pub fn aws_actions(&self) -> Vec<AwsAction> {
        match self {
            Self::Site { .. }
            | Self::Halyards
            | Self::Daemon { .. }
            | Self::Repository { .. }
            | Self::Profiles { .. }
            | Self::Pending { .. }
            | Self::Cluster { .. }
            | Self::Rendered { .. }
            | Self::Endpoint { .. }
            | Self::Gate { .. }
            | Self::Staged { .. }
            | Self::Ready { .. }
            | Self::TargetsProgress { .. }
            | Self::Tasks { .. } => Vec::new(),
            Self::TargetsPlan { .. } | Self::TargetsStand { .. } => LOOKING.to_vec(),
            Self::Identity { .. } => vec![AwsAction::GetCallerIdentity],
            Self::Topics { .. } => {
                [&[AwsAction::ListTopics, AwsAction::ListSubscriptionsByTopic], &OF_CONFIG[..]].concat()
            }
            Self::Topic { .. } | Self::Subscription { .. } => vec![
                AwsAction::GetTopicAttributes,
                AwsAction::ListSubscriptionsByTopic,
                AwsAction::GetSubscriptionAttributes,
            ],
            Self::Probe { intent, .. } => {
                intent.aws_actions().iter().copied().filter(|action| action.only_looks()).collect()
            }
        }
    }
}
