//! What the buttons do.

use crate::messages::effect::Effect;
use crate::messages::event::Stopping;
use crate::model::delivery_proof::ProofState;
use crate::model::journal::{Attestation, Entry, Word};
use crate::model::mode::Mode;
use crate::model::part::Part;
use crate::model::question::Question;
use crate::model::screen::Screen;
use crate::rules::limits::PROOF_LIMIT_MS;
use crate::rules::question::question;
use crate::rules::task::Task;
use crate::rules::{drift, handover, home, plan, undo};
use crate::screens;
use crate::screens::dialogs;
use crate::state::Session;
use crate::state::stage::{Stage, Then};
use crate::ui::page::Action;
use crate::ui::pass::Pass;
use crate::values::answers::{Key, Provenance};
use crate::values::answers_file;
use crate::values::choices::SnsWhen;
use crate::values::exit::Exit;

impl Session {
    pub(crate) fn act(&mut self, action: Action, effects: &mut Vec<Effect>) {
        match action {
            Action::Next if self.screen() == Screen::Review => self.review(effects),
            Action::Next => self.next(effects),
            Action::CheckAgain => self.check_again(),
            Action::NotFromHere => {
                self.answers.set(Key::SnsWhen, SnsWhen::Later.text(), Provenance::Typed);
                self.next(effects);
            }
            Action::FromHere => {
                self.answers.set(Key::SnsWhen, SnsWhen::Now.text(), Provenance::Typed);
                self.save(effects);
            }
            Action::SeveralTargets => self.several_targets(effects),
            Action::OneTarget => {
                self.answers.clear(Key::Targets);
                self.passed.remove(&Screen::Targets);
                self.save(effects);
            }
            Action::AddTarget => self.add_target(effects),
            Action::Begin => self.begin(effects),
            Action::GoBack => drop(self.close_side_screen()),
            Action::Stay => {}
            Action::Retry => self.retry(effects),
            Action::Change => self.change(effects),
            Action::Attest => self.attest(effects),
            Action::SendConfirmation => self.send_confirmation(effects),
            Action::ConfirmLater => self.run.confirm_later = true,
            Action::Undo => self.stage.visit(Some(Screen::Undo)),
            Action::UndoPart(part) => self.ask_undo(part),
            Action::UndoNow(part) => self.undo(part, effects),
            Action::UpgradePlugin => self.change_from(Screen::Version, effects),
            Action::CheckSpinnaker => self.stage.visit(Some(Screen::SpinnakerUpgrade)),
            Action::AwsPart => {
                self.answers.set(Key::SnsWhen, SnsWhen::Now.text(), Provenance::Typed);
                self.change_from(Screen::AwsIdentity, effects);
            }
            Action::Prove => self.ask_proof(),
            Action::ProveNow => self.prove(effects),
            Action::Adopt => self.adopt(effects),
            Action::TakeOver => self.dialog = Some(dialogs::take_over(self)),
            Action::TakeOverNow => effects.push(Effect::TakeOver(self.setup.actor.clone())),
            Action::ViewLog => self.open_log(effects),
            Action::Bundle => self.dialog = Some(dialogs::bundle(self)),
            Action::CopyBundle => {
                effects.push(Effect::Copy(self.command(dialogs::BUNDLE)));
                self.view.say("Sent to your terminal; if paste is empty, your terminal blocked it.");
            }
            Action::Leave => {
                let exit = self.exit_of_leaving();
                self.quit(exit, effects);
            }
            Action::Detach => self.quit(Exit::Detached, effects),
            Action::CancelDeploy => self.dialog = Some(dialogs::cancel(self)),
            Action::CancelNow => self.cancel(effects),
            Action::Resume => self.resume(effects),
            Action::StartOver => self.change(effects),
            Action::GoTo(screen) => self.visit_from_review(screen),
        }
    }

    fn ask_proof(&mut self) {
        match self.provable() {
            Ok((channel, _)) => {
                let (name, bucket) = (channel.name.clone(), channel.bucket.clone());
                self.dialog = Some(dialogs::prove(self, &name, bucket.as_deref()));
            }
            Err(why) => self.view.say(why),
        }
    }

    fn prove(&mut self, effects: &mut Vec<Effect>) {
        if let Some(job) = self.proof_job(PROOF_LIMIT_MS) {
            self.proof = Some(ProofState { since: self.now, outcome: None });
            effects.push(Effect::Prove(Box::new(job)));
        }
    }

    fn exit_of_leaving(&self) -> Exit {
        if self.job_runs() {
            Exit::Detached
        } else if self.screen().is_at_rest() {
            Exit::Done
        } else {
            Exit::Interrupted
        }
    }

