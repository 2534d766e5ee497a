//! SNS access policies: does AWS Config may publish, add the one statement that lets it, take just
//! that statement out again. Everything else in the document stays as it was.

mod condition;
mod diff;
mod error;
mod grant;
mod key_policy;
mod merge;
mod pattern;
mod splice;

pub use diff::diff;
pub use error::PolicyError;
pub use grant::{Grant, grants};
pub use key_policy::key_policy_statement;
pub use merge::{BYTE_LIMIT, Merged, Sample, merge, ours, remove, same};
