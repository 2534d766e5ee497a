//! The session and its one fold: `update(event, now) -> effects`. The screen shown is a function of
//! what stands here; every skin drives this and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use ecw_halyard::Compatibility;

use crate::answers::{Answers, Key, Provenance};
use crate::cmd::Cmd;
use crate::dialog::Dialog;
use crate::effect::{Effect, SAVED_VERSION, Saved};
use crate::event::Event;
use crate::exit::Exit;
use crate::facts::Facts;
use crate::flow::{self, Pass, Screen};
use crate::form::{Edit, Form, pasted};
use crate::journal::{Actor, Ledger};
use crate::keymap::Place;
use crate::layout;
use crate::page::{Action, ItemId, ItemState, Page};
use crate::question::Report;
use crate::run::Run;
use crate::screens;
use crate::time::Now;

/// What does not change while the program runs.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Who acts.
    pub actor: Actor,
    /// Which plugin version goes with which Spinnaker.
    pub compatibility: Compatibility,
    /// Id of this run, if one is begun.
    pub run: String,
    /// Change ticket.
    pub change: Option<String>,
    /// Who decides.
    pub mode: Mode,
    /// Whether this is a rehearsal.
    pub rehearsal: Rehearsal,
    /// The command that comes back to a running job.
    pub come_back: String,
}

/// Who decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// An operator on a screen or in line mode.
    Operator,
    /// Nobody: answers decide; changes are made.
    Unattended,
    /// Nobody: stop where changes would begin.
    PlanOnly,
}

/// Whether this is a rehearsal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rehearsal {
    /// On stand-ins.
    Yes,
    /// On the real world.
    No,
}

/// What is shown and how, besides the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
    /// ASCII only.
    pub ascii: bool,
    /// The help page is open.
    pub help: bool,
    /// One line for the operator.
    pub message: Option<String>,
}

/// The smallest terminal the wizard draws on.
pub const MIN_SIZE: (u16, u16) = (80, 24);
/// From this width on the step list stands at the left.
pub const SIDEBAR_FROM: u16 = 100;
/// Columns of the step list with its gap.
pub const SIDEBAR: u16 = 26;
/// Rows of the frame around the body: title, rule, step line, gap, rule, message, keys.
const FRAME_ROWS: u16 = 7;
/// An Enter this soon after a screen opened was meant for the one before (ux rule 12).
const GUARD_MS: u64 = 300;

/// Everything.
#[derive(Clone, Debug)]
pub struct Session {
    /// What does not change.
    pub setup: Setup,
    /// What the operator wants.
    pub answers: Answers,
    /// What was found out.
    pub facts: Facts,
    /// What is done: the fold of the journal.
    pub ledger: Ledger,
    /// What is being done.
    pub run: Run,
    /// Screens that were passed.
    pub passed: BTreeSet<Screen>,
    /// Where the operator went back to.
    pub visiting: Option<Screen>,
    /// An unfinished run waits for a decision.
    pub resume_open: bool,
    /// Answers are being changed after a run was begun.
    pub changing: bool,
    /// Focus and texts of each screen.
    pub forms: BTreeMap<Screen, Form>,
    /// A dialog over the page.
    pub dialog: Option<Dialog>,
    /// How it is shown.
    pub view: View,
    /// The latest moment.
    pub now: Now,
    /// Which screen was shown last, and since when.
    pub opened: Option<(Screen, Now)>,
    /// How the program ends.
    pub exit: Option<Exit>,
    /// Why, when that needs words.
    pub exit_words: Option<String>,
    /// A part that is to be undone as soon as the session runs.
    pub(crate) undoing: Option<crate::undo::Part>,
    interrupted: Option<Now>,
}

