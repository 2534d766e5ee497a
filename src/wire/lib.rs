//! The wire skin of the rehearsal world: servers and commands on this machine that the real program
//! talks to as it would to the real ones.

pub mod carriers;
pub mod commands;
pub mod kubectl;
pub mod server;
mod wire_aws;
pub mod world_process;
