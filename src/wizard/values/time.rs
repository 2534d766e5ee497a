//! Time, passed in from outside; nothing in this crate reads a clock.

use serde::{Deserialize, Serialize};

/// A moment: a steady clock for waits and the wall clock for people.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Now {
    /// Milliseconds on a clock that never goes back.
    pub mono: u64,
    /// Milliseconds since 1970-01-01 UTC on the wall clock, which may jump.
    pub wall: u64,
}

impl Now {
    /// Returns this moment moved on by some milliseconds.
    #[must_use]
    pub fn plus(self, millis: u64) -> Self {
        Self { mono: self.mono + millis, wall: self.wall + millis }
    }
}

/// Returns a wall time as `2026-11-22 12:07:31 UTC`.
#[must_use]
pub fn utc(wall: u64) -> String {
    let seconds = wall / 1000;
    let (year, month, day) = civil(seconds / 86_400);
    let rest = seconds % 86_400;
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02} UTC", rest / 3600, rest / 60 % 60, rest % 60)
}

/// Returns a wall time of day as `12:07 UTC`.
#[must_use]
pub fn clock(wall: u64) -> String {
    let rest = wall / 1000 % 86_400;
    format!("{:02}:{:02} UTC", rest / 3600, rest / 60 % 60)
}

/// Returns a wall time of day (UTC) with its seconds, as `12:07:31`.
#[must_use]
pub fn time_of_day(wall: u64) -> String {
    let rest = wall / 1000 % 86_400;
    format!("{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60)
}

/// Returns a length of time in words: `42 s`, `3 min 05 s`, `1 h 12 min`.
#[must_use]
pub fn span(millis: u64) -> String {
    let seconds = millis / 1000;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// Reads a length of time as operators write it (`90m`, `5m`, `45s`, `1h`), in milliseconds.
#[must_use]
pub fn parse_span(text: &str) -> Option<u64> {
    let text = text.trim();
    let split = text.find(|each: char| !each.is_ascii_digit())?;
    let number: u64 = text[..split].parse().ok()?;
    let unit = match text[split..].trim() {
        "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    number.checked_mul(unit)
}

/// Days since 1970 to a civil date (Howard Hinnant's `civil_from_days`).
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let of_era = shifted % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_write_them() {
        assert_eq!(utc(1_795_349_251_000), "2026-11-22 12:07:31 UTC");
        assert_eq!(utc(951_782_400_000), "2000-02-29 00:00:00 UTC");
        assert_eq!(clock(1_795_349_251_000), "12:07 UTC");
        assert_eq!(time_of_day(1_795_349_251_000), "12:07:31");
        assert_eq!([span(42_000), span(185_000), span(4_320_000)], ["42 s", "3 min 05 s", "1 h 12 min"]);
        assert_eq!(
            [parse_span("90m"), parse_span("45s"), parse_span("x")],
            [Some(5_400_000), Some(45_000), None]
        );
    }
}
