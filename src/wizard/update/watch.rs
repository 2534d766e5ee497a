//! Sessions that only look: reading along while another works, and looking until something is there.

use crate::messages::effect::{Effect, Saved};
use crate::model::goal::Goal;
use crate::model::journal::Record;
use crate::model::ledger::Ledger;
use crate::model::mode::Mode;
use crate::model::question::Question;
use crate::model::readiness::Readiness;
use crate::rules::status;
use crate::state::Session;
use crate::state::run::Run;
use crate::state::stage::Stage;
use crate::values::answers::{Key, Provenance};
use crate::values::exit::Exit;

const WATCH_MS: u64 = 1_000;
const LOOK_MS: u64 = 5_000;

impl Session {
    /// Looks at the journal and at the running deploy again, once they are due.
    pub(crate) fn watch_on(&mut self, effects: &mut Vec<Effect>) {
        self.offer_answers();
        let site = self.site_question();
        if self.facts.ask(&site, self.now) {
            effects.push(Effect::Ask(site));
        }
        if self.now.mono >= self.next_look {
            self.next_look = self.now.mono + WATCH_MS;
            effects.push(Effect::ReadAlong);
        }
        self.look_at_running(effects);
    }

    pub(crate) fn watched(&mut self, records: &[Record], holder: Option<String>) {
        if self.setup.mode != Mode::Watch {
            return;
        }
        self.holder = holder;
        self.ledger = Ledger::fold(records);
    }

    /// This session works here now: it goes on from what the journal says.
    pub(crate) fn took_over(&mut self, records: &[Record], saved: Option<Box<Saved>>) {
        self.setup.mode = Mode::Operator;
        self.holder = None;
        self.ledger = Ledger::fold(records);
        self.run = Run::default();
        self.facts.forget(|_| true);
        if let Some(saved) = saved {
            self.recall(*saved);
        }
        self.take_up();
        self.view.say("You work here now.");
    }

    /// State belongs to the hal directory that is worked on: where the operator names another one, or
    /// another deployment, the state there is opened.
    pub(crate) fn find_place(&mut self, effects: &mut Vec<Effect>) {
        if self.setup.mode != Mode::Operator || self.run.armed() || self.journaling() {
            return;
        }
        let (Some(hal_dir), Some(deployment)) = (self.hal_dir(), self.deployment()) else { return };
        let place = (hal_dir, deployment.name.clone());
        if self.place.as_ref() != Some(&place) {
            self.place = Some(place.clone());
            self.settling += 1;
            let (hal_dir, deployment) = place;
            effects.push(Effect::Settle { hal_dir, deployment, actor: self.setup.actor.clone() });
        }
    }

    /// Nothing of what was being done or decided at the former place holds at another one.
    fn leave_place(&mut self) {
        self.decisions.clear();
        self.from_review = false;
        self.stage = Stage::Arriving;
        self.passed.clear();
    }

    /// Goes on from what the journal of another place says.
    pub(crate) fn settled(
        &mut self,
        records: &[Record],
        saved: Option<Box<Saved>>,
        holder: Option<String>,
        message: Option<String>,
    ) {
        if holder.is_some() {
            self.setup.mode = Mode::Watch;
        }
        self.holder = holder;
        self.ledger = Ledger::fold(records);
        self.run = Run::default();
        self.leave_place();
        self.answers.forget_saved();
        if let Some(saved) = saved {
            self.recall(*saved);
        }
        self.take_up();
        match message {
            Some(message) => self.view.say(message),
            None => self.view.hush(),
        }
    }

    /// Takes in the answers of the last visit. Where the state stands says which hal directory and
    /// deployment it is about, so those are not among them; nor is what would be run or whose rights
    /// would be used: whoever may write into the hal directory may write there too.
    pub(crate) fn recall(&mut self, saved: Saved) {
        let place = [
            Key::HalyardIn,
            Key::HalDirectory,
            Key::Deployment,
            Key::HalCommand,
            Key::AwsProfile,
            Key::Overlay,
            Key::Manifest,
            Key::Kubectl,
            Key::Kubeconfig,
            Key::KubeContext,
            Key::KubeNamespace,
        ];
        for (key, answer) in saved.answers.iter().filter(|(key, _)| !place.contains(key)) {
            self.answers.offer(key, answer.value.clone(), Provenance::Saved);
        }
        if self.setup.mode == Mode::Operator {
            self.passed = saved.passed.into_iter().collect();
        }
    }

    pub(crate) fn taken_over(&mut self, by: &str, effects: &mut Vec<Effect>) {
        self.exit_words = Some(format!(
            "Taken over by {by}. What is done stays done, a running deploy goes on; your answers are saved."
        ));
        self.quit(Exit::Locked, effects);
    }

    /// Ends once everything was looked at, or once it is there. Returns whether it looks again.
    pub(crate) fn look_on(&mut self, effects: &mut Vec<Effect>) -> bool {
        if self.facts.in_flight().next().is_some() {
            return false;
        }
        let looking = self.setup.looking;
        let exit = status::exit(&status::rows(self, looking.goal));
        let Some(limit) = looking.wait.filter(|_| exit != Exit::Done) else {
            self.quit(exit, effects);
            return false;
        };
        if self.deployment().is_none() {
            // Without a hal config nothing will ever be there.
            self.quit(exit, effects);
            return false;
        }
        let services = self.services();
        let failed = |service| self.facts.ready(service).is_some_and(|each| each.state == Readiness::Failed);
        if looking.goal == Goal::Ready && services.into_iter().any(failed) {
            self.quit(Exit::NotThere, effects);
            return false;
        }
        let since = *self.looking_since.get_or_insert(self.now);
        if self.now.mono.saturating_sub(since.mono) >= limit {
            self.exit_words = Some("It was not there in time.".to_owned());
            self.quit(Exit::Timeout, effects);
        } else if self.next_look == 0 {
            self.next_look = (self.now.mono + LOOK_MS).min(since.mono + limit);
        } else if self.now.mono >= self.next_look {
            self.next_look = 0;
            let known = matches!(self.facts.identity(), Some(Ok(_)));
            self.facts.forget(|question| {
                let stays = matches!(question, Question::Site { .. });
                let who = matches!(question, Question::Identity { .. });
                !(stays || who && known)
            });
            return true;
        }
        false
    }
}
