//! The steps: each is one kind of change to the world, one struct in one file, with all that is said of
//! it. What a step does stands in `src/actions/steps`, in a file of the same name.
//!
//! [`Step`] has no defaults: a new kind of step does not compile until plan, undo, `ROLLBACK.txt`,
//! `iam-policy` and exit code have their answer. What each struct holds is written to the journal before
//! the step begins, so its fields are a promise to older journals.

mod allow_publish;
mod apply_deployment;
mod await_rollout;
mod aws_action;
mod create_topic;
mod deliver_config;
mod id;
mod intent;
mod outcome;
mod raw_delivery;
mod set_up_targets;
mod step;
mod subscribe_gate;
mod touches;
mod write_profile;

pub use allow_publish::{AllowPublish, DisallowPublish, Statement, publishing_accounts};
pub use apply_deployment::{ApplyDeployment, names, stage_name};
pub use await_rollout::AwaitRollout;
pub use aws_action::{AwsAction, AwsGrant, AwsResource};
pub use create_topic::{CreateTopic, DeleteTopic};
pub use deliver_config::{DeliverConfig, UndeliverConfig};
pub use id::{StepId, StepKind, StepTarget};
pub use intent::{Declared, Intent};
pub use outcome::{Made, StepOutcome};
pub use raw_delivery::{TurnOffRawDelivery, TurnOnRawDelivery};
pub use set_up_targets::{SetUpTargets, TakeBackTargets};
pub use step::{ByHand, Direction, FollowUp, Step, UndoGround};
pub use subscribe_gate::{SubscribeGate, UnsubscribeGate};
pub use touches::Touches;
pub use write_profile::{UnwriteProfile, WriteProfile};
