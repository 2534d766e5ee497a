//! One wizard at a time works on a deployment. The lock is the kernel's (it goes with its holder,
//! however that ends); the file beside it says who holds it.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use ecw_core::journal::Actor;
use rustix::fs::{FlockOperation, flock};

use crate::clock::Clock;

/// A held lock.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why a lock could not be had.
#[derive(Debug, PartialEq, Eq)]
pub enum Locked {
    /// Somebody holds it; who, in words.
    By(String),
    /// The state directory cannot be written.
    Unwritable,
}

impl Lock {
    /// Takes the lock of a state directory.
    ///
    /// # Errors
    /// When somebody else holds it, or the directory cannot be written.
    pub fn take(dir: &Path, actor: &Actor) -> Result<Self, Locked> {
        // Only directories of ours are made, below one that exists.
        let exists = dir.ancestors().nth(2).is_some_and(Path::is_dir);
        if exists && !dir.is_dir() {
            let _ = fs::create_dir_all(dir);
        }
        let path = dir.join("lock");
        let file = File::options()
            .create(true)
            .append(true)
            .mode(0o660)
            .open(&path)
            .map_err(|_| Locked::Unwritable)?;
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            let text = fs::read_to_string(&path).unwrap_or_default();
            return Err(Locked::By(ecw_halyard::clean(text.trim(), 300)));
        }
        let since = ecw_core::time::utc(Clock::default().now().wall);
        let tty = actor.tty.as_deref().unwrap_or("no terminal");
        let words = format!(
            "{} on {}, {tty}, since {since}, pid {}, boot {}",
            actor.user,
            actor.host,
            std::process::id(),
            crate::supervisor::boot_id()
        );
        let written = file.set_len(0).and_then(|()| writeln!(&file, "{words}"));
        drop(written);
        Ok(Self { _file: file })
    }
}
