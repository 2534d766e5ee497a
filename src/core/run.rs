//! The run: step after step, each written to the journal before it begins and after it ended.
//! What comes next follows from the ledger alone, so a killed run goes on where it stood.

use std::collections::BTreeMap;

use ecw_halyard::{Outcome as HalOutcome, ServiceName, Transcript};

use crate::answers::Key;
use crate::effect::Effect;
use crate::event::DeployState;
use crate::exit::Exit;
use crate::flow::{LaterSteps, Screen, screen_of};
use crate::journal::{Entry, JOURNAL_VERSION, Record, StepState};
use crate::plan;
use crate::question::{Question, Readiness, ReadyReport, SubscriptionState};
use crate::session::{Mode, Session};
use crate::step::{Intent, Made, StepId};
use crate::time::{Now, parse_span};
use crate::trouble::{AwsTrouble, Trouble};
pub use crate::undo_run::is_undo;

/// hal's own limit for an apply: the daemon gives up after 30 minutes (facts, section 3).
pub const HAL_LIMIT_MS: u64 = 30 * 60_000;
/// SNS's attempts to confirm end within about two minutes (facts, AWS section 5).
pub const CONFIRM_WINDOW_MS: u64 = 2 * 60_000;
pub(crate) const DEPLOY_POLL_MS: u64 = 500;
pub(crate) const READY_POLL_MS: u64 = 5_000;
pub(crate) const CONFIRM_POLL_MS: u64 = 2_000;

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

/// A deploy as it is watched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeployView {
    /// Its number.
    pub number: u64,
    /// What hal printed.
    pub transcript: Transcript,
    /// How far the log was read.
    pub offset: u64,
    /// Wall time at which it began.
    pub started: u64,
    /// When something new was last printed, steady clock.
    pub last_output: u64,
    /// How it stood when it was last looked at.
    pub seen: Option<DeployState>,
    /// How it ended.
    pub ended: Option<DeployState>,
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
    Failed {
        /** step */
        step: StepId,
        /** why */
        trouble: Trouble,
    },
    /// Nobody knows how the step ended.
    Unknown {
        /** step */
        step: StepId,
        /** why, and what is known */
        why: String,
    },
    /// State could not be written.
    Store {
        /** why */
        trouble: Trouble,
    },
}

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
    armed: bool,
    /// The deploy that is or was watched.
    pub deploy: Option<DeployView>,
    /// Latest readiness by service.
    pub ready: BTreeMap<ServiceName, ReadyReport>,
    /// Since when readiness is waited for.
    pub ready_since: Option<Now>,
    /// Latest state of the subscription.
    pub subscription: Option<Result<SubscriptionState, AwsTrouble>>,
    /// Since when the confirmation is waited for, and when one was last sent.
    pub confirm_since: Option<(Now, Now)>,
    /// The confirmation is left for later.
    pub confirm_later: bool,
    /// Gate began to answer while its confirmation was waited for: a new one can be sent at once.
    pub gate_answers: GateAnswers,
    /// Why the run waits for the operator.
    pub halt: Option<Halt>,
    /// Deploys whose end nobody knew when the run was last left: they are looked at once more.
    pub(crate) again: Vec<StepId>,
    pub(crate) asking: Option<Question>,
    pub(crate) next_poll: u64,
}

impl Run {
    /// Returns a run at its begin that looks again at these deploys.
    pub(crate) fn looking_again(again: Vec<StepId>) -> Self {
        Self { again, ..Self::default() }
    }

    /// Lets the run go on.
    pub fn arm(&mut self) {
        self.armed = true;
    }

    /// Returns whether the run may act.
    #[must_use]
    pub fn armed(&self) -> bool {
        self.armed
    }

    fn due(&self, now: Now) -> bool {
        self.asking.is_none() && now.mono >= self.next_poll
    }
}

impl Session {
    /// Returns what is to be done next, and the screen that shows it.
    #[must_use]
    pub fn next_task(&self) -> Option<(Screen, Task)> {
        if self.ledger.ended.is_some() {
            return None;
        }
        let rows = &self.ledger.rows;
        let undoing = rows.iter().any(|row| is_undo(&row.intent));
        for (at, row) in rows.iter().enumerate() {
            let more = rows[at + 1..].iter().any(|later| matches!(later.intent, Intent::Apply { .. }));
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
            match &row.intent {
                // What was not deployed need not come up.
                Intent::Apply { services, .. } if !undoing && row.state != StepState::Done(Made::Nothing) => {
                    let waiting: Vec<ServiceName> =
                        services.iter().copied().filter(|each| !self.is_ready(*each)).collect();
                    if !waiting.is_empty() {
                        let task = Task::Ready(waiting);
                        return Some((screen_of(&task, later), task));
                    }
                }
                Intent::Subscribe { .. } if !self.confirmed() && !self.run.confirm_later => {
                    return Some((Screen::Sns, Task::Confirm));
                }
                _ => {}
            }
        }
        // All that could be done is done: what failed comes up again.
        let failed = rows.iter().find(|row| undoing && !matches!(row.state, StepState::Done(_)))?;
        let task = Task::Step(Box::new(failed.intent.clone()));
        Some((screen_of(&task, LaterSteps::None), task))
    }

