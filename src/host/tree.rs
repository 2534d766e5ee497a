//! A directory of our own state, held open by its descriptor. Every name below it is opened from
//! there, one after the other, and no link is followed: whoever may write there cannot lead us away.
//! What is no regular file, or has a second name, is refused before it is read or written.

use std::fs::{File, Permissions};
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use cap_fs_ext::{DirExt, FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::fs::{Dir, DirBuilder, OpenOptions, OpenOptionsExt};
use rustix::fs::{Gid, Mode, OFlags, Uid, fchown, openat};

use super::behalf::Behalf;
use super::fail::{Call, call};
use super::{trusted_path, whole_file};

/// A directory.
#[derive(Debug)]
pub struct Tree {
    dir: Dir,
    path: PathBuf,
    behalf: Behalf,
}

/// What is done where a directory does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missing {
    Told,
    Made,
}

/// How a directory was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Found,
    Made,
}

impl Tree {
    /// Opens a directory that exists. It is worked in with its owner's rights when root does.
    ///
    /// # Errors
    /// What the system says.
    pub fn root(path: &Path) -> io::Result<Self> {
        let (dir, path, behalf) = trusted_path::open_directory(path)?;
        Ok(Self { dir, path, behalf })
    }

    /// Opens a directory, and makes what is missing of it below the first one that exists. What is made
    /// belongs to `owner`, where one is given and that is in our power.
    ///
    /// # Errors
    /// What the system says.
    pub fn make_root(path: &Path, owner: Option<(u32, u32)>) -> io::Result<Self> {
        let path = std::path::absolute(path)?;
        let mut missing = Vec::new();
        let mut at = path.as_path();
        let mut tree = loop {
            match Self::root(at) {
                Ok(tree) => break tree,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    let name = at.file_name().ok_or(error)?;
                    missing.push(name.to_string_lossy().into_owned());
                    at = at.parent().unwrap_or(Path::new("/"));
                }
                Err(error) => return Err(error),
            }
        };
        for name in missing.iter().rev() {
            let made;
            (tree, made) = tree.step_told(name, Missing::Made)?;
            if let (Some((uid, gid)), Step::Made) = (owner, made)
                && rustix::process::geteuid().is_root()
            {
                fchown(tree.dir.as_fd(), Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)))?;
                tree.behalf = Behalf::of_owner(uid, gid);
            }
        }
        Ok(tree)
    }

    /// Returns a directory that was handed to us open; its path is for words alone.
    ///
    /// # Errors
    /// When it is no directory.
    pub fn handed(dir: File, path: PathBuf) -> io::Result<Self> {
        let meta = dir.metadata()?;
        if !meta.is_dir() {
            return Err(io::Error::other("it is not a directory"));
        }
        let behalf = Behalf::of_owner(meta.uid(), meta.gid());
        Ok(Self { dir: Dir::from_std_file(dir), path, behalf })
    }

    /// Returns its path, for words.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns whom it belongs to: user and group.
    ///
    /// # Errors
    /// What the system says.
    pub fn owner(&self) -> io::Result<(u32, u32)> {
        let meta = rustix::fs::fstat(self.dir.as_fd())?;
        Ok((meta.st_uid, meta.st_gid))
    }

    /// Opens a directory below; `a/b` is two. `None` when there is none.
    ///
    /// # Errors
    /// What the system says; a link.
    pub fn open(&self, below: &str) -> io::Result<Option<Self>> {
        match self.descend(below, Missing::Told) {
            Ok(tree) => Ok(Some(tree)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Opens a directory below and makes what is missing: for owner and group alone.
    ///
    /// # Errors
    /// What the system says; a link.
    pub fn make(&self, below: &str) -> io::Result<Self> {
        self.descend(below, Missing::Made)
    }

    fn descend(&self, below: &str, missing: Missing) -> io::Result<Self> {
        let mut names = below.split('/').filter(|name| !name.is_empty());
        let first = names.next().ok_or_else(|| io::Error::other("a directory has a name"))?;
        let mut tree = self.step(first, missing)?;
        for name in names {
            tree = tree.step(name, missing)?;
        }
        Ok(tree)
    }

    fn step(&self, name: &str, missing: Missing) -> io::Result<Self> {
        Ok(self.step_told(name, missing)?.0)
    }

    fn step_told(&self, name: &str, missing: Missing) -> io::Result<(Self, Step)> {
        one(name)?;
        self.behalf.run(|| {
            call(Call::Open)?;
            let mut step = Step::Found;
            let open = || self.dir.open_dir_nofollow(name).map(readable);
            let dir = match open() {
                Err(error) if error.kind() == io::ErrorKind::NotFound && missing == Missing::Made => {
                    match self.dir.create_dir_with(name, &DirBuilder::new()) {
                        Ok(()) => {
                            let dir = open()?;
                            let file = dir.try_clone()?.into_std_file();
                            file.set_permissions(Permissions::from_mode(0o770))?;
                            self.share(&file);
                            step = Step::Made;
                            dir
                        }
                        // Somebody was quicker.
                        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => open()?,
                        Err(error) => return Err(error),
                    }
                }
                other => other.map_err(|error| at(error, &self.path, name))?,
            };
            Ok((Self { dir, path: self.path.join(name), behalf: self.behalf.clone() }, step))
        })
    }

    /// Makes a directory where it is missing, with the mode of the one above it.
    ///
    /// # Errors
    /// What the system says.
    pub fn make_like_above(path: &Path) -> io::Result<()> {
        let path = std::path::absolute(path)?;
        let (Some(above), Some(name)) = (path.parent(), path.file_name()) else { return Ok(()) };
        if !above.is_dir() {
            Self::make_like_above(above)?;
        }
        let above = Self::root(above)?;
        let mode = rustix::fs::fstat(above.dir.as_fd())?.st_mode & 0o777;
        if let (made, Step::Made) = above.step_told(&name.to_string_lossy(), Missing::Made)? {
            above.behalf.run(|| {
                made.dir.try_clone()?.into_std_file().set_permissions(Permissions::from_mode(mode))
            })?;
        }
        Ok(())
    }

    /// Has something that we have just made belong to the group of this directory.
    fn share(&self, made: &File) {
        if let Ok((_, group)) = self.owner() {
            let _ = fchown(made, None, Some(Gid::from_raw(group)));
        }
    }

    fn options() -> OpenOptions {
        let mut options = OpenOptions::new();
        options.follow(FollowSymlinks::No).nonblock(true);
        options
    }

    fn checked(&self, file: cap_std::fs::File, name: &str) -> io::Result<File> {
        let file = file.into_std();
        let meta = file.metadata()?;
        let why = if !meta.is_file() {
            "it is not a regular file"
        } else if meta.nlink() > 1 {
            "it has a second name (a hard link)"
        } else {
            return Ok(file);
        };
        Err(at(io::Error::other(why), &self.path, name))
    }

    /// Opens a file for reading; `None` when there is none.
    ///
    /// # Errors
    /// What the system says; a link; what is no regular file.
    pub fn file(&self, name: &str) -> io::Result<Option<File>> {
        one(name)?;
        self.behalf.run(|| match self.dir.open_with(name, Self::options().read(true)) {
            Ok(file) => self.checked(file, name).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(at(error, &self.path, name)),
        })
    }

    /// Reads a file; `None` when there is none.
    ///
    /// # Errors
    /// What the system says; a file of more than `limit` bytes.
    pub fn read(&self, name: &str, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let Some(file) = self.file(name)? else { return Ok(None) };
        let length = file.metadata()?.len();
        if length > limit {
            return Err(at(
                io::Error::other(format!("it has {length} bytes, more than {limit}")),
                &self.path,
                name,
            ));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
        file.take(limit).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Opens a file to append to it, and to read it; makes it for owner and group where there is none.
    ///
    /// # Errors
    /// What the system says; a link; what is no regular file.
    pub fn append(&self, name: &str) -> io::Result<File> {
        one(name)?;
        self.behalf.run(|| {
            call(Call::Open)?;
            let mut options = Self::options();
            options.read(true).append(true);
            for _ in 0..2 {
                match self.dir.open_with(name, &options) {
                    Ok(file) => return self.checked(file, name),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(at(error, &self.path, name)),
                }
                match self.dir.open_with(name, options.clone().create_new(true).mode(0o600)) {
                    Ok(file) => {
                        let file = self.checked(file, name)?;
                        file.set_permissions(Permissions::from_mode(0o660))?;
                        self.share(&file);
                        return Ok(file);
                    }
                    // Somebody was quicker.
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                    Err(error) => return Err(error),
                }
            }
            Err(at(io::Error::other("it comes and goes"), &self.path, name))
        })
    }

    /// Has a file hold these bytes, at once or not at all.
    ///
    /// # Errors
    /// What the system says.
    pub fn write(&self, name: &str, bytes: &[u8], mode: u32) -> io::Result<()> {
        one(name)?;
        self.behalf.run(|| {
            let mut file = whole_file::make(&self.dir, name, mode)?;
            self.share(&file.file);
            file.fill(&[bytes])?;
            file.name(&self.dir, name)?;
            whole_file::place(&self.dir, name)
        })
    }

    /// Prepares a file of a fixed size: [`Self::fill_staged`] needs no more room for it.
    ///
    /// # Errors
    /// What the system says.
    pub fn stage(&self, name: &str, room: usize) -> io::Result<File> {
        let staged = format!("{name}.new");
        let _ = self.remove(&staged);
        let mut file = self.append(&staged)?;
        call(Call::Write)?;
        io::Write::write_all(&mut file, &vec![b' '; room])?;
        call(Call::Sync)?;
        file.sync_all()?;
        Ok(file)
    }

    /// Writes into a staged file and gives it its name.
    ///
    /// # Errors
    /// What the system says.
    pub fn fill_staged(&self, file: &File, name: &str, bytes: &[u8]) -> io::Result<()> {
        use std::os::unix::fs::FileExt;
        call(Call::Write)?;
        // In place: the file was opened to append, so through a descriptor of its own.
        let writable = self.behalf.run(|| {
            let opened = self.dir.open_with(format!("{name}.new"), Self::options().write(true))?;
            self.checked(opened, name)
        })?;
        let room = file.metadata()?.len();
        let mut padded = bytes.to_vec();
        padded.resize(usize::try_from(room).unwrap_or(padded.len()).max(padded.len()), b' ');
        writable.write_all_at(&padded, 0)?;
        call(Call::Sync)?;
        writable.sync_all()?;
        super::fail::point(super::fail::Point::ExitStaged);
        self.behalf.run(|| {
            call(Call::Rename)?;
            self.dir.rename(format!("{name}.new"), &self.dir, name)?;
            whole_file::sync(&self.dir)
        })
    }

    /// Waits until the names of this directory are on disk.
    ///
    /// # Errors
    /// What the system says.
    pub fn sync(&self) -> io::Result<()> {
        self.behalf.run(|| whole_file::sync(&self.dir))
    }

    /// Removes a file or a link, never what it leads to.
    ///
    /// # Errors
    /// What the system says.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        one(name)?;
        self.behalf.run(|| self.dir.remove_file(name))
    }

    /// Gives a file another name in this directory.
    ///
    /// # Errors
    /// What the system says.
    pub fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        one(from)?;
        one(to)?;
        self.behalf.run(|| self.dir.rename(from, &self.dir, to))
    }

    /// Returns the names in it, sorted; none where it cannot be listed.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let listed = self.behalf.run(|| {
            let mut names = Vec::new();
            for entry in self.dir.entries()? {
                names.push(entry?.file_name().to_string_lossy().into_owned());
            }
            Ok(names)
        });
        let mut names = listed.unwrap_or_default();
        names.sort();
        names
    }

    /// Returns the directory's descriptor, for locks.
    #[must_use]
    pub fn descriptor(&self) -> &Dir {
        &self.dir
    }
}

/// Returns a directory that can be listed, synced and locked, where that is allowed: it was opened by its
/// path alone.
fn readable(dir: Dir) -> Dir {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    match openat(dir.as_fd(), ".", flags, Mode::empty()) {
        Ok(opened) => Dir::from_std_file(File::from(opened)),
        Err(_) => dir,
    }
}

/// A name, not a path.
fn one(name: &str) -> io::Result<()> {
    if name.is_empty() || name == "." || name == ".." || name.contains(['/', '\0']) {
        return Err(io::Error::other(format!("{name:?} is not the name of a file")));
    }
    Ok(())
}

/// Says which file an error is about, and what a refused link is.
fn at(error: io::Error, dir: &Path, name: &str) -> io::Error {
    let path = dir.join(name);
    let links = [rustix::io::Errno::LOOP, rustix::io::Errno::NOTDIR].map(|each| Some(each.raw_os_error()));
    let is_link = std::fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_symlink());
    if is_link && (links.contains(&error.raw_os_error()) || error.raw_os_error().is_none()) {
        return io::Error::new(
            error.kind(),
            format!("{} is a link; the wizard's own state is never reached through one", path.display()),
        );
    }
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
