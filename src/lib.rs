//! event-cache-wizard: puts the AWS Event Cache plugin into a Spinnaker managed by Halyard. This
//! library is the shell around the pure core: ports, drivers, commands.

pub mod base64;
pub mod cli;
pub mod clock;
pub mod drive;
pub mod host;
pub mod lock;
pub mod login;
pub mod looks;
pub mod output;
pub mod perform;
pub mod ports;
pub mod print;
pub mod record;
pub mod rehearsal;
pub mod steps;
pub mod supervisor;