    /// Returns whether nothing of the run is on its way.
    pub(crate) fn run_is_idle(&self) -> bool {
        self.run.phase == Phase::Idle && self.run.asking.is_none()
    }

    /// Returns whether a service is ready, or the operator vouched for it.
    #[must_use]
    pub fn is_ready(&self, service: ServiceName) -> bool {
        let vouched = |what: &String| {
            what.strip_prefix("ready ")
                .is_some_and(|list| list.split(' ').any(|each| each == service.as_str()))
        };
        self.ledger.attested.iter().any(vouched)
            || self.run.ready.get(&service).is_some_and(|report| report.state == Readiness::Ready)
    }

    /// Returns whether the subscription is confirmed.
    #[must_use]
    pub fn confirmed(&self) -> bool {
        matches!(self.run.subscription, Some(Ok(SubscriptionState::Confirmed { .. })))
            || self.ledger.attested.iter().any(|what| what == "confirmed")
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
        self.job_runs() && !local
    }

    pub(crate) fn run_wake(&self) -> Option<u64> {
        if !self.run_active() || self.run.asking.is_some() {
            return None;
        }
        let waits = matches!(self.run.phase, Phase::Deploying(_) | Phase::Proving(_))
            || self.run.phase == Phase::Idle
                && matches!(self.next_task(), Some((_, Task::Ready(_) | Task::Confirm)));
        waits.then_some(self.run.next_poll.max(self.now.mono + 1))
    }

    // ---- driving -------------------------------------------------------------------------------

    pub(crate) fn drive(&mut self, effects: &mut Vec<Effect>) {
        if self.resume_open {
            self.look_at_running(effects);
            return;
        }
        if !self.run_active() || self.exit.is_some() {
            return;
        }
        match self.run.phase.clone() {
            Phase::Deploying(_) => self.poll_deploy(effects),
            Phase::Idle => match self.next_task() {
                Some((_, Task::Step(intent))) => self.begin_step(*intent, effects),
                Some((_, Task::Ready(services))) => self.poll_ready(&services, effects),
                Some((_, Task::Confirm)) => self.poll_subscription(effects),
                None => self.journal(Entry::Ended { how: "done".to_owned() }, effects),
            },
            Phase::Journaling(_)
            | Phase::Executing(_)
            | Phase::Staging(..)
            | Phase::Asking(..)
            | Phase::Probing(_) => {}
            Phase::Proving(proof) => self.poll_proof(&proof, effects),
        }
    }

    pub(crate) fn journal(&mut self, entry: Entry, effects: &mut Vec<Effect>) {
        let run = match &entry {
            Entry::Begun { .. } => self.setup.run.clone(),
            _ => self.ledger.run.clone().unwrap_or_else(|| self.setup.run.clone()),
        };
        // Past everything that this machine ever wrote: a number that comes twice would name the
        // files of an earlier deploy.
        let seq = self.ledger.seq.max(self.head.map_or(0, |head| head.seq)) + 1;
        let record = Record { v: JOURNAL_VERSION, seq, run, at: self.now.wall, entry };
        self.run.phase = Phase::Journaling(Box::new(record.clone()));
        effects.push(Effect::Journal(record));
    }

    fn begin_step(&mut self, intent: Intent, effects: &mut Vec<Effect>) {
        let step = intent.step();
        let Some(row) = self.ledger.row(&step) else { return };
        match &row.state {
            StepState::Started => self.find_out(step, intent, effects),
            StepState::Failed(why) => {
                self.run.halt = Some(Halt::Failed {
                    step,
                    trouble: Trouble::new(why.clone(), "See the log, then retry."),
                });
            }
            StepState::Unknown(why) => self.run.halt = Some(Halt::Unknown { step, why: why.clone() }),
            StepState::ToDo | StepState::Done(_) => {
                let attempt = row.attempts + 1;
                let intent = self.as_called_now(intent);
                self.journal(Entry::Started { step, attempt, intent }, effects);
            }
        }
    }

    /// What is run comes from the answers of this session, never from the journal: others may write there.
    fn as_called_now(&self, intent: Intent) -> Intent {
        match intent {
            Intent::Apply { hal_dir, deployment, services, files, .. } => {
                let command = plan::command_for(self, Some(&deployment), &services);
                Intent::Apply { hal_dir, deployment, command, services, files }
            }
            other => other,
        }
    }

