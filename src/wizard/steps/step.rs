//! What every step says of itself. Nothing has a default, so that nothing can be forgotten.

#[cfg(doc)]
use std::convert::Infallible;

use ecw_halyard::ServiceName;

use crate::steps::{AwsAction, AwsGrant, Made, StepId, StepKind, Touches};
use crate::values::names::{EndpointUrl, TopicArn};

/// Whether a step makes something or takes something back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Of an installation.
    Makes,
    /// Of an undo.
    TakesBack,
}

/// What is waited for once a step is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FollowUp<'a> {
    /// Nothing.
    Nothing,
    /// These services are ready and run with the plugin.
    Ready(&'a [ServiceName]),
    /// Gate has confirmed its subscription.
    Confirmation,
}

/// What an undo knows besides the step itself.
pub trait UndoGround {
    /// Returns whether the operator wants this topic deleted and nobody else is known to subscribe.
    fn may_delete(&self, topic: &TopicArn) -> bool;
    /// Returns whether the operator wants topics of ours deleted, where nobody else subscribes.
    fn wants_topics_deleted(&self) -> bool;
    /// Returns the endpoints that this wizard subscribed to a topic.
    fn our_endpoints(&self, topic: &TopicArn) -> Vec<String>;
}

/// How a step is taken back by hand: lines of `ROLLBACK.txt`, each a remark (`# ...`) or one POSIX shell
/// command. The variants are the order in which they stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ByHand {
    /// There is nothing to take back.
    Nothing,
    /// In AWS; the events stop, nothing restarts.
    Events(Vec<String>),
    /// The lines of one profile; the deploys of its services follow them.
    Profile {
        /** name of the profile */
        file: String,
        /** what gives its bytes back */
        lines: Vec<String>,
    },
    /// A deploy that took profiles into these services.
    Deploy {
        /** services that restart */
        services: Vec<ServiceName>,
        lines: Vec<String>,
    },
    /// What may stay, as remarks.
    Leftover(Vec<String>),
}

/// One kind of change to the world.
pub trait Step {
    /// Its kind; a step and the one that takes it back share it.
    const KIND: StepKind;
    /// What it changes; its screen and its exit codes follow from that.
    const TOUCHES: Touches;
    /// The step that takes it back; [`Infallible`] where nothing does.
    type Inverse;
    /// Every AWS action that doing it may call: what `iam-policy` prints.
    const AWS_ACTIONS: &'static [AwsAction];
    /// Whether `iam-policy` always grants them.
    const AWS_GRANT: AwsGrant;

    /// Returns the identity, the same in every run.
    fn id(&self) -> StepId;
    /// Returns whether it makes or takes back.
    fn direction(&self) -> Direction;
    /// Returns what it does, one line without a full stop.
    fn describe(&self) -> String;
    /// Returns why it is needed and how it is undone, full sentences.
    fn explain(&self) -> &'static str;
    /// Returns how long it takes as a rule, in words.
    fn usual_time(&self) -> &'static str;
    /// Returns the AWS calls that change something, with their main arguments, for the plan.
    fn aws_calls(&self) -> Vec<String>;
    /// Returns how it is verified, for the plan.
    fn verified_by(&self) -> &'static str;
    /// Returns how it is taken back, for the plan.
    fn taken_back_by(&self) -> &'static str;
    /// Returns what is waited for once it is done.
    fn follow_up(&self) -> FollowUp<'_>;
    /// Returns the topic that it is about; two wizards never change one at the same time.
    fn topic(&self) -> Option<&TopicArn>;
    /// Returns the endpoint that it is about.
    fn endpoint(&self) -> Option<&EndpointUrl>;
    /// Returns the step that takes back what this one made; `None` when nothing has to be or may be.
    fn inverse(&self, made: &Made, ground: &dyn UndoGround) -> Option<Self::Inverse>;
    /// Returns the step that takes back what this one may have made, when nobody knows whether it was
    /// done. It looks before it acts.
    fn inverse_of_unknown(&self) -> Option<Self::Inverse>;
    /// Returns how it is taken back by hand. `first` is what the oldest step of the same identity made: it
    /// knows what was there before all of ours.
    fn by_hand(&self, made: &Made, first: &Made) -> ByHand;
}
