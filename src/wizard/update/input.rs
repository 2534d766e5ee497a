//! What the operator's commands do to focus, texts, answers and flow.

use crate::messages::cmd::Cmd;
use crate::messages::effect::{Effect, SAVED_VERSION, Saved};
use crate::messages::keymap::KeyPlace;
use crate::model::mode::Mode;
use crate::rules::home;
use crate::screens::dialogs;
use crate::state::Session;
use crate::ui::form::{Edit, Form, pasted};
use crate::ui::page::{Action, Fold, ItemId, ItemState};
use crate::values::answers::{Key, Provenance};
use crate::values::answers_file;
use crate::values::choices::YesNo;
use crate::values::exit::Exit;
use crate::values::validation::validate;

/// An Enter this soon after a screen or a dangerous dialog opened was meant for the one before, milliseconds.
const GUARD_MS: u64 = 300;
/// An Enter this soon after the focus was moved to a decision was meant for going on.
const JUMP_GUARD_MS: u64 = 600;

impl Session {
    pub(crate) fn cmd(&mut self, cmd: Cmd, effects: &mut Vec<Effect>) {
        if !matches!(cmd, Cmd::Redraw | Cmd::ToggleAscii) {
            self.view.hush();
            self.passing = false;
            self.home.looks = 0;
        }
        match cmd {
            Cmd::Redraw => effects.push(Effect::Redraw),
            Cmd::ToggleAscii => {
                self.view.ascii = !self.view.ascii;
                effects.push(Effect::Redraw);
            }
            Cmd::Suspend => effects.push(Effect::Suspend),
            Cmd::Back if self.view.help => self.view.help = false,
            Cmd::PageDown if self.view.help => self.scroll_help(1),
            Cmd::PageUp if self.view.help => self.scroll_help(-1),
            _ if self.view.help => {}
            Cmd::Interrupt => self.interrupt(effects),
            cmd if self.view.log.is_some() && self.dialog.is_none() => self.log_cmd(cmd, effects),
            cmd if self.dialog.is_some() => self.dialog_cmd(&cmd, effects),
            Cmd::Help => (self.view.help, self.view.help_top) = (true, 0),
            Cmd::Back => self.back(effects),
            Cmd::Refresh => self.press(&ItemId::Button(Action::CheckAgain), effects),
            Cmd::ShowLog => self.open_log(effects),
            Cmd::Log(_) => {}
            Cmd::Copy => self.copy(effects),
            Cmd::FocusNext => self.move_focus(1),
            Cmd::FocusPrevious => self.move_focus(-1),
            Cmd::PageDown => self.scroll(1),
            Cmd::PageUp => self.scroll(-1),
            Cmd::Insert(text) => self.edit(|edit| edit.insert(&text)),
            Cmd::Edit(motion) => self.edit(|edit| edit.apply(motion)),
            Cmd::Paste(text) => self.paste(&text),
            Cmd::Activate if self.jumped_to_a_decision() => {}
            Cmd::Activate | Cmd::Choose => self.activate(effects),
            Cmd::PassSettled => self.pass_settled(effects),
            Cmd::Press(item) => self.press(&item, effects),
            Cmd::Set(key, value) => self.set_typed(key, &value),
        }
    }

    fn scroll_help(&mut self, pages: isize) {
        let (_, height) = self.body_size();
        let (lines, above, _) = self.help_in_sight();
        let step = pages.saturating_mul(isize::try_from(height.saturating_sub(1)).unwrap_or(isize::MAX));
        self.view.help_top = above.saturating_add_signed(step).min(lines.len().saturating_sub(height));
    }

    pub(super) fn form_mut(&mut self) -> &mut Form {
        let screen = self.screen();
        self.forms.entry(screen).or_default()
    }

    fn move_focus(&mut self, by: isize) {
        self.commit_focused();
        let page = self.page();
        self.form_mut().step(&page, by);
    }

