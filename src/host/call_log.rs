//! The log of AWS calls, in the state directory: `aws.log`, at most a megabyte.

use std::io::Write;
use std::sync::Arc;

use ecw_ports::CallLog;
use ecw_wizard::values::time::utc;

use crate::clock::Clock;
use crate::store::StateDirectory;

/// Its name in the state directory.
pub const CALL_LOG: &str = "aws.log";
/// Beyond this many bytes the older half goes.
const LIMIT: u64 = 1024 * 1024;

/// Notes calls in the state directory, while its lock is held: who only looks writes nothing there.
pub struct StateCallLog {
    store: Arc<StateDirectory>,
    clock: Clock,
}

impl StateCallLog {
    /// Returns the log of a state directory.
    #[must_use]
    pub fn new(store: Arc<StateDirectory>) -> Self {
        Self { store, clock: Clock::default() }
    }

    fn append(&self, line: &str) -> std::io::Result<()> {
        let Some(state) = self.store.to_write()? else { return Ok(()) };
        let mut file = state.append(CALL_LOG)?;
        if file.metadata()?.len() > LIMIT {
            let text = state.read(CALL_LOG, 2 * LIMIT)?.unwrap_or_default();
            let half = &text[text.len() / 2..];
            let whole_lines = half.iter().position(|byte| *byte == b'\n').map_or(half, |at| &half[at + 1..]);
            state.write(CALL_LOG, whole_lines, 0o640)?;
            file = state.append(CALL_LOG)?;
        }
        file.write_all(line.as_bytes())
    }
}

impl CallLog for StateCallLog {
    fn begun(&self) -> u64 {
        self.clock.now().mono
    }

    fn ended(&self, begun: u64, line: &str) {
        let now = self.clock.now();
        crate::print::detail(&format!("AWS {line}"));
        // A log that cannot be written is no reason to stop.
        let _ = self.append(&format!("{} {} ms {line}\n", utc(now.wall), now.mono.saturating_sub(begun)));
    }
}
