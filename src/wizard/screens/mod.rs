//! The screens: each decides what it says (`page`) and whether it may be passed (`pass`).

mod aws_identity;
mod configure;
mod delivery;
pub(crate) mod dialogs;
mod dispatch;
mod endpoint;
mod halted;
mod help;
mod home;
mod install;
mod install_plan;
mod install_plan_kubernetes;
mod parts;
mod prerequisites;
mod readiness;
mod resume;
mod review;
mod sns;
mod spinnaker_upgrade;
mod summary;
mod targets;
mod topic;
mod undo;
mod version;
mod watch;
mod why;

pub(crate) use dispatch::was_confirmed;
pub use dispatch::{page, pass};
pub use help::{help, help_lines};
pub use home::CHECKED;
pub use why::why;
