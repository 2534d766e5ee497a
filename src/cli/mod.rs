//! The command line: arguments in, exit code out. One command a file.

mod about;
mod answers;
mod apply;
mod arguments;
pub(crate) mod bundle;
mod check;
mod check_road;
mod config;
mod context;
mod environment;
#[cfg(test)]
mod generated;
mod global;
mod handover;
mod headless;
mod help;
mod iam_policy;
mod inherited;
mod input_files;
mod look;
mod manual;
mod place;
mod plan;
mod played;
mod plugin;
#[cfg(test)]
mod reference;
mod rehearse;
mod rehearsed;
mod report;
mod reporting;
mod resume;
mod run;
mod schema;
mod several;
mod status;
mod status_all;
mod unattended;
mod undo;
mod verify;
mod wait;
mod wizard;

pub use run::run;
