//! Which screen is shown, and what stands on it.

pub mod flow;
pub mod shown;
