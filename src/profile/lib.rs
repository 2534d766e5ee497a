//! Lossless editing of Spring profile YAML.
//!
//! Bytes in, splices out. Nothing here reads or writes a file: [`plan`] looks at the bytes of a
//! profile and answers with a [`EditVerdict`]; [`remove`] takes out again what a [`Receipt`] says was
//! put in. The invariant: **no byte outside the splices changes, and a result that was not proved
//! by a re-parse is never handed out.**

mod big;
mod documents;
mod effective;
mod embed;
mod entries;
mod events;
mod index;
mod leaf;
mod leaves;
mod load;
mod look_alikes;
mod manifest;
mod place;
mod plan;
mod planner;
mod position;
mod prove;
#[cfg(test)]
mod random_lines;
mod region;
mod remove;
mod repository;
mod root;
mod running_hash;
mod sha256;
mod siblings;
mod skim;
mod source;
mod spinnaker_service;
mod splice;
mod spring;
mod verdict;
mod wanted_block;
mod yaml11;

pub use plan::{plan, plan_and_hash};
pub use position::Position;
pub use remove::{Removal, remove};
pub use root::Root;
pub use sha256::sha256_hex;
pub use siblings::{Contradiction, SiblingKind, read_sibling};
pub use spinnaker_service::is_spinnaker_service;
pub use splice::{Change, Receipt, Splice, SpliceError};
pub use spring::repository_base;
pub use verdict::{Edit, EditVerdict, Finding, Refusal, RefusalReason, RepositoryFault};
pub use wanted_block::{NewerVersion, PLUGIN_ID, REPOSITORY_KEY, WantedBlock};
