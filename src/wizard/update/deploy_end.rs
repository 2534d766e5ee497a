//! How a deploy ends: hal's log and exit, whether its files arrived, and what the services themselves say where
//! nobody saw the end.

use ecw_halyard::HalOutcome;

use crate::messages::effect::Effect;
use crate::messages::event::{DeployRead, DeployState, Stopping};
use crate::model::journal::{ReopenedTo, ReopenedWhy};
use crate::model::mode::{Mode, Unknown};
use crate::model::question::Question;
use crate::model::readiness::{Readiness, ReadyReport, StagedReport};
use crate::rules::limits::{DEPLOY_POLL_MS, DOWN_LIMIT_MS, READY_POLL_MS};
use crate::state::Session;
use crate::state::run::{Phase, Proof};
use crate::steps::{ApplyDeployment, Intent, Made, StepId, StepOutcome};
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
    pub(crate) fn deploy_read(&mut self, read: &DeployRead, effects: &mut Vec<Effect>) {
        let Phase::Deploying(step) = self.run.phase.clone() else { return };
        let reads_along = self.only_reads_along();
        let mode = self.setup.mode;
        let Some(deploy) = &mut self.run.deploy else { return };
        if deploy.number != read.number || deploy.ended.is_some() {
            return;
        }
        deploy.reading = None;
        self.run.next_poll = self.run.next_poll.min(self.now.mono + DEPLOY_POLL_MS);
        if read.offset != deploy.offset {
            // It came late. What it says of an end holds for less of the log than was to be read before it.
            return;
        }
        let state = match &read.down {
            None => {
                deploy.down = None;
                read.state
            }
            Some(why) => {
                let (since, _) = deploy.down.take().unwrap_or((self.now.mono, String::new()));
                deploy.down = Some((since, why.clone()));
                // hal gives up long before; whatever became of it is looked for by other means.
                let over = self.now.mono.saturating_sub(since) >= DOWN_LIMIT_MS;
                if over { DeployState::Vanished } else { DeployState::Running }
            }
        };
        deploy.seen = Some(state);
        if !read.text.is_empty() {
            deploy.hear(&read.text, self.now.wall);
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
            let over = match state {
                DeployState::Running => false,
                DeployState::Absent => mode != Mode::Watch,
                DeployState::Ended { .. } | DeployState::Vanished => true,
            };
            deploy.ended = over.then_some(state);
            return;
        }
        let exit = match state {
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
        deploy.ended = Some(state);
        let row = self.ledger.row(&step).and_then(|row| row.intent.apply_deployment());
        if row.is_some_and(|apply| !apply.road.is_halyard()) {
            self.kubectl_ended(step, exit, effects);
            return;
        }
        let Some(deploy) = &self.run.deploy else { return };
        let outcome = deploy.transcript.outcome(exit);
        if let (HalOutcome::Failed(why), Stopping::NotAsked) = (&outcome, deploy.stopping) {
            let fix = "Read the problems above, fix what they name, then retry. What was written stays.";
            let trouble = Trouble::new(format!("hal deploy apply failed: {why}"), fix);
            self.finish(step, StepOutcome::Failed { trouble }, effects);
            return;
        }
        self.look_at_staging(step, outcome, effects);
    }

    /// Cancelling came to this. Where nobody could be told, whoever stops the deploy is somebody else.
    pub(crate) fn cancelled(&mut self, number: u64, words: String, stopping: Stopping) {
        let deploy = self.run.deploy.as_mut().filter(|deploy| deploy.number == number);
        // Who was told once stays told, whatever a second try comes to.
        if let Some(deploy) = deploy.filter(|deploy| deploy.stopping != Stopping::Asked) {
            deploy.stopping = stopping;
        }
        self.view.say(words);
    }

    fn cancelled_here(&self) -> bool {
        self.run.deploy.as_ref().is_some_and(|deploy| deploy.stopping != Stopping::NotAsked)
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

    pub(super) fn staged(&mut self, files: &[StagedReport], effects: &mut Vec<Effect>) {
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
            HalOutcome::Stopped(why) | HalOutcome::Failed(why) | HalOutcome::Unknown(why)
                if self.cancelled_here() =>
            {
                let why = format!("it was cancelled from here, and hal stopped (hal: {why}; {seen})");
                self.unknown_end(step, why, arrived, effects);
                return;
            }
            HalOutcome::Stopped(words) => {
                let why = format!("somebody stopped it, and not in this session (hal: {words}; {seen})");
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
            let endpoint = self.daemon_endpoint();
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
    pub(super) fn asked_daemon(&mut self, tasks: &Result<Vec<String>, String>, effects: &mut Vec<Effect>) {
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
    pub(super) fn proved(&mut self, ready: &ReadyReport, effects: &mut Vec<Effect>) {
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
}
