//! What is shown: the screen, its page and its form, and what has the keyboard.

use crate::messages::keymap::KeyPlace;
use crate::model::screen::Screen;
use crate::navigation::flow;
use crate::screens;
use crate::state::Session;
use crate::ui::beside::beside;
use crate::ui::form::Form;
use crate::ui::layout;
use crate::ui::page::{ItemId, Page, Tone};
use crate::ui::pass::Pass;
use crate::ui::regions::{Pane, Regions};
use crate::ui::row::{Helps, TextRow};
use crate::values::answers::Key;

/// The rows of a page and which of them are in sight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InSight {
    /// The body's, all of them.
    pub rows: Vec<TextRow>,
    /// The bar's, below the body.
    pub bar: Vec<TextRow>,
    /// Rows above those in sight.
    pub above: usize,
    /// Rows that the body has room for.
    pub height: usize,
    /// Rows below those in sight.
    pub below: usize,
}

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
        if let Some(log) = &self.view.log {
            return if log.typing.is_some() { KeyPlace::LogSearch } else { KeyPlace::Log };
        }
        let focus = self.forms.get(&self.screen()).and_then(|form| form.focus.as_ref());
        if matches!(focus, Some(ItemId::Field(_))) { KeyPlace::Text } else { KeyPlace::Items }
    }

    /// Returns the regions of the terminal.
    #[must_use]
    pub fn regions(&self) -> Regions {
        Regions::of(self.view.size())
    }

    /// Returns width and height of the body.
    #[must_use]
    pub fn body_size(&self) -> (usize, usize) {
        let body = self.regions().body;
        (usize::from(body.width), usize::from(body.height))
    }

    /// Returns the page as it stands in the body, and what stands in the pane beside it.
    #[must_use]
    pub fn page_and_pane(&self) -> (Page, Page) {
        let page = self.page();
        match self.regions().pane {
            Pane::Beside(region) => {
                // What does not fit there whole stays in the body, where it can be scrolled to.
                const OF_WHY: usize = 10;
                let room = usize::from(region.height).saturating_sub(OF_WHY);
                beside(page, room)
            }
            Pane::None | Pane::Below(_) => (page, Page::default()),
        }
    }

    fn helps(&self) -> Helps {
        match self.regions().pane {
            Pane::None => Helps::Inline,
            Pane::Below(_) | Pane::Beside(_) => Helps::Elsewhere,
        }
    }

    /// Returns the rows of a page's body, and which of them are in sight.
    #[must_use]
    pub fn in_sight(&self, page: &Page, form: &Form) -> InSight {
        let (width, height) = self.body_size();
        let rows = layout::rows(page, form, width, self.helps());
        let bar = layout::bar(page, form, width, self.helps());
        let height = layout::body_height(&bar, height);
        let above = layout::offset(&rows, form, height);
        InSight { below: rows.len().saturating_sub(above + height), rows, bar, above, height }
    }

    /// Returns the lines of the help page, how many of them are above the top, and how many below what is in sight.
    #[must_use]
    pub fn help_in_sight(&self) -> (Vec<(String, Tone)>, usize, usize) {
        let (width, height) = self.body_size();
        let lines = screens::help_lines(self.screen(), self.road(), width);
        let above = self.view.help_top.min(lines.len().saturating_sub(height));
        let below = lines.len().saturating_sub(above + height);
        (lines, above, below)
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
