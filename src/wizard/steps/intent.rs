//! A step with all that it needs, as it is written to the journal before it begins.

use std::convert::Infallible;

use serde::{Deserialize, Serialize};

use crate::model::screen::Screen;
use crate::steps::{
    AllowPublish, ApplyDeployment, AwsAction, ByHand, CreateTopic, DeleteTopic, DeliverConfig, Direction,
    DisallowPublish, FollowUp, Made, Step, StepId, StepKind, SubscribeGate, UndeliverConfig, UndoGround,
    UnsubscribeGate, UnwriteProfile, WriteProfile,
};
use crate::values::exit::Exit;
use crate::values::names::{EndpointUrl, TopicArn};

/// A step to be done. The tags on disk are those of the first format; the names of the variants are free.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "do")]
pub enum Intent {
    /// Write a profile.
    #[serde(rename = "write-profile")]
    WriteProfile(WriteProfile),
    /// Take a profile's block out again.
    #[serde(rename = "unwrite-profile")]
    UnwriteProfile(UnwriteProfile),
    /// Run hal.
    #[serde(rename = "apply")]
    ApplyDeployment(ApplyDeployment),
    /// Create a topic.
    #[serde(rename = "create-topic")]
    CreateTopic(CreateTopic),
    /// Delete a topic that we created.
    #[serde(rename = "delete-topic")]
    DeleteTopic(DeleteTopic),
    /// Merge our statement into the policy.
    #[serde(rename = "allow-publish")]
    AllowPublish(AllowPublish),
    /// Take our statement out.
    #[serde(rename = "disallow-publish")]
    DisallowPublish(DisallowPublish),
    /// Subscribe Gate.
    #[serde(rename = "subscribe")]
    SubscribeGate(SubscribeGate),
    /// Remove the subscription.
    #[serde(rename = "unsubscribe")]
    UnsubscribeGate(UnsubscribeGate),
    /// Point the delivery channel at a topic.
    #[serde(rename = "deliver")]
    DeliverConfig(DeliverConfig),
    /// Give the delivery channel its former topic back.
    #[serde(rename = "undeliver")]
    UndeliverConfig(UndeliverConfig),
}

macro_rules! each {
    ($intent:expr, $step:ident => $what:expr) => {
        match $intent {
            Intent::WriteProfile($step) => $what,
            Intent::UnwriteProfile($step) => $what,
            Intent::ApplyDeployment($step) => $what,
            Intent::CreateTopic($step) => $what,
            Intent::DeleteTopic($step) => $what,
            Intent::AllowPublish($step) => $what,
            Intent::DisallowPublish($step) => $what,
            Intent::SubscribeGate($step) => $what,
            Intent::UnsubscribeGate($step) => $what,
            Intent::DeliverConfig($step) => $what,
            Intent::UndeliverConfig($step) => $what,
        }
    };
}

impl Intent {
    /// Returns the identity of the step, the same in every run.
    #[must_use]
    pub fn step(&self) -> StepId {
        each!(self, step => step.id())
    }

    /// Returns what the step does, one line.
    #[must_use]
    pub fn describe(&self) -> String {
        each!(self, step => step.describe())
    }

