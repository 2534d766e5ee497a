//! What comes back to the run: journal acknowledgements, ended steps, answers, probes.

use crate::messages::effect::Effect;
use crate::messages::event::DeployState;
use crate::model::journal::{Entry, Reopened, ReopenedTo, ReopenedWhy};
use crate::model::question::Question;
use crate::model::report::{Probed, Report};
use crate::rules::limits::{CONFIRM_POLL_MS, CONFIRM_WINDOW_MS, READY_POLL_MS};
use crate::rules::rollback;
use crate::rules::task::Task;
use crate::state::Session;
use crate::state::run::{GateAnswers, Halt, Phase, Run};
use crate::state::stage::Stage;
use crate::steps::{Intent, Made, StepId, StepKind, StepOutcome};
use crate::values::trouble::Trouble;

impl Session {
    pub(crate) fn journaled(&mut self, seq: u64, effects: &mut Vec<Effect>) {
        let Phase::Journaling(record) = self.run.phase.clone() else { return };
        if record.seq != seq {
            return;
        }
        self.ledger.apply(&record);
        self.run.phase = Phase::Idle;
        match record.entry {
            Entry::Begun { .. } => {
                self.stage.move_to(Stage::Running);
                self.run.arm();
            }
            Entry::Started { step, intent, .. } => {
                if let Intent::ApplyDeployment(_) = intent {
                    self.watch(step, seq, record.at);
                } else {
                    self.run.phase = Phase::Executing(step);
                }
                effects.push(Effect::Execute { number: seq, intent });
                // The log is read once hal was started, not before.
                self.run.next_poll = u64::MAX;
            }
            Entry::Finished { outcome, step, .. } => {
                self.finished(&step, &outcome);
                self.write_rollback(effects);
                if step.kind == StepKind::SetUpTargets {
                    // Once more, for how they ended.
                    self.run.targets_poll = 0;
                    self.poll_targets(effects);
                }
            }
            Entry::Attested { .. } | Entry::Kept { .. } | Entry::Reopened { .. } => {}
            Entry::Adopted { .. } => {
                self.view.say("Noted as not made by us. Undo leaves it alone.");
            }
            Entry::Ended { .. } => self.save(effects),
        }
    }

    /// Says how to take back by hand what stands now.
    pub(crate) fn write_rollback(&self, effects: &mut Vec<Effect>) {
        let text = rollback::rollback(self);
        effects.push(Effect::WriteState { name: rollback::FILE.to_owned(), text });
        self.write_commit(effects);
    }

    fn finished(&mut self, step: &StepId, outcome: &StepOutcome) {
        self.run.next_poll = 0;
        // An answer that is still under way tells of what was before.
        if step.kind == StepKind::SetUpTargets {
            self.run.targets_late = matches!(self.run.asking, Some(Question::TargetsProgress { .. }));
        }
        match outcome {
            StepOutcome::Done { .. } => {
                if step.kind == crate::steps::StepKind::SubscribeGate {
                    // A new confirmation does not begin the wait anew: it has one limit.
                    let since = self.run.confirm_since.map_or(self.now, |(since, _)| since);
                    self.run.confirm_since = Some((since, self.now));
                    self.run.subscription = None;
                }
                if step.kind == crate::steps::StepKind::ApplyDeployment {
                    self.run.ready_since = None;
                }
            }
            // Another part of an undo is not held up; what is stuck comes up at the end.
            StepOutcome::Failed { .. } | StepOutcome::Unknown { .. } if self.undo_goes_on() => {}
            StepOutcome::Failed { trouble } => {
                self.run.halt = Some(Halt::Failed { step: step.clone(), trouble: trouble.clone() });
            }
            StepOutcome::Unknown { why } => {
                self.run.halt = Some(Halt::Unknown { step: step.clone(), why: why.clone() });
            }
        }
    }

    /// Nothing goes on while state cannot be written; a record that is on its way may still arrive.
    pub(crate) fn store_failed(&mut self, seq: Option<u64>, trouble: &Trouble) {
        self.view.say(trouble.what.clone());
        let journaling = self.journaling() && seq.is_some();
        if let (Phase::Journaling(record), Some(seq)) = (&self.run.phase, seq)
            && record.seq == seq
        {
            self.run.phase = Phase::Idle;
        }
        // Nothing goes on without the journal. Answers and notes for people are not worth stopping for.
        if journaling || seq.is_some() && self.run_active() {
            self.run.halt = Some(Halt::Store { trouble: trouble.clone() });
        }
    }

    pub(crate) fn executed(&mut self, step: &StepId, outcome: StepOutcome, effects: &mut Vec<Effect>) {
        match &self.run.phase {
            Phase::Executing(running) | Phase::Deploying(running) if running == step => {}
            _ => return,
        }
        self.finish(step.clone(), outcome, effects);
    }

    pub(super) fn finish(&mut self, step: StepId, outcome: StepOutcome, effects: &mut Vec<Effect>) {
        let attempt = self.ledger.row(&step).map_or(1, |row| row.attempts);
        // A deploy that ended while nobody watched ended when its supervisor says, not now.
        let watched = self.run.deploy.as_ref().filter(|_| step.kind == StepKind::ApplyDeployment);
        let ended = watched.and_then(|deploy| match deploy.ended {
            Some(DeployState::Ended { at, .. }) => at,
            _ => None,
        });
        self.journal(Entry::Finished { step, attempt, outcome, ended }, effects);
    }

