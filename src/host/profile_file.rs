//! A profile of an operator: replaced at once or not at all. Owner, group, mode, access lists and
//! extended attributes stay, links are followed where that is safe (host/trusted_path.rs) and kept.

use std::ffi::CString;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use cap_std::fs::Dir;
use ecw_profile::sha256_hex;
use rustix::fs::{Gid, Uid, XattrFlags, fchown, fgetxattr, flistxattr, fremovexattr, fsetxattr};

use super::tree::Tree;
use super::trusted_path::{self, Resolved};
use super::whole_file::{self, Unnamed, staged_for};

/// A profile bigger than this is not read into memory.
const READ_LIMIT: u64 = 512 * 1024 * 1024;
const ACCESS_LIST: &str = "system.posix_acl_access";
/// Profiles that the wizard writes.
const OURS: [&str; 2] = ["gate-local.yml", "clouddriver-local.yml"];

/// Reads a file; `None` when there is none.
///
/// # Errors
/// What the system says; what is no regular file; a link that leads where its owner could not write.
pub fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    read_resolved(&trusted_path::resolve(path)?)
}

fn read_resolved(target: &Resolved) -> io::Result<Option<Vec<u8>>> {
    let Some(file) = there(target)? else { return Ok(None) };
    let length = file.metadata()?.len();
    if length > READ_LIMIT {
        return Err(io::Error::other("it is unreasonably big"));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.take(READ_LIMIT).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

fn there(target: &Resolved) -> io::Result<Option<File>> {
    match target.open_file() {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Makes the directory of a file where it is missing: as the one above it is.
fn make_parent(path: &Path) -> io::Result<()> {
    let Some(parent) = path.parent() else { return Ok(()) };
    if parent.is_dir() {
        return Ok(());
    }
    Tree::make_like_above(parent)
}

/// Replaces a file, if its content still is `before` (`None` = there is no file), by these pieces.
///
/// # Errors
/// What the system says; the file is as it was.
pub fn replace(path: &Path, before: Option<&[u8]>, after: &[&[u8]]) -> io::Result<()> {
    make_parent(path)?;
    // Resolved once: what is checked is what is written.
    let target = trusted_path::resolve(path)?;
    let like = there(&target)?;
    let (dir, name, behalf) = target.open_parent()?;
    let like_meta = like.as_ref().map(File::metadata).transpose()?;
    let model = like_meta.clone().or_else(|| sibling(&target.path));
    let mode = model.as_ref().map_or(0o640, |meta| meta.mode() & 0o777);
    let mut made = behalf.run(|| {
        let mut made = whole_file::make(&dir, &name, mode)?;
        keep_attributes(like.as_ref(), &made.file)?;
        made.fill(after)?;
        Ok(made)
    })?;
    // It has no name yet, so nobody else can have it open when it becomes somebody's.
    let owned = own(&mut made, model.as_ref(), like_meta.as_ref(), &dir);
    let placed = owned.and_then(|()| made.name(&dir, &name)).and_then(|()| {
        // Once more, just before the exchange: is it still the file that was shown?
        if !is_still(&target, before)? {
            return Err(io::Error::other("it was changed meanwhile"));
        }
        behalf.run(|| whole_file::place(&dir, &name))
    });
    if placed.is_err() {
        let _ = behalf.run(|| dir.remove_file(whole_file::staging_name(&name)));
    }
    placed
}

/// Compares a file with a content, without a second copy of it in memory.
fn is_still(target: &Resolved, content: Option<&[u8]>) -> io::Result<bool> {
    let (Some(mut file), Some(mut content)) = (there(target)?, content) else {
        return Ok(there(target)?.is_none() && content.is_none());
    };
    let mut part = vec![0_u8; 256 * 1024];
    loop {
        match file.read(&mut part)? {
            0 => return Ok(content.is_empty()),
            read => match content.strip_prefix(&part[..read]) {
                Some(rest) => content = rest,
                None => return Ok(false),
            },
        }
    }
}

/// Has the file that we have just made belong to whom the former one belonged to; a new one belongs as
/// its siblings, or its directory, do.
fn own(made: &mut Unnamed, model: Option<&Metadata>, like: Option<&Metadata>, dir: &Dir) -> io::Result<()> {
    let directory = rustix::fs::fstat(dir.as_fd())?;
    let (uid, gid) = model.map_or((directory.st_uid, directory.st_gid), |meta| (meta.uid(), meta.gid()));
    let now = made.file.metadata()?;
    if (now.uid(), now.gid()) == (uid, gid) {
        return Ok(());
    }
    // Only what we have made a moment ago, by its descriptor.
    if fchown(&made.file, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid))).is_err() {
        let _ = fchown(&made.file, None, Some(Gid::from_raw(gid)));
    }
    let now = made.file.metadata()?;
    match like {
        Some(like) if (now.uid(), now.gid()) != (like.uid(), like.gid()) => Err(io::Error::other(
            "its owner and group could not be kept; run the wizard as its owner or as root",
        )),
        _ => Ok(()),
    }
}

fn sibling(path: &Path) -> Option<Metadata> {
    let dir = path.parent()?;
    let mut names: Vec<PathBuf> =
        fs::read_dir(dir).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    names.sort();
    names.iter().filter(|path| path.extension().is_some_and(|ending| ending == "yml")).find_map(|path| {
        // Not through a link: its target may be anybody's.
        fs::symlink_metadata(path).ok().filter(Metadata::is_file)
    })
}

/// The extended attributes of a file, access lists among them, by name.
fn attributes(file: &File) -> io::Result<Vec<(CString, Vec<u8>)>> {
    let mut list = vec![0_u8; 64 * 1024];
    let length = match flistxattr(file, &mut list[..]) {
        Ok(length) => length,
        Err(rustix::io::Errno::OPNOTSUPP) => 0,
        Err(error) => return Err(error.into()),
    };
    let mut found = Vec::new();
    for name in list[..length].split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        let name = CString::new(name).map_err(|_| io::Error::other("an attribute without a name"))?;
        let mut value = vec![0_u8; 64 * 1024];
        let length = fgetxattr(file, name.as_c_str(), &mut value[..])?;
        value.truncate(length);
        found.push((name, value));
    }
    Ok(found)
}

/// Gives the new file the former one's attributes, and takes away what its directory gave it besides.
fn keep_attributes(like: Option<&File>, made: &File) -> io::Result<()> {
    let Some(like) = like else { return Ok(()) };
    let (wanted, given) = (attributes(like)?, attributes(made)?);
    for (name, _) in &given {
        if name.to_str() == Ok(ACCESS_LIST) && !wanted.iter().any(|(each, _)| each == name) {
            fremovexattr(made, name.as_c_str())?;
        }
    }
    for (name, value) in wanted.iter().filter(|each| !given.contains(each)) {
        fsetxattr(made, name.as_c_str(), value, XattrFlags::empty()).map_err(|error| {
            io::Error::other(format!(
                "its attribute {} could not be kept ({})",
                name.to_string_lossy(),
                io::Error::from(error)
            ))
        })?;
    }
    Ok(())
}

/// Deletes a file, if its SHA-256 still is `expected`; a link goes, not its target.
///
/// # Errors
/// What the system says.
pub fn delete(path: &Path, expected: &str) -> io::Result<()> {
    if read(path)?.as_deref().map(sha256_hex).as_deref() != Some(expected) {
        return Err(io::Error::other("it was changed meanwhile"));
    }
    let no_file = || io::Error::other("it is not the name of a file");
    let name = path.file_name().ok_or_else(no_file)?;
    let (dir, _, behalf) = trusted_path::open_directory(path.parent().ok_or_else(no_file)?)?;
    behalf.run(|| {
        dir.remove_file(name)?;
        whole_file::sync(&dir)
    })
}

/// Takes away the copies of our two profiles that a kill left under a staging name. Only under the lock.
pub fn sweep(profiles: &Path) {
    for of in OURS {
        // Beside the file itself: that is elsewhere where it is a link.
        let Ok(target) = trusted_path::resolve(&profiles.join(of)) else { continue };
        if target.was_led() {
            continue;
        }
        let Ok((dir, name, behalf)) = target.open_parent() else { continue };
        let _ = behalf.run(|| {
            for entry in dir.entries()?.flatten() {
                let staged = entry.file_name().to_string_lossy().into_owned();
                if staged_for(&staged) == Some(name.as_str())
                    && entry.metadata().is_ok_and(|meta| meta.is_file())
                {
                    let _ = dir.remove_file(&staged);
                }
            }
            Ok(())
        });
    }
}
