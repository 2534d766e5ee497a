//! What effects come to: questions are answered, steps are done, through the ports. Nothing here decides.

mod fresh_looks;
mod log_pages;
pub mod open;
pub mod perform;
pub mod prove;
pub mod queries;
mod side_by_side;
pub mod steps;
pub mod target_session;
