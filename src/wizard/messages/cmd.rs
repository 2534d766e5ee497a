//! What the operator wants. Screens see commands, never keys.

use serde::{Deserialize, Serialize};

use crate::ui::form::Motion;
use crate::ui::page::ItemId;

/// A wish while a log is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LogCmd {
    /// To its begin.
    Begin,
    /// To its end, and follow.
    End,
    /// Show new lines as they come, or stay.
    Follow,
    /// Break long lines, or cut them.
    Wrap,
    /// Type what to search for.
    Search,
    /// On to the next place.
    Next,
    /// Back to the one before.
    Previous,
    /// To the first line that tells of an error.
    FirstError,
}

/// A wish of the operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cmd {
    /// Focus the next item.
    FocusNext,
    /// Focus the previous item.
    FocusPrevious,
    /// Press, choose or tick the focused item; in a field: on to the next.
    Activate,
    /// Tick or choose (Space): always meant for what has the focus.
    Choose,
    /// Back, or close.
    Back,
    /// On, past all that is settled.
    PassSettled,
    /// Type text.
    Insert(String),
    /// Paste text.
    Paste(String),
    /// Move or delete in a field.
    Edit(Motion),
    /// A page down.
    PageDown,
    /// A page up.
    PageUp,
    /// The help page.
    Help,
    /// Copy the screen's values.
    Copy,
    /// Look at what the screen shows afresh.
    Refresh,
    /// The log on the whole screen.
    ShowLog,
    /// What is done in it.
    Log(LogCmd),
    /// ASCII on and off.
    ToggleAscii,
    /// Draw anew.
    Redraw,
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-Z.
    Suspend,
    /// Line mode and the like name an item directly.
    Press(ItemId),
    /// Line mode and the like set a field directly.
    Set(crate::values::answers::Key, String),
}