    fn scroll(&mut self, by: isize) {
        let (page, _) = self.page_and_pane();
        let seen = self.in_sight(&page, &self.form());
        let step = isize::try_from(seen.height.saturating_sub(2).max(1)).unwrap_or(1);
        let most = seen.rows.len().saturating_sub(seen.height);
        self.form_mut().scrolled = Some(seen.above.saturating_add_signed(by * step).min(most));
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
                match validate(*key, &text) {
                    Ok(()) => drop(self.form_mut().errors.remove(&id)),
                    Err(error) => drop(self.form_mut().errors.insert(id, error)),
                }
            }
        }
    }

    fn paste(&mut self, text: &str) {
        if self.place() != KeyPlace::Text {
            return;
        }
        let (clean, dropped) = pasted(text);
        if clean.contains(ecw_halyard::HIDDEN) {
            self.view.say("What was pasted looks like a secret; it was not taken. No answer needs one.");
            return;
        }
        self.edit(|edit| edit.insert(&clean));
        if dropped {
            self.view.say("Line breaks, tabs or control characters were dropped from the paste.");
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
        if let Err(error) = validate(*key, &text) {
            self.form_mut().errors.insert(id.clone(), error);
            return;
        }
        if *key == Key::HalDirectory && !self.halyard_in().is_local() && !text.starts_with('/') {
            let why = format!("Name the whole path in {}, beginning with /", self.halyard_in());
            self.form_mut().errors.insert(id.clone(), why);
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
        if matches!(key, Key::HalDirectory | Key::HalyardIn) {
            self.answers.clear(Key::Deployment);
        }
        if key == Key::HalyardIn {
            self.answers.clear(Key::HalDirectory);
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

    /// Returns whether the focus was moved to a decision just now: an Enter that comes with it was
    /// meant for going on, and does not decide.
    fn jumped_to_a_decision(&self) -> bool {
        let just_now = self.jumped.is_some_and(|at| self.now.mono.saturating_sub(at.mono) < JUMP_GUARD_MS);
        let decides =
            |item: &ItemId| matches!(item, ItemId::Toggle(_) | ItemId::Option(..) | ItemId::Decide(..));
        just_now && self.form().focus.as_ref().is_some_and(decides)
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

    pub(super) fn press(&mut self, item: &ItemId, effects: &mut Vec<Effect>) {
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
                let ticked = if self.answers.is_yes(*key) { YesNo::No } else { YesNo::Yes };
                self.answer(*key, ticked.text());
                self.save(effects);
            }
            ItemId::Target(name) => self.toggle_target(name, effects),
            ItemId::TargetAnswer(name, key, value) => self.answer_of_target(name, *key, value, effects),
            ItemId::Decide(id, choice) => {
                self.decisions.insert(id.clone(), *choice);
            }
            ItemId::Step(row) => self.visit_step(*row),
            ItemId::Row(row) => {
                if let Some(action) = home::fixes(self).get(*row).copied().flatten() {
                    self.act(action, effects);
                }
            }
            ItemId::Fold(fold) => self.form_mut().toggle(*fold),
            ItemId::Button(action) => self.act(*action, effects),
        }
    }

    /// Moves the focus to something that has to be decided first.
    pub(crate) fn jump_to(&mut self, item: ItemId) {
        self.jumped = Some(self.now);
        let there = self.page().items().any(|each| each.id == item);
        let form = self.form_mut();
        if !there && matches!(item, ItemId::Field(_)) {
            // What is rarely needed is needed now.
            form.folds.insert(Fold::Advanced);
        }
        form.focus = Some(item);
        form.moved = true;
    }

    fn copy(&mut self, effects: &mut Vec<Effect>) {
        let mut lines = Vec::new();
        for block in self.page().blocks {
            if let crate::ui::page::Block::Copy(values) = block {
                lines.extend(values);
            }
        }
        if lines.is_empty() {
            return;
        }
        effects.push(Effect::Copy(lines.join("\n")));
        self.view.say("Sent to your terminal; if paste is empty, your terminal blocked it.");
    }

    /// Commits every edited text; returns false when one is wrong (the focus goes there).
    pub(super) fn commit_all(&mut self) -> bool {
        let edited: Vec<ItemId> = self.form().edits.keys().cloned().collect();
        for id in edited {
            self.commit(&id);
        }
        let page = self.page();
        let form = self.form();
        let shown = page.items().find(|item| form.errors.contains_key(&item.id)).map(|item| item.id.clone());
        // What is wrong behind a closed part opens it.
        match shown.or_else(|| form.errors.keys().next().cloned()) {
            Some(hidden) if !page.items().any(|item| item.id == hidden) => {
                self.jump_to(hidden.clone());
                if self.page().items().any(|item| item.id == hidden) {
                    return false;
                }
                // A field that is gone altogether holds nobody up.
                let form = self.form_mut();
                form.errors.remove(&hidden);
                form.edits.remove(&hidden);
                self.commit_all()
            }
            Some(wrong) => {
                let form = self.form_mut();
                form.focus = Some(wrong);
                form.moved = true;
                false
            }
            None => true,
        }
    }

    fn interrupt(&mut self, effects: &mut Vec<Effect>) {
        const TWICE_MS: u64 = 2_000;
        let again = self.interrupted.is_some_and(|at| self.now.mono.saturating_sub(at.mono) < TWICE_MS);
        self.interrupted = Some(self.now);
        if again {
            let exit = if self.detaches() { Exit::Detached } else { Exit::Interrupted };
            self.quit(exit, effects);
        } else {
            self.dialog = Some(if self.detaches() { dialogs::running(self) } else { dialogs::leave(self) });
        }
    }

    /// Returns whether leaving leaves a job of this session behind.
    fn detaches(&self) -> bool {
        self.job_runs() && self.setup.mode == Mode::Operator
    }

    fn dialog_cmd(&mut self, cmd: &Cmd, effects: &mut Vec<Effect>) {
        let Some(dialog) = &mut self.dialog else { return };
        match cmd {
            Cmd::FocusNext => dialog.step(1),
            Cmd::FocusPrevious => dialog.step(-1),
            Cmd::Back => self.dialog = None,
            Cmd::Activate | Cmd::Choose => {
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
        if !self.setup.mode.reads_only() {
            // Whatever the outcome: the equivalent unattended run is at hand.
            let text = answers_file::write(&self.answers);
            effects.push(Effect::WriteState { name: "answers.yml".to_owned(), text });
        }
        self.exit = Some(exit);
        effects.push(Effect::Quit(exit));
    }

    pub(crate) fn save(&self, effects: &mut Vec<Effect>) {
        // A plan changes nothing, ever; nor does a look.
        if self.setup.mode.reads_only() {
            return;
        }
        let saved = Saved {
            version: SAVED_VERSION,
            answers: self.answers.saved(),
            passed: self.passed.iter().copied().collect(),
        };
        effects.push(Effect::Save(Box::new(saved)));
    }
}
