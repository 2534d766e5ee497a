//! The log on the whole screen: opened, moved in, searched, followed.

use crate::messages::cmd::{Cmd, LogCmd};
use crate::messages::effect::Effect;
use crate::model::log_page::{LogPage, LogPlace, LogWanted, Way};
use crate::state::Session;
use crate::state::log_view::{Follow, LogView, LongLines};
use crate::ui::form::{Edit, pasted};
use crate::values::trouble::Trouble;

/// A log that is followed is read again after so long, milliseconds.
const FOLLOW_MS: u64 = 1_000;
/// What is searched for is no longer than this, characters.
const LONGEST_WORDS: usize = 200;

impl Session {
    pub(super) fn open_log(&mut self, effects: &mut Vec<Effect>) {
        let Some(log) = self.log_at_hand() else {
            self.view.say("There is no log yet.");
            return;
        };
        self.view.log = Some(LogView::new(log));
        self.read_log(LogPlace::End, effects);
    }

    fn read_log(&mut self, place: LogPlace, effects: &mut Vec<Effect>) {
        let rows = self.log_rows();
        let Some(view) = &mut self.view.log else { return };
        view.remark = None;
        if view.waits {
            // A key that is held asks for the latest alone, once the answer is there.
            view.wish = Some(match (view.wish.take(), place) {
                (Some(LogPlace::Lines { at, by }), LogPlace::Lines { at: same, by: more }) if at == same => {
                    LogPlace::Lines { at, by: by + more }
                }
                (_, place) => place,
            });
            return;
        }
        view.waits = true;
        effects.push(Effect::ReadLog(LogWanted { log: view.log, place, rows }));
    }

    pub(super) fn log_cmd(&mut self, cmd: Cmd, effects: &mut Vec<Effect>) {
        let rows = i64::try_from(self.log_rows()).unwrap_or(1);
        let Some(view) = &mut self.view.log else { return };
        if view.typing.is_some() {
            self.search_cmd(cmd, effects);
            return;
        }
        match cmd {
            Cmd::Back => self.view.log = None,
            Cmd::Press(item) => {
                // A skin without a screen names what it means; the log is read already.
                self.view.log = None;
                self.press(&item, effects);
            }
            Cmd::FocusNext => self.move_in_log(1, effects),
            Cmd::FocusPrevious => self.move_in_log(-1, effects),
            Cmd::PageDown => self.move_in_log(rows - 1, effects),
            Cmd::PageUp => self.move_in_log(1 - rows, effects),
            Cmd::Log(LogCmd::Begin) => self.leave_end(LogPlace::Lines { at: 0, by: 0 }, effects),
            Cmd::Log(LogCmd::End) => {
                view.follow = Follow::On;
                self.read_log(LogPlace::End, effects);
            }
            Cmd::Log(LogCmd::Follow) => match view.follow {
                Follow::On => view.follow = Follow::Off,
                Follow::Off => {
                    view.follow = Follow::On;
                    self.read_log(LogPlace::End, effects);
                }
            },
            Cmd::Log(LogCmd::Wrap) => {
                view.long_lines = match view.long_lines {
                    LongLines::Broken => LongLines::Cut,
                    LongLines::Cut => LongLines::Broken,
                }
            }
            Cmd::Log(LogCmd::Search) => view.typing = Some(Edit::default()),
            Cmd::Log(LogCmd::Next) => self.search(Way::On, effects),
            Cmd::Log(LogCmd::Previous) => self.search(Way::Back, effects),
            Cmd::Log(LogCmd::FirstError) => self.read_log(LogPlace::FirstError, effects),
            _ => {}
        }
    }

    fn leave_end(&mut self, place: LogPlace, effects: &mut Vec<Effect>) {
        if let Some(view) = &mut self.view.log {
            view.follow = Follow::Off;
        }
        self.read_log(place, effects);
    }

    fn move_in_log(&mut self, by: i64, effects: &mut Vec<Effect>) {
        let Some(view) = &self.view.log else { return };
        // At the end it is read again all the same: it may have grown.
        if let Some(first) = view.page.lines.first() {
            self.leave_end(LogPlace::Lines { at: first.at, by }, effects);
        }
    }

    fn search_cmd(&mut self, cmd: Cmd, effects: &mut Vec<Effect>) {
        let Some(view) = &mut self.view.log else { return };
        let Some(edit) = &mut view.typing else { return };
        match cmd {
            Cmd::Insert(text) => edit.insert(&text),
            Cmd::Paste(text) => edit.insert(&pasted(&text).0),
            Cmd::Edit(motion) => edit.apply(motion),
            Cmd::Back => view.typing = None,
            Cmd::Activate => {
                view.words = edit.text.trim().chars().take(LONGEST_WORDS).collect();
                view.typing = None;
                view.found = None;
                self.search(Way::On, effects);
            }
            _ => {}
        }
    }

    fn search(&mut self, way: Way, effects: &mut Vec<Effect>) {
        let Some(view) = &mut self.view.log else { return };
        if view.words.is_empty() {
            view.remark = Some("Type / and what to search for.".to_owned());
            return;
        }
        let lines = &view.page.lines;
        let first = lines.first().map_or(0, |line| line.at);
        let from = match way {
            // Behind the line that was found last, which stands at the top.
            Way::On if view.found == Some(first) => lines.get(1).map_or(view.page.end, |line| line.at),
            Way::On | Way::Back => first,
        };
        let words = view.words.clone();
        self.read_log(LogPlace::Find { words, from, way }, effects);
    }

    pub(super) fn log_read(
        &mut self,
        wanted: &LogWanted,
        read: Result<LogPage, Trouble>,
        effects: &mut Vec<Effect>,
    ) {
        let Some(view) = self.view.log.as_mut().filter(|view| view.log == wanted.log) else { return };
        view.waits = false;
        view.next_look = self.now.mono + FOLLOW_MS;
        let searched = matches!(wanted.place, LogPlace::Find { .. } | LogPlace::FirstError);
        match read {
            Ok(page) if page.missed => view.remark = Some("Not found.".to_owned()),
            Ok(page) => {
                view.page = page;
                if searched {
                    view.follow = Follow::Off;
                    view.found = view.page.lines.first().map(|line| line.at);
                }
            }
            Err(trouble) => view.remark = Some(format!("{} {}", trouble.what, trouble.fix)),
        }
        if let Some(wish) = view.wish.take() {
            self.read_log(wish, effects);
        }
    }

    /// A log that is followed is read again every second.
    pub(super) fn follow_log(&mut self, effects: &mut Vec<Effect>) {
        let due = self.log_wake().is_some_and(|at| self.now.mono >= at);
        if due {
            self.read_log(LogPlace::End, effects);
        }
    }
}
