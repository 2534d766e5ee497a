//! A step with all that it needs, as it is written to the journal before it begins.

use std::convert::Infallible;

use serde::{Deserialize, Serialize};

use crate::model::screen::Screen;
use crate::steps::{
    AllowPublish, ApplyDeployment, AwaitRollout, AwsAction, AwsGrant, ByHand, CreateTopic, DeleteTopic,
    DeliverConfig, Direction, DisallowPublish, FollowUp, Made, SetUpTargets, Step, StepId, StepKind,
    SubscribeGate, TakeBackTargets, TurnOffRawDelivery, TurnOnRawDelivery, UndeliverConfig, UndoGround,
    UnsubscribeGate, UnwriteProfile, WriteProfile,
};
use crate::values::exit::Exit;
use crate::values::names::{EndpointUrl, TopicArn};

/// What a kind of step declares of itself, whatever it is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Its kind, which a step shares with the one that takes it back.
    pub kind: StepKind,
    /// Every AWS action that doing it may call.
    pub actions: &'static [AwsAction],
    /// Whether `iam-policy` always grants them.
    pub grant: AwsGrant,
}

macro_rules! intents {
    ($($(#[$doc:meta])* $step:ident = $tag:literal;)*) => {
        /// A step to be done. The tags on disk are those of the first format; the names of the variants are free.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(tag = "do")]
        pub enum Intent { $($(#[$doc])* #[serde(rename = $tag)] $step($step),)* }

        $(impl From<$step> for Intent {
            fn from(step: $step) -> Self {
                Self::$step(step)
            }
        })*

        impl Intent {
            /// What every step declares of itself.
            pub const DECLARED: &[Declared] = &[$(Declared {
                kind: $step::KIND,
                actions: $step::AWS_ACTIONS,
                grant: $step::AWS_GRANT,
            },)*];

            /// Returns the AWS actions that doing it may call.
            #[must_use]
            pub fn aws_actions(&self) -> &'static [AwsAction] {
                match self { $(Self::$step(_) => $step::AWS_ACTIONS,)* }
            }

            /// Returns the identity of the step, the same in every run.
            #[must_use]
            pub fn step(&self) -> StepId {
                match self { $(Self::$step(step) => step.id(),)* }
            }

            /// Returns what the step does, one line.
            #[must_use]
            pub fn describe(&self) -> String {
                match self { $(Self::$step(step) => step.describe(),)* }
            }

            /// Returns why the step is needed and how it is undone.
            #[must_use]
            pub fn explain(&self) -> &'static str {
                match self { $(Self::$step(step) => step.explain(),)* }
            }

            /// Returns how long the step takes as a rule.
            #[must_use]
            pub fn usual_time(&self) -> &'static str {
                match self { $(Self::$step(step) => step.usual_time(),)* }
            }

            /// Returns the AWS calls that change something.
            #[must_use]
            pub fn aws_calls(&self) -> Vec<String> {
                match self { $(Self::$step(step) => step.aws_calls(),)* }
            }

            /// Returns how the step is verified.
            #[must_use]
            pub fn verified_by(&self) -> &'static str {
                match self { $(Self::$step(step) => step.verified_by(),)* }
            }

            /// Returns how the step is taken back.
            #[must_use]
            pub fn taken_back_by(&self) -> &'static str {
                match self { $(Self::$step(step) => step.taken_back_by(),)* }
            }

            /// Returns the screen that shows the step while it runs.
            #[must_use]
            pub fn screen(&self) -> Screen {
                match self { $(Self::$step(_) => $step::TOUCHES.screen(),)* }
            }

            /// Returns how an unattended run ends when the step failed.
            #[must_use]
            pub fn exit_on_failure(&self) -> Exit {
                match self { $(Self::$step(_) => $step::TOUCHES.exit_on_failure(),)* }
            }

            /// Returns how an unattended run ends when nobody knows how the step ended.
            #[must_use]
            pub fn exit_when_unknown(&self) -> Exit {
                match self { $(Self::$step(_) => $step::TOUCHES.exit_when_unknown(),)* }
            }

            /// Returns what is waited for once the step is done.
            #[must_use]
            pub fn follow_up(&self) -> FollowUp<'_> {
                match self { $(Self::$step(step) => step.follow_up(),)* }
            }

            /// Returns the topic that the step is about, if it is about one.
            #[must_use]
            pub fn topic(&self) -> Option<&TopicArn> {
                match self { $(Self::$step(step) => step.topic(),)* }
            }

            /// Returns the endpoint that the step is about, if it is about one.
            #[must_use]
            pub fn endpoint(&self) -> Option<&EndpointUrl> {
                match self { $(Self::$step(step) => step.endpoint(),)* }
            }

            /// Returns whether the step makes something or takes something back.
            #[must_use]
            pub fn direction(&self) -> Direction {
                match self { $(Self::$step(step) => step.direction(),)* }
            }

            /// Returns the step that takes back what this one made.
            #[must_use]
            pub fn inverse(&self, made: &Made, ground: &dyn UndoGround) -> Option<Self> {
                match self { $(Self::$step(step) => step.inverse(made, ground).map(Self::from),)* }
            }

            /// Returns the step that takes back what this one may have made, when nobody knows whether it was done.
            #[must_use]
            pub fn inverse_of_unknown(&self) -> Option<Self> {
                match self { $(Self::$step(step) => step.inverse_of_unknown().map(Self::from),)* }
            }

            /// Returns how the step is taken back by hand.
            #[must_use]
            pub fn by_hand(&self, made: &Made, first: &Made) -> ByHand {
                match self { $(Self::$step(step) => step.by_hand(made, first),)* }
            }
        }
    };
}

intents! {
    /// Write a profile.
    WriteProfile = "write-profile";
    /// Take a profile's block out again.
    UnwriteProfile = "unwrite-profile";
    /// Run hal.
    ApplyDeployment = "apply";
    /// Wait for whoever deploys.
    AwaitRollout = "await-rollout";
    /// Create a topic.
    CreateTopic = "create-topic";
    /// Delete a topic that we created.
    DeleteTopic = "delete-topic";
    /// Merge our statement into the policy.
    AllowPublish = "allow-publish";
    /// Take our statement out.
    DisallowPublish = "disallow-publish";
    /// Subscribe Gate.
    SubscribeGate = "subscribe";
    /// Remove the subscription.
    UnsubscribeGate = "unsubscribe";
    /// Point the delivery channel at a topic.
    DeliverConfig = "deliver";
    /// Give the delivery channel its former topic back.
    UndeliverConfig = "undeliver";
    /// Turn raw message delivery off.
    TurnOffRawDelivery = "turn-off-raw-delivery";
    /// Turn raw message delivery on again.
    TurnOnRawDelivery = "turn-on-raw-delivery";
    /// Set up SNS at several targets.
    SetUpTargets = "set-up-targets";
    /// Take back what was made at several targets.
    TakeBackTargets = "take-back-targets";
}

impl Intent {
    /// Returns whether the step takes something back.
    #[must_use]
    pub fn takes_back(&self) -> bool {
        self.direction() == Direction::TakesBack
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
    /// Returns the work at several targets, if it is that.
    set_up_targets -> SetUpTargets
    /// Returns the taking back at several targets, if it is that.
    take_back_targets -> TakeBackTargets
    /// Returns the removing of the subscription, if it is one.
    unsubscribe_gate -> UnsubscribeGate
}

impl From<Infallible> for Intent {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}
