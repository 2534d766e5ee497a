//! What the wizard knows and shows: data only. It is read by rules and screens, changed by `update` alone.

pub mod home_look;
pub mod log_view;
pub mod run;
pub mod session;
pub mod setup;
pub(crate) mod slowed;
pub mod stage;
pub mod view;

pub use session::Session;
