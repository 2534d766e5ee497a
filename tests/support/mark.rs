//! What an attacker aims at: a place that is root's alone, beside a hal directory of Halyard's user.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::site::{HAL, Site, give, open_to_all, within};

pub const TREASURE: &str = "only root may read this\n";

/// A site whose hal directory belongs to Halyard's user, and a place that is root's alone.
pub struct Mark {
    pub site: Site,
    pub vault: PathBuf,
}

impl Mark {
    pub fn new() -> Self {
        let site = Site::new();
        open_to_all(site.path("").as_path());
        give(&site.hal_dir(), HAL);
        let vault = site.path("vault");
        fs::create_dir(&vault).unwrap();
        fs::write(vault.join("treasure"), TREASURE).unwrap();
        fs::set_permissions(vault.join("treasure"), fs::Permissions::from_mode(0o600)).unwrap();
        fs::set_permissions(&vault, fs::Permissions::from_mode(0o700)).unwrap();
        Self { site, vault }
    }

    pub fn apply(&self, more: &[&str]) -> std::process::Output {
        let mut arguments = vec!["apply", "--answers", "answers.yml", "--yes"];
        arguments.extend(more);
        within(60, &mut self.site.command(&arguments))
    }

    /// Root's place is as it was, and nothing of it stands anywhere in the hal directory.
    pub fn holds(&self, what: &str) {
        let treasure = self.vault.join("treasure");
        let meta = fs::metadata(&treasure).unwrap();
        assert_eq!((meta.uid(), meta.gid(), meta.mode() & 0o777), (0, 0, 0o600), "{what}");
        assert_eq!(fs::read_to_string(&treasure).unwrap(), TREASURE, "{what}");
        let meta = fs::metadata(&self.vault).unwrap();
        assert_eq!((meta.uid(), meta.gid(), meta.mode() & 0o777), (0, 0, 0o700), "{what}");
        let names: Vec<_> =
            fs::read_dir(&self.vault).unwrap().flatten().map(|each| each.file_name()).collect();
        assert_eq!(names, ["treasure"], "{what}");
        let own = fs::metadata(&treasure).unwrap().ino();
        for path in files_below(&self.site.hal_dir()) {
            // A second name of root's file that was laid there is that file itself.
            if fs::metadata(&path).unwrap().ino() == own {
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            let leaked = bytes.windows(TREASURE.len()).any(|window| window == TREASURE.as_bytes());
            assert!(!leaked, "{what}: {} holds root's text", path.display());
        }
    }
}

/// Regular files below a directory; links are not followed.
pub fn files_below(dir: &Path) -> Vec<PathBuf> {
    paths_below(dir).into_iter().filter(|path| fs::symlink_metadata(path).unwrap().is_file()).collect()
}

pub fn paths_below(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap().flatten() {
        found.push(entry.path());
        if entry.file_type().unwrap().is_dir() {
            found.extend(paths_below(&entry.path()));
        }
    }
    found
}
