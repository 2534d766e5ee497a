//! The pure core: events in, effects out, time passed in. No files, processes, sockets, clocks or
//! environment; drivers perform what it says and never decide.

mod act;
pub mod answers;
pub mod answers_file;
mod auto;
pub mod cmd;
pub mod dialog;
pub mod drift;
pub mod effect;
pub mod event;
pub mod exit;
pub mod facts;
pub mod flow;
pub mod form;
pub mod home;
mod input;
pub mod journal;
pub mod keymap;
pub mod layout;
pub mod names;
pub mod opening;
pub mod page;
pub mod plan;
pub mod plan_document;
pub mod question;
pub mod report;
mod resume;
pub mod run;
mod run_events;
pub mod screens;
pub mod session;
pub mod status;
pub mod step;
pub mod summary;
pub mod time;
pub mod trouble;
pub mod undo;
mod watch;

pub use cmd::Cmd;
pub use effect::Effect;
pub use event::Event;
pub use exit::Exit;
pub use session::Session;
