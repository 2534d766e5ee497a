//! What is shown: the screen, its page and its form, and what has the keyboard.

use crate::messages::keymap::KeyPlace;
use crate::model::screen::Screen;
use crate::navigation::flow;
use crate::screens;
use crate::state::Session;
use crate::ui::form::Form;
use crate::ui::layout::{FRAME_ROWS, SIDEBAR, SIDEBAR_FROM};
use crate::ui::page::{ItemId, Page};
use crate::ui::pass::Pass;
use crate::values::answers::Key;

impl Session {
    /// Returns the screen that is shown.
    #[must_use]
    pub fn screen(&self) -> Screen {
        self.stage.visited().unwrap_or_else(|| flow::resolve(self))
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
    pub fn place(&self) -> KeyPlace {
        if self.view.help {
            return KeyPlace::Help;
        }
        if self.dialog.is_some() {
            return KeyPlace::Dialog;
        }
        let focus = self.forms.get(&self.screen()).and_then(|form| form.focus.as_ref());
        if matches!(focus, Some(ItemId::Field(_))) { KeyPlace::Text } else { KeyPlace::Items }
    }

    /// Returns width and height of the body.
    #[must_use]
    pub fn body_size(&self) -> (usize, usize) {
        let side = if self.view.width >= SIDEBAR_FROM { SIDEBAR } else { 0 };
        let width = self.view.width.saturating_sub(2 + side);
        (usize::from(width.min(100)), usize::from(self.view.height.saturating_sub(FRAME_ROWS)))
    }
}

impl Session {
    /// Returns the answer with which the present screen could be passed, where one is all that is missing.
    #[must_use]
    pub fn asks(&self) -> Option<(Key, String)> {
        let Pass::Stuck(stuck) = crate::screens::pass(self, self.screen()) else { return None };
        match stuck.item? {
            ItemId::Option(key, value) => Some((key, value)),
            ItemId::Toggle(key) => Some((key, crate::values::choices::YesNo::Yes.text().to_owned())),
            _ => None,
        }
    }
}
