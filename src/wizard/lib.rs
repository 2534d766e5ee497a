//! The pure core: events in, effects out, time passed in. No files, processes, sockets, clocks or
//! environment; drivers perform what it says and never decide.
//!
//! Its floors, from the ground up; nothing looks to a floor above its own (`tests/architecture.rs`).

pub mod values;

pub mod model;
pub mod steps;

pub mod ui;

pub mod messages;

pub mod state;

pub mod rules;

pub mod screens;

pub mod navigation;

pub mod update;

pub use messages::cmd::Cmd;
pub use messages::effect::Effect;
pub use messages::event::Event;
pub use state::Session;
pub use values::exit::Exit;
