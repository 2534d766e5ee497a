//! Files that are there whole or not at all: a new text is made without a name, gets one beside the
//! file when it is on disk, and then takes the file's place.

use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::PermissionsExt;

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt};
use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt};
use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, openat};

use super::fail::{Call, Point, call, point};

/// Stands in the name of every file that is about to take another's place.
const MARK: &str = ".ecw-";

/// Returns the name that a file's new text has until it takes its place.
#[must_use]
pub fn staging_name(name: &str) -> String {
    format!(".{name}{MARK}{}", std::process::id())
}

/// Returns the file whose new text a name of [`staging_name`] stands for, whoever made it.
#[must_use]
pub fn staged_for(name: &str) -> Option<&str> {
    let (of, number) = name.strip_prefix('.')?.rsplit_once(MARK)?;
    let ours = !of.is_empty() && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    ours.then_some(of)
}

/// Makes a file without a name in a directory, where the file system can; else under a staging name.
///
/// # Errors
/// What the system says.
pub fn make(dir: &Dir, name: &str, mode: u32) -> io::Result<Unnamed> {
    call(Call::Open)?;
    let _ = dir.remove_file(staging_name(name));
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    let file = match openat(dir.as_fd(), ".", flags, Mode::from_raw_mode(0o600)) {
        Ok(file) => Unnamed { file: File::from(file), named: Named::NotYet },
        // The file system does not know files without a name.
        Err(_) => {
            let mut options = OpenOptions::new();
            options.read(true).write(true).create_new(true).mode(0o600).follow(FollowSymlinks::No);
            let file = dir.open_with(staging_name(name), &options)?.into_std();
            Unnamed { file, named: Named::Already }
        }
    };
    file.file.set_permissions(Permissions::from_mode(mode))?;
    Ok(file)
}

/// Whether a file that was made has its staging name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    NotYet,
    Already,
}

/// A file that has not taken its place yet.
#[derive(Debug)]
pub struct Unnamed {
    /// The open file.
    pub file: File,
    named: Named,
}

impl Unnamed {
    /// Writes the whole text and waits until it is on disk.
    ///
    /// # Errors
    /// What the system says.
    pub fn fill(&mut self, pieces: &[&[u8]]) -> io::Result<()> {
        call(Call::Write)?;
        for piece in pieces {
            self.file.write_all(piece)?;
        }
        call(Call::Sync)?;
        self.file.sync_all()
    }

    /// Gives it its staging name.
    ///
    /// # Errors
    /// What the system says.
    pub fn name(&mut self, dir: &Dir, name: &str) -> io::Result<()> {
        if self.named == Named::NotYet {
            call(Call::Rename)?;
            let own = format!("/proc/self/fd/{}", self.file.as_raw_fd());
            linkat(CWD, own, dir.as_fd(), staging_name(name), AtFlags::SYMLINK_FOLLOW)?;
            self.named = Named::Already;
        }
        point(Point::FileStaged);
        Ok(())
    }
}

/// Has a named file take its place.
///
/// # Errors
/// What the system says; the staging name is gone then.
pub fn place(dir: &Dir, name: &str) -> io::Result<()> {
    let placed = call(Call::Rename).and_then(|()| dir.rename(staging_name(name), dir, name));
    if placed.is_err() {
        let _ = dir.remove_file(staging_name(name));
    }
    placed?;
    point(Point::FileReplaced);
    sync(dir)
}

/// Waits until the names of a directory are on disk.
///
/// # Errors
/// What the system says.
pub fn sync(dir: &Dir) -> io::Result<()> {
    call(Call::Sync)?;
    // A directory that may be written and not read cannot be opened to be synced.
    match openat(dir.as_fd(), ".", OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()) {
        Ok(dir) => Ok(rustix::fs::fsync(dir)?),
        Err(rustix::io::Errno::ACCESS) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_count_as_staging() {
        assert_eq!(staged_for(".gate-local.yml.ecw-4711"), Some("gate-local.yml"));
        assert_eq!(staged_for("..gitignore.ecw-1"), Some(".gitignore"));
        for other in [
            "gate-local.yml",
            ".gate-local.yml.swp",
            ".gate-local.yml.ecw-",
            ".gate-local.yml.ecw-1x",
            ".ecw-1",
        ] {
            assert_eq!(staged_for(other), None, "{other}");
        }
    }
}
