//! What comes back to the run: journal acknowledgements, ended steps, hal's log, probes.

use ecw_halyard::HalOutcome;

use crate::messages::effect::Effect;
use crate::messages::event::{DeployRead, DeployState};
use crate::model::journal::{Entry, Reopened, ReopenedTo, ReopenedWhy};
use crate::model::mode::{Mode, Unknown};
use crate::model::question::Question;
use crate::model::readiness::{Readiness, ReadyReport, StagedReport};
use crate::model::report::{Probed, Report};
use crate::rules::limits::{CONFIRM_POLL_MS, CONFIRM_WINDOW_MS, DEPLOY_POLL_MS, READY_POLL_MS};
use crate::rules::rollback;
use crate::rules::task::Task;
use crate::state::Session;
use crate::state::run::{GateAnswers, Halt, Phase, Proof, Run};
use crate::state::stage::Stage;
use crate::steps::{ApplyDeployment, Intent, Made, StepId, StepKind, StepOutcome};
use crate::values::answers::Key;
use crate::values::trouble::Trouble;

/// A piece of hal's log this long, in bytes, is not all that there is.
const MUCH: usize = 64 * 1024;

/// Whether the files of a deploy arrived where Halyard puts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Arrived {
    Yes,
    No,
    /// A later deploy of other services has taken their place.
    CannotTell,
}

