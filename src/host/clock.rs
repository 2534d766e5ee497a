//! The one place where time is read.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use ecw_ports::Pace;
use ecw_wizard::values::time::Now;

/// A clock that began when it was made.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    begin: Instant,
    /// How many targets are worked on at a time.
    side_by_side: usize,
}

impl Default for Clock {
    fn default() -> Self {
        Self { begin: Instant::now(), side_by_side: SIDE_BY_SIDE }
    }
}

impl Clock {
    /// Returns the clock with another number of targets that are worked on at a time.
    #[must_use]
    pub fn with_side_by_side(self, side_by_side: usize) -> Self {
        Self { side_by_side: side_by_side.clamp(1, MOST_SIDE_BY_SIDE), ..self }
    }

    /// Returns the present moment.
    #[must_use]
    pub fn now(self) -> Now {
        let millis = |duration: std::time::Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).map(millis).unwrap_or(0);
        Now { mono: millis(self.begin.elapsed()), wall }
    }
}

/// Targets that are worked on side by side: enough to hide AWS's answer times, few enough for its rates (SNS
/// takes 30 calls a second of most kinds, each account and region on its own).
const SIDE_BY_SIDE: usize = 16;
/// No more than this whatever is asked for: each is a thread.
const MOST_SIDE_BY_SIDE: usize = 64;

impl Pace for Clock {
    fn now(&self) -> Now {
        Self::now(*self)
    }

    fn rest(&self, millis: u64) {
        std::thread::sleep(std::time::Duration::from_millis(millis));
    }

    fn side_by_side(&self) -> usize {
        self.side_by_side
    }
}
