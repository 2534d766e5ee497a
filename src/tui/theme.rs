//! Attributes and, where wanted, colours on the terminal's own background; never anything that only a colour says.

use ecw_wizard::ui::row::Role;
use ratatui::style::{Color, Modifier, Style};

/// Which colours are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Of the 16 ANSI colours those that stand out on a dark background and, as terminals set them, on a light one.
    Ansi,
    /// Dark colours of the 256, for a light background, however the 16 are set.
    Light,
    /// Weight, underlining and reversing alone, in the terminal's strongest contrast; nothing is dimmed.
    HighContrast,
    /// Attributes only.
    None,
}

/// How roles look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    pub colour: Colour,
}

impl Theme {
    fn colour(self, ansi: Color, light: u8) -> Style {
        match self.colour {
            Colour::Ansi => Style::new().fg(ansi),
            Colour::Light => Style::new().fg(Color::Indexed(light)),
            Colour::HighContrast | Colour::None => Style::new(),
        }
    }

    /// Returns the style of a role.
    #[must_use]
    pub fn style(self, role: Role) -> Style {
        let bold = Modifier::BOLD;
        match role {
            Role::Plain => Style::new(),
            Role::Dim => match self.colour {
                Colour::Ansi => Style::new().add_modifier(Modifier::DIM),
                Colour::Light => Style::new().fg(Color::Indexed(59)),
                Colour::HighContrast | Colour::None => Style::new(),
            },
            Role::Strong => Style::new().add_modifier(bold),
            Role::Good => self.colour(Color::Green, 22),
            Role::Warning => self.colour(Color::Magenta, 90),
            Role::Bad => self.colour(Color::LightRed, 124).add_modifier(bold),
            Role::Added => self.style(Role::Good).add_modifier(Modifier::UNDERLINED | bold),
            Role::Removed => self.style(Role::Bad).add_modifier(Modifier::UNDERLINED),
            Role::Focus => match self.colour {
                Colour::HighContrast => Style::new().add_modifier(Modifier::REVERSED | bold),
                Colour::Ansi | Colour::Light | Colour::None => self.accent().add_modifier(bold),
            },
            Role::Input => Style::new().add_modifier(Modifier::UNDERLINED),
            Role::InputFocus => self.accent().add_modifier(Modifier::UNDERLINED),
        }
    }

    /// Returns the one accent.
    #[must_use]
    pub fn accent(self) -> Style {
        self.colour(Color::Cyan, 24)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::palette::rgb;

    const ROLES: [Role; 11] = [
        Role::Plain,
        Role::Dim,
        Role::Strong,
        Role::Good,
        Role::Warning,
        Role::Bad,
        Role::Added,
        Role::Removed,
        Role::Focus,
        Role::Input,
        Role::InputFocus,
    ];

    /// WCAG 2.1's relative luminance.
    fn luminance((red, green, blue): (u8, u8, u8)) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.03928 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    fn contrast(colour: (u8, u8, u8), ground: (u8, u8, u8)) -> f64 {
        let (one, other) = (luminance(colour), luminance(ground));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_colour_can_be_read_on_the_background_it_is_for() {
        for (colour, ground) in [(Colour::Ansi, (0, 0, 0)), (Colour::Light, (0xff, 0xff, 0xff))] {
            for role in ROLES {
                let style = Theme { colour }.style(role);
                assert_eq!(style.bg, None, "the background is the terminal's own");
                if let Some(shown) = style.fg.and_then(rgb) {
                    let contrast = contrast(shown, ground);
                    assert!(contrast >= 4.5, "{colour:?} {role:?}: {contrast:.1}");
                }
            }
        }
    }

    #[test]
    fn without_colours_nothing_is_coloured_and_in_high_contrast_nothing_is_dimmed() {
        for colour in [Colour::HighContrast, Colour::None] {
            for role in ROLES {
                let style = Theme { colour }.style(role);
                assert_eq!((style.fg, style.bg), (None, None), "{colour:?} {role:?}");
                assert!(!style.add_modifier.contains(Modifier::DIM), "{colour:?} {role:?}");
            }
        }
    }
}
