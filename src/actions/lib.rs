//! What effects come to: questions are answered, steps are done, through the ports. Nothing here decides.

pub mod open;
pub mod perform;
pub mod queries;
pub mod steps;
mod target_session;
