//! Unattended: the same flow, with the answers deciding. What an operator would have to decide
//! ends the run with a named reason before anything changes.

use crate::messages::effect::Effect;
use crate::model::journal::{Attestation, Entry, Word};
use crate::model::mode::Mode;
use crate::model::press::Press;
use crate::model::question::Question;
use crate::model::readiness::Readiness;
use crate::model::screen::Screen;
use crate::rules::plan;
use crate::rules::task::Task;
use crate::screens;
use crate::state::Session;
use crate::state::run::Halt;
use crate::state::stage::{Stage, Then};
use crate::steps::{Intent, StepId};
use crate::ui::page::{Action, ItemId};
use crate::ui::pass::Pass;
use crate::values::answers::Key;
use crate::values::exit::Exit;

impl Session {
    /// Passes what can be passed. Returns whether something moved, so that questions that follow
    /// from it are asked.
    pub(crate) fn auto(&mut self, effects: &mut Vec<Effect>) -> bool {
        if self.setup.mode == Mode::Look {
            self.look_on(effects);
            return false;
        }
        // A plan says all that can be known, so everything is looked at before it stops anywhere.
        if self.setup.mode == Mode::PlanOnly && self.facts.in_flight().next().is_some() {
            return false;
        }
        if *self.stage.base() == Stage::Arriving
            && self.opens_home()
            && self.facts.in_flight().next().is_some()
        {
            // Home is opened, or not, by what is found; nothing is passed before that.
            return false;
        }
        if let Stage::UndoWhenSeen(part) = *self.stage.base() {
            // Which services, and who else subscribes, is found out first.
            let seen = self.facts.in_flight().next().is_none() && !self.journaling();
            if seen && !self.try_again(effects) {
                self.undo(part, effects);
            }
            return false;
        }
        if self.resume_waits() && self.stage.then().is_none() {
            self.resume_unattended(effects);
            return *self.stage.base() == Stage::Asking || self.run.armed();
        }
        if matches!(self.run.halt, Some(Halt::Store { .. })) {
            // Nothing is done that cannot be written down first.
            self.auto_run(effects);
            return false;
        }
        if matches!(self.stage.then(), Some(Then::Undo(_))) && !self.ledger.in_doubt() && self.run_is_idle() {
            // It is known now, or known that nobody knows: what was asked for follows.
            self.run.halt = None;
            return false;
        }
        let screen = self.screen();
        // What is on its way to the journal decides what comes next.
        if self.exit.is_some() || self.journaling() || self.press_what_is_offered(effects) {
            return false;
        }
        if screen == Screen::Home {
            // Opened only to be adopted; that is done, or was never offered.
            if self.facts.in_flight().next().is_none() {
                self.quit(Exit::Done, effects);
            }
            return false;
        }
        if screen.asks() {
            return match screens::pass(self, screen) {
                Pass::Ready => self.passed.insert(screen),
                Pass::Busy(_) => false,
                Pass::Stuck(stuck) => {
                    if let (Some(Key::PatchOnly), Some(wanted), Mode::Unattended) =
                        (stuck.key, self.wanted_profiles(), self.setup.mode)
                    {
                        effects.push(Effect::WritePatch(Box::new(wanted)));
                    }
                    let how =
                        stuck.key.map(|key| {
                            let path = key.path();
                            format!("\nAnswer: {path} (screen {}), in the file of --answers; see: event-cache-wizard answers --template", screen.name())
                        });
                    self.exit_words =
                        Some(format!("{}: {}{}", screen.name(), stuck.why, how.unwrap_or_default()));
                    self.quit(stuck.exit, effects);
                    false
                }
            };
        }
        if screen == Screen::Review {
            self.auto_review(effects);
        } else if matches!(self.run.asking, Some(Question::TargetsProgress { .. })) {
            // How each target ended is told with the end, whichever it is.
        } else if screen == Screen::Summary && self.ledger.ended.is_some() {
            self.quit(Exit::Done, effects);
        } else {
            self.auto_run(effects);
        }
        false
    }