impl Session {
    /// Returns a session at its begin; `ledger` comes from the journal, `saved` from the last visit.
    #[must_use]
    pub fn new(setup: Setup, answers: Answers, saved: Option<Saved>, ledger: Ledger, now: Now) -> Self {
        let resume_open = ledger.unfinished() && setup.mode == Mode::Operator;
        let mut session = Self {
            setup,
            answers,
            facts: Facts::default(),
            ledger,
            run: Run::default(),
            passed: BTreeSet::new(),
            visiting: None,
            resume_open,
            changing: false,
            forms: BTreeMap::new(),
            dialog: None,
            view: View { width: 80, height: 24, ascii: false, help: false, message: None },
            now,
            opened: None,
            exit: None,
            exit_words: None,
            undoing: None,
            interrupted: None,
        };
        if let Some(saved) = saved {
            for (key, answer) in saved.answers.iter() {
                session.answers.offer(key, answer.value.clone(), Provenance::Saved);
            }
            if session.setup.mode == Mode::Operator {
                session.passed = saved.passed.into_iter().collect();
            }
        }
        if session.setup.mode != Mode::Operator {
            // Nobody is there to choose: an unfinished run goes on, a finished one is looked at anew.
            if session.ledger.unfinished() {
                session.run.arm();
            } else {
                session.changing = session.ledger.run.is_some();
            }
        }
        session
    }

    /// Begins: asks the first questions.
    pub fn start(&mut self, now: Now) -> Vec<Effect> {
        self.update(Event::Tick, now)
    }

