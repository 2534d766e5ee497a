//! Time for what waits by itself: a target's session, which no skin drives.

use ecw_wizard::values::time::Now;

/// A clock that can also wait.
pub trait Pace: Send + Sync {
    /// Returns the moment.
    fn now(&self) -> Now;
    /// Waits so many milliseconds.
    fn rest(&self, millis: u64);
    /// Returns how many targets are worked on side by side.
    fn side_by_side(&self) -> usize;
}
