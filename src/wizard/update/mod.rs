//! The only code that changes a session: [`open`] begins it, [`Session::start`](crate::Session::start) and
//! [`Session::update`](crate::Session::update) take events in and give effects out.

mod buttons;
mod drive;
mod expected_plan;
mod input;
mod offers;
mod open;
mod resume;
mod run_events;
mod settle;
mod unattended;
mod watch;

pub use open::{begun, open};
