//! Random texts of lines that YAML may be made of; for tests.

/// Makes texts, the same ones in every run.
pub(crate) struct Lines(u64);

const KEYS: [&str; 12] = [
    "a",
    "b",
    "spinnaker",
    "spring",
    "x.y",
    "'q r'",
    "\"d\"",
    "1",
    "yes",
    "k-e_y/z",
    "extensibility",
    "plugins",
];
const SURE: usize = 13;
const VALUES: [&str; 26] = [
    "",
    " 1",
    " text more",
    " 'q'",
    " \"d\"",
    " []",
    " {}",
    " |",
    " >-",
    " ~",
    " # r",
    " x # r",
    " 'it''s'  # r",
    " a:b",
    " |2",
    " -1",
    " - x",
    " *a",
    " &a",
    " [1]",
    " x: y",
    " x:",
    "  ",
    " #",
    " 'open",
    " ö",
];

impl Lines {
    pub(crate) fn new() -> Self {
        Self(0x5eed_1234_5678_9abc)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 20).unwrap_or_default() % limit
    }

    /// Returns the next text.
    pub(crate) fn text(&mut self) -> String {
        let (mut text, mut column) = (String::new(), 0_usize);
        for _ in 0..1 + self.below(8) {
            column = match self.below(6) {
                0 | 1 => column,
                2 => column + 2,
                3 => column.saturating_sub(2),
                4 => 0,
                _ => self.below(7),
            };
            text.push_str(&" ".repeat(column));
            for _ in 0..self.below(5) / 3 {
                text.push_str(["- ", "-  "][self.below(2)]);
            }
            if self.below(6) > 0 {
                text.push_str(KEYS[self.below(KEYS.len())]);
                text.push(':');
            }
            let known = if self.below(3) == 0 { VALUES.len() } else { SURE };
            text.push_str(VALUES[self.below(known)]);
            text.push_str(if self.below(40) == 0 { "\r\n" } else { "\n" });
        }
        if self.below(5) == 0 {
            text.truncate(text.trim_end().len());
        }
        text
    }
}
