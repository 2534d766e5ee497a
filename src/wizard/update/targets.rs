//! What the operator does to the list of targets.

use crate::messages::effect::Effect;
use crate::rules::targets::guessed;
use crate::state::Session;
use crate::ui::page::ItemId;
use crate::values::answers::{Key, Provenance};
use crate::values::names::Region;
use crate::values::targets::{EXAMPLE, Target, TargetName, write};

impl Session {
    /// Begins the list: with what hal config knows, else with the account and region at hand.
    pub(super) fn several_targets(&mut self, effects: &mut Vec<Effect>) {
        let mut names = guessed(self);
        let here = Region::parse(self.answers.text(Key::Region)).ok();
        if let (Some(account), Some(region)) = (self.account(), here) {
            let name = TargetName { account, region };
            if !names.contains(&name) {
                names.insert(0, name);
            }
        }
        self.set_targets(&names.into_iter().map(Target::plain).collect::<Vec<_>>());
        self.next(effects);
    }

    /// Takes the account and region that was typed.
    pub(super) fn add_target(&mut self, effects: &mut Vec<Effect>) {
        let field = ItemId::Field(Key::AnotherTarget);
        if !self.commit_all() {
            return;
        }
        let Ok(target) = Target::typed(self.answers.text(Key::AnotherTarget)) else {
            self.jump_to(field);
            self.view.say(EXAMPLE);
            return;
        };
        self.answers.clear(Key::AnotherTarget);
        let mut targets = self.answers.sns_targets();
        match targets.iter_mut().find(|known| known.name == target.name) {
            Some(known) => known.given.extend(target.given),
            None => targets.push(target),
        }
        self.set_targets(&targets);
        self.save(effects);
    }

    pub(super) fn toggle_target(&mut self, name: &TargetName, effects: &mut Vec<Effect>) {
        let mut targets = self.answers.sns_targets();
        match targets.iter().position(|target| target.name == *name) {
            Some(at) => self.parked.push(targets.remove(at)),
            None => {
                // With the role and whatever else it had when it was taken out.
                let known = self.parked.iter().rposition(|target| target.name == *name);
                let target = known.map(|at| self.parked.remove(at));
                targets.push(target.unwrap_or_else(|| Target::plain(name.clone())));
            }
        }
        self.set_targets(&targets);
        self.save(effects);
    }

    pub(super) fn answer_of_target(
        &mut self,
        name: &TargetName,
        key: Key,
        value: &str,
        effects: &mut Vec<Effect>,
    ) {
        let mut targets = self.answers.sns_targets();
        for target in targets.iter_mut().filter(|target| target.name == *name) {
            target.given.insert(key, value.to_owned());
        }
        self.set_targets(&targets);
        self.save(effects);
    }

    fn set_targets(&mut self, targets: &[Target]) {
        self.answers.set(Key::Targets, write(targets), Provenance::Typed);
    }
}