impl Arrived {
    /// Reads it from what is there, for a deploy that was begun then (milliseconds since 1970 UTC).
    fn of(files: &[StagedReport], begun: u64) -> Self {
        let later = |file: &StagedReport| file.silent() && file.history_at.is_some_and(|at| at > begun);
        if !files.is_empty() && files.iter().all(StagedReport::arrived) {
            Self::Yes
        } else if !files.is_empty() && files.iter().all(|file| file.arrived() || later(file)) {
            Self::CannotTell
        } else {
            Self::No
        }
    }
}

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
    }

    fn finished(&mut self, step: &StepId, outcome: &StepOutcome) {
        self.run.next_poll = 0;
        match outcome {
            StepOutcome::Done { .. } => {
                if step.kind == crate::steps::StepKind::SubscribeGate {
                    self.run.confirm_since = Some((self.now, self.now));
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

    fn finish(&mut self, step: StepId, outcome: StepOutcome, effects: &mut Vec<Effect>) {
        let attempt = self.ledger.row(&step).map_or(1, |row| row.attempts);
        // A deploy that ended while nobody watched ended when its supervisor says, not now.
        let watched = self.run.deploy.as_ref().filter(|_| step.kind == StepKind::ApplyDeployment);
        let ended = watched.and_then(|deploy| match deploy.ended {
            Some(DeployState::Ended { at, .. }) => at,
            _ => None,
        });
        self.journal(Entry::Finished { step, attempt, outcome, ended }, effects);
    }

    pub(crate) fn deploy_read(&mut self, read: &DeployRead, effects: &mut Vec<Effect>) {
        let Phase::Deploying(step) = self.run.phase.clone() else { return };
        let reads_along = self.only_reads_along();
        let mode = self.setup.mode;
        let Some(deploy) = &mut self.run.deploy else { return };
        if deploy.number != read.number || deploy.ended.is_some() {
            return;
        }
        deploy.seen = Some(read.state);
        self.run.next_poll = self.run.next_poll.min(self.now.mono + DEPLOY_POLL_MS);
        if read.offset == deploy.offset && !read.text.is_empty() {
            deploy.transcript.feed(read.text.as_bytes());
            deploy.offset = read.end;
            deploy.last_output = self.now.mono;
            if read.text.len() >= MUCH {
                // More than is printed in a while stands there: it is caught up with at once.
                self.run.next_poll = self.now.mono;
            }
        }
        if reads_along {
            // Whoever works here, or the operator's decision, says what follows from how it ended.
            // Where somebody else works, a deploy that is not there yet is about to be started.
            let over = match read.state {
                DeployState::Running => false,
                DeployState::Absent => mode != Mode::Watch,
                DeployState::Ended { .. } | DeployState::Vanished => true,
            };
            deploy.ended = over.then_some(read.state);
            return;
        }
        let exit = match read.state {
            DeployState::Running => return,
            DeployState::Absent => {
                // Journaled, but never started: not done, so it is begun again.
                self.run.deploy = None;
                self.reopen(step, ReopenedTo::ToDo, ReopenedWhy::NeverStarted, effects);
                return;
            }
            DeployState::Ended { exit, .. } => exit,
            DeployState::Vanished => None,
        };
        deploy.ended = Some(read.state);
        let outcome = deploy.transcript.outcome(exit);
        if let HalOutcome::Failed(why) = &outcome {
            let fix = "Read the problems above, mend what they name, then retry. What was written stays.";
            let trouble = Trouble::new(format!("hal deploy apply failed: {why}"), fix);
            self.finish(step, StepOutcome::Failed { trouble }, effects);
            return;
        }
        self.look_at_staging(step, outcome, effects);
    }

    fn look_at_staging(&mut self, step: StepId, outcome: HalOutcome, effects: &mut Vec<Effect>) {
        let Some(Intent::ApplyDeployment(ApplyDeployment { hal_dir, deployment, services, .. })) =
            self.ledger.row(&step).map(|row| row.intent.clone())
        else {
            return;
        };
        self.run.phase = Phase::Staging(step, outcome);
        self.ask(Question::Staged { hal_dir, deployment, services }, effects);
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
            _ => return false,
        }
        true
    }

    fn staged(&mut self, files: &[StagedReport], effects: &mut Vec<Effect>) {
        let Phase::Staging(step, outcome) = self.run.phase.clone() else { return };
        let begun = self.ledger.row(&step).and_then(|row| row.started).unwrap_or(0);
        let arrived = Arrived::of(files, begun);
        let seen = files
            .iter()
            .map(|file| format!("{}: {}", file.service, file.detail))
            .collect::<Vec<_>>()
            .join("; ");
        let number = self.run.deploy.as_ref().map_or(0, |deploy| deploy.number);
        let outcome = match outcome {
            HalOutcome::Succeeded if arrived == Arrived::Yes => StepOutcome::Done {
                evidence: "hal exited 0 with its last line, and our files arrived".to_owned(),
                made: Made::Deploy { number: u32::try_from(number).unwrap_or(u32::MAX) },
            },
            HalOutcome::Succeeded => {
                let why = format!("hal says done, but our files did not all arrive ({seen})");
                self.unknown_end(step, why, arrived, effects);
                return;
            }
            HalOutcome::Failed(why) | HalOutcome::Unknown(why) => {
                self.unknown_end(step, format!("{why} ({seen})"), arrived, effects);
                return;
            }
        };
        self.finish(step, outcome, effects);
    }

    /// Nobody saw how hal ended. What the services themselves say decides, where they say anything; a
    /// deploy whose files did not even arrive was not done, and is begun again when the operator said so
    /// by running it again and the daemon works on none.
    fn unknown_end(&mut self, step: StepId, why: String, arrived: Arrived, effects: &mut Vec<Effect>) {
        let again = self.ledger.row(&step).is_some_and(|row| row.again);
        let redo = again && self.setup.unknown == Unknown::Redo;
        let deploy = self.ledger.row(&step).and_then(|row| row.intent.apply_deployment());
        let deploy = deploy.filter(|apply| !apply.files.is_empty());
        let services = deploy.map(|apply| apply.services.clone()).unwrap_or_default();
        if redo || again && arrived == Arrived::No {
            let endpoint = self.answers.text(Key::DaemonEndpoint).to_owned();
            self.run.phase = Phase::Asking(step, why);
            self.ask(Question::Tasks { endpoint }, effects);
        } else if arrived != Arrived::No && !services.is_empty() {
            // An operator who ran it again waits for services that come up; otherwise one look decides.
            let patience = if again { self.limit(Key::WaitForReady) } else { 0 };
            let until = self.now.mono + patience;
            self.run.next_poll = 0;
            self.run.phase = Phase::Proving(Box::new(Proof { step, why, services, until }));
        } else {
            self.finish(step, StepOutcome::Unknown { why }, effects);
        }
    }

    /// hal may be gone while the daemon goes on with what it was told.
    fn asked_daemon(&mut self, tasks: &Result<Vec<String>, String>, effects: &mut Vec<Effect>) {
        let Phase::Asking(step, why) = self.run.phase.clone() else { return };
        let redo = self.setup.unknown == Unknown::Redo;
        // A line without a name is a task of an older daemon, which does not say what it is.
        let deploys = |line: &String| line.contains("Apply deployment") || !line.contains(' ');
        let holds = match tasks {
            Ok(list) => {
                list.iter().find(|line| deploys(line)).map(|line| format!("the daemon works on {line}"))
            }
            Err(_) if redo => None,
            Err(error) => Some(format!("whether the daemon still works on it cannot be told: {error}")),
        };
        match holds {
            Some(holds) => {
                self.finish(step, StepOutcome::Unknown { why: format!("{why}; {holds}") }, effects);
            }
            None => {
                self.run.deploy = None;
                self.reopen(step, ReopenedTo::ToDo, ReopenedWhy::NotDone, effects);
            }
        }
    }

    /// One service says how it stands: all ready is proof that the deploy was done, anything else is none.
    fn proved(&mut self, ready: &ReadyReport, effects: &mut Vec<Effect>) {
        let Phase::Proving(mut proof) = self.run.phase.clone() else { return };
        match ready.state {
            Readiness::Ready => proof.services.retain(|each| *each != ready.service),
            Readiness::Waiting if self.now.mono < proof.until => {
                self.run.next_poll = self.now.mono + READY_POLL_MS;
                return;
            }
            Readiness::Waiting | Readiness::Failed | Readiness::CannotTell => {
                self.finish(proof.step, StepOutcome::Unknown { why: proof.why }, effects);
                return;
            }
        }
        if !proof.services.is_empty() {
            self.run.next_poll = 0;
            self.run.phase = Phase::Proving(proof);
            return;
        }
        let number = self.run.deploy.as_ref().map_or(0, |deploy| deploy.number);
        let evidence = "found done: our files arrived, and the services run with the plugin".to_owned();
        let made = Made::Deploy { number: u32::try_from(number).unwrap_or(u32::MAX) };
        self.finish(proof.step, StepOutcome::Done { evidence, made }, effects);
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
    fn reopen(&mut self, step: StepId, to: ReopenedTo, why: ReopenedWhy, effects: &mut Vec<Effect>) {
        self.journal(Entry::Reopened { steps: vec![Reopened { step, to, why }] }, effects);
    }

    /// Has SNS send a new confirmation: the subscription is asked for again, unless one was sent
    /// less than a window ago.
    pub(crate) fn send_confirmation(&mut self, effects: &mut Vec<Effect>) {
        let Some((since, sent)) = self.run.confirm_since else { return };
        if self.journaling() {
            return;
        }
        let newly = std::mem::take(&mut self.run.gate_answers) == GateAnswers::Newly;
        if !newly && self.now.mono.saturating_sub(sent.mono) < CONFIRM_WINDOW_MS {
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
    }
}
