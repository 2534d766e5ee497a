//! Drivers: they feed events to the core and perform its effects. One loop, [`pump`], serves them all; a
//! skin owns a screen and a keyboard, and decides nothing.

pub mod headless;
pub mod interactive;
pub mod line;
pub mod live;
mod outside;
pub mod play;
pub mod progress;
pub mod pump;
pub mod replay;
pub mod script;
mod signals;
pub mod terminal;
pub mod unattended;
pub mod window;
mod workers;