    fn auto_review(&mut self, effects: &mut Vec<Effect>) {
        match screens::pass(self, Screen::Review) {
            Pass::Busy(_) => {}
            Pass::Stuck(stuck) => {
                self.exit_words = Some(format!("Review: {}", stuck.why));
                self.quit(stuck.exit, effects);
            }
            Pass::Ready if self.run.armed() => {}
            Pass::Ready if !self.equals_plan(effects) => {}
            Pass::Ready => match (plan::steps(self).is_empty(), self.setup.mode) {
                (true, _) => {
                    self.exit_words = Some("Unchanged: everything is as wanted.".to_owned());
                    self.quit(Exit::Done, effects);
                }
                (false, Mode::Unattended) => {
                    if !self.run_active() && !self.journaling() {
                        self.begin(effects);
                    }
                }
                (false, _) => {
                    self.exit_words = Some("Changes are pending; nothing was changed.".to_owned());
                    self.quit(Exit::Pending, effects);
                }
            },
        }
    }

    fn auto_run(&mut self, effects: &mut Vec<Effect>) {
        let exit = match &self.run.halt {
            Some(Halt::Failed { step, trouble }) => {
                self.exit_words = Some(format!("{step} failed: {}\n{}", trouble.what, trouble.fix));
                self.exit_of(step, Intent::exit_on_failure)
            }
            Some(Halt::Unknown { step, why }) => {
                let undoing = self.ledger.takes_back();
                let again = if undoing { "undo --yes" } else { "apply" };
                self.exit_words = Some(format!(
                    "{step}: {why}\nRun `event-cache-wizard status`, then `{again}` again: it looks first, and repeats a deploy only where that was not done. To deploy again whatever was: `{again} --redo-unknown`."
                ));
                self.exit_of(step, Intent::exit_when_unknown)
            }
            Some(Halt::Store { trouble }) => {
                self.exit_words = Some(format!("{}\n{}", trouble.what, trouble.fix));
                Exit::Journal
            }
            None => {
                self.auto_ready(effects);
                return;
            }
        };
        self.quit(exit, effects);
    }

    /// Presses the buttons that were decided beforehand, where they are offered now.
    fn press_what_is_offered(&mut self, effects: &mut Vec<Effect>) -> bool {
        if self.setup.presses.is_empty() || self.setup.mode != Mode::Unattended {
            return false;
        }
        let offered = |press: &Press| match press {
            Press::Attest => (Action::Attest, Action::Attest),
            Press::SendConfirmation => (Action::SendConfirmation, Action::SendConfirmation),
            Press::ConfirmLater => (Action::ConfirmLater, Action::ConfirmLater),
            // What is asked once more on a screen was decided beforehand here.
            Press::CancelDeploy => (Action::CancelDeploy, Action::CancelNow),
            Press::Adopt => (Action::Adopt, Action::Adopt),
        };
        let page = self.page();
        let offers = |action: Action| page.items().any(|item| item.id == ItemId::Button(action));
        let looking = self.screen() == Screen::Home && self.facts.in_flight().next().is_some();
        let pressed = self.setup.presses.iter().map(offered).find(|(button, _)| !looking && offers(*button));
        let Some((button, action)) = pressed else { return false };
        if matches!(button, Action::CancelDeploy | Action::ConfirmLater) {
            // Once: what it asks for is under way.
            self.setup.presses.retain(|press| offered(press).0 != button);
        }
        self.act(action, effects);
        true
    }

    fn exit_of(&self, step: &StepId, of: impl Fn(&Intent) -> Exit) -> Exit {
        self.ledger.row(step).map_or(Exit::Failed, |row| of(&row.intent))
    }

    /// What nobody can check is recorded as unchecked and passed; what is broken ends the run.
    fn auto_ready(&mut self, effects: &mut Vec<Effect>) {
        let Some((_, Task::Ready(services))) = self.next_task() else { return };
        if self.journaling() {
            return;
        }
        for service in services {
            match self.run.ready.get(&service).map(|report| report.state) {
                Some(Readiness::Failed) => {
                    self.exit_words = Some(format!(
                        "{service} does not come up with the plugin. Run `event-cache-wizard status`."
                    ));
                    self.quit(Exit::DeployFailed, effects);
                    return;
                }
                Some(Readiness::CannotTell) => {
                    self.journal(
                        Entry::Attested {
                            what: Attestation::Ready { services: vec![service], word: Word::Unchecked },
                        },
                        effects,
                    );
                    return;
                }
                Some(Readiness::Ready | Readiness::Waiting) | None => {}
            }
        }
    }
}