    /// Takes in one event and says what is to be done.
    pub fn update(&mut self, event: Event, now: Now) -> Vec<Effect> {
        self.now = Now { mono: now.mono.max(self.now.mono), wall: now.wall };
        let mut effects = Vec::new();
        self.undo_if_asked(&mut effects);
        self.take(event, &mut effects);
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
            Event::StoreFailed { trouble } => self.store_failed(&trouble),
            Event::Executed { step, outcome } => self.executed(&step, outcome, effects),
            Event::DeployRead(read) => self.deploy_read(&read, effects),
            Event::Cancelled { words } => self.view.message = Some(words),
            Event::Resized { width, height } => {
                (self.view.width, self.view.height) = (width, height);
                effects.push(Effect::Redraw);
            }
            Event::Tick => {}
            Event::HangUp => self.quit(Exit::HangUp, effects),
            Event::Terminate => self.quit(Exit::Terminated, effects),
            Event::Continued => effects.push(Effect::Redraw),
        }
    }

    /// Follows up on any change: derived answers, wanted questions, the run, the focus.
    fn settle(&mut self, effects: &mut Vec<Effect>) {
        if self.exit.is_some() {
            return;
        }
        loop {
            self.derive();
            let asked: Vec<Effect> = self
                .wanted()
                .into_iter()
                .filter(|question| self.facts.ask(question, self.now))
                .map(Effect::Ask)
                .collect();
            let more = !asked.is_empty();
            effects.extend(asked);
            if self.setup.mode != Mode::Operator && self.auto(effects) {
                continue;
            }
            if !more {
                break;
            }
        }
        self.drive(effects);
        let screen = self.screen();
        if self.opened.is_none_or(|(shown, _)| shown != screen) {
            self.opened = Some((screen, self.now));
            self.forms.entry(screen).or_default().moved = false;
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
            Pass::Stuck(crate::flow::Stuck { item: item @ Some(ItemId::Field(_)), .. }) => item,
            _ => Some(ItemId::Button(Action::Next)),
        };
        let form = self.forms.entry(screen).or_default();
        form.focus = wanted.filter(|wanted| page.items().any(|item| item.id == *wanted));
        form.settle(&page);
    }

    /// Returns the screen that is shown.
    #[must_use]
    pub fn screen(&self) -> Screen {
        self.visiting.unwrap_or_else(|| flow::resolve(self))
    }

    /// Returns the page that is shown.
    #[must_use]
    pub fn page(&self) -> Page {
        screens::page(self, self.screen())
    }

    /// Returns the form of the screen that is shown.
    #[must_use]
    pub fn form(&self) -> Form {
        self.forms.get(&self.screen()).cloned().unwrap_or_default()
    }

    /// Returns what has the keyboard.
    #[must_use]
    pub fn place(&self) -> Place {
        if self.view.help {
            return Place::Help;
        }
        if self.dialog.is_some() {
            return Place::Dialog;
        }
        let focus = self.forms.get(&self.screen()).and_then(|form| form.focus.as_ref());
        if matches!(focus, Some(ItemId::Field(_))) { Place::Text } else { Place::Items }
    }

    /// Returns width and height of the body.
    #[must_use]
    pub fn body_size(&self) -> (usize, usize) {
        let side = if self.view.width >= SIDEBAR_FROM { SIDEBAR } else { 0 };
        let width = self.view.width.saturating_sub(2 + side);
        (usize::from(width.min(100)), usize::from(self.view.height.saturating_sub(FRAME_ROWS)))
    }

    // ---- commands ----------------------------------------------------------------------------

    fn cmd(&mut self, cmd: Cmd, effects: &mut Vec<Effect>) {
        if !matches!(cmd, Cmd::Redraw | Cmd::ToggleAscii) {
            self.view.message = None;
        }
        match cmd {
            Cmd::Redraw => effects.push(Effect::Redraw),
            Cmd::ToggleAscii => {
                self.view.ascii = !self.view.ascii;
                effects.push(Effect::Redraw);
            }
            Cmd::Suspend => effects.push(Effect::Suspend),
            Cmd::Back if self.view.help => self.view.help = false,
            _ if self.view.help => {}
            Cmd::Interrupt => self.interrupt(effects),
            cmd if self.dialog.is_some() => self.dialog_cmd(&cmd, effects),
            Cmd::Help => self.view.help = true,
            Cmd::Back => self.back(effects),
            Cmd::Copy => self.copy(effects),
            Cmd::FocusNext => self.move_focus(1),
            Cmd::FocusPrevious => self.move_focus(-1),
            Cmd::PageDown => self.scroll(1),
            Cmd::PageUp => self.scroll(-1),
            Cmd::Insert(text) => self.edit(|edit| edit.insert(&text)),
            Cmd::Edit(motion) => self.edit(|edit| edit.apply(motion)),
            Cmd::Paste(text) => self.paste(&text),
            Cmd::Activate => self.activate(effects),
            Cmd::Press(item) => self.press(&item, effects),
            Cmd::Set(key, value) => self.set_typed(key, &value),
        }
    }

    fn form_mut(&mut self) -> &mut Form {
        let screen = self.screen();
        self.forms.entry(screen).or_default()
    }

    fn move_focus(&mut self, by: isize) {
        self.commit_focused();
        let page = self.page();
        self.form_mut().step(&page, by);
    }

    fn scroll(&mut self, by: isize) {
        let (width, height) = self.body_size();
        let page = self.page();
        let form = self.form();
        let rows = layout::rows(&page, &form, width);
        let height = layout::body_height(&layout::bar(&page, &form, width), height);
        let now = layout::offset(&rows, &form, height);
        let step = isize::try_from(height.saturating_sub(2).max(1)).unwrap_or(1);
        let most = rows.len().saturating_sub(height);
        self.form_mut().scrolled = Some(now.saturating_add_signed(by * step).min(most));
    }

    fn edit(&mut self, change: impl FnOnce(&mut Edit)) {
        let form = self.form();
        let Some(id @ ItemId::Field(_)) = form.focus else { return };
        let value = self.page().items().find(|item| item.id == id).and_then(|item| match &item.state {
            ItemState::Text { value, .. } => Some(value.clone()),
            _ => None,
        });
        let Some(value) = value else { return };
        let form = self.form_mut();
        form.moved = true;
        change(form.edits.entry(id.clone()).or_insert_with(|| Edit::of(&value)));
        form.scrolled = None;
        // Once in error, the field is checked again on each edit.
        if form.errors.contains_key(&id) {
            let text = form.edits.get(&id).map(|edit| edit.text.clone()).unwrap_or_default();
            if let ItemId::Field(key) = &id {
                match screens::validate(*key, &text) {
                    Ok(()) => drop(self.form_mut().errors.remove(&id)),
                    Err(error) => drop(self.form_mut().errors.insert(id, error)),
                }
            }
        }
    }

    fn paste(&mut self, text: &str) {
        if self.place() != Place::Text {
            return;
        }
        let (clean, dropped) = pasted(text);
        self.edit(|edit| edit.insert(&clean));
        if dropped {
            self.view.message =
                Some("Line breaks, tabs or control characters were dropped from the paste.".to_owned());
        }
    }

    fn commit_focused(&mut self) {
        if let Some(id @ ItemId::Field(_)) = self.form().focus {
            self.commit(&id);
        }
    }

    /// Takes an edited text as the answer, or notes what is wrong with it. The text stays.
    fn commit(&mut self, id: &ItemId) {
        let ItemId::Field(key) = id else { return };
        let Some(edit) = self.form().edits.get(id).cloned() else { return };
        let text = edit.text.trim().to_owned();
        if let Err(error) = screens::validate(*key, &text) {
            self.form_mut().errors.insert(id.clone(), error);
            return;
        }
        let form = self.form_mut();
        form.errors.remove(id);
        form.edits.remove(id);
        if self.answers.text(*key) != text {
            self.answer(*key, &text);
        }
    }

    fn answer(&mut self, key: Key, text: &str) {
        if text.is_empty() {
            self.answers.clear(key);
        } else {
            self.answers.set(key, text, Provenance::Typed);
        }
        if key == Key::HalDirectory {
            self.answers.clear(Key::Deployment);
        }
    }

    fn set_typed(&mut self, key: Key, value: &str) {
        let id = ItemId::Field(key);
        let (clean, _) = pasted(value);
        let form = self.form_mut();
        form.edits.insert(id.clone(), Edit::of(&clean));
        form.focus = Some(id.clone());
        self.commit(&id);
    }

    fn activate(&mut self, effects: &mut Vec<Effect>) {
        let Some(focus) = self.form().focus else { return };
        if let Some((screen, since)) = self.opened
            && screen.changes_the_world()
            && self.now.mono.saturating_sub(since.mono) < GUARD_MS
        {
            return;
        }
        if matches!(focus, ItemId::Field(_)) {
            self.commit(&focus);
            if !self.form().errors.contains_key(&focus) {
                self.move_focus(1);
            }
            return;
        }
        self.press(&focus, effects);
    }

    fn press(&mut self, item: &ItemId, effects: &mut Vec<Effect>) {
        if !matches!(item, ItemId::Button(_)) {
            self.form_mut().moved = true;
        }
        if !self.page().items().any(|each| each.id == *item) {
            return;
        }
        match item {
            ItemId::Field(_) => self.form_mut().focus = Some(item.clone()),
            ItemId::Option(key, value) => {
                self.answer(*key, value);
                self.save(effects);
            }
            ItemId::Toggle(key) => {
                let ticked = if self.answers.is_yes(*key) { "false" } else { "true" };
                self.answer(*key, ticked);
                self.save(effects);
            }
            ItemId::Button(action) => self.act(*action, effects),
        }
    }

    fn copy(&mut self, effects: &mut Vec<Effect>) {
        let mut lines = Vec::new();
        for block in self.page().blocks {
            if let crate::page::Block::Copy(values) = block {
                lines.extend(values);
            }
        }
        if lines.is_empty() {
            return;
        }
        effects.push(Effect::Copy(lines.join("\n")));
        self.view.message =
            Some("Sent to your terminal; if paste is empty, your terminal blocked it.".to_owned());
    }

    fn back(&mut self, effects: &mut Vec<Effect>) {
        let form = self.form_mut();
        form.scrolled = None;
        let screen = self.screen();
        let before = Screen::FLOW.iter().rev().skip_while(|each| **each != screen).skip(1);
        let target = before.copied().find(|each| !flow::skipped(self, *each));
        match target {
            Some(target) => {
                self.visiting = (target != flow::resolve(self)).then_some(target);
                self.save(effects);
            }
            None => {
                self.view.message =
                    Some("This is the first screen. Ctrl-C leaves; your answers are saved.".to_owned());
            }
        }
    }

    /// Commits every edited text; returns false when one is wrong (the focus goes there).
    fn commit_all(&mut self) -> bool {
        let edited: Vec<ItemId> = self.form().edits.keys().cloned().collect();
        for id in edited {
            self.commit(&id);
        }
        let page = self.page();
        let form = self.form();
        let wrong = page.items().find(|item| form.errors.contains_key(&item.id)).map(|item| item.id.clone());
        match wrong {
            Some(wrong) => {
                let form = self.form_mut();
                form.focus = Some(wrong);
                form.moved = true;
                false
            }
            None => true,
        }
    }

    /// On to the next screen, if this one may be passed.
    pub(crate) fn next(&mut self, effects: &mut Vec<Effect>) {
        if !self.commit_all() {
            return;
        }
        self.derive();
        let screen = self.screen();
        if let (Screen::Configure, true, Some(wanted)) =
            (screen, self.answers.is_yes(Key::PatchOnly), self.wanted_profiles())
        {
            effects.push(Effect::WritePatch(Box::new(wanted)));
        }
        match screens::pass(self, screen) {
            Pass::Ready => {
                self.passed.insert(screen);
                self.go_on(screen);
                self.save(effects);
            }
            Pass::Busy(what) => {
                self.view.message = Some(format!("Still looking: {what}. Press Enter again in a moment."));
            }
            Pass::Stuck(stuck) => {
                if let Some(item) = stuck.item {
                    if let (ItemId::Field(_), true) = (&item, self.page().items().any(|each| each.id == item))
                    {
                        self.form_mut().errors.insert(item.clone(), stuck.why.clone());
                    }
                    let form = self.form_mut();
                    form.focus = Some(item);
                    form.moved = true;
                }
                self.view.message = Some(stuck.why);
            }
        }
    }

    fn go_on(&mut self, from: Screen) {
        let first_open = flow::resolve(self);
        let next = Screen::FLOW
            .into_iter()
            .skip_while(|each| *each != from)
            .skip(1)
            .find(|each| !flow::skipped(self, *each));
        self.visiting = next.filter(|next| *next < first_open);
    }

    // ---- leaving -------------------------------------------------------------------------------

    fn interrupt(&mut self, effects: &mut Vec<Effect>) {
        const TWICE_MS: u64 = 2_000;
        let again = self.interrupted.is_some_and(|at| self.now.mono.saturating_sub(at.mono) < TWICE_MS);
        self.interrupted = Some(self.now);
        if again {
            let exit = if self.job_runs() { Exit::Detached } else { Exit::Interrupted };
            self.quit(exit, effects);
        } else {
            self.dialog = Some(if self.job_runs() { Dialog::running(self) } else { Dialog::leave(self) });
        }
    }

    fn dialog_cmd(&mut self, cmd: &Cmd, effects: &mut Vec<Effect>) {
        let Some(dialog) = &mut self.dialog else { return };
        match cmd {
            Cmd::FocusNext => dialog.step(1),
            Cmd::FocusPrevious => dialog.step(-1),
            Cmd::Back => self.dialog = None,
            Cmd::Activate => {
                if self.now.mono.saturating_sub(dialog.opened.mono) < GUARD_MS && dialog.dangerous() {
                    return;
                }
                let action = dialog.chosen();
                self.dialog = None;
                self.act(action, effects);
            }
            Cmd::Press(ItemId::Button(action)) if dialog.offers(*action) => {
                self.dialog = None;
                self.act(*action, effects);
            }
            _ => {}
        }
    }

    pub(crate) fn quit(&mut self, exit: Exit, effects: &mut Vec<Effect>) {
        self.save(effects);
        self.exit = Some(exit);
        effects.push(Effect::Quit(exit));
    }

    pub(crate) fn save(&self, effects: &mut Vec<Effect>) {
        let saved = Saved {
            version: SAVED_VERSION,
            answers: self.answers.saved(),
            passed: self.passed.iter().copied().collect(),
        };
        effects.push(Effect::Save(Box::new(saved)));
    }

    // ---- time ----------------------------------------------------------------------------------

    /// Returns the moment (on the steady clock) at which the core wants a tick, if it wants one.
    #[must_use]
    pub fn next_wake(&self) -> Option<u64> {
        const CLOCK_MS: u64 = 1_000;
        let busy = self.facts.in_flight().next().is_some() || self.job_runs();
        let second = busy.then(|| self.now.mono + CLOCK_MS);
        [second, self.run_wake()].into_iter().flatten().min()
    }
}