    /// Returns whether the run had asked this question.
    pub(crate) fn run_answered(
        &mut self,
        question: &Question,
        report: &Report,
        effects: &mut Vec<Effect>,
    ) -> bool {
        if self.run.asking.as_ref() != Some(question) {
            return false;
        }
        self.run.asking = None;
        match report {
            Report::Staged(files) => self.staged(files, effects),
            Report::Probe(probed) => self.probed(probed, question, effects),
            Report::Tasks(tasks) => self.asked_daemon(tasks, effects),
            Report::Ready(ready) if matches!(self.run.phase, Phase::Proving(..)) => {
                self.run.ready.insert(ready.service, ready.clone());
                self.proved(ready, effects);
            }
            Report::Ready(ready) => {
                let confirming = matches!(self.next_task(), Some((_, Task::Confirm)));
                let was_unseen = self.gate_is_unseen();
                self.run.ready.insert(ready.service, ready.clone());
                if confirming {
                    if was_unseen && !self.gate_is_unseen() {
                        self.run.gate_answers = GateAnswers::Newly;
                    }
                    self.run.next_poll = self.now.mono + CONFIRM_POLL_MS;
                    return true;
                }
                let settled = self.next_task().is_none_or(|(_, task)| !matches!(task, Task::Ready(_)));
                let all_seen = matches!(self.next_task(), Some((_, Task::Ready(each))) if each.iter().all(|service| self.run.ready.contains_key(service)));
                self.run.next_poll = if settled || !all_seen { 0 } else { self.now.mono + READY_POLL_MS };
            }
            Report::Subscription(state) => {
                self.run.subscription = Some(state.clone());
                self.run.next_poll = self.now.mono + CONFIRM_POLL_MS;
            }
            Report::TargetsProgress(targets) => {
                self.run.targets.clone_from(targets);
                if std::mem::take(&mut self.run.targets_late) {
                    self.run.targets_poll = 0;
                    self.poll_targets(effects);
                }
            }
            Report::Endpoint(endpoint) => {
                self.run.endpoint = Some(endpoint.clone());
                self.run.next_poll = 0;
            }
            _ => return false,
        }
        true
    }

    fn probed(&mut self, probed: &Probed, question: &Question, effects: &mut Vec<Effect>) {
        let Question::Probe { step, .. } = question else { return };
        self.run.phase = Phase::Idle;
        match probed {
            Probed::Done { evidence, made } => {
                let made = made.clone().unwrap_or(Made::Nothing);
                self.finish(
                    step.clone(),
                    StepOutcome::Done { evidence: format!("found done: {evidence}"), made },
                    effects,
                );
            }
            Probed::NotDone => {
                self.reopen(step.clone(), ReopenedTo::ToDo, ReopenedWhy::NotDone, effects);
            }
            Probed::Partial { what } => {
                self.finish(
                    step.clone(),
                    StepOutcome::Unknown { why: format!("half done: {what}") },
                    effects,
                );
            }
            Probed::CannotTell { why } => {
                self.finish(
                    step.clone(),
                    StepOutcome::Unknown { why: format!("cannot tell: {why}") },
                    effects,
                );
            }
        }
    }

    /// The operator has decided: a failed or unknown step is done again.
    pub(crate) fn retry(&mut self, effects: &mut Vec<Effect>) {
        if self.journaling() {
            return;
        }
        let Some(halt) = self.run.halt.take() else { return };
        self.run.phase = Phase::Idle;
        self.run.next_poll = 0;
        self.run.arm();
        let (step, to) = match halt {
            Halt::Failed { step, .. } => (step, ReopenedTo::ToDo),
            // Applying again is safe; anything else is looked at once more: it may be ours by now.
            Halt::Unknown { step, .. } if step.kind == StepKind::ApplyDeployment => (step, ReopenedTo::ToDo),
            Halt::Unknown { step, .. } => (step, ReopenedTo::InDoubt),
            Halt::Store { .. } => return,
        };
        self.reopen(step, to, ReopenedWhy::Retry, effects);
    }

    /// Takes a step up again; that is journaled first, as everything that the ledger says.
    pub(super) fn reopen(
        &mut self,
        step: StepId,
        to: ReopenedTo,
        why: ReopenedWhy,
        effects: &mut Vec<Effect>,
    ) {
        self.journal(Entry::Reopened { steps: vec![Reopened { step, to, why }] }, effects);
    }

    /// Has SNS send a new confirmation: the subscription is asked for again, unless one was sent
    /// less than a window ago.
    pub(crate) fn send_confirmation(&mut self, effects: &mut Vec<Effect>) {
        let Some((since, _)) = self.run.confirm_since else { return };
        if self.journaling() {
            return;
        }
        let due = self.confirmation_is_due() || self.since_confirmation() >= CONFIRM_WINDOW_MS;
        self.run.gate_answers = GateAnswers::Unchanged;
        if !due {
            self.view.say("A confirmation is still under way; SNS tries for about two minutes.");
            return;
        }
        self.run.confirm_since = Some((since, self.now));
        self.run.subscription = None;
        self.run.asking = None;
        let subscribes = self.ledger.rows.iter().map(|row| row.intent.step());
        if let Some(step) = subscribes.into_iter().find(|step| step.kind == StepKind::SubscribeGate) {
            self.reopen(step, ReopenedTo::ToDo, ReopenedWhy::NewConfirmation, effects);
        }
    }

    /// Interrupts what is being waited for, for a new plan.
    pub(crate) fn journaling(&self) -> bool {
        matches!(self.run.phase, Phase::Journaling(_))
    }

    pub(crate) fn disarm(&mut self) {
        self.run = Run::default();
        self.slowed.retain(|each| !each.effect.changes_the_world());
    }
}
