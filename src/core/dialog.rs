//! Dialogs: they name the object and the effect, their buttons are verbs, the safe one has the
//! focus, and Esc is safe.

use crate::page::Action;
use crate::session::Session;
use crate::time::Now;
use crate::undo::Part;

/// A dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialog {
    /// Title.
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
            matches!(action, Action::Begin | Action::CancelNow | Action::UndoNow(_) | Action::TakeOverNow)
        })
    }

    /// Ctrl-C while asking.
    #[must_use]
    pub fn leave(session: &Session) -> Self {
        let untouched = session.ledger.run.is_none();
        let state = if untouched { "Nothing has been changed yet." } else { "What is done stays done." };
        Self {
            title: "Leave?".to_owned(),
            text: vec![
                format!("Your answers are saved. {state}"),
                "Start event-cache-wizard again to go on here.".to_owned(),
            ],
            buttons: vec![(Action::Stay, "Stay".to_owned()), (Action::Leave, "Leave".to_owned())],
            focus: 0,
            opened: session.now,
        }
    }

    /// Ctrl-C while a job runs.
    #[must_use]
    pub fn running(session: &Session) -> Self {
        let mut buttons = vec![(Action::Detach, "Detach".to_owned()), (Action::Stay, "Stay".to_owned())];
        if session.can_cancel() {
            buttons.push((Action::CancelDeploy, "Cancel the deploy".to_owned()));
        }
        Self {
            title: "The deploy runs".to_owned(),
            text: vec![
                "Detach: hal goes on without this screen. Readiness and SNS go on when you come back."
                    .to_owned(),
                format!("Come back with: {}", session.come_back()),
                "Cancel: hal stops half-way; services may be left restarting on mixed versions.".to_owned(),
            ],
            buttons,
            focus: 0,
            opened: session.now,
        }
    }

    /// The last question before the world changes.
    #[must_use]
    pub fn begin(session: &Session, effects: Vec<String>) -> Self {
        Self {
            title: "Change this Spinnaker?".to_owned(),
            text: effects,
            buttons: vec![(Action::GoBack, "Go back".to_owned()), (Action::Begin, "Begin".to_owned())],
            focus: 0,
            opened: session.now,
        }
    }

    /// Cancelling a deploy, asked once more.
    #[must_use]
    pub fn cancel(session: &Session) -> Self {
        Self {
            title: "Cancel the deploy?".to_owned(),
            text: vec![
                "The daemon's task is interrupted. Pods that were already replaced stay replaced;".to_owned(),
                "others keep their old configuration. Applying again later is safe.".to_owned(),
            ],
            buttons: vec![
                (Action::Stay, "Let it run".to_owned()),
                (Action::CancelNow, "Cancel the deploy".to_owned()),
            ],
            focus: 0,
            opened: session.now,
        }
    }

    /// Taking another's place.
    #[must_use]
    pub fn take_over(session: &Session) -> Self {
        let holder = session.holder.clone().unwrap_or_else(|| "Nobody any more".to_owned());
        Self {
            title: "Take over?".to_owned(),
            text: vec![
                format!("Works here now: {holder}"),
                "That wizard is asked to leave at once; what it was asking is saved. A running deploy is not touched.".to_owned(),
                "Then you go on from what the journal says.".to_owned(),
            ],
            buttons: vec![
                (Action::Stay, "Keep reading along".to_owned()),
                (Action::TakeOverNow, "Take over".to_owned()),
            ],
            focus: 0,
            opened: session.now,
        }
    }

    /// Undo, with what is taken back and what is not.
    #[must_use]
    pub fn undo(session: &Session, part: Part, effects: Vec<String>) -> Self {
        Self {
            title: "Take it back?".to_owned(),
            text: effects,
            buttons: vec![(Action::Stay, "Go back".to_owned()), (Action::UndoNow(part), "Undo".to_owned())],
            focus: 0,
            opened: session.now,
        }
    }
}
