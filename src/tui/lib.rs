//! The terminal skin: paints what the core says. Views take `&Session` and decide nothing.

mod draw;
mod film;
mod frame;
mod log_viewer;
mod palette;
mod still;
mod theme;

pub use draw::{draw, text_of};
pub use film::film;
pub use still::Still;
pub use theme::{Colour, Theme};
