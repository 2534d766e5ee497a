//! A frame that is kept: as an SVG picture, and as text with its styles for tests.

use std::fmt::Write as _;

use ecw_wizard::state::Session;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use crate::draw::draw;
use crate::palette;
use crate::theme::{Colour, Theme};

/// A cell of the picture, hundredths of a pixel wide and pixels high: DejaVu Sans Mono and its kin at 14 pixels.
const CELL: (usize, usize) = (843, 18);
const MARGIN: usize = 12;

/// A frame that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Still {
    buffer: Buffer,
    theme: Theme,
}

impl Still {
    /// Returns what a session shows now.
    #[must_use]
    pub fn of(session: &Session, theme: Theme) -> Self {
        let (width, height) = session.view().size();
        let mut buffer = Buffer::empty(Rect { x: 0, y: 0, width, height });
        draw(&mut buffer, session, theme);
        Self { buffer, theme }
    }

    /// Returns each row as runs of cells that look alike: first column, text, style.
    fn runs(&self, y: u16) -> Vec<(u16, String, &Cell)> {
        let mut runs: Vec<(u16, String, &Cell)> = Vec::new();
        for x in 0..self.buffer.area.width {
            let cell = &self.buffer[(x, y)];
            match runs.last_mut() {
                Some((_, text, first)) if first.style() == cell.style() => text.push_str(cell.symbol()),
                _ => runs.push((x, cell.symbol().to_owned(), cell)),
            }
        }
        runs
    }

    /// Returns the frame as text; runs with a style of their own stand in `{style|text}`.
    #[must_use]
    pub fn styled(&self) -> String {
        let mut out = String::new();
        for y in 0..self.buffer.area.height {
            let mut line = String::new();
            for (_, text, cell) in self.runs(y) {
                match style_words(cell) {
                    words if words.is_empty() => line.push_str(&text),
                    words => drop(write!(line, "{{{words}|{text}}}")),
                }
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// Returns how wide and high the picture is, pixels.
    pub(crate) fn extent(&self) -> (usize, usize) {
        let area = self.buffer.area;
        (
            (usize::from(area.width) * CELL.0).div_ceil(100) + 2 * MARGIN,
            usize::from(area.height) * CELL.1 + 2 * MARGIN,
        )
    }

    /// Returns where a picture begins: size, fonts, ground.
    pub(crate) fn ground(&self) -> String {
        let (width, height) = self.extent();
        let (ground, _) = self.colours();
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"DejaVu Sans Mono,Menlo,Consolas,monospace\" font-size=\"14\" xml:space=\"preserve\">\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{ground}\"/>\n"
        )
    }

    /// What is behind the text, and plain text.
    fn colours(&self) -> (&'static str, &'static str) {
        match self.theme.colour {
            Colour::Light => ("#ffffff", "#24292f"),
            Colour::Ansi | Colour::HighContrast | Colour::None => ("#15181c", "#d7dae0"),
        }
    }

    /// Returns each row as text elements whose line stands at a height, pixels.
    pub(crate) fn rows(&self, line: impl Fn(u16) -> usize) -> Vec<String> {
        let (_, plain) = self.colours();
        (0..self.buffer.area.height)
            .map(|y| {
                let mut out = String::new();
                for (x, text, cell) in self.runs(y) {
                    for (lead, words) in phrases(&text) {
                        let column = MARGIN + ((usize::from(x) + lead) * CELL.0).div_ceil(100);
                        let length = (words.chars().count() * CELL.0).div_ceil(100);
                        let (line, look) = (line(y), look(cell, plain));
                        let _ = writeln!(
                            out,
                            "<text x=\"{column}\" y=\"{line}\" textLength=\"{length}\"{look}>{}</text>",
                            escaped(words)
                        );
                    }
                }
                out
            })
            .collect()
    }

    /// Returns the height of a row's line, pixels.
    pub(crate) fn line(y: u16) -> usize {
        MARGIN + usize::from(y) * CELL.1 + 13
    }

    /// Returns the frame as an SVG picture.
    #[must_use]
    pub fn svg(&self) -> String {
        format!("{}{}</svg>\n", self.ground(), self.rows(Self::line).concat())
    }
}

/// Returns what stands between gaps, with its column: browsers fold blanks into one.
fn phrases(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut column = 0;
    loop {
        let lead = rest.chars().take_while(|each| *each == ' ').count();
        rest = &rest[lead..];
        column += lead;
        let words = rest.split_once("  ").map_or(rest, |(words, _)| words).trim_end();
        if words.is_empty() {
            return found;
        }
        found.push((column, words));
        column += words.chars().count();
        rest = &rest[words.len()..];
    }
}

fn look(cell: &Cell, plain: &str) -> String {
    let mut out = match palette::rgb(cell.fg) {
        Some((red, green, blue)) => format!(" fill=\"#{red:02x}{green:02x}{blue:02x}\""),
        None => format!(" fill=\"{plain}\""),
    };
    for (modifier, words) in [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::DIM, " opacity=\"0.65\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
    ] {
        if cell.modifier.contains(modifier) {
            out.push_str(words);
        }
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Returns such as `red bold`; nothing for a bare cell.
fn style_words(cell: &Cell) -> String {
    let mut words = Vec::new();
    if cell.fg != Color::Reset {
        words.push(cell.fg.to_string().to_lowercase());
    }
    if cell.bg != Color::Reset {
        words.push(format!("on {}", cell.bg).to_lowercase());
    }
    let modifiers = [
        (Modifier::BOLD, "bold"),
        (Modifier::DIM, "dim"),
        (Modifier::UNDERLINED, "underlined"),
        (Modifier::REVERSED, "reversed"),
    ];
    words.extend(
        modifiers
            .iter()
            .filter(|(each, _)| cell.modifier.contains(*each))
            .map(|(_, word)| (*word).to_owned()),
    );
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_drawn_phrase_by_phrase_each_where_it_stands() {
        assert_eq!(phrases("  ✓ one two   three  "), [(2, "✓ one two"), (14, "three")]);
        assert_eq!(phrases("    "), []);
        assert_eq!(phrases("x"), [(0, "x")]);
    }
}