    /// The last question before the world changes: its effects by name, the safe button focused.
    fn review(&mut self, effects: &mut Vec<Effect>) {
        if self.journaling() {
            // It is being begun: whoever pressed twice is asked no second time.
            return;
        }
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
                let title = question(self, &steps);
                self.dialog = Some(dialogs::begin(self, title, text));
            }
            Pass::Busy(what) => {
                self.view.say(format!("Still looking: {what}. Press Enter again in a moment."));
            }
            Pass::Stuck(stuck) => self.view.say(stuck.why),
        }
    }

    pub(crate) fn begin(&mut self, effects: &mut Vec<Effect>) {
        let may = self.screen() == Screen::Review && !self.journaling();
        if !may || screens::pass(self, Screen::Review) != Pass::Ready {
            return;
        }
        let steps = plan::steps(self);
        self.stage.visit(None);
        if matches!(self.stage, Stage::Arriving | Stage::Home) {
            self.stage = Stage::Asking;
        }
        self.disarm();
        self.write_rollback(effects);
        effects.push(Effect::WriteState {
            name: "answers.yml".to_owned(),
            text: answers_file::write(&self.answers),
        });
        if !self.answers.sns_now() && !self.answers.sns_by_targets() {
            for (name, text) in handover::files(self) {
                effects.push(Effect::WriteState { name: format!("{}/{name}", handover::DIRECTORY), text });
            }
        }
        // Whoever goes on after a kill has these answers, whoever gave them.
        self.save(effects);
        self.begin_steps(steps, effects);
    }

    fn begin_steps(&mut self, steps: Vec<crate::steps::Intent>, effects: &mut Vec<Effect>) {
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
            Question::Site { .. }
            | Question::Halyards
            | Question::Daemon { .. }
            | Question::Cluster { .. } => screen == Screen::Prerequisites,
            Question::Repository { .. } => screen == Screen::Version,
            Question::Profiles { .. } => screen == Screen::Configure,
            Question::Pending { .. } | Question::Rendered { .. } => screen == Screen::InstallPlan,
            Question::Identity { .. } | Question::Topics { .. } | Question::Topic { .. } => {
                matches!(screen, Screen::AwsIdentity | Screen::Topic | Screen::Delivery)
            }
            Question::Endpoint { .. } | Question::Gate { .. } => screen == Screen::Endpoint,
            Question::TargetsPlan { .. } | Question::TargetsStand { .. } => {
                matches!(screen, Screen::Targets | Screen::Review)
            }
            Question::TargetsProgress { .. }
            | Question::Staged { .. }
            | Question::Ready { .. }
            | Question::Tasks { .. }
            | Question::Subscription { .. }
            | Question::Probe { .. } => matches!(screen, Screen::Install | Screen::Readiness),
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
            self.view.say(format!("{} runs; change answers when it has ended.", self.road().deployer()));
            return;
        }
        if self.find_out_first(Then::Replan) {
            return;
        }
        self.stage = Stage::Asking;
        self.from_review = false;
        self.disarm();
        self.facts.forget(|_| true);
        self.passed.retain(|screen| *screen < from);
        self.save(effects);
    }

    fn attest(&mut self, effects: &mut Vec<Effect>) {
        let what = match self.next_task() {
            Some((_, Task::Ready(services))) => Attestation::Ready { services, word: Word::Operator },
            Some((_, Task::Confirm)) => Attestation::Confirmed,
            Some((_, Task::Step(_))) | None => return,
        };
        self.journal(Entry::Attested { what }, effects);
    }

    fn cancel(&mut self, effects: &mut Vec<Effect>) {
        if let (true, Some(deploy)) = (self.can_cancel(), &mut self.run.deploy) {
            if deploy.stopping == Stopping::NotAsked {
                deploy.stopping = Stopping::Asking;
            }
            let ours = self.ledger.rows.iter().filter(|row| row.started_seq == Some(deploy.number));
            let services = ours.filter_map(|row| row.intent.apply_deployment()).next();
            let services = services.map(|apply| apply.services.clone());
            let (number, started) = (deploy.number, deploy.started);
            let daemon = self.daemon_endpoint();
            effects.push(Effect::CancelDeploy {
                number,
                services: services.unwrap_or_default(),
                started,
                daemon,
            });
            self.view.say("Telling our own hal to stop.");
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

    fn ask_undo(&mut self, part: Part) {
        if self.job_runs() {
            let deployer = self.road().deployer();
            let or = if self.can_cancel() { ", or cancel it first" } else { "" };
            self.view.say(format!("{deployer} runs; undo when it has ended{or}."));
            return;
        }
        let steps = undo::steps(self, part);
        let mut text: Vec<String> =
            steps.iter().map(|step| format!("- {} ({})", step.describe(), step.usual_time())).collect();
        if text.is_empty() {
            self.view.say("The journal knows of nothing that could be taken back.");
            return;
        }
        text.extend(undo::stays(self, part).into_iter().map(|line| format!("  stays: {line}")));
        self.dialog = Some(dialogs::undo(self, part, text));
    }

    pub(crate) fn undo(&mut self, part: Part, effects: &mut Vec<Effect>) {
        self.stage = Stage::Running;
        if self.find_out_first(Then::Undo(part)) {
            return;
        }
        let steps = undo::steps(self, part);
        if steps.is_empty() && self.setup.mode == Mode::Unattended && !self.ledger.unfinished() {
            let stays = undo::stays(self, part);
            let mut words = vec!["The journal knows of nothing to take back.".to_owned()];
            words.extend(stays.into_iter().map(|line| format!("Stays: {line}")));
            self.exit_words = Some(words.join("\n"));
            self.quit(Exit::Done, effects);
            return;
        }
        self.answers.clear(Key::DeleteTopic);
        self.disarm();
        self.begin_steps(steps, effects);
    }
}
