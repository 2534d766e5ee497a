//! Room on the disk, reserved before a step begins, so that what it has to write at its end fits.

use std::fs::File;
use std::io;

use rustix::fs::{FallocateFlags, fallocate};
use rustix::io::Errno;

use super::fail::{Call, call};

/// Reserves room behind the end of a file without making it longer; `bytes` may be there already.
///
/// # Errors
/// When there is not that much room. A file system that cannot reserve is taken at its word later.
pub fn reserve(file: &File, bytes: u64) -> io::Result<()> {
    call(Call::Reserve)?;
    let from = file.metadata()?.len();
    match fallocate(file, FallocateFlags::KEEP_SIZE, from, bytes) {
        Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Gives back what was reserved behind the end of a file that nobody writes any more.
pub fn release(file: &File) {
    if let Ok(meta) = file.metadata() {
        let _ = file.set_len(meta.len());
    }
}
