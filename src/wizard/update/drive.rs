//! The run, step after step: each is written to the journal before it begins and after it ended.

use ecw_halyard::ServiceName;

use crate::messages::effect::Effect;
use crate::model::journal::{Entry, JOURNAL_VERSION, Record, RunEnd};
use crate::model::ledger::StepState;
use crate::model::mode::Mode;
use crate::model::question::Question;
use crate::rules::limits::{
    CONFIRM_POLL_MS, DEPLOY_POLL_MS, ENDPOINT_POLL_MS, READ_LIMIT_MS, READY_POLL_MS, TARGETS_POLL_MS,
};
use crate::rules::plan;
use crate::rules::task::Task;
use crate::state::Session;
use crate::state::run::{DeployView, Halt, Phase, Proof};
use crate::state::stage::Stage;
use crate::steps::{Intent, StepId, StepKind, SubscribeGate};
use crate::values::answers::Key;
use crate::values::exit::Exit;
use crate::values::halyard_in::HalyardIn;
use crate::values::trouble::Trouble;

impl Session {
    pub(crate) fn drive(&mut self, effects: &mut Vec<Effect>) {
        if *self.stage.base() == Stage::Resume {
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
                None => self.journal(Entry::Ended { how: RunEnd::Done }, effects),
            },
            Phase::Executing(step) if step.kind == StepKind::SetUpTargets => self.poll_targets(effects),
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
    fn as_called_now(&self, mut intent: Intent) -> Intent {
        if let Intent::ApplyDeployment(apply) = &mut intent {
            apply.command = plan::command_for(self, Some(&apply.deployment), &apply.services);
            apply.road = self.road();
        }
        if let Some(hal_dir) = self.hal_dir() {
            // The same directory under another name of its place: a pod that took the former one's place.
            let same = |named: &str| HalyardIn::split(named).1 == HalyardIn::split(&hal_dir).1;
            let renamed = |named: &mut String| {
                if !self.halyard_in().is_local() && same(named) {
                    named.clone_from(&hal_dir);
                }
            };
            if let Intent::WriteProfile(write) = &mut intent {
                renamed(&mut write.wanted.hal_dir);
            }
            if let Intent::UnwriteProfile(take) = &mut intent {
                renamed(&mut take.wanted.hal_dir);
            }
        }
        match (&mut intent, self.own_home()) {
            (Intent::WriteProfile(write), Some(home)) => write.wanted.home = home,
            (Intent::UnwriteProfile(take), Some(home)) => take.wanted.home = home,
            _ => {}
        }
        intent
    }

    /// A step was begun in an earlier process: look, never act blindly.
    fn find_out(&mut self, step: StepId, intent: Intent, effects: &mut Vec<Effect>) {
        if let Intent::ApplyDeployment(_) = intent {
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
        let due = self.run.due(self.now);
        let Some(deploy) = self.run.deploy.as_mut().filter(|deploy| due && deploy.ended.is_none()) else {
            return;
        };
        self.run.next_poll = self.now.mono + DEPLOY_POLL_MS;
        // One at a time: where Halyard runs elsewhere an answer takes a while.
        if deploy.reading.is_none_or(|since| self.now.mono.saturating_sub(since) >= READ_LIMIT_MS) {
            deploy.reading = Some(self.now.mono);
            effects.push(Effect::ReadDeploy { number: deploy.number, offset: deploy.offset });
        }
    }

    /// How far the targets have come stands in their own journals.
    pub(crate) fn poll_targets(&mut self, effects: &mut Vec<Effect>) {
        let due = self.run.asking.is_none() && self.now.mono >= self.run.targets_poll;
        if let (true, Some((jobs, _))) = (due, self.targets_of_run()) {
            let names = jobs.iter().map(|job| job.name.clone()).collect();
            self.run.targets_poll = self.now.mono + TARGETS_POLL_MS;
            let run = self.run_of_targets();
            self.ask(Question::TargetsProgress { run, names }, effects);
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

    /// Time is up. What could not be asked is not known, which is another thing than no.
    fn give_up_waiting(&mut self, effects: &mut Vec<Effect>) {
        if let Some(Err(trouble)) = &self.run.subscription {
            self.exit_words = Some(format!(
                "Whether Gate has confirmed is not known: {} Once it can be asked: event-cache-wizard status, or run apply again.",
                trouble.what
            ));
            self.quit(Exit::CannotTell, effects);
            return;
        }
        let why = self.why_not_confirmed().into_iter().next().unwrap_or_default();
        self.exit_words = Some(format!(
            "Gate has not confirmed the subscription in time. {why} Run apply again: it sends a new confirmation."
        ));
        self.quit(Exit::Timeout, effects);
    }

    fn poll_subscription(&mut self, effects: &mut Vec<Effect>) {
        let (since, _) = *self.run.confirm_since.get_or_insert((self.now, self.now));
        if self.setup.mode == Mode::Unattended {
            if self.now.mono.saturating_sub(since.mono) > self.limit(Key::WaitForConfirmation) {
                self.give_up_waiting(effects);
                return;
            }
            // What a button does on a screen needs no button here.
            if self.run.due(self.now) && self.confirmation_is_due() {
                self.send_confirmation(effects);
                return;
            }
        }
        if !self.run.due(self.now) {
            return;
        }
        let waits = self.run.subscription.is_some();
        let looked_at = self.run.endpoint_at;
        if let Some(url) = self.endpoint_url()
            && waits
            && looked_at.is_none_or(|at| self.now.mono.saturating_sub(at) >= ENDPOINT_POLL_MS)
        {
            self.run.endpoint_at = Some(self.now.mono);
            self.ask(Question::Endpoint { url }, effects);
            return;
        }
        let subscribe = self.ledger.rows.iter().find_map(|row| row.intent.subscribe_gate()).cloned();
        if self.gate_is_unseen() && (self.now.mono / CONFIRM_POLL_MS).is_multiple_of(4) {
            let target = self.ready_target();
            self.ask(Question::Ready { target, service: ServiceName::Gate }, effects);
            return;
        }
        if let Some(SubscribeGate { aws, arn: topic, endpoint }) = subscribe {
            self.ask(Question::Subscription { aws, topic, endpoint }, effects);
        }
    }
}
