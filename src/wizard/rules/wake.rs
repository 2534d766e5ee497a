//! When the core wants to be woken.

use crate::model::mode::Mode;
use crate::rules::task::Task;
use crate::state::Session;
use crate::state::log_view::Follow;
use crate::state::run::Phase;
use crate::state::stage::Stage;
use crate::steps::StepKind;

impl Session {
    /// Returns the moment (on the steady clock) at which the core wants a tick, if it wants one.
    #[must_use]
    pub fn next_wake(&self) -> Option<u64> {
        const CLOCK_MS: u64 = 1_000;
        let proving = self.proof.as_ref().is_some_and(|proof| proof.outcome.is_none());
        let busy = self.facts.in_flight().next().is_some() || self.job_runs() || proving;
        let second = busy.then(|| self.now.mono + CLOCK_MS);
        [second, self.run_wake(), self.look_wake(), self.slowed_wake(), self.log_wake(), self.home_wake()]
            .into_iter()
            .flatten()
            .min()
    }

    pub(crate) fn run_wake(&self) -> Option<u64> {
        if !self.run_active() || self.run.asking.is_some() {
            return None;
        }
        if matches!(&self.run.phase, Phase::Executing(step) if step.kind == StepKind::SetUpTargets) {
            return Some(self.run.targets_poll.max(self.now.mono + 1));
        }
        let waits = matches!(self.run.phase, Phase::Deploying(_) | Phase::Proving(_))
            || self.run.phase == Phase::Idle
                && matches!(self.next_task(), Some((_, Task::Ready(_) | Task::Confirm)));
        waits.then_some(self.run.next_poll.max(self.now.mono + 1))
    }

    /// Returns when a session that only looks wants to look again.
    pub(crate) fn look_wake(&self) -> Option<u64> {
        match self.setup.mode {
            Mode::Watch => [Some(self.next_look), self.reading_wake()].into_iter().flatten().min(),
            Mode::Look => (self.next_look > 0).then_some(self.next_look),
            Mode::Operator if *self.stage.base() == Stage::Resume => self.reading_wake(),
            Mode::Operator | Mode::Unattended | Mode::PlanOnly => None,
        }
    }

    /// Returns whether Home is shown to somebody, with nothing over it.
    pub(crate) fn is_at_home(&self) -> bool {
        self.stage == Stage::Home && self.setup.mode == Mode::Operator && self.dialog.is_none()
    }

    /// Returns when Home looks at everything again.
    pub(crate) fn home_wake(&self) -> Option<u64> {
        self.home.due.filter(|_| self.is_at_home())
    }

    /// Returns when a log that is followed is read again.
    pub(crate) fn log_wake(&self) -> Option<u64> {
        let view = self.view.log.as_ref()?;
        let grows = self.run_active() || self.job_runs() || self.setup.mode == Mode::Watch;
        (grows && view.follow == Follow::On && !view.waits).then_some(view.next_look)
    }

    /// Returns when a call that AWS asked to slow down for is made again.
    fn slowed_wake(&self) -> Option<u64> {
        self.slowed.iter().filter_map(|each| each.at).min()
    }

    /// Returns when a running deploy's log is read on.
    fn reading_wake(&self) -> Option<u64> {
        let waits = self.run.deploy.as_ref().is_some_and(|deploy| deploy.ended.is_none());
        (waits && matches!(self.run.phase, Phase::Deploying(_))).then_some(self.run.next_poll)
    }
}
