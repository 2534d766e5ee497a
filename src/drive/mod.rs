//! Drivers: they feed events to the core and perform its effects. None has a flow of its own.

pub mod headless;
pub mod interactive;
pub mod line;
pub mod live;
pub mod open;
pub mod play;
pub mod progress;
pub mod replay;
pub mod script;
pub mod signals;
pub mod terminal;
pub mod unattended;
pub mod workers;
