//! What the buttons do.

use crate::answers::{Key, Provenance};
use crate::dialog::Dialog;
use crate::effect::Effect;
use crate::exit::Exit;
use crate::flow::{Pass, Screen};
use crate::journal::Entry;
use crate::page::Action;
use crate::question::Question;
use crate::resume::Replan;
use crate::run::Task;
use crate::session::{Home, Session};
use crate::step::Intent;
use crate::{answers_file, drift, home, plan, screens, undo};

impl Session {
    pub(crate) fn act(&mut self, action: Action, effects: &mut Vec<Effect>) {
        match action {
            Action::Next if self.screen() == Screen::Review => self.review(effects),
            Action::Next => self.next(effects),
            Action::CheckAgain => self.check_again(),
            Action::NotFromHere => {
                self.answers.set(Key::SnsWhen, "later", Provenance::Typed);
                self.next(effects);
            }
            Action::FromHere => {
                self.answers.set(Key::SnsWhen, "now", Provenance::Typed);
                self.save(effects);
            }
            Action::Begin => self.begin(effects),
            Action::GoBack => drop(self.close_side_screen()),
            Action::Stay => {}
            Action::Retry => self.retry(),
            Action::Change => self.change(effects),
            Action::Attest => self.attest(effects),
            Action::SendConfirmation => self.send_confirmation(),
            Action::ConfirmLater => self.run.confirm_later = true,
            Action::Undo => self.visiting = Some(Screen::Undo),
            Action::UndoPart(part) => self.ask_undo(part),
            Action::UndoNow(part) => self.undo(part, effects),
            Action::UpgradePlugin => self.change_from(Screen::Version, effects),
            Action::CheckSpinnaker => self.visiting = Some(Screen::SpinnakerUpgrade),
            Action::AwsPart => {
                self.answers.set(Key::SnsWhen, "now", Provenance::Typed);
                self.change_from(Screen::AwsIdentity, effects);
            }
            Action::Adopt => self.adopt(effects),
            Action::TakeOver => self.dialog = Some(Dialog::take_over(self)),
            Action::TakeOverNow => effects.push(Effect::TakeOver(self.setup.actor.clone())),
            Action::Leave => {
                let exit = self.exit_of_leaving();
                self.quit(exit, effects);
            }
            Action::Detach => self.quit(Exit::Detached, effects),
            Action::CancelDeploy => self.dialog = Some(Dialog::cancel(self)),
            Action::CancelNow => self.cancel(effects),
            Action::Resume => self.resume(effects),
            Action::StartOver => self.change(effects),
            Action::GoTo(screen) => self.visiting = Some(screen),
        }
    }

    fn exit_of_leaving(&self) -> Exit {
        match self.screen() {
            _ if self.job_runs() => Exit::Detached,
            Screen::Summary | Screen::Home | Screen::Watch => Exit::Done,
            _ => Exit::Interrupted,
        }
    }

    /// The last question before the world changes: its effects by name, the safe button focused.
    fn review(&mut self, effects: &mut Vec<Effect>) {
        match screens::pass(self, Screen::Review) {
            Pass::Ready => {
                let steps = plan::steps(self);
                if steps.is_empty() {
                    self.begin(effects);
                    return;
                }
                let mut text: Vec<String> = steps
                    .iter()
                    .take(8)
                    .map(|step| format!("- {} ({})", step.describe(), step.usual_time()))
                    .collect();
                if steps.len() > 8 {
                    text.push(format!("- and {} more", steps.len() - 8));
                }
                self.dialog = Some(Dialog::begin(self, text));
            }
            Pass::Busy(what) => {
                self.view.message = Some(format!("Still looking: {what}. Press Enter again in a moment."));
            }
            Pass::Stuck(stuck) => self.view.message = Some(stuck.why),
        }
    }

    pub(crate) fn begin(&mut self, effects: &mut Vec<Effect>) {
        if self.screen() != Screen::Review || screens::pass(self, Screen::Review) != Pass::Ready {
            return;
        }
        let steps = plan::steps(self);
        self.visiting = None;
        self.disarm();
        self.write_rollback(effects);
        effects.push(Effect::WriteState {
            name: "answers.yml".to_owned(),
            text: answers_file::write(&self.answers),
        });
        // Whoever goes on after a kill has these answers, whoever gave them.
        self.save(effects);
        self.begin_steps(steps, effects);
    }

