//! Attributes and, where wanted, the 16 ANSI colours on the default background; never white, black
//! or yellow, never anything that only a colour says.

use ecw_wizard::ui::row::Role;
use ratatui::style::{Color, Modifier, Style};

/// Whether colour is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// The 16 ANSI colours.
    Ansi,
    /// Attributes only.
    None,
}

/// How roles look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Colour or not.
    pub colour: Colour,
}

impl Theme {
    fn colour(self, colour: Color) -> Style {
        match self.colour {
            Colour::Ansi => Style::new().fg(colour),
            Colour::None => Style::new(),
        }
    }

    /// Returns the style of a role.
    #[must_use]
    pub fn style(self, role: Role) -> Style {
        match role {
            Role::Plain => Style::new(),
            Role::Dim => match self.colour {
                Colour::Ansi => Style::new().add_modifier(Modifier::DIM),
                Colour::None => Style::new(),
            },
            Role::Strong => Style::new().add_modifier(Modifier::BOLD),
            Role::Good => self.colour(Color::Green),
            Role::Warning => self.colour(Color::Magenta),
            Role::Bad => self.colour(Color::Red).add_modifier(Modifier::BOLD),
            Role::Added => self.style(Role::Good).add_modifier(Modifier::UNDERLINED | Modifier::BOLD),
            Role::Removed => self.style(Role::Bad).add_modifier(Modifier::UNDERLINED),
            Role::Focus => self.accent().add_modifier(Modifier::BOLD),
            Role::Input => Style::new().add_modifier(Modifier::UNDERLINED),
            Role::InputFocus => self.accent().add_modifier(Modifier::UNDERLINED),
        }
    }

    /// Returns the one accent.
    #[must_use]
    pub fn accent(self) -> Style {
        self.colour(Color::Cyan)
    }
}
