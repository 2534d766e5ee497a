//! Writing a file that the operator named, perhaps into a directory that others can write too: nothing
//! that was laid there is followed or overwritten, but an older file of one's own.

use std::fs::{File, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use rustix::process::geteuid;

use super::{trusted_path, whole_file};

/// Has a file hold these bytes, at once or not at all.
///
/// # Errors
/// What the system says; a link; what is no regular file of one's own.
pub fn write(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let path = std::path::absolute(path)?;
    let no_file = || io::Error::other("it is not the name of a file");
    let name = path.file_name().and_then(|name| name.to_str()).ok_or_else(no_file)?;
    match std::fs::symlink_metadata(&path) {
        Ok(meta) if !meta.is_file() => {
            return Err(io::Error::other("it is there already and not a regular file; name another one"));
        }
        Ok(meta) if meta.uid() != geteuid().as_raw() || meta.nlink() > 1 => {
            return Err(io::Error::other("it is there already and not yours alone; name another one"));
        }
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let (dir, ..) = trusted_path::open_directory(path.parent().ok_or_else(no_file)?)?;
    let mut made = whole_file::make(&dir, name, mode)?;
    made.fill(&[bytes])?;
    made.name(&dir, name)?;
    whole_file::place(&dir, name)
}

/// Makes a directory of one's own with a name that nobody could know, for oneself alone.
///
/// # Errors
/// What the system says.
pub fn private_directory(parent: &Path, prefix: &str) -> io::Result<std::path::PathBuf> {
    const TRIES: u32 = 100;
    let mut seed = [0_u8; 16];
    io::Read::read_exact(&mut File::open("/dev/urandom")?, &mut seed)?;
    for at in 0..TRIES {
        let word = &ecw_profile::sha256_hex(&[&seed[..], &at.to_le_bytes()].concat())[..12];
        let path = parent.join(format!("{prefix}-{word}"));
        match std::fs::create_dir(&path) {
            Ok(()) => {
                std::fs::set_permissions(&path, Permissions::from_mode(0o700))?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("no free name was found"))
}
