//! The live side of a run: what is being done right now. It is not saved; the ledger alone says what is
//! done.

use std::collections::{BTreeMap, VecDeque};

use ecw_halyard::{HalOutcome, ServiceName, Transcript};

use crate::messages::event::{DeployState, Stopping};
use crate::model::aws_report::SubscriptionState;
use crate::model::journal::Record;
use crate::model::question::Question;
use crate::model::readiness::ReadyReport;
use crate::model::report::EndpointReport;
use crate::model::target_job::TargetProgress;
use crate::steps::StepId;
use crate::values::time::Now;
use crate::values::trouble::Trouble;

/// A deploy as it is watched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeployView {
    pub number: u64,
    /// What hal printed.
    pub transcript: Transcript,
    /// When each of its last lines came, wall time; a repeated line's is that of its last time.
    pub times: VecDeque<u64>,
    /// How far the log was read.
    pub offset: u64,
    /// Since when a part of it is waited for, steady clock.
    pub(crate) reading: Option<u64>,
    /// Wall time at which it began.
    pub started: u64,
    /// When something new was last printed, steady clock.
    pub last_output: u64,
    /// Since when (steady clock) and why nothing is heard of it, where the line to it is down.
    pub down: Option<(u64, String)>,
    /// How it stood when it was last looked at.
    pub seen: Option<DeployState>,
    /// How it ended.
    pub ended: Option<DeployState>,
    /// Whether it was cancelled from here.
    pub(crate) stopping: Stopping,
}

impl DeployView {
    /// Reads more of what hal printed, at a wall time.
    pub(crate) fn hear(&mut self, text: &str, wall: u64) {
        let before = self.transcript.printed();
        self.transcript.feed(text.as_bytes());
        let new = usize::try_from(self.transcript.printed() - before).unwrap_or(usize::MAX);
        let kept = self.transcript.tail().count();
        if new == 0
            && let Some(last) = self.times.back_mut()
        {
            *last = wall;
        }
        self.times.extend(std::iter::repeat_n(wall, new.min(kept)));
        self.times.drain(..self.times.len().saturating_sub(kept));
    }
}

/// Whether Gate began to answer while its confirmation was waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GateAnswers {
    /// Nothing new.
    #[default]
    Unchanged,
    /// It began to.
    Newly,
}

/// Why the run waits for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Halt {
    /// The step failed, with nothing half done.
    Failed { step: StepId, trouble: Trouble },
    /// Nobody knows how the step ended.
    Unknown {
        step: StepId,
        /** why, and what is known */
        why: String,
    },
    /// State could not be written.
    Store { trouble: Trouble },
}

/// What the run does at this moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    #[default]
    Idle,
    Journaling(Box<Record>),
    Executing(StepId),
    Deploying(StepId),
    /// hal has ended like this; its files are being looked for.
    Staging(StepId, HalOutcome),
    /// Nobody knows how hal ended, but its files arrived: do the services run with the plugin?
    Proving(Box<Proof>),
    /// Its files did not arrive, and it is to be done again: does the daemon still work on it? The
    /// words say why nobody knows.
    Asking(StepId, String),
    Probing(StepId),
}

/// What would prove that a deploy was done whose end nobody saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proof {
    pub(crate) step: StepId,
    /// Why nobody knows.
    pub(crate) why: String,
    /// Services that were not seen to be ready yet.
    pub(crate) services: Vec<ServiceName>,
    /// Until when (steady clock) services that come up are waited for.
    pub(crate) until: u64,
}

/// The live side of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    pub(crate) phase: Phase,
    pub(crate) armed: bool,
    /// The deploy that is or was watched.
    pub(crate) deploy: Option<DeployView>,
    /// Latest readiness by service.
    pub(crate) ready: BTreeMap<ServiceName, ReadyReport>,
    /// Since when readiness is waited for.
    pub(crate) ready_since: Option<Now>,
    /// Latest state of the subscription.
    pub(crate) subscription: Option<Result<SubscriptionState, Trouble>>,
    /// Since when the confirmation is waited for, and when one was last sent.
    pub(crate) confirm_since: Option<(Now, Now)>,
    /// What the endpoint was last seen to be like while the confirmation was waited for, and when.
    pub(crate) endpoint: Option<EndpointReport>,
    pub(crate) endpoint_at: Option<u64>,
    /// The confirmation is left for later.
    pub(crate) confirm_later: bool,
    /// Gate began to answer while its confirmation was waited for: a new one can be sent at once.
    pub(crate) gate_answers: GateAnswers,
    /// Why the run waits for the operator.
    pub(crate) halt: Option<Halt>,
    /// How far the targets are was asked before they ended, so it is asked once more.
    pub(crate) targets_late: bool,
    /// What the run waits to be told.
    pub(crate) asking: Option<Question>,
    pub(crate) next_poll: u64,
    /// How far the targets have come, and when that is looked at again (steady clock).
    pub(crate) targets: Vec<TargetProgress>,
    pub(crate) targets_poll: u64,
}

impl Run {
    /// Returns the deploy that is or was watched.
    #[must_use]
    pub fn deploy(&self) -> Option<&DeployView> {
        self.deploy.as_ref()
    }

    /// Returns the latest readiness of a service.
    #[must_use]
    pub fn ready(&self, service: ServiceName) -> Option<&ReadyReport> {
        self.ready.get(&service)
    }

    /// Returns how far the targets have come, as last looked at.
    #[must_use]
    pub fn targets(&self) -> &[TargetProgress] {
        &self.targets
    }

    /// Returns why the run waits for the operator.
    #[must_use]
    pub fn halt(&self) -> Option<&Halt> {
        self.halt.as_ref()
    }

    /// Lets the run go on.
    pub(crate) fn arm(&mut self) {
        self.armed = true;
    }

    /// Returns whether the run may act.
    #[must_use]
    pub fn armed(&self) -> bool {
        self.armed
    }

    /// Returns whether it is time to ask again.
    pub(crate) fn due(&self, now: Now) -> bool {
        self.asking.is_none() && now.mono >= self.next_poll
    }
}
