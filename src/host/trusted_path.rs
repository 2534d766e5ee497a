//! Opening what a path names, where somebody else may have laid links on the way. A link is followed
//! only where whoever laid it could have written its target: root's links and our own always, another
//! user's only to what that user could have opened for writing.

use std::fs::{self, File};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

use cap_fs_ext::{DirExt, FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};
use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat2};
use rustix::io::Errno;
use rustix::process::geteuid;

use super::behalf::Behalf;

/// More links than this on one path are a circle.
const MOST_LINKS: usize = 40;

/// A path without links, and who laid the links that led to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// Where it leads.
    pub path: PathBuf,
    /// Links on the way that are neither root's nor ours: (link, owner).
    foreign: Vec<(PathBuf, u32, u32)>,
}

/// What is wanted of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Want {
    File,
    Directory,
}

/// Follows the links of a path by hand. What does not exist stays as it is named.
///
/// # Errors
/// A circle, or a directory that cannot be looked into.
pub fn resolve(path: &Path) -> io::Result<Resolved> {
    let path = std::path::absolute(path)?;
    let me = geteuid().as_raw();
    let mut rest: Vec<std::ffi::OsString> = path.components().rev().filter_map(|part| step(&part)).collect();
    let mut found = Resolved { path: PathBuf::from("/"), foreign: Vec::new() };
    let mut links = 0;
    while let Some(name) = rest.pop() {
        if name == ".." {
            // As the kernel does: what does not exist has nothing above it.
            fs::symlink_metadata(&found.path)?;
            found.path.pop();
            continue;
        }
        let next = found.path.join(&name);
        match fs::symlink_metadata(&next) {
            Ok(meta) if meta.is_symlink() => {
                links += 1;
                if links > MOST_LINKS {
                    return Err(Errno::LOOP.into());
                }
                if meta.uid() != 0 && meta.uid() != me {
                    found.foreign.push((next.clone(), meta.uid(), meta.gid()));
                }
                let target = fs::read_link(&next)?;
                if target.is_absolute() {
                    found.path = PathBuf::from("/");
                }
                rest.extend(target.components().rev().filter_map(|part| step(&part)));
            }
            Ok(_) => found.path = next,
            Err(error) if error.kind() == io::ErrorKind::NotFound => found.path = next,
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

fn step(part: &Component<'_>) -> Option<std::ffi::OsString> {
    match part {
        Component::Normal(name) => Some((*name).to_owned()),
        Component::ParentDir => Some("..".into()),
        Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
    }
}

/// Opens a regular file for reading. Nothing waits: a pipe is refused before it is read.
///
/// # Errors
/// What the system says; a link that leads where its owner could not write; what is no regular file.
pub fn open_file(path: &Path) -> io::Result<File> {
    resolve(path)?.open_file()
}

impl Resolved {
    /// Returns whether somebody else's link led here.
    #[must_use]
    pub fn was_led(&self) -> bool {
        !self.foreign.is_empty()
    }

    /// Opens the regular file that it leads to, for reading.
    ///
    /// # Errors
    /// As [`open_file`].
    pub fn open_file(&self) -> io::Result<File> {
        let no_file = || io::Error::other("it is not a regular file");
        let name = self.path.file_name().ok_or_else(no_file)?;
        let above = self.path.parent().ok_or_else(no_file)?;
        let dir = File::from(open(above, OFlags::PATH | OFlags::DIRECTORY, Want::Directory)?);
        let owner = dir.metadata()?;
        // With the rights of the directory's owner: a file of root's that was moved or linked into a
        // directory of somebody else's is not read out.
        let file = Behalf::of_owner(owner.uid(), owner.gid()).run(|| {
            let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
            Ok(File::from(rustix::fs::openat(&dir, name, flags, Mode::empty())?))
        })?;
        let meta = file.metadata()?;
        if !meta.is_file() {
            return Err(no_file());
        }
        follows(self, &meta, Want::File)?;
        Ok(file)
    }

    /// Opens the directory that what it leads to is in, or would be made in; returns it with the name
    /// there and whose rights are used.
    ///
    /// # Errors
    /// What the system says; links that lead where their owner could not make a file.
    pub fn open_parent(&self) -> io::Result<(Dir, String, Behalf)> {
        let no_file = || io::Error::other("it is not the name of a file");
        let name = self.path.file_name().and_then(|name| name.to_str()).ok_or_else(no_file)?.to_owned();
        let path = self.path.parent().ok_or_else(no_file)?;
        let dir = File::from(open(path, OFlags::RDONLY | OFlags::DIRECTORY, Want::Directory)?);
        let meta = dir.metadata()?;
        if fs::symlink_metadata(&self.path).is_err() {
            let parent = Self { path: path.to_path_buf(), foreign: self.foreign.clone() };
            follows(&parent, &meta, Want::Directory)?;
        }
        let behalf = Behalf::of_owner(meta.uid(), meta.gid());
        Ok((Dir::from_std_file(dir), name, behalf))
    }
}

/// Opens a directory; returns it with its path without links and on whose behalf it is worked in.
///
/// # Errors
/// What the system says; a link that leads where its owner could not write.
pub fn open_directory(path: &Path) -> io::Result<(Dir, PathBuf, Behalf)> {
    let resolved = resolve(path)?;
    let dir = File::from(open(&resolved.path, OFlags::RDONLY | OFlags::DIRECTORY, Want::Directory)?);
    let meta = dir.metadata()?;
    follows(&resolved, &meta, Want::Directory)?;
    let behalf = Behalf::of_owner(meta.uid(), meta.gid());
    Ok((Dir::from_std_file(dir), resolved.path, behalf))
}

/// Whether the links on the way may be followed to what was opened.
fn follows(resolved: &Resolved, target: &fs::Metadata, want: Want) -> io::Result<()> {
    for (link, uid, gid) in &resolved.foreign {
        let owns = target.uid() == *uid;
        let could = || {
            let flags = match want {
                Want::File => OFlags::WRONLY,
                Want::Directory => OFlags::RDONLY | OFlags::DIRECTORY,
            };
            Behalf::of_owner(*uid, *gid).run(|| {
                if want == Want::Directory {
                    rustix::fs::accessat(
                        CWD,
                        &resolved.path,
                        rustix::fs::Access::WRITE_OK,
                        rustix::fs::AtFlags::EACCESS,
                    )?;
                }
                open(&resolved.path, flags, want)
            })
        };
        let allowed = owns || geteuid().is_root() && could().is_ok();
        if !allowed {
            return Err(io::Error::other(format!(
                "{} is a link of another user (uid {uid}) to {}, which that user could not write; it is not followed",
                link.display(),
                resolved.path.display()
            )));
        }
    }
    Ok(())
}

/// Opens a path that holds no link.
fn open(path: &Path, flags: OFlags, want: Want) -> io::Result<OwnedFd> {
    // What is opened by its path alone never waits, and takes no other flag.
    let waits = if flags.contains(OFlags::PATH) { OFlags::empty() } else { OFlags::NONBLOCK };
    let flags = flags | OFlags::CLOEXEC | OFlags::NOFOLLOW | waits;
    match openat2(CWD, path, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS) {
        Ok(opened) => Ok(opened),
        // An old kernel, or a sandbox that does not know the call.
        Err(Errno::NOSYS | Errno::PERM) => walk(path, flags, want),
        Err(error) => Err(error.into()),
    }
}

fn walk(path: &Path, flags: OFlags, want: Want) -> io::Result<OwnedFd> {
    let mut dir = Dir::open_ambient_dir("/", ambient_authority())?;
    let names: Vec<_> = path.components().filter_map(|part| step(&part)).collect();
    let Some((last, parents)) = names.split_last() else { return Ok(dir.into_std_file().into()) };
    for name in parents {
        dir = dir.open_dir_nofollow(name)?;
    }
    if want == Want::Directory {
        return Ok(dir.open_dir_nofollow(last)?.into_std_file().into());
    }
    let writes = flags.contains(OFlags::WRONLY);
    let mut options = OpenOptions::new();
    options.read(!writes).write(writes).follow(FollowSymlinks::No).nonblock(true);
    Ok(dir.open_with(last, &options)?.into_std().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_links_are_followed_and_a_circle_ends() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let at = |name: &str| dir.path().join(name);
        fs::write(at("real"), "x").expect("written");
        std::os::unix::fs::symlink("real", at("link")).expect("link");
        std::os::unix::fs::symlink("round", at("round")).expect("link");
        let real = fs::canonicalize(at("real")).expect("there");
        assert_eq!(resolve(&at("link")).expect("resolved").path, real);
        assert!(open_file(&at("link")).is_ok());
        assert_eq!(open_file(&at("round")).expect_err("a circle").raw_os_error(), Some(40));
    }

    #[test]
    fn the_walk_for_old_kernels_opens_the_same_and_follows_nothing() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let dir = fs::canonicalize(dir.path()).expect("there");
        fs::write(dir.join("real"), "x").expect("written");
        std::os::unix::fs::symlink(dir.join("real"), dir.join("link")).expect("link");
        assert!(walk(&dir.join("real"), OFlags::RDONLY, Want::File).is_ok());
        assert!(walk(&dir.join("link"), OFlags::RDONLY, Want::File).is_err());
        assert!(walk(&dir, OFlags::RDONLY, Want::Directory).is_ok());
    }

    #[test]
    fn what_would_wait_for_ever_is_refused_at_once() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let path = dir.path().join("pipe");
        rustix::fs::mknodat(CWD, &path, rustix::fs::FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)
            .expect("made");
        assert_eq!(open_file(&path).expect_err("refused").to_string(), "it is not a regular file");
    }
}
