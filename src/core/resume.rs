//! Going on with an unfinished run: what changed since is decided first, and what nobody knows is
//! looked at before anything is done.

use crate::answers::Provenance;
use crate::drift::{Choice, Drift, DriftKind, drift};
use crate::effect::Effect;
use crate::exit::Exit;
use crate::flow::Screen;
use crate::journal::{Author, Entry, StepState};
use crate::page::ItemId;
use crate::run::{Phase, Run};
use crate::session::{Mode, Session, Unknown};
use crate::step::Intent;
use crate::undo::Part;

/// Whether the run is planned anew once the step in doubt is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Replan {
    /// No: the run goes on as confirmed.
    #[default]
    No,
    /// Yes.
    WhenKnown,
    /// What changed since is decided then.
    AskWhenKnown,
    /// A part is taken back then.
    ThenUndo(Part),
}

impl Session {
    /// Returns what the operator decided about a change.
    #[must_use]
    pub fn decided(&self, id: &str) -> Option<Choice> {
        self.decisions.get(id).copied()
    }

    /// Returns whether the journal ends before what this machine wrote to it.
    #[must_use]
    pub fn journal_is_old(&self) -> bool {
        self.head.is_some_and(|head| self.ledger.older_than(head))
    }

    /// The operator goes on: every change must be decided, then it is done as decided.
    pub(crate) fn resume(&mut self, effects: &mut Vec<Effect>) {
        if self.facts.in_flight().next().is_some() {
            let what = "what changed since; press Enter again in a moment";
            self.view.message = Some(format!("Still looking: {what}."));
            return;
        }
        let drifts = drift(self);
        if let Some(open) = drifts.iter().find(|each| self.decided(&each.id).is_none()) {
            self.view.message = Some(format!("Decide this first: {}.", open.what));
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
        self.resume_open = false;
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
        self.replan = if redo { Replan::WhenKnown } else { Replan::No };
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
        if self.replan == Replan::No || self.ledger.in_doubt() || !self.run_is_idle() {
            return false;
        }
        if self.replan == Replan::AskWhenKnown && self.facts.in_flight().next().is_some() {
            // Whether anything changed since is not known yet.
            return true;
        }
        match std::mem::take(&mut self.replan) {
            Replan::WhenKnown => {
                self.change(effects);
                return true;
            }
            Replan::ThenUndo(part) => {
                self.undo(part, effects);
                return true;
            }
            Replan::No | Replan::AskWhenKnown => {}
        }
        let changed = self.ledger.unfinished() && !drift(self).is_empty();
        if changed {
            self.run = Run::default();
            self.resume_open = true;
        }
        changed
    }

    /// A step that was begun and whose end nobody knows is found out before the run is given up: what
    /// it made would be forgotten otherwise. Returns whether that has to be waited for.
    pub(crate) fn find_out_first(&mut self, then: Replan) -> bool {
        if !self.ledger.unfinished() || !self.ledger.in_doubt() {
            return false;
        }
        if !self.run.armed() {
            let again = std::mem::take(&mut self.run.again);
            self.run = Run::looking_again(again);
            self.run.arm();
        }
        self.run.halt = None;
        self.replan = then;
        self.view.message = Some("First it is found out how the step that was begun has ended.".to_owned());
        true
    }

    /// Shows the running deploy at once. What changed since is decided when it has ended.
    pub fn attach(&mut self) {
        if self.resume_open && self.ledger.in_doubt() && !self.journal_is_old() {
            self.resume_open = false;
            self.replan = Replan::AskWhenKnown;
            self.run.arm();
        }
    }

    /// While it is being decided how to go on, a deploy that runs is shown from its log.
    pub(crate) fn look_at_running(&mut self, effects: &mut Vec<Effect>) {
        let running = self.ledger.rows.iter().find_map(|row| match (&row.intent, &row.state) {
            (Intent::Apply { .. }, StepState::Started) => {
                Some((row.intent.step(), row.started_seq?, row.started?))
            }
            _ => None,
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
        self.setup.mode == Mode::Watch || self.resume_open
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
        self.try_again();
        let foreign = self.author == Author::Other;
        let replan = self.journal_is_old() || foreign || !drift(self).is_empty();
        match (replan, self.ledger.in_doubt()) {
            (false, _) => self.run.arm(),
            (true, false) => self.change(effects),
            (true, true) => {
                self.replan = Replan::WhenKnown;
                self.run.arm();
            }
        }
    }

    /// Running `apply` again is the operator's word to try again: what failed is done again, and what
    /// nobody knows is looked at once more. A deploy is repeated only where that look says it was not
    /// done, or with `--redo-unknown`.
    pub(crate) fn try_again(&mut self) {
        let redo = self.setup.unknown == Unknown::Redo;
        for row in &mut self.ledger.rows {
            row.state = match (&row.state, &row.intent) {
                (StepState::Failed(_), _) => StepState::ToDo,
                (StepState::Unknown(_), Intent::Apply { .. }) if redo => StepState::ToDo,
                (StepState::Unknown(_), Intent::Apply { .. }) => {
                    self.run.again.push(row.intent.step());
                    StepState::Started
                }
                (StepState::Unknown(_), _) => StepState::Started,
                (StepState::Started, Intent::Apply { .. }) if redo => {
                    self.run.again.push(row.intent.step());
                    StepState::Started
                }
                (state, _) => state.clone(),
            };
        }
    }

    /// Returns whether an unfinished run still has to be taken up.
    pub(crate) fn resume_waits(&self) -> bool {
        self.setup.mode == Mode::Unattended
            && self.ledger.unfinished()
            && !self.run.armed()
            && !self.changing
            && !self.journaling()
    }
}
