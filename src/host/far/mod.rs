//! A Halyard that runs elsewhere: behind docker, kubectl, ssh or sudo. Everything is done there by small scripts for
//! a POSIX shell (`*.sh` beside this file), each given its words as a list and its data as standard input.

mod carry;
mod deploys;
mod files;
mod log;
mod login;
mod net;
mod note;
mod session;

pub use carry::{Far, FarTrouble};
pub use deploys::Yard;
pub use log::FarLog;
pub use note::{Noted, Noting};
