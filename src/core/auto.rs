//! Unattended: the same flow, with the answers deciding. What an operator would have to decide
//! ends the run with a named reason before anything changes.

use crate::answers::Key;
use crate::effect::Effect;
use crate::exit::Exit;
use crate::flow::{Pass, Screen};
use crate::journal::Entry;
use crate::plan;
use crate::question::Readiness;
use crate::resume::Replan;
use crate::run::{Halt, Task, is_undo};
use crate::screens;
use crate::session::{Mode, Session};
use crate::step::StepKind;

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
        if let Some(part) = self.undoing {
            // Which services, and who else subscribes, is found out first.
            if self.facts.in_flight().next().is_none() {
                self.undoing = None;
                self.try_again();
                self.undo(part, effects);
            }
            return false;
        }
        if self.resume_waits() && self.replan == Replan::No {
            self.resume_unattended(effects);
            return self.changing || self.run.armed();
        }
        if matches!(self.run.halt, Some(Halt::Store { .. })) {
            // Nothing is done that cannot be written down first.
            self.auto_run(effects);
            return false;
        }
        if matches!(self.replan, Replan::ThenUndo(_)) && !self.ledger.in_doubt() && self.run_is_idle() {
            // It is known now, or known that nobody knows: what was asked for follows.
            self.run.halt = None;
            return false;
        }
        let screen = self.screen();
        // What is on its way to the journal decides what comes next.
        if self.exit.is_some() || self.journaling() {
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
        match screen {
            Screen::Review => self.auto_review(effects),
            Screen::Summary if self.ledger.ended.is_some() => self.quit(Exit::Done, effects),
            _ => self.auto_run(effects),
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
                match step.kind {
                    StepKind::WriteProfile => Exit::Profile,
                    StepKind::ApplyDeployment => Exit::DeployFailed,
                    _ => Exit::Aws,
                }
            }
            Some(Halt::Unknown { step, why }) => {
                let undoing = self.ledger.rows.iter().any(|row| is_undo(&row.intent));
                let again = if undoing { "undo --yes" } else { "apply" };
                self.exit_words = Some(format!(
                    "{step}: {why}\nRun `event-cache-wizard status`, then `{again}` again: it looks first, and repeats a deploy only where that was not done. To deploy again whatever was: `{again} --redo-unknown`."
                ));
                if step.kind == StepKind::ApplyDeployment { Exit::DeployUnknown } else { Exit::CannotTell }
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
                    self.journal(Entry::Attested { what: format!("ready {service} unchecked") }, effects);
                    return;
                }
                Some(Readiness::Ready | Readiness::Waiting) | None => {}
            }
        }
    }
}
