//! Chance that comes again.

/// A small generator (xorshift): the same rounds for the same seed.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // The lower bits of a xorshift are its weaker ones.
        (self.0 >> 16) % limit
    }
}
