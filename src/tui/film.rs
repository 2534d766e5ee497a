//! Frames one after the other, as one SVG picture that moves wherever pictures are shown, without a script.

use std::fmt::Write as _;

use crate::still::Still;

/// Returns the film: each frame stands for so many milliseconds, then it begins anew. Rows that several frames share
/// stand in it once. Empty without a frame; whoever asked for less motion sees the last one.
#[must_use]
pub fn film(frames: &[(Still, u64)]) -> String {
    let Some((first, _)) = frames.first() else { return String::new() };
    let (_, height) = first.extent();
    let whole: u64 = frames.iter().map(|(_, millis)| millis).sum::<u64>().max(1);
    let (mut rows, mut strip, mut turns, mut passed) =
        (Vec::<String>::new(), String::new(), String::new(), 0);
    for (number, (still, millis)) in frames.iter().enumerate() {
        let above = number * height;
        let _ = writeln!(turns, "{}%{{transform:translateY(-{above}px)}}", share(passed, whole));
        passed += millis;
        let here = still.rows(|_| 0);
        for (y, row) in (0_u16..).zip(here).filter(|(_, row)| !row.is_empty()) {
            let at = rows.iter().position(|each| *each == row).unwrap_or_else(|| {
                rows.push(row);
                rows.len() - 1
            });
            let _ = writeln!(strip, "<use href=\"#r{at}\" y=\"{}\"/>", above + Still::line(y));
        }
    }
    let rows: String =
        rows.iter().enumerate().map(|(at, row)| format!("<g id=\"r{at}\">\n{row}</g>\n")).collect();
    let last = (frames.len() - 1) * height;
    format!(
        "{}<style>\n@keyframes film{{\n{turns}}}\n.film{{animation:film {whole}ms steps(1,end) infinite}}\n@media (prefers-reduced-motion:reduce){{.film{{animation:none;transform:translateY(-{last}px)}}}}\n</style>\n<defs>\n{rows}</defs>\n<g class=\"film\">\n{strip}</g>\n</svg>\n",
        first.ground()
    )
}

/// Returns a part as a percentage with three decimals.
fn share(part: u64, whole: u64) -> String {
    let thousandths = part * 100_000 / whole;
    format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_no_film_and_shares_are_percentages() {
        assert_eq!(film(&[]), "");
        assert_eq!([share(0, 3), share(1, 3), share(3, 3)], ["0.000", "33.333", "100.000"]);
    }
}
