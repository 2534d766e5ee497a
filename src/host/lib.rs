//! This machine: files, processes, the network, our own state; whose rights files are touched with, how
//! paths are opened, who runs, who waits.

pub mod anywhere;
pub mod behalf;
pub mod call_log;
pub mod cancel;
mod child;
pub mod clock;
pub mod deploy_files;
pub mod deploy_lock;
pub mod disk;
pub mod fail;
pub mod far;
pub mod flock;
pub mod lock;
mod log_piece;
pub mod login;
pub mod mirror;
pub mod named_file;
pub mod old_state;
pub mod overlay_copy;
pub mod print;
pub mod process;
pub mod process_id;
pub mod profile_file;
pub mod record;
pub mod seal;
pub mod service_manager;
pub mod space;
pub mod state_place;
pub mod store;
mod strays;
pub mod supervisor;
pub mod tree;
pub mod trusted_path;
pub mod whole_file;
