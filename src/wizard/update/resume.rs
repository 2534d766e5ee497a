//! Going on with an unfinished run: what changed since is decided first, and what nobody knows is
//! looked at before anything is done.

use crate::messages::effect::Effect;
use crate::model::choice::Choice;
use crate::model::journal::{Author, Entry, Reopened, ReopenedTo, ReopenedWhy};
use crate::model::ledger::{LedgerRow, StepState};
use crate::model::mode::{Changes, Mode, Unknown};
use crate::model::screen::Screen;
use crate::rules::drift::{Drift, DriftKind, drift};
use crate::state::Session;
use crate::state::run::{Phase, Run};
use crate::state::stage::{Stage, Then};
use crate::steps::Intent;
use crate::ui::page::ItemId;
use crate::values::answers::Provenance;
use crate::values::exit::Exit;

impl Session {
    /// The operator goes on: every change must be decided, then it is done as decided.
    pub(crate) fn resume(&mut self, effects: &mut Vec<Effect>) {
        if self.facts.in_flight().next().is_some() {
            let what = "what changed since; press Enter again in a moment";
            self.view.say(format!("Still looking: {what}."));
            return;
        }
        let drifts = drift(self);
        if let Some(open) = drifts.iter().find(|each| self.decided(&each.id).is_none()) {
            self.view.say(format!("Decide this first: {}.", open.what));
            self.jump_to(ItemId::Decide(open.id.clone(), Choice::Redo));
            return;
        }
        let chosen = |choice| drifts.iter().any(|each| self.decisions.get(&each.id) == Some(&choice));
        if chosen(Choice::Stop) {
            self.quit(Exit::Interrupted, effects);
            return;
        }
        // What another user wrote is not carried out as it stands: it is planned anew and shown.
        let redo = chosen(Choice::Redo) || self.author == Author::Other;
        self.stage = Stage::Running;
        // What was read from the running deploy is read again from its begin.
        self.run = Run::default();
        for each in &drifts {
            if self.decided(&each.id) == Some(Choice::Keep) {
                self.keep_answer(each);
            }
        }
        if redo && !self.ledger.in_doubt() {
            self.replan_from(&drifts, effects);
            return;
        }
        if redo {
            self.stage = Stage::FindingOut(Then::Replan);
        }
        self.run.arm();
        let kept: Vec<String> = drifts
            .iter()
            .filter(|each| self.decided(&each.id) == Some(Choice::Keep))
            .map(|each| each.id.clone())
            .collect();
        if !kept.is_empty() {
            self.journal(Entry::Kept { what: kept }, effects);
        }
    }

    fn keep_answer(&mut self, drift: &Drift) {
        let DriftKind::Answer(key) = drift.kind else { return };
        let then = self.ledger.confirmed.answers.iter().find(|(each, _)| *each == key).cloned();
        match then {
            Some((_, value)) if !value.is_empty() => self.answers.set(key, value, Provenance::Typed),
            _ => self.answers.clear(key),
        }
    }

    /// Opens the questions that the changes touch; Review comes again.
    fn replan_from(&mut self, drifts: &[Drift], effects: &mut Vec<Effect>) {
        self.change(effects);
        let redo = |kind: &DriftKind| {
            drifts
                .iter()
                .any(|each| each.kind == *kind && self.decisions.get(&each.id) == Some(&Choice::Redo))
        };
        let from = if redo(&DriftKind::Spinnaker) {
            Screen::Version
        } else if redo(&DriftKind::File) {
            Screen::Configure
        } else {
            Screen::InstallPlan
        };
        self.passed.retain(|screen| *screen < from);
    }

    /// Plans anew once no step is in doubt any more.
    pub(crate) fn replan_when_known(&mut self, effects: &mut Vec<Effect>) -> bool {
        let Some(then) = self.stage.then() else { return false };
        if self.ledger.in_doubt() || !self.run_is_idle() {
            return false;
        }
        match then {
            Then::AskAboutChanges if self.facts.in_flight().next().is_some() => {
                // Whether anything changed since is not known yet.
            }
            Then::AskAboutChanges => {
                let changed = self.ledger.unfinished() && !drift(self).is_empty();
                self.stage.move_to(if changed { Stage::Resume } else { Stage::Running });
                if changed {
                    self.run = Run::default();
                }
                return changed;
            }
            Then::Replan => {
                self.stage.move_to(Stage::Running);
                self.change(effects);
            }
            Then::Undo(part) => {
                self.stage.move_to(Stage::Running);
                self.undo(part, effects);
            }
        }
        true
    }