    fn begin_steps(&mut self, steps: Vec<crate::step::Intent>, effects: &mut Vec<Effect>) {
        self.home = Home::Left;
        let entry = Entry::Begun {
            actor: self.setup.actor.clone(),
            change: self.setup.change.clone(),
            confirmed: drift::confirmed(self),
            steps,
        };
        self.journal(entry, effects);
    }

    fn check_again(&mut self) {
        let screen = self.screen();
        self.facts.forget(|question| match question {
            Question::Site { .. } | Question::Daemon { .. } => screen == Screen::Prerequisites,
            Question::Repository { .. } => screen == Screen::Version,
            Question::Profiles { .. } => screen == Screen::Configure,
            Question::Pending { .. } => screen == Screen::InstallPlan,
            Question::Identity { .. } | Question::Topics { .. } | Question::Topic { .. } => {
                matches!(screen, Screen::AwsIdentity | Screen::Topic | Screen::Delivery)
            }
            Question::Endpoint { .. } | Question::Gate { .. } => screen == Screen::Endpoint,
            _ => matches!(screen, Screen::Install | Screen::Readiness),
        });
        if matches!(screen, Screen::Review | Screen::Home | Screen::Undo | Screen::Resume) {
            self.facts.forget(|_| true);
        }
    }

    /// Opens the answers of a begun run: they lead through Review again, and the world is looked
    /// at anew.
    pub(crate) fn change(&mut self, effects: &mut Vec<Effect>) {
        self.change_from(Screen::Configure, effects);
    }

    fn change_from(&mut self, from: Screen, effects: &mut Vec<Effect>) {
        if self.job_runs() {
            self.view.message = Some("hal runs; change answers when it has ended.".to_owned());
            return;
        }
        self.resume_open = false;
        if self.find_out_first(Replan::WhenKnown) {
            return;
        }
        self.changing = self.ledger.run.is_some();
        self.home = Home::Left;
        self.visiting = None;
        self.disarm();
        self.facts.forget(|_| true);
        self.passed.retain(|screen| *screen < from);
        self.save(effects);
    }

    fn attest(&mut self, effects: &mut Vec<Effect>) {
        let what = match self.next_task() {
            Some((_, Task::Ready(services))) => format!("ready {}", crate::step::names(&services)),
            Some((_, Task::Confirm)) => "confirmed".to_owned(),
            _ => return,
        };
        self.journal(Entry::Attested { what }, effects);
    }

    fn cancel(&mut self, effects: &mut Vec<Effect>) {
        if let (true, Some(deploy)) = (self.can_cancel(), &self.run.deploy) {
            let services = self.ledger.rows.iter().find_map(|row| match &row.intent {
                Intent::Apply { services, .. } if row.started_seq == Some(deploy.number) => {
                    Some(services.clone())
                }
                _ => None,
            });
            let (number, started) = (deploy.number, deploy.started);
            effects.push(Effect::CancelDeploy { number, services: services.unwrap_or_default(), started });
            self.view.message = Some("Telling our own hal to stop.".to_owned());
        }
    }

    /// Notes an installation that was found as not made by us.
    fn adopt(&mut self, effects: &mut Vec<Effect>) {
        let entry = Entry::Adopted {
            actor: self.setup.actor.clone(),
            found: home::found(self),
            deployed: home::running(self),
        };
        self.journal(entry, effects);
    }

    fn ask_undo(&mut self, part: undo::Part) {
        if self.job_runs() {
            self.view.message = Some("hal runs; undo when it has ended, or cancel it first.".to_owned());
            return;
        }
        let steps = undo::steps(self, part);
        let mut text: Vec<String> =
            steps.iter().map(|step| format!("- {} ({})", step.describe(), step.usual_time())).collect();
        if text.is_empty() {
            self.view.message = Some("The journal knows of nothing that could be taken back.".to_owned());
            return;
        }
        text.extend(undo::stays(self, part).into_iter().map(|line| format!("  stays: {line}")));
        self.dialog = Some(Dialog::undo(self, part, text));
    }

    pub(crate) fn undo(&mut self, part: undo::Part, effects: &mut Vec<Effect>) {
        self.resume_open = false;
        self.home = Home::Left;
        self.visiting = None;
        if self.find_out_first(Replan::ThenUndo(part)) {
            return;
        }
        let steps = undo::steps(self, part);
        self.changing = false;
        self.answers.clear(Key::DeleteTopic);
        self.visiting = None;
        self.disarm();
        self.begin_steps(steps, effects);
    }
}