    /// A step was begun in an earlier process: look, never act blindly.
    fn find_out(&mut self, step: StepId, intent: Intent, effects: &mut Vec<Effect>) {
        if let Intent::Apply { .. } = intent {
            let row = self.ledger.row(&step);
            let number = row.and_then(|row| row.started_seq).unwrap_or(0);
            let started = row.and_then(|row| row.started).unwrap_or(self.now.wall);
            self.watch(step, number, started);
            self.poll_deploy(effects);
            return;
        }
        self.run.phase = Phase::Probing(step.clone());
        self.ask(Question::Probe { step, intent: Box::new(intent) }, effects);
    }

    pub(crate) fn ask(&mut self, question: Question, effects: &mut Vec<Effect>) {
        self.run.asking = Some(question.clone());
        effects.push(Effect::Ask(question));
    }

    pub(crate) fn watch(&mut self, step: StepId, number: u64, started: u64) {
        self.run.phase = Phase::Deploying(step);
        self.run.next_poll = 0;
        self.run.deploy =
            Some(DeployView { number, started, last_output: self.now.mono, ..DeployView::default() });
    }

    pub(crate) fn poll_deploy(&mut self, effects: &mut Vec<Effect>) {
        let Some(deploy) = &self.run.deploy else { return };
        if deploy.ended.is_none() && self.run.due(self.now) {
            effects.push(Effect::ReadDeploy { number: deploy.number, offset: deploy.offset });
            self.run.next_poll = self.now.mono + DEPLOY_POLL_MS;
        }
    }

    fn poll_proof(&mut self, proof: &Proof, effects: &mut Vec<Effect>) {
        if let (true, Some(service)) = (self.run.due(self.now), proof.services.first().copied()) {
            let target = self.ready_target();
            self.ask(Question::Ready { target, service }, effects);
        }
    }

    fn poll_ready(&mut self, services: &[ServiceName], effects: &mut Vec<Effect>) {
        let since = *self.run.ready_since.get_or_insert(self.now);
        if self.setup.mode == Mode::Unattended
            && self.now.mono.saturating_sub(since.mono) > self.limit(Key::WaitForReady)
        {
            self.exit_words = Some(
                "The services were not ready in time. Nothing is lost: run apply again to go on waiting."
                    .to_owned(),
            );
            self.quit(Exit::Timeout, effects);
            return;
        }
        if !self.run.due(self.now) {
            return;
        }
        if let Some(service) = self.rotate(services) {
            let target = self.ready_target();
            self.ask(Question::Ready { target, service }, effects);
        }
    }

    /// Returns the service of the list that follows the one looked at last.
    fn rotate(&self, services: &[ServiceName]) -> Option<ServiceName> {
        let unseen = services.iter().copied().find(|each| !self.run.ready.contains_key(each));
        unseen.or_else(|| {
            let turn = usize::try_from(self.now.mono / READY_POLL_MS).unwrap_or(0);
            services.get(turn % services.len().max(1)).copied()
        })
    }

    fn poll_subscription(&mut self, effects: &mut Vec<Effect>) {
        let (since, _) = *self.run.confirm_since.get_or_insert((self.now, self.now));
        if self.setup.mode == Mode::Unattended
            && self.now.mono.saturating_sub(since.mono) > self.limit(Key::WaitForConfirmation)
        {
            self.exit_words = Some("Gate has not confirmed the subscription in time. Run apply again to send a new confirmation.".to_owned());
            self.quit(Exit::Timeout, effects);
            return;
        }
        if !self.run.due(self.now) {
            return;
        }
        let subscribe = self.ledger.rows.iter().find_map(|row| match &row.intent {
            Intent::Subscribe { aws, arn, endpoint } => Some((aws.clone(), arn.clone(), endpoint.clone())),
            _ => None,
        });
        if self.gate_is_unseen() && (self.now.mono / CONFIRM_POLL_MS).is_multiple_of(4) {
            let target = self.ready_target();
            self.ask(Question::Ready { target, service: ServiceName::Gate }, effects);
            return;
        }
        if let Some((aws, topic, endpoint)) = subscribe {
            self.ask(Question::Subscription { aws, topic, endpoint }, effects);
        }
    }

    /// Returns whether Gate was vouched for but never seen with the plugin.
    pub(crate) fn gate_is_unseen(&self) -> bool {
        let seen =
            self.run.ready.get(&ServiceName::Gate).is_some_and(|report| report.state == Readiness::Ready);
        !seen && self.services().contains(&ServiceName::Gate)
    }

    pub(crate) fn limit(&self, key: Key) -> u64 {
        parse_span(self.answers.text(key)).unwrap_or(HAL_LIMIT_MS)
    }
}
