//! The rehearsal world in the same process, behind the ports.

pub mod in_process;
mod in_process_aws;
mod state;
