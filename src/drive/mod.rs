//! Drivers: they feed events to the core and perform its effects. None has a flow of its own.

pub mod headless;
pub mod interactive;
pub mod line;
pub mod open;
pub mod progress;
pub mod script;
pub mod terminal;
pub mod unattended;
pub mod workers;
