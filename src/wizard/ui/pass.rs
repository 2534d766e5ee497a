//! Whether a screen may be passed, and why not.

use crate::ui::page::ItemId;
use crate::values::answers::Key;
use crate::values::exit::Exit;

/// Whether a screen may be passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pass {
    /// With Enter.
    Ready,
    /// Something is still being looked at.
    Busy(String),
    /// Not so.
    Stuck(Stuck),
}

/// Why a screen cannot be passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// Why, and what to do.
    pub why: String,
    /// The item to go to.
    pub item: Option<ItemId>,
    /// The answer that is missing, for unattended runs.
    pub key: Option<Key>,
    /// How an unattended run ends on this.
    pub exit: Exit,
}

impl Pass {
    /// Returns a refusal.
    pub fn stuck(why: impl Into<String>, exit: Exit) -> Self {
        Self::Stuck(Stuck { why: why.into(), item: None, key: None, exit })
    }

    /// Returns a refusal that a field mends.
    pub fn field(why: impl Into<String>, key: Key) -> Self {
        Self::Stuck(Stuck {
            why: why.into(),
            item: Some(ItemId::Field(key)),
            key: Some(key),
            exit: Exit::Usage,
        })
    }

    /// Returns a refusal that an item mends.
    pub fn item(why: impl Into<String>, item: ItemId, key: Key, exit: Exit) -> Self {
        Self::Stuck(Stuck { why: why.into(), item: Some(item), key: Some(key), exit })
    }
}