    /// A step that was begun and whose end nobody knows is found out before the run is given up: what
    /// it made would be forgotten otherwise. Returns whether that has to be waited for.
    pub(crate) fn find_out_first(&mut self, then: Then) -> bool {
        if !self.ledger.unfinished() || !self.ledger.in_doubt() {
            return false;
        }
        if !self.run.armed() {
            self.run = Run::default();
            self.run.arm();
        }
        self.run.halt = None;
        self.stage.move_to(Stage::FindingOut(then));
        self.view.say("First it is found out how the step that was begun has ended.");
        true
    }

    /// Shows the running deploy at once. What changed since is decided when it has ended.
    pub(crate) fn attach(&mut self) {
        if *self.stage.base() == Stage::Resume && self.ledger.in_doubt() && !self.journal_is_old() {
            self.stage.move_to(Stage::FindingOut(Then::AskAboutChanges));
            self.run.arm();
        }
    }

    /// While it is being decided how to go on, a deploy that runs is shown from its log.
    pub(crate) fn look_at_running(&mut self, effects: &mut Vec<Effect>) {
        let running = self.ledger.rows.iter().find_map(|row| {
            let deploys = row.intent.apply_deployment().is_some() && row.state == StepState::Started;
            if deploys { Some((row.intent.step(), row.started_seq?, row.started?)) } else { None }
        });
        match running {
            Some((step, number, started)) => {
                if self.run.deploy.as_ref().is_none_or(|deploy| deploy.number != number) {
                    self.watch(step, number, started);
                }
                self.poll_deploy(effects);
            }
            None => self.run.phase = Phase::Idle,
        }
    }

    /// Returns whether hal's log is only read here, and nothing follows from how it ended.
    pub(crate) fn only_reads_along(&self) -> bool {
        self.setup.mode == Mode::Watch || *self.stage.base() == Stage::Resume
    }

    /// Nobody is there to choose: an unfinished run goes on as confirmed if nothing changed since;
    /// otherwise it is planned anew, as the answers are the operator's word.
    pub(crate) fn resume_unattended(&mut self, effects: &mut Vec<Effect>) {
        if self.facts.in_flight().next().is_some() {
            return;
        }
        if self.undo_runs() {
            self.exit_words = Some(
                "An undo has not ended here. End it first: event-cache-wizard undo --yes\nThen run apply again."
                    .to_owned(),
            );
            self.quit(Exit::Failed, effects);
            return;
        }
        if self.try_again(effects) {
            return;
        }
        let foreign = self.author == Author::Other;
        let drifts = drift(self);
        if !drifts.is_empty() && self.setup.changes == Changes::Kept && !foreign && !self.journal_is_old() {
            for each in &drifts {
                self.keep_answer(each);
            }
            self.run.arm();
            let what = drifts.into_iter().map(|each| each.id).collect();
            self.journal(Entry::Kept { what }, effects);
            return;
        }
        let replan = self.journal_is_old() || foreign || !drifts.is_empty();
        match (replan, self.ledger.in_doubt()) {
            (false, _) => self.run.arm(),
            (true, false) => self.change(effects),
            (true, true) => {
                self.stage.move_to(Stage::FindingOut(Then::Replan));
                self.run.arm();
            }
        }
    }

    /// Running `apply` again is the operator's word to try again: what failed is done again, and what
    /// nobody knows is looked at once more. A deploy is repeated only where that look says it was not
    /// done, or with `--redo-unknown`. Returns whether anything is taken up again; that is journaled first.
    pub(crate) fn try_again(&mut self, effects: &mut Vec<Effect>) -> bool {
        let redo = self.setup.unknown == Unknown::Redo;
        let again = |row: &LedgerRow| {
            let deploys = matches!(row.intent, Intent::ApplyDeployment(_));
            match &row.state {
                StepState::Failed(_) => Some(ReopenedTo::ToDo),
                StepState::Unknown(_) if deploys && redo => Some(ReopenedTo::ToDo),
                StepState::Unknown(_) => Some(ReopenedTo::InDoubt),
                StepState::Started if deploys && redo && !row.again => Some(ReopenedTo::InDoubt),
                StepState::Started | StepState::ToDo | StepState::Done(_) => None,
            }
        };
        let steps: Vec<Reopened> = self
            .ledger
            .rows
            .iter()
            .filter_map(|row| {
                Some(Reopened { step: row.intent.step(), to: again(row)?, why: ReopenedWhy::RunAgain })
            })
            .collect();
        let any = !steps.is_empty();
        if any {
            self.journal(Entry::Reopened { steps }, effects);
        }
        any
    }

    /// Returns whether an unfinished run still has to be taken up.
    pub(crate) fn resume_waits(&self) -> bool {
        self.setup.mode == Mode::Unattended
            && self.ledger.unfinished()
            && !self.run.armed()
            && *self.stage.base() != Stage::Asking
            && !self.journaling()
    }
}
