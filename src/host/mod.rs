//! This machine: whose rights files are touched with, how paths are opened, who runs, who waits.

pub mod behalf;
pub mod cancel;
pub mod deploy_files;
pub mod deploy_lock;
pub mod fail;
pub mod flock;
pub mod named_file;
pub mod old_state;
pub mod process_id;
pub mod profile_file;
pub mod seal;
pub mod space;
pub mod state_place;
pub mod tree;
pub mod trusted_path;
pub mod whole_file;
