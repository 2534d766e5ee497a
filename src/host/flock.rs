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

/// Returns whether a process holds the lock alone of the file of this device and number, by the kernel's
/// own word: that it has it open is not enough.
#[must_use]
pub fn holds(pid: i32, (device, number): (u64, u64)) -> bool {
    fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten().any(|entry| {
        let same = fs::metadata(entry.path()).is_ok_and(|meta| (meta.dev(), meta.ino()) == (device, number));
        let told = || {
            let path = format!("/proc/{pid}/fdinfo/{}", entry.file_name().to_string_lossy());
            fs::read_to_string(path).unwrap_or_default()
        };
        same && told()
            .lines()
            .any(|line| line.starts_with("lock:") && line.contains("FLOCK") && line.contains("WRITE"))
    })
}

/// Returns whether a process has the file of this device and number open.
fn has_open(pid: i32, (device, number): (u64, u64)) -> bool {
    fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten().any(|entry| {
        fs::metadata(entry.path()).is_ok_and(|meta| (meta.dev(), meta.ino()) == (device, number))
    })
}

#[cfg(test)]
mod tests {
    use rustix::fs::{Mode, OFlags};

    use super::*;

    #[test]
    fn a_place_without_locks_is_not_somebody_else() {
        // A descriptor that can be locked as little as a file on a server without locks.
        let path = rustix::fs::open("/tmp", OFlags::PATH | OFlags::CLOEXEC, Mode::empty()).expect("opened");
        let error = alone(&path).expect_err("no lock");
        assert!(error.to_string().starts_with("files cannot be locked here"), "{error}");
    }

    #[test]
    fn a_lock_that_is_held_is_busy_and_is_free_with_the_last_that_has_it_open() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let open = || fs::File::create(dir.path().join("lock")).expect("made");
        let (first, second) = (open(), open());
        assert_eq!(alone(&first).expect("locks"), Attempt::Had);
        let handed = first.try_clone().expect("cloned");
        drop(first);
        assert_eq!(alone(&second).expect("locks"), Attempt::Busy);
        drop(handed);
        assert_eq!(alone(&second).expect("locks"), Attempt::Had);
    }
}
