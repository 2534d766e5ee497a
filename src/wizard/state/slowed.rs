//! Calls that AWS asked to slow down for, and when each is made again.

use crate::messages::effect::Effect;

/// A call that is made again.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Slowed {
    /// What is done again.
    pub(crate) effect: Effect,
    /// When, steady clock; `None` = it is under way.
    pub(crate) at: Option<u64>,
    /// How often AWS has said so.
    pub(crate) times: u32,
}
