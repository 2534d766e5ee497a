//! The hal directory on this machine's disk. A file is replaced at once or not at all, its owner,
//! group and mode stay, links are followed and kept.

use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::UNIX_EPOCH;

use ecw_core::question::RootWay;
use ecw_core::trouble::Trouble;
use ecw_profile::sha256_hex;
use rustix::fs::{Access, Gid, Uid, access, chown};

use super::{Files, Kind, Stat, Writable};

/// A profile bigger than this is not read into memory.
const READ_LIMIT: u64 = 512 * 1024 * 1024;

/// The disk.
pub struct Disk {
    /// The home directory of who runs the wizard.
    pub home: Option<String>,
    /// `halyard.halconfig.directory` of the environment.
    pub environment: Option<String>,
}

impl Files for Disk {
    fn candidates(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        if let Some(dir) = &self.environment {
            found.push((dir.clone(), "HALYARD_HALCONFIG_DIRECTORY".to_owned()));
        }
        for file in ["/opt/spinnaker/config/halyard-local.yml", "/opt/spinnaker/config/halyard.yml"] {
            if let Some(dir) = fs::read_to_string(file).ok().and_then(|text| halconfig_directory(&text)) {
                found.push((dir, file.to_owned()));
            }
        }
        if let Some(home) = &self.home {
            found.push((format!("{home}/.hal"), "your home directory".to_owned()));
        }
        found.push(("/home/spinnaker/.hal".to_owned(), "Halyard's usual place".to_owned()));
        found
    }

    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let meta = file.metadata()?;
        if !meta.is_file() {
            return Err(io::Error::other("it is not a regular file"));
        }
        if meta.len() > READ_LIMIT {
            return Err(io::Error::other("it is unreasonably big"));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0));
        file.take(READ_LIMIT).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn stat(&self, path: &str) -> io::Result<Option<Stat>> {
        match fs::metadata(path) {
            Ok(meta) => Ok(Some(stat_of(&meta))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => match fs::symlink_metadata(path) {
                // A dangling link is something, and something that makes an apply fail.
                Ok(meta) => Ok(Some(Stat { kind: Kind::Other, ..stat_of(&meta) })),
                Err(_) => Ok(None),
            },
            Err(error) => Err(error),
        }
    }

    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(dir)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    fn writable(&self, dir: &str) -> Writable {
        match access(dir, Access::WRITE_OK | Access::EXEC_OK) {
            Ok(()) => Writable::Yes,
            Err(rustix::io::Errno::ROFS) => Writable::No("it is mounted read-only".to_owned()),
            Err(error) => Writable::No(io::Error::from(error).to_string()),
        }
    }

    fn replace(&self, path: &str, expected: Option<&str>, bytes: &[u8]) -> Result<(), Trouble> {
        let target = resolve(Path::new(path));
        let trouble = |what: &str, error: &io::Error| {
            Trouble::new(
                format!("{path} could not be written ({what}: {error}). It is as it was."),
                "Make room or give this user the right to write there, then retry.",
            )
        };
        let dir = target.parent().unwrap_or(Path::new("/")).to_path_buf();
        make_directory(&dir).map_err(|error| trouble("making its directory", &error))?;
        let like = fs::metadata(&target).ok();
        let sibling = like.is_none().then(|| sibling(&dir)).flatten();
        let temporary = dir.join(format!(
            ".{}.ecw-{}",
            target.file_name().unwrap_or_default().to_string_lossy(),
            std::process::id()
        ));
        let written = write_temporary(&temporary, bytes, like.as_ref(), sibling.as_ref(), &dir)
            .and_then(|()| {
                // Once more, just before the exchange: is it still the file that was shown?
                if self.read(path)?.as_deref().map(sha256_hex).as_deref() != expected {
                    return Err(io::Error::other("it was changed meanwhile"));
                }
                fs::rename(&temporary, &target)
            })
            .and_then(|()| File::open(&dir)?.sync_all());
        written.map_err(|error| {
            // The temporary file begins with a dot and is ours; leaving it behind harms nothing.
            let _ = fs::remove_file(&temporary);
            trouble("replacing it", &error)
        })
    }

    fn delete(&self, path: &str, expected: &str) -> Result<(), Trouble> {
        let trouble = |error: &io::Error| {
            Trouble::new(format!("{path} could not be deleted: {error}."), "Delete it by hand.")
        };
        let now = self.read(path).map_err(|error| trouble(&error))?;
        if now.as_deref().map(sha256_hex).as_deref() != Some(expected) {
            return Err(trouble(&io::Error::other("it was changed meanwhile")));
        }
        fs::remove_file(path).map_err(|error| trouble(&error))
    }

    fn root(&self) -> Result<RootWay, String> {
        if rustix::process::geteuid().is_root() {
            return Ok(RootWay::Already);
        }
        let sudo = Command::new("sudo")
            .args(["-n", "true"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        match sudo {
            Ok(status) if status.success() => Ok(RootWay::Sudo),
            _ => Err("this user is not root and cannot use sudo without a password".to_owned()),
        }
    }
}

/// Returns `halyard.halconfig.directory` of a Halyard settings file.
fn halconfig_directory(text: &str) -> Option<String> {
    let root: serde_yaml::Value = serde_yaml::from_str(text).ok()?;
    let nested = root
        .get("halyard")
        .and_then(|halyard| halyard.get("halconfig"))
        .and_then(|each| each.get("directory"));
    nested
        .or_else(|| root.get("halyard.halconfig.directory"))
        .and_then(serde_yaml::Value::as_str)
        .map(str::to_owned)
}

fn stat_of(meta: &Metadata) -> Stat {
    let kind = if meta.is_file() {
        Kind::File
    } else if meta.is_dir() {
        Kind::Directory
    } else {
        Kind::Other
    };
    let mtime = meta.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    Stat {
        kind,
        size: meta.len(),
        mtime: mtime.map_or(0, |at| u64::try_from(at.as_millis()).unwrap_or(u64::MAX)),
        mode: meta.mode() & 0o7777,
        uid: meta.uid(),
        gid: meta.gid(),
    }
}

/// Follows links by hand, so that the link itself stays.
fn resolve(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

fn make_directory(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(dir)?;
    if let Some(parent) = dir.parent().and_then(|parent| fs::metadata(parent).ok()) {
        fs::set_permissions(dir, Permissions::from_mode(parent.mode() & 0o7777))?;
        own(dir, parent.uid(), parent.gid());
    }
    Ok(())
}

/// Owner and group can be set by root only; elsewhere what the system gives is what we get.
fn own(path: &Path, uid: u32, gid: u32) {
    let _ = chown(path, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)));
}

fn sibling(dir: &Path) -> Option<Metadata> {
    let mut names: Vec<PathBuf> =
        fs::read_dir(dir).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    names.sort();
    names.iter().find_map(|path| {
        let profile = path.extension().is_some_and(|ending| ending == "yml");
        fs::metadata(path).ok().filter(|meta| profile && meta.is_file())
    })
}

fn write_temporary(
    temporary: &Path,
    bytes: &[u8],
    like: Option<&Metadata>,
    sibling: Option<&Metadata>,
    dir: &Path,
) -> io::Result<()> {
    let _ = fs::remove_file(temporary);
    let mut file = File::options().write(true).create_new(true).open(temporary)?;
    let mode = like.or(sibling).map_or(0o640, |meta| meta.mode() & 0o7777);
    file.set_permissions(Permissions::from_mode(mode))?;
    let directory = fs::metadata(dir)?;
    let owner = like.or(sibling).unwrap_or(&directory);
    own(temporary, owner.uid(), owner.gid());
    let now = file.metadata()?;
    if let Some(like) = like
        && (now.uid(), now.gid()) != (like.uid(), like.gid())
    {
        return Err(io::Error::other(
            "its owner and group could not be kept; run the wizard as its owner or as root",
        ));
    }
    // chown may clear bits.
    file.set_permissions(Permissions::from_mode(mode))?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk() -> Disk {
        Disk { home: None, environment: None }
    }

    #[test]
    fn a_file_keeps_its_mode_and_a_link_stays_a_link() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let real = dir.path().join("real.yml");
        let link = dir.path().join("gate-local.yml");
        fs::write(&real, "a: 1\n").expect("written");
        fs::set_permissions(&real, Permissions::from_mode(0o604)).expect("mode");
        std::os::unix::fs::symlink(&real, &link).expect("link");
        let path = link.to_str().expect("utf-8");
        disk().replace(path, Some(&sha256_hex(b"a: 1\n")), b"a: 2\n").expect("replaced");
        assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
        assert_eq!(fs::read(&real).expect("read"), b"a: 2\n");
        assert_eq!(fs::metadata(&real).expect("there").mode() & 0o777, 0o604);
        let names = disk().list(dir.path().to_str().expect("utf-8")).expect("listed");
        assert_eq!(names, ["gate-local.yml", "real.yml"], "nothing of ours is left behind");
    }

    #[test]
    fn a_file_that_was_changed_meanwhile_is_left_alone() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let path = dir.path().join("x.yml");
        fs::write(&path, "theirs\n").expect("written");
        let error = disk()
            .replace(path.to_str().expect("utf-8"), Some(&sha256_hex(b"shown\n")), b"ours\n")
            .expect_err("refused");
        assert!(error.what.contains("changed meanwhile"), "{error:?}");
        assert_eq!(fs::read(&path).expect("read"), b"theirs\n");
    }

    #[test]
    fn a_new_file_takes_a_siblings_mode_and_a_missing_directory_is_made() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let profiles = dir.path().join("profiles");
        let first = profiles.join("gate-local.yml");
        disk().replace(first.to_str().expect("utf-8"), None, b"a: 1\n").expect("made");
        assert_eq!(fs::metadata(&first).expect("there").mode() & 0o777, 0o640);
        fs::set_permissions(&first, Permissions::from_mode(0o644)).expect("mode");
        let second = profiles.join("clouddriver-local.yml");
        disk().replace(second.to_str().expect("utf-8"), None, b"a: 1\n").expect("made");
        assert_eq!(fs::metadata(&second).expect("there").mode() & 0o777, 0o644);
    }
}
