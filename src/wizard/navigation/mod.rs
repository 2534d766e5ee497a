//! Which screen is shown, and what stands on it.

pub mod flow;
pub mod hints;
pub mod job;
pub mod rail;
pub mod shown;
