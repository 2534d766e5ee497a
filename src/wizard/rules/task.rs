//! What is to be done next: it follows from the ledger alone, so a killed run goes on where it stood.

use ecw_halyard::ServiceName;

use crate::messages::event::DeployState;
use crate::model::aws_report::SubscriptionState;
use crate::model::journal::Attestation;
use crate::model::ledger::StepState;
use crate::model::readiness::Readiness;
use crate::model::screen::Screen;
use crate::rules::limits::HAL_LIMIT_MS;
use crate::state::Session;
use crate::state::run::{DeployView, Phase};
use crate::steps::{FollowUp, Intent, Made};
use crate::values::answers::Key;
use crate::values::time::parse_span;

/// What is to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// A step.
    Step(Box<Intent>),
    /// Wait until these services are ready.
    Ready(Vec<ServiceName>),
    /// Wait until Gate has confirmed.
    Confirm,
}

/// Returns the screen on which a task is shown.
#[must_use]
pub fn screen_of(task: &Task, later_steps: LaterSteps) -> Screen {
    match task {
        Task::Step(intent) => intent.screen(),
        Task::Ready(_) if later_steps == LaterSteps::Deploys => Screen::Install,
        Task::Ready(_) => Screen::Readiness,
        Task::Confirm => Screen::Sns,
    }
}

/// Whether more is deployed after a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaterSteps {
    /// Another stage follows.
    Deploys,
    /// None does.
    None,
}

impl Session {
    /// Returns what is to be done next, and the screen that shows it.
    #[must_use]
    pub fn next_task(&self) -> Option<(Screen, Task)> {
        if self.ledger.ended.is_some() {
            return None;
        }
        let rows = &self.ledger.rows;
        let undoing = self.ledger.takes_back();
        for (at, row) in rows.iter().enumerate() {
            let more = rows[at + 1..].iter().any(|later| matches!(later.intent, Intent::ApplyDeployment(_)));
            let later = if more { LaterSteps::Deploys } else { LaterSteps::None };
            // What cannot be taken back in one place does not hold up the others; a deploy waits for
            // its own file.
            if undoing && self.skipped_in_undo(at) {
                continue;
            }
            if !matches!(row.state, StepState::Done(_)) {
                let task = Task::Step(Box::new(row.intent.clone()));
                return Some((screen_of(&task, later), task));
            }
            match row.intent.follow_up() {
                // What was not deployed need not come up.
                FollowUp::Ready(services) if !undoing && row.state != StepState::Done(Made::Nothing) => {
                    let waiting: Vec<ServiceName> =
                        services.iter().copied().filter(|each| !self.is_ready(*each)).collect();
                    if !waiting.is_empty() {
                        let task = Task::Ready(waiting);
                        return Some((screen_of(&task, later), task));
                    }
                }
                FollowUp::Confirmation if !self.confirmed() && !self.run.confirm_later => {
                    return Some((Screen::Sns, Task::Confirm));
                }
                FollowUp::Ready(_) | FollowUp::Confirmation | FollowUp::Nothing => {}
            }
        }
        // All that could be done is done: what failed comes up again.
        let failed = rows.iter().find(|row| undoing && !matches!(row.state, StepState::Done(_)))?;
        let task = Task::Step(Box::new(failed.intent.clone()));
        Some((screen_of(&task, LaterSteps::None), task))
    }

    /// Returns whether everything of the run is done; that it has ended may still be on its way to the journal.
    #[must_use]
    pub fn run_is_over(&self) -> bool {
        self.ledger.ended.is_some() || self.ledger.run.is_some() && self.next_task().is_none()
    }

    /// Returns whether nothing of the run is on its way.
    pub(crate) fn run_is_idle(&self) -> bool {
        self.run.phase == Phase::Idle && self.run.asking.is_none()
    }

    /// Returns whether a service is ready, or the operator vouched for it.
    #[must_use]
    pub fn is_ready(&self, service: ServiceName) -> bool {
        let vouched = |what: &Attestation| matches!(what, Attestation::Ready { services, .. } if services.contains(&service));
        self.ledger.attested.iter().any(vouched)
            || self.run.ready.get(&service).is_some_and(|report| report.state == Readiness::Ready)
    }

    /// Returns whether the subscription is confirmed.
    #[must_use]
    pub fn confirmed(&self) -> bool {
        matches!(self.run.subscription, Some(Ok(SubscriptionState::Confirmed { .. })))
            || self.ledger.attested.contains(&Attestation::Confirmed)
    }

    /// Returns whether hal runs right now.
    #[must_use]
    pub fn job_runs(&self) -> bool {
        // What an earlier process began runs only if it was seen to.
        let runs = |deploy: &DeployView| {
            deploy.ended.is_none() && (self.run.armed || deploy.seen == Some(DeployState::Running))
        };
        matches!(self.run.phase, Phase::Deploying(_)) && self.run.deploy.as_ref().is_some_and(runs)
    }

    /// Returns whether anything is being done for the run.
    #[must_use]
    pub fn run_active(&self) -> bool {
        self.run.armed && self.ledger.unfinished() && self.run.halt.is_none()
    }

    /// Returns whether a running deploy can be cancelled: not while a LocalDebian script runs.
    #[must_use]
    pub fn can_cancel(&self) -> bool {
        let local =
            self.deployment().is_none_or(|each| each.kind == ecw_halyard::EnvironmentKind::LocalDebian);
        // Before hal was seen running there is nobody to tell: where it runs elsewhere, starting it takes a while.
        let running =
            self.run.deploy.as_ref().is_some_and(|deploy| deploy.seen == Some(DeployState::Running));
        self.job_runs() && running && !local && self.road().is_halyard()
    }

    /// Returns whether Gate was vouched for but never seen with the plugin.
    pub(crate) fn gate_is_unseen(&self) -> bool {
        let seen =
            self.run.ready.get(&ServiceName::Gate).is_some_and(|report| report.state == Readiness::Ready);
        !seen && self.services().contains(&ServiceName::Gate)
    }

    /// Returns a length of time that was answered, milliseconds.
    pub(crate) fn limit(&self, key: Key) -> u64 {
        parse_span(self.answers.text(key)).unwrap_or(HAL_LIMIT_MS)
    }
}
