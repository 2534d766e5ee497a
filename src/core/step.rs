//! The steps: one change to the world each.

use std::fmt;

use ecw_halyard::ServiceName;
use ecw_profile::Receipt;
use serde::{Deserialize, Serialize};

use crate::names::{DeploymentName, EndpointUrl, TopicArn};
use crate::question::{AwsPlace, WantedProfiles};
use crate::trouble::Trouble;

/// What kind of change.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// Write the plugin block into a profile.
    WriteProfile,
    /// Run `hal deploy apply` for some services.
    ApplyDeployment,
    /// Create the topic.
    CreateTopic,
    /// Let AWS Config publish to it.
    AllowPublish,
    /// Subscribe Gate.
    SubscribeGate,
    /// Point AWS Config's delivery channel at the topic.
    DeliverConfig,
}

/// What it changes.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case", tag = "target")]
pub enum StepTarget {
    /// A file under `profiles/`.
    File {
        /** its name */
        name: String,
    },
    /// A stage of the deploy.
    Stage {
        /** its name */
        name: String,
    },
    /// An account and region.
    Sns {
        /** account */
        account: String,
        /** region */
        region: String,
    },
}

/// A step's identity: the same in every run.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct StepId {
    /// What.
    pub kind: StepKind,
    /// Of what.
    pub target: StepTarget,
}

impl fmt::Display for StepId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            StepKind::WriteProfile => "write-profile",
            StepKind::ApplyDeployment => "apply-deployment",
            StepKind::CreateTopic => "create-topic",
            StepKind::AllowPublish => "allow-publish",
            StepKind::SubscribeGate => "subscribe-gate",
            StepKind::DeliverConfig => "deliver-config",
        };
        match &self.target {
            StepTarget::File { name } | StepTarget::Stage { name } => write!(out, "{kind} {name}"),
            StepTarget::Sns { account, region } => write!(out, "{kind} {account} {region}"),
        }
    }
}

/// All that a step needs, written to the journal before it begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "do")]
pub enum Intent {
    /// Write a profile.
    WriteProfile {
        /// What is wanted.
        wanted: WantedProfiles,
        /// File name.
        file: String,
        /// SHA-256 that the file must have now; `None` = no file.
        before: Option<String>,
        /// SHA-256 that it will have.
        after: String,
    },
    /// Take a profile's block out again.
    UnwriteProfile {
        /// hal directory and deployment.
        wanted: WantedProfiles,
        /// File name.
        file: String,
        /// What was put in, the latest edit first.
        receipts: Vec<Receipt>,
    },
    /// Run hal.
    Apply {
        /// hal directory.
        hal_dir: String,
        /// Deployment.
        deployment: DeploymentName,
        /// The exact command.
        command: Vec<String>,
        /// Services named in it.
        services: Vec<ServiceName>,
        /// Profile files that must arrive, with their SHA-256.
        files: Vec<(String, String)>,
    },
    /// Create a topic.
    CreateTopic {
        /** where */
        aws: AwsPlace,
        /** its ARN to be */
        arn: TopicArn,
        /** change ticket to tag it with */
        #[serde(default)]
        change: Option<String>,
    },
    /// Delete a topic that we created.
    DeleteTopic {
        /** where */
        aws: AwsPlace,
        /** topic */
        arn: TopicArn,
        /** endpoints whose subscriptions are ours and go with it */
        ours: Vec<String>,
    },
    /// Merge our statement into the policy.
    AllowPublish {
        /** where */
        aws: AwsPlace,
        /** topic */
        arn: TopicArn,
    },
    /// Take our statement out.
    DisallowPublish {
        /** where */
        aws: AwsPlace,
        /** topic */
        arn: TopicArn,
        /** statement id */
        sid: String,
    },
    /// Subscribe Gate.
    Subscribe {
        /** where */
        aws: AwsPlace,
        /** topic */
        arn: TopicArn,
        /** endpoint */
        endpoint: EndpointUrl,
    },
    /// Remove the subscription.
    Unsubscribe {
        /** where */
        aws: AwsPlace,
        /** topic */
        arn: TopicArn,
        /** endpoint */
        endpoint: EndpointUrl,
    },
    /// Point the delivery channel at a topic.
    Deliver {
        /** where */
        aws: AwsPlace,
        /** topic */
        arn: TopicArn,
        /** what it must name now */
        replaces: Option<TopicArn>,
    },
    /// Give the delivery channel its former topic back.
    Undeliver {
        /** where */
        aws: AwsPlace,
        /** ours */
        arn: TopicArn,
        /** the former one */
        former: Option<TopicArn>,
    },
}

