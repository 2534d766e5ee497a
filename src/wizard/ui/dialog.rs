//! Dialogs: they name the object and the effect, their buttons are verbs, the safe one has the
//! focus, and Esc is safe.

use crate::ui::page::Action;
use crate::values::time::Now;

/// A dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialog {
    pub title: String,
    /// What it is about.
    pub text: Vec<String>,
    /// Buttons: what they do and what they are called.
    pub buttons: Vec<(Action, String)>,
    /// The focused button.
    pub focus: usize,
    /// When it was opened.
    pub opened: Now,
}

impl Dialog {
    /// Moves the focus.
    pub fn step(&mut self, by: isize) {
        self.focus = self.focus.saturating_add_signed(by).min(self.buttons.len().saturating_sub(1));
    }

    /// Returns what the focused button does.
    #[must_use]
    pub fn chosen(&self) -> Action {
        self.buttons.get(self.focus).map_or(Action::Stay, |(action, _)| *action)
    }

    /// Returns whether a button does this.
    #[must_use]
    pub fn offers(&self, action: Action) -> bool {
        self.buttons.iter().any(|(offered, _)| *offered == action)
    }

    /// Returns whether pressing a button could change the world.
    #[must_use]
    pub fn dangerous(&self) -> bool {
        self.buttons.iter().any(|(action, _)| {
            matches!(
                action,
                Action::Begin
                    | Action::CancelNow
                    | Action::UndoNow(_)
                    | Action::TakeOverNow
                    | Action::ProveNow
            )
        })
    }
}
