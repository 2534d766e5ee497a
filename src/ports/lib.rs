//! The ways to the outside: one trait each. The real ones talk to disk, processes, the network and AWS,
//! the rehearsal's to the world in the same process. All calls block and are bounded in time; drivers run
//! them away from the screen.

mod aws;
mod call_log;
mod commands;
mod files;
mod pace;
mod plans;
mod store;
mod target_sessions;
mod web;

use std::sync::Arc;

use ecw_wizard::values::targets::TargetName;

pub use aws::{Aws, Listed, Raw, Rest, TopicAttributes};
pub use call_log::CallLog;
pub use commands::{Carried, Commands, OpenLog, Output, ReadSeek};
pub use files::{Files, Kind, Stat, Writable};
pub use pace::Pace;
pub use plans::Plans;
pub use store::{Held, LockAnswer, Room, Store};
pub use target_sessions::TargetSessions;
pub use web::{Redirects, Web, WebAnswer};

/// All of them.
#[derive(Clone)]
pub struct Ports {
    /// The hal directory.
    pub files: Arc<dyn Files>,
    /// `hal` and `kubectl`.
    pub commands: Arc<dyn Commands>,
    /// HTTP and names.
    pub web: Arc<dyn Web>,
    pub aws: Arc<dyn Aws>,
    /// Our own state.
    pub store: Arc<dyn Store>,
    /// The sessions of single targets.
    pub targets: Arc<dyn TargetSessions>,
    /// Time.
    pub pace: Arc<dyn Pace>,
    /// What was read and planned already.
    pub plans: Arc<Plans>,
}

impl Ports {
    /// Returns the same ports with the state of one target, below that of the whole.
    #[must_use]
    pub fn at_target(&self, name: &TargetName) -> Self {
        Self { store: self.store.at_target(name), ..self.clone() }
    }
}