/// What a step left in the world, for undo and for the summary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "made")]
pub enum Made {
    /// Nothing had to change.
    Nothing,
    /// A profile was written.
    Profile {
        /** whole path */
        path: String,
        /** what was spliced */
        receipt: Receipt,
        /** backup of the bytes before */
        backup: Option<String>,
    },
    /// hal ran.
    Deploy {
        /** number of the run */
        number: u32,
    },
    /// A topic was created.
    Topic {
        /** ARN */
        arn: TopicArn,
    },
    /// A statement was added.
    Statement {
        /** its id */
        sid: String,
    },
    /// A subscription was made.
    Subscription {
        /** ARN, when SNS told it */
        arn: Option<String>,
    },
    /// The delivery channel was pointed at our topic.
    Delivery {
        /** channel */
        channel: String,
        /** the former topic */
        former: Option<TopicArn>,
    },
    /// Something was taken back.
    TakenBack {
        /** what, in words */
        what: String,
    },
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum Outcome {
    /// Done.
    Done {
        /** what was seen */
        evidence: String,
        /** what it left */
        made: Made,
    },
    /// Failed, with nothing half done.
    Failed {
        /** why */
        trouble: Trouble,
    },
    /// Nobody knows: probe.
    Unknown {
        /** why */
        why: String,
    },
}

impl Intent {
    /// Returns the step that this intent belongs to, for an account known by its id.
    #[must_use]
    pub fn step(&self) -> StepId {
        let sns = |kind, aws: &AwsPlace, arn: &TopicArn| StepId {
            kind,
            target: StepTarget::Sns { account: arn.account.to_string(), region: aws.region.to_string() },
        };
        match self {
            Self::WriteProfile { file, .. } | Self::UnwriteProfile { file, .. } => {
                StepId { kind: StepKind::WriteProfile, target: StepTarget::File { name: file.clone() } }
            }
            Self::Apply { services, .. } => StepId {
                kind: StepKind::ApplyDeployment,
                target: StepTarget::Stage { name: stage_name(services) },
            },
            Self::CreateTopic { aws, arn, .. } | Self::DeleteTopic { aws, arn, .. } => {
                sns(StepKind::CreateTopic, aws, arn)
            }
            Self::AllowPublish { aws, arn } | Self::DisallowPublish { aws, arn, .. } => {
                sns(StepKind::AllowPublish, aws, arn)
            }
            Self::Subscribe { aws, arn, .. } | Self::Unsubscribe { aws, arn, .. } => {
                sns(StepKind::SubscribeGate, aws, arn)
            }
            Self::Deliver { aws, arn, .. } | Self::Undeliver { aws, arn, .. } => {
                sns(StepKind::DeliverConfig, aws, arn)
            }
        }
    }

    /// Returns the topic that the intent is about, if it is about one.
    #[must_use]
    pub fn topic(&self) -> Option<&TopicArn> {
        match self {
            Self::WriteProfile { .. } | Self::UnwriteProfile { .. } | Self::Apply { .. } => None,
            Self::CreateTopic { arn, .. }
            | Self::DeleteTopic { arn, .. }
            | Self::AllowPublish { arn, .. }
            | Self::DisallowPublish { arn, .. }
            | Self::Subscribe { arn, .. }
            | Self::Unsubscribe { arn, .. }
            | Self::Deliver { arn, .. }
            | Self::Undeliver { arn, .. } => Some(arn),
        }
    }

    /// Returns the endpoint that the intent is about, if it is about one.
    #[must_use]
    pub fn endpoint(&self) -> Option<&EndpointUrl> {
        match self {
            Self::Subscribe { endpoint, .. } | Self::Unsubscribe { endpoint, .. } => Some(endpoint),
            _ => None,
        }
    }

    /// Returns what the step does, one line.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::WriteProfile { file, before: None, .. } => format!("Create {file}"),
            Self::WriteProfile { file, .. } => format!("Write the plugin block into {file}"),
            Self::UnwriteProfile { file, .. } => format!("Take our block out of {file}"),
            Self::Apply { services, .. } => format!("Deploy {}", names(services)),
            Self::CreateTopic { arn, .. } => format!("Create the topic {}", arn.name),
            Self::DeleteTopic { arn, .. } => format!("Delete the topic {}", arn.name),
            Self::AllowPublish { .. } => "Let AWS Config publish to the topic".to_owned(),
            Self::DisallowPublish { .. } => "Take our statement out of the topic's policy".to_owned(),
            Self::Subscribe { .. } => "Subscribe Gate to the topic".to_owned(),
            Self::Unsubscribe { .. } => "Remove Gate's subscription".to_owned(),
            Self::Deliver { .. } => "Point AWS Config's delivery channel at the topic".to_owned(),
            Self::Undeliver { .. } => "Give AWS Config's delivery channel its former topic back".to_owned(),
        }
    }

    /// Returns why the step is needed and how it is undone.
    #[must_use]
    pub fn explain(&self) -> &'static str {
        match self {
            Self::WriteProfile { .. } => {
                "Spring loads the plugin from this file. Undo takes exactly our lines out."
            }
            Self::UnwriteProfile { .. } => "What others edited since stays.",
            Self::Apply { .. } => {
                "Only these services restart. Undo: take the block out and deploy them again."
            }
            Self::CreateTopic { .. } => {
                "AWS Config publishes here. Undo deletes it only if we made it and you say so."
            }
            Self::DeleteTopic { .. } => "Only because we made it, and nothing else subscribes.",
            Self::AllowPublish { .. } => {
                "One statement is added to the policy. Undo takes just that one out."
            }
            Self::DisallowPublish { .. } => "Only our statement goes.",
            Self::Subscribe { .. } => "SNS posts to Gate, which confirms by itself. Undo unsubscribes.",
            Self::Unsubscribe { .. } => "Events stop at once; nothing restarts.",
            Self::Deliver { .. } => "Without it nothing ever arrives. Undo gives the former topic back.",
            Self::Undeliver { .. } => "Only while ours still stands there.",
        }
    }

    /// Returns how long the step takes as a rule.
    #[must_use]
    pub fn usual_time(&self) -> &'static str {
        match self {
            Self::Apply { services, .. } if services.iter().all(|service| service.is_gate()) => "2 to 10 min",
            Self::Apply { .. } => "5 to 60 min",
            _ => "seconds",
        }
    }
}

/// Returns the name of a stage that deploys these services.
#[must_use]
pub fn stage_name(services: &[ServiceName]) -> String {
    match (services.iter().any(|service| service.is_gate()), services.len()) {
        (true, 1) => "gate".to_owned(),
        (true, _) => "all".to_owned(),
        (false, _) => "clouddriver".to_owned(),
    }
}

/// Returns service names separated by spaces.
#[must_use]
pub fn names(services: &[ServiceName]) -> String {
    services.iter().map(|service| service.as_str()).collect::<Vec<_>>().join(" ")
}
