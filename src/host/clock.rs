//! The one place where time is read.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use ecw_wizard::values::time::Now;

/// A clock that began when it was made.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    begin: Instant,
}

impl Default for Clock {
    fn default() -> Self {
        Self { begin: Instant::now() }
    }
}

impl Clock {
    /// Returns the present moment.
    #[must_use]
    pub fn now(self) -> Now {
        let millis = |duration: std::time::Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).map(millis).unwrap_or(0);
        Now { mono: millis(self.begin.elapsed()), wall }
    }
}
