//! What goes in and out: commands, events, effects, and how a session begins.

pub mod cmd;
pub mod effect;
pub mod event;
pub mod keymap;
pub mod opening;
