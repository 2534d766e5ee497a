//! From screen to screen: on, back, past all that is settled, and from a row of Review to its screen and back.

use crate::messages::effect::Effect;
use crate::model::screen::Screen;
use crate::navigation::flow;
use crate::rules::needed::skipped;
use crate::rules::plan;
use crate::screens;
use crate::state::Session;
use crate::ui::page::ItemId;
use crate::ui::pass::Pass;
use crate::values::answers::Key;

impl Session {
    /// On to the next screen, if this one may be passed.
    pub(crate) fn next(&mut self, effects: &mut Vec<Effect>) {
        if !self.commit_all() {
            return;
        }
        self.offer_answers();
        let screen = self.screen();
        if let (Screen::Configure, true, Some(wanted)) =
            (screen, self.answers.is_yes(Key::PatchOnly), self.wanted_profiles())
        {
            effects.push(Effect::WritePatch(Box::new(wanted)));
        }
        match screens::pass(self, screen) {
            Pass::Ready => {
                self.passed.insert(screen);
                if !self.return_to_review(effects) {
                    self.go_on(screen);
                    self.save(effects);
                }
            }
            Pass::Busy(what) => {
                self.view.say(format!("Still looking: {what}. Press Enter again in a moment."));
            }
            Pass::Stuck(stuck) => {
                if let Some(item) = stuck.item {
                    if let (ItemId::Field(_), true) = (&item, self.page().items().any(|each| each.id == item))
                    {
                        self.form_mut().errors.insert(item.clone(), stuck.why.clone());
                    }
                    self.jump_to(item);
                }
                self.view.say(stuck.why);
            }
        }
    }

    fn go_on(&mut self, from: Screen) {
        let first_open = flow::resolve(self);
        let next = Screen::FLOW
            .into_iter()
            .skip_while(|each| *each != from)
            .skip(1)
            .find(|each| !skipped(self, *each));
        self.stage.visit(next.filter(|next| *next < first_open));
    }

    /// On, past every screen on which nothing is left to decide, up to Review. What is still being looked at is
    /// waited for; any key ends that.
    pub(super) fn pass_settled(&mut self, effects: &mut Vec<Effect>) {
        // Each round passes a screen.
        for _ in Screen::FLOW {
            let screen = self.screen();
            if !screen.asks() || self.passing_is_waited_for(screen) {
                return;
            }
            self.next(effects);
            if self.screen() == screen {
                break;
            }
        }
        self.passing = false;
    }

    /// Returns whether it is to be gone on once the outside has answered.
    fn passing_is_waited_for(&mut self, screen: Screen) -> bool {
        let Pass::Busy(what) = screens::pass(self, screen) else { return false };
        self.passing = true;
        self.view.say(format!("Still looking: {what}. Goes on by itself."));
        true
    }

    /// Goes on with passing what is settled, if that waits for what was answered now.
    pub(super) fn go_on_passing(&mut self, effects: &mut Vec<Effect>) {
        if self.passing && !matches!(screens::pass(self, self.screen()), Pass::Busy(_)) {
            self.view.hush();
            self.passing = false;
            self.pass_settled(effects);
        }
    }

    /// To the screen on which a step of Review is decided.
    pub(super) fn visit_step(&mut self, row: usize) {
        let step = plan::steps(self).into_iter().nth(row);
        if let Some(step) = step {
            self.visit_from_review(plan::decided_on(&step.step()));
        }
    }

    /// To a screen and, from Review, back to it afterwards.
    pub(super) fn visit_from_review(&mut self, screen: Screen) {
        self.from_review = self.screen() == Screen::Review;
        self.stage.visit(Some(screen));
    }

    fn return_to_review(&mut self, effects: &mut Vec<Effect>) -> bool {
        if !std::mem::take(&mut self.from_review) {
            return false;
        }
        self.stage.visit(None);
        self.save(effects);
        true
    }

    /// Back: closes what stands beside the flow, or shows the screen before.
    pub(super) fn back(&mut self, effects: &mut Vec<Effect>) {
        let form = self.form_mut();
        form.scrolled = None;
        if self.close_side_screen() || self.return_to_review(effects) {
            return;
        }
        let target = flow::before(self, self.screen());
        match target {
            Some(target) => {
                let visit = (target != flow::resolve(self)).then_some(target);
                self.stage.visit(visit);
                self.save(effects);
            }
            None if self.ledger.run.is_some() => {
                self.view.say("The run was begun; what is done stays done. Ctrl-C leaves.");
            }
            None => {
                self.view.say("This is the first screen. Ctrl-C leaves; your answers are saved.");
            }
        }
    }

    /// Closes a screen that stands beside the flow; returns whether there was one.
    pub(crate) fn close_side_screen(&mut self) -> bool {
        let beside = matches!(self.stage.visited(), Some(Screen::Undo | Screen::SpinnakerUpgrade));
        if beside {
            self.stage.visit(None);
        }
        beside
    }
}
