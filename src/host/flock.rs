//! Locks of the kernel: held as long as anybody has the open file, gone with the last of them.

use std::fs;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

/// Whether a lock was had.
#[derive(Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It was.
    Had,
    /// Somebody else has it.
    Busy,
}

/// Tries to have a lock alone, without waiting.
///
/// # Errors
/// When there are no locks to be had here (some network file systems): that is not somebody else.
pub fn alone(file: impl AsFd) -> io::Result<Attempt> {
    attempt(file, FlockOperation::NonBlockingLockExclusive)
}

/// Tries to have a lock together with others, without waiting.
///
/// # Errors
/// When there are no locks to be had here.
pub fn together(file: impl AsFd) -> io::Result<Attempt> {
    attempt(file, FlockOperation::NonBlockingLockShared)
}

fn attempt(file: impl AsFd, operation: FlockOperation) -> io::Result<Attempt> {
    match flock(file, operation) {
        Ok(()) => Ok(Attempt::Had),
        Err(Errno::WOULDBLOCK) => Ok(Attempt::Busy),
        Err(error) => Err(io::Error::new(
            io::Error::from(error).kind(),
            format!("files cannot be locked here ({})", io::Error::from(error)),
        )),
    }
}

/// Returns the processes that have a file open, as far as this user may see.
#[must_use]
pub fn users_of(file: impl AsFd) -> Vec<i32> {
    let Ok(wanted) = rustix::fs::fstat(file) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        if has_open(pid, (wanted.st_dev, wanted.st_ino)) {
            found.push(pid);
        }
    }
    found
}

/// Returns whether a process has the file of this device and number open.
#[must_use]
pub fn has_open(pid: i32, (device, number): (u64, u64)) -> bool {
    fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten().any(|entry| {
        fs::metadata(entry.path()).is_ok_and(|meta| (meta.dev(), meta.ino()) == (device, number))
    })
}
