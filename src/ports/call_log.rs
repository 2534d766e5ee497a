//! Where calls of AWS are noted, for whoever has to find out what was called and what came of it.

/// Where calls of AWS are noted. Losing a note loses no step.
pub trait CallLog: Send + Sync {
    /// Returns the present moment, milliseconds on a steady clock.
    fn begun(&self) -> u64;
    /// Notes a call that began then, and what came of it.
    fn ended(&self, begun: u64, line: &str);
}
