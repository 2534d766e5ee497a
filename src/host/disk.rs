//! The hal directory on this machine's disk (host/profile_file.rs says how files are written).

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::UNIX_EPOCH;

use ecw_wizard::model::report::RootWay;
use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::trouble::Trouble;
use rustix::fs::{Access, access};

use crate::profile_file;
use ecw_ports::{Files, Kind, Stat, Writable};

/// The disk.
pub struct Disk {
    /// The home directory of who runs the wizard.
    pub home: Option<String>,
    /// `halyard.halconfig.directory` of the environment.
    pub environment: Option<String>,
}

impl Files for Disk {
    fn candidates(&self, _: &HalyardIn) -> Vec<(String, String)> {
        let mut found = Vec::new();
        if let Some(dir) = &self.environment {
            found.push((dir.clone(), "HALYARD_HALCONFIG_DIRECTORY".to_owned()));
        }
        for file in ["/opt/spinnaker/config/halyard-local.yml", "/opt/spinnaker/config/halyard.yml"] {
            if let Some(dir) = settings(file).and_then(|text| halconfig_directory(&text)) {
                found.push((dir, file.to_owned()));
            }
        }
        if let Some(home) = &self.home {
            found.push((format!("{home}/.hal"), "your home directory".to_owned()));
        }
        found.push(("/home/spinnaker/.hal".to_owned(), "Halyard's usual place".to_owned()));
        found
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Trouble> {
        profile_file::read(Path::new(path)).map_err(Trouble::reason)
    }

    fn stat(&self, path: &str) -> Result<Option<Stat>, Trouble> {
        match fs::metadata(path) {
            Ok(meta) => Ok(Some(stat_of(&meta))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => match fs::symlink_metadata(path) {
                // A dangling link is something, and something that makes an apply fail.
                Ok(meta) => Ok(Some(Stat { kind: Kind::Other, ..stat_of(&meta) })),
                Err(_) => Ok(None),
            },
            Err(error) => Err(Trouble::reason(error)),
        }
    }

    fn list(&self, dir: &str) -> Result<Vec<String>, Trouble> {
        let mut names = Vec::new();
        for entry in fs::read_dir(dir).map_err(Trouble::reason)? {
            names.push(entry.map_err(Trouble::reason)?.file_name().to_string_lossy().into_owned());
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

    fn replace(&self, path: &str, before: Option<&[u8]>, after: &[&[u8]]) -> Result<(), Trouble> {
        profile_file::replace(Path::new(path), before, after).map_err(|error| {
            Trouble::new(
                format!("{path} could not be written: {error}. It is as it was."),
                "Make room or give this user the right to write there, then retry.",
            )
        })
    }

    fn delete(&self, path: &str, expected: &str) -> Result<(), Trouble> {
        profile_file::delete(Path::new(path), expected).map_err(|error| {
            Trouble::new(format!("{path} could not be deleted: {error}."), "Delete it by hand.")
        })
    }

    fn root(&self, _: &str) -> Result<RootWay, Trouble> {
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
            _ => Err("this user is not root and cannot use sudo without a password".into()),
        }
    }
}

/// Reads a settings file of Halyard itself.
fn settings(path: &str) -> Option<String> {
    let bytes = profile_file::read(Path::new(path)).ok().flatten()?;
    String::from_utf8(bytes).ok().filter(|text| text.len() < 1024 * 1024)
}

/// Returns `halyard.halconfig.directory` of a Halyard settings file.
pub(crate) fn halconfig_directory(text: &str) -> Option<String> {
    let root = ecw_halyard::yaml::read(text).ok()?;
    let nested = root
        .get("halyard")
        .and_then(|halyard| halyard.get("halconfig"))
        .and_then(|each| each.get("directory"));
    nested
        .or_else(|| root.get("halyard.halconfig.directory"))
        .and_then(ecw_halyard::yaml::Value::as_str)
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
        names: meta.nlink(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

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
        disk().replace(path, Some(b"a: 1\n"), &[b"a: 2", b"\n"]).expect("replaced");
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
            .replace(path.to_str().expect("utf-8"), Some(b"shown\n"), &[b"ours\n"])
            .expect_err("refused");
        assert!(error.what.contains("changed meanwhile"), "{error:?}");
        assert_eq!(fs::read(&path).expect("read"), b"theirs\n");
    }

    #[test]
    fn a_new_file_takes_a_siblings_mode_and_a_missing_directory_is_made() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let profiles = dir.path().join("profiles");
        let first = profiles.join("gate-local.yml");
        disk().replace(first.to_str().expect("utf-8"), None, &[b"a: 1\n"]).expect("made");
        assert_eq!(fs::metadata(&first).expect("there").mode() & 0o777, 0o640);
        fs::set_permissions(&first, Permissions::from_mode(0o644)).expect("mode");
        let second = profiles.join("clouddriver-local.yml");
        disk().replace(second.to_str().expect("utf-8"), None, &[b"a: 1\n"]).expect("made");
        assert_eq!(fs::metadata(&second).expect("there").mode() & 0o777, 0o644);
    }
}
