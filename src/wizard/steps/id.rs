//! A step's identity: the same in every run, so that a journal, a plan and an undo speak of the same thing.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::place::AwsPlace;
use crate::values::names::TopicArn;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal;)*) => {
        /// What kind of change.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
        )]
        #[serde(rename_all = "kebab-case")]
        pub enum StepKind { $($(#[$doc])* $kind,)* }

        impl StepKind {
            /// Every kind, in the order in which they are done.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// Returns the kind's name, as plan, report and messages say it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }
        }
    };
}

kinds! {
    /// Write the plugin block into a profile.
    WriteProfile = "write-profile";
    /// Run `hal deploy apply` for some services.
    ApplyDeployment = "apply-deployment";
    /// Wait for whoever deploys.
    AwaitRollout = "await-rollout";
    /// Create the topic.
    CreateTopic = "create-topic";
    /// Let AWS Config publish to it.
    AllowPublish = "allow-publish";
    /// Subscribe Gate.
    SubscribeGate = "subscribe-gate";
    /// Turn raw message delivery off.
    TurnOffRawDelivery = "turn-off-raw-delivery";
    /// Point AWS Config's delivery channel at the topic.
    DeliverConfig = "deliver-config";
    /// Set up SNS at several targets.
    SetUpTargets = "set-up-targets";
}

impl StepKind {
    /// Returns whether it changes something in AWS, not files or services.
    #[must_use]
    pub fn in_aws(self) -> bool {
        match self {
            Self::WriteProfile | Self::ApplyDeployment | Self::AwaitRollout => false,
            Self::CreateTopic
            | Self::AllowPublish
            | Self::SubscribeGate
            | Self::TurnOffRawDelivery
            | Self::DeliverConfig
            | Self::SetUpTargets => true,
        }
    }
}

/// What it changes.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case", tag = "target")]
pub enum StepTarget {
    /// A file under `profiles/`.
    File {
        /** `gate-local.yml` or `clouddriver-local.yml` */
        name: String,
    },
    /// A stage of the deploy.
    Stage {
        /** `gate`, `clouddriver` or `all` */
        name: String,
    },
    /// An account and region.
    Sns {
        /** twelve digits */
        account: String,
        /** such as `us-west-2` */
        region: String,
    },
    /// All targets.
    Targets,
}

impl StepTarget {
    /// Returns the account and region of a topic that is reached in a place.
    #[must_use]
    pub fn of_topic(aws: &AwsPlace, arn: &TopicArn) -> Self {
        Self::Sns { account: arn.account.to_string(), region: aws.region.to_string() }
    }
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
        let kind = self.kind.name();
        match &self.target {
            StepTarget::File { name } | StepTarget::Stage { name } => write!(out, "{kind} {name}"),
            StepTarget::Sns { account, region } => write!(out, "{kind} {account} {region}"),
            StepTarget::Targets => write!(out, "{kind}"),
        }
    }
}
