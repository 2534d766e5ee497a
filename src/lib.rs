//! event-cache-wizard: puts the AWS Event Cache plugin into a Spinnaker managed by Halyard. This
//! library is the command line; the wizard itself is in the crates below it.

pub mod cli;
pub mod output;
