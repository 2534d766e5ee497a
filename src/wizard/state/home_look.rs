//! How fresh Home is.

use crate::values::time::Now;

/// When Home was looked at, and when it is again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HomeLook {
    /// When the last of its answers came.
    pub seen: Option<Now>,
    /// When it is looked at again, steady clock; `None` while answers are waited for.
    pub(crate) due: Option<u64>,
    /// How often it was looked at by itself since the last key.
    pub(crate) looks: u32,
}
