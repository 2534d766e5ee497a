//! From a session to values: what is chosen, planned, needed, left, and wanted next. Nothing here changes anything.

pub mod arrival;
pub mod aws_config;
pub mod come_back;
pub mod confirmation;
pub mod costs;
pub mod defaults;
pub mod deploy_needs;
pub mod derived;
pub mod drift;
pub mod handover;
pub mod home;
pub mod least_rights;
pub mod limits;
pub mod needed;
pub mod plan;
pub mod plan_document;
pub mod proof;
pub mod questions;
pub mod recorded;
pub mod rollback;
pub mod status;
pub mod summary;
pub mod task;
pub mod undo;
pub mod undo_run;
pub mod wake;
