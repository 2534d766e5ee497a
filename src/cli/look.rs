//! How things are shown: by flags, environment and terminal.

use std::io::IsTerminal;

use clap::ValueEnum;
use ecw_drive::unattended::Style;
use ecw_drive::window::Understands;
use ecw_tui::{Colour, Theme};

use super::config::word;
use super::environment::{PREFIX, variable};
use super::global::{Global, ThemeName, When};
use ecw_host::print::Marks;

/// How things are shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) theme: Theme,
    pub(super) ascii: bool,
    pub(super) screen: bool,
    pub(super) understands: Understands,
    pub(super) talk: Talk,
}

/// How much is said besides what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Talk {
    /// What went wrong.
    Quiet,
    /// What happens.
    Usual,
}

impl Talk {
    /// Returns a style that says no more than this.
    pub(super) fn limit(self, style: Style) -> Style {
        match (self, style) {
            (Self::Quiet, Style::Text | Style::Heartbeat) => Style::Quiet,
            (Self::Quiet | Self::Usual, style) => style,
        }
    }
}

/// Returns whether what went wrong is marked with colour: on a terminal alone, unless colour was asked for.
pub(super) fn marks_troubles(asked: Option<When>) -> Marks {
    let plain = variable("NO_COLOR").is_some() || variable("TERM").is_none_or(|term| term == "dumb");
    let marked = match asked.or_else(when_of_environment).unwrap_or(When::Auto) {
        When::Always => true,
        When::Never => false,
        When::Auto => std::io::stderr().is_terminal() && !plain,
    };
    if marked { Marks::Colour } else { Marks::None }
}

/// Returns when colour is used, as far as that was said.
pub(super) fn when(global: &Global) -> Option<When> {
    global.color.or_else(when_of_environment).or_else(|| word(&global.config, "color"))
}

fn when_of_environment() -> Option<When> {
    match variable(&format!("{PREFIX}COLOR"))?.as_str() {
        "always" => Some(When::Always),
        "never" => Some(When::Never),
        _ => Some(When::Auto),
    }
}

/// Returns what the terminal understands besides frames. A console without a window has no title.
fn understands(term: &str) -> Understands {
    let windowed =
        ["xterm", "screen", "tmux", "rxvt", "alacritty", "foot", "wezterm", "kitty", "konsole", "st"];
    let noticed = ["iTerm.app", "WezTerm", "ghostty"];
    if variable("TERM_PROGRAM").is_some_and(|program| noticed.contains(&program.as_str())) {
        Understands::Notice
    } else if windowed.iter().any(|each| term.starts_with(each)) {
        Understands::Title
    } else {
        Understands::Frames
    }
}

pub(super) fn look(global: &Global) -> Look {
    let terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let term = variable("TERM").unwrap_or_default();
    let when = when(global);
    let no_colour = variable("NO_COLOR").is_some();
    let named = variable(&format!("{PREFIX}THEME"));
    let theme = global.theme.or_else(|| ThemeName::from_str(&named?, true).ok());
    let theme = theme.or_else(|| word(&global.config, "theme"));
    let colours = match theme.unwrap_or(ThemeName::Terminal) {
        ThemeName::Terminal => Colour::Ansi,
        ThemeName::Light => Colour::Light,
        ThemeName::HighContrast => Colour::HighContrast,
    };
    let colour = match when.unwrap_or(When::Auto) {
        When::Always => colours,
        When::Never => Colour::None,
        When::Auto if no_colour => Colour::None,
        When::Auto => colours,
    };
    let locale =
        variable("LC_ALL").or_else(|| variable("LC_CTYPE")).or_else(|| variable("LANG")).unwrap_or_default();
    let utf8 = locale.to_ascii_lowercase().replace('-', "").contains("utf8");
    let simple = term == "linux" || term.starts_with("vt");
    let yes = |flag: bool, name: &str| {
        let said = variable(&format!("{PREFIX}{}", name.to_ascii_uppercase())).map(|value| value != "0");
        flag || said.unwrap_or_else(|| global.config.is_on(name))
    };
    let quiet = global.quiet || (!global.verbose && global.config.is_on("quiet"));
    Look {
        theme: Theme { colour },
        understands: understands(&term),
        talk: if quiet { Talk::Quiet } else { Talk::Usual },
        ascii: yes(global.ascii, "ascii") || !utf8 || simple,
        screen: terminal && !yes(global.plain, "plain") && !term.is_empty() && term != "dumb",
    }
}