    /// Returns why the step is needed and how it is undone.
    #[must_use]
    pub fn explain(&self) -> &'static str {
        each!(self, step => step.explain())
    }

    /// Returns how long the step takes as a rule.
    #[must_use]
    pub fn usual_time(&self) -> &'static str {
        each!(self, step => step.usual_time())
    }

    /// Returns the AWS calls that change something.
    #[must_use]
    pub fn aws_calls(&self) -> Vec<String> {
        each!(self, step => step.aws_calls())
    }

    /// Returns how the step is verified.
    #[must_use]
    pub fn verified_by(&self) -> &'static str {
        each!(self, step => step.verified_by())
    }

    /// Returns how the step is taken back.
    #[must_use]
    pub fn taken_back_by(&self) -> &'static str {
        each!(self, step => step.taken_back_by())
    }

    /// Returns the screen that shows the step while it runs.
    #[must_use]
    pub fn screen(&self) -> Screen {
        each!(self, step => step.screen())
    }

    /// Returns how an unattended run ends when the step failed.
    #[must_use]
    pub fn exit_on_failure(&self) -> Exit {
        each!(self, step => step.exit_on_failure())
    }

    /// Returns how an unattended run ends when nobody knows how the step ended.
    #[must_use]
    pub fn exit_when_unknown(&self) -> Exit {
        each!(self, step => step.exit_when_unknown())
    }

    /// Returns what is waited for once the step is done.
    #[must_use]
    pub fn follow_up(&self) -> FollowUp<'_> {
        each!(self, step => step.follow_up())
    }

    /// Returns the topic that the step is about, if it is about one.
    #[must_use]
    pub fn topic(&self) -> Option<&TopicArn> {
        each!(self, step => step.topic())
    }

    /// Returns the endpoint that the step is about, if it is about one.
    #[must_use]
    pub fn endpoint(&self) -> Option<&EndpointUrl> {
        each!(self, step => step.endpoint())
    }

    /// Returns whether the step makes something or takes something back.
    #[must_use]
    pub fn direction(&self) -> Direction {
        each!(self, step => step.direction())
    }

    /// Returns whether the step takes something back.
    #[must_use]
    pub fn takes_back(&self) -> bool {
        self.direction() == Direction::TakesBack
    }

    /// Returns the step that takes back what this one made.
    #[must_use]
    pub fn inverse(&self, made: &Made, ground: &dyn UndoGround) -> Option<Self> {
        each!(self, step => step.inverse(made, ground).map(Self::from))
    }

    /// Returns the step that takes back what this one may have made, when nobody knows whether it was done.
    #[must_use]
    pub fn inverse_of_unknown(&self) -> Option<Self> {
        each!(self, step => step.inverse_of_unknown().map(Self::from))
    }

    /// Returns how the step is taken back by hand.
    #[must_use]
    pub fn by_hand(&self, made: &Made, first: &Made) -> ByHand {
        each!(self, step => step.by_hand(made, first))
    }
}

macro_rules! only {
    ($($(#[$doc:meta])* $name:ident -> $step:ident)*) => {
        impl Intent { $(
            $(#[$doc])*
            #[must_use]
            pub fn $name(&self) -> Option<&$step> {
                if let Self::$step(step) = self { Some(step) } else { None }
            }
        )* }
    };
}

only! {
    /// Returns the write of a profile, if it is one.
    write_profile -> WriteProfile
    /// Returns the taking out of our block, if it is one.
    unwrite_profile -> UnwriteProfile
    /// Returns the deploy, if it is one.
    apply_deployment -> ApplyDeployment
    /// Returns the making of a topic, if it is one.
    create_topic -> CreateTopic
    /// Returns the subscribing, if it is one.
    subscribe_gate -> SubscribeGate
    /// Returns the removing of the subscription, if it is one.
    unsubscribe_gate -> UnsubscribeGate
}

macro_rules! from {
    ($($step:ident)*) => { $(
        impl From<$step> for Intent {
            fn from(step: $step) -> Self {
                Self::$step(step)
            }
        }
    )* };
}

from!(UnwriteProfile DeleteTopic DisallowPublish UnsubscribeGate UndeliverConfig);

impl From<Infallible> for Intent {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// Returns the AWS actions that a kind of step may call: (to do it, to take it back).
#[must_use]
pub fn aws_actions(kind: StepKind) -> (&'static [AwsAction], &'static [AwsAction]) {
    match kind {
        StepKind::WriteProfile => (WriteProfile::AWS_ACTIONS, UnwriteProfile::AWS_ACTIONS),
        StepKind::ApplyDeployment => (ApplyDeployment::AWS_ACTIONS, ApplyDeployment::AWS_ACTIONS),
        StepKind::CreateTopic => (CreateTopic::AWS_ACTIONS, DeleteTopic::AWS_ACTIONS),
        StepKind::AllowPublish => (AllowPublish::AWS_ACTIONS, DisallowPublish::AWS_ACTIONS),
        StepKind::SubscribeGate => (SubscribeGate::AWS_ACTIONS, UnsubscribeGate::AWS_ACTIONS),
        StepKind::DeliverConfig => (DeliverConfig::AWS_ACTIONS, UndeliverConfig::AWS_ACTIONS),
    }
}
