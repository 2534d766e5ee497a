//! event-cache-wizard: puts the AWS Event Cache plugin into a Spinnaker managed by Halyard. This
//! library is the shell around the pure core: ports, drivers, commands.

pub mod drive;
pub mod looks;
pub mod perform;
pub mod ports;
pub mod steps;
pub mod supervisor;
