//! One event in, its effects out: the fold, and what follows from any change.

use crate::messages::effect::Effect;
use crate::messages::event::Event;
use crate::model::mode::Mode;
use crate::model::report::Report;
use crate::model::screen::Screen;
use crate::screens;
use crate::state::Session;
use crate::ui::dialog::Dialog;
use crate::ui::page::{Action, ItemId};
use crate::ui::pass::{Pass, Stuck};
use crate::values::exit::Exit;
use crate::values::time::Now;

impl Session {
    /// Begins: asks the first questions.
    pub fn start(&mut self, now: Now) -> Vec<Effect> {
        self.update(Event::Tick, now)
    }

    /// Takes in one event and says what is to be done.
    pub fn update(&mut self, event: Event, now: Now) -> Vec<Effect> {
        self.now = Now { mono: now.mono.max(self.now.mono), wall: now.wall };
        let mut effects = Vec::new();
        if !self.slow_down(&event) {
            self.take(event, &mut effects);
        }
        if self.exit.is_none() {
            self.speed_up(&mut effects);
            self.go_on_passing(&mut effects);
            self.follow_log(&mut effects);
            self.keep_home_fresh();
        }
        self.settle(&mut effects);
        effects
    }

    fn take(&mut self, event: Event, effects: &mut Vec<Effect>) {
        match event {
            Event::Cmd { cmd } => self.cmd(cmd, effects),
            Event::Answered { question, report } => {
                if !self.run_answered(&question, &report, effects) {
                    if let Report::Gate(gate) = &*report
                        && self.ledger.run.is_none()
                    {
                        self.facts.baseline = Some(gate.notify);
                    }
                    self.facts.answered(&question, *report);
                }
            }
            Event::Journaled { seq } => self.journaled(seq, effects),
            Event::StoreFailed { seq, trouble } => self.store_failed(seq, &trouble),
            Event::Executed { step, outcome } => self.executed(&step, outcome, effects),
            Event::Proved { outcome } => {
                if let Some(proof) = &mut self.proof {
                    proof.outcome = Some(outcome);
                }
            }
            Event::DeployRead(read) => self.deploy_read(&read, effects),
            Event::LogRead { wanted, read } => self.log_read(&wanted, read, effects),
            Event::Cancelled { number, words, stopping } => self.cancelled(number, words, stopping),
            Event::Resized { width, height } => {
                (self.view.width, self.view.height) = (width, height);
                effects.push(Effect::Redraw);
            }
            Event::Tick | Event::Opened { .. } => {}
            Event::Watched { records, holder } => self.watched(&records, holder),
            Event::TookOver { records, saved, author } => {
                self.author = author;
                self.took_over(&records, saved);
            }
            Event::Settled { records, saved, head, holder, message, author } => {
                (self.head, self.author) = (head, author);
                self.settling = self.settling.saturating_sub(1);
                self.settled(&records, saved, holder, message);
            }
            Event::Stayed => self.settling = self.settling.saturating_sub(1),
            Event::Unsettled { trouble } => {
                // Nothing is saved: what stands there is not ours to overwrite.
                self.exit_words = Some(format!("{}\n{}", trouble.what, trouble.fix));
                self.exit = Some(Exit::Journal);
                effects.push(Effect::Quit(Exit::Journal));
            }
            Event::StillHeld { why } => self.view.say(why),
            Event::TakenOver { by } => self.taken_over(&by, effects),
            Event::HangUp => self.quit(Exit::HangUp, effects),
            Event::Terminate => self.quit(Exit::Terminated, effects),
            Event::Interrupted => self.quit(Exit::Interrupted, effects),
            Event::Continued => effects.push(Effect::Redraw),
        }
    }

    /// Follows up on any change: derived answers, wanted questions, the run, the focus.
    fn settle(&mut self, effects: &mut Vec<Effect>) {
        if self.exit.is_some() {
            return;
        }
        if self.setup.mode == Mode::Watch {
            self.watch_on(effects);
            self.settle_focus();
            return;
        }
        loop {
            self.offer_answers();
            let asked: Vec<Effect> = self
                .wanted()
                .into_iter()
                .filter(|question| self.facts.ask(question, self.now))
                .map(Effect::Ask)
                .collect();
            self.find_place(effects);
            let more = !asked.is_empty();
            effects.extend(asked);
            self.find_home();
            if !self.setup.mode.asks() && self.auto(effects) {
                continue;
            }
            if !more {
                break;
            }
        }
        if !self.replan_when_known(effects) {
            self.drive(effects);
        }
        self.settle_focus();
    }

    fn settle_focus(&mut self) {
        let asks_about_the_job =
            |dialog: &Dialog| dialog.offers(Action::Detach) || dialog.offers(Action::CancelNow);
        if self.dialog.as_ref().is_some_and(asks_about_the_job) && !self.job_runs() {
            self.dialog = None;
            self.view.say(format!("{} has ended meanwhile.", self.road().deployer()));
        }
        let screen = self.screen();
        if self.opened.is_none_or(|(shown, _)| shown != screen) {
            self.opened = Some((screen, self.now));
            // Where what has to be decided was led to just now, the focus stays on it.
            let led = self.jumped == Some(self.now);
            self.forms.entry(screen).or_default().moved = led;
        }
        if self.forms.get(&screen).is_some_and(|form| form.moved) {
            let page = self.page();
            self.forms.entry(screen).or_default().settle(&page);
        } else {
            self.focus_anew(screen);
        }
    }

    fn focus_anew(&mut self, screen: Screen) {
        let page = self.page();
        let wanted = match screens::pass(self, screen) {
            Pass::Stuck(Stuck { item: item @ Some(ItemId::Field(_)), .. }) => item,
            // What takes back has no default, and the choice that hurts least comes first.
            _ if screen == Screen::Home => Some(ItemId::Button(Action::Leave)),
            _ => Some(ItemId::Button(Action::Next)),
        };
        let form = self.forms.entry(screen).or_default();
        form.focus = wanted.filter(|wanted| page.items().any(|item| item.id == *wanted));
        form.settle(&page);
    }
}
