//! A copy of a kustomize overlay with some files edited: what kustomize would print after an edit is asked of
//! kustomize itself, before a byte of the operator's is changed.
//!
//! What stands beside the overlay is linked, because kustomize follows links to bases; what stands in it is
//! copied, because kustomize reads no file from outside of it. The copy may hold secrets as the overlay does: its
//! directory is for this user alone, and it is taken away at once; one that a kill left is taken away at the next.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

const PREFIX: &str = "event-cache-wizard-render-";
/// What a kill left is this old at least.
const STALE: Duration = Duration::from_secs(60 * 60);
/// More than this is no overlay.
const FILES: usize = 10_000;
const BYTES: u64 = 128 * 1024 * 1024;
/// A directory above the overlay with more than this is not linked.
const BESIDE: usize = 5_000;
const LEFT_OUT: [&str; 2] = [".git", ".event-cache-wizard"];

/// A copy; it is taken away with this.
pub struct OverlayCopy {
    _held: TempDir,
    /// Where the overlay stands in it.
    pub overlay: PathBuf,
}

struct Room {
    files: usize,
    bytes: u64,
}

/// Copies the overlay `dir` with these files (whole path, content) in place of those that stand there.
///
/// # Errors
/// What the system says; it is too big to be copied.
pub fn copy(dir: &Path, edited: &[(String, Vec<u8>)]) -> io::Result<OverlayCopy> {
    sweep();
    let dir = dir.canonicalize()?;
    let mut real = Vec::new();
    for (path, content) in edited {
        let path = Path::new(path);
        let parent = path.parent().unwrap_or(Path::new("/")).canonicalize()?;
        real.push((parent.join(path.file_name().unwrap_or_default()), content));
    }
    let held = tempfile::Builder::new().prefix(PREFIX).permissions(permissions()).tempdir()?;
    let root = held.path().join("root");
    // What is copied whole: the overlay, and whatever else holds a file that was edited.
    let mut copied = vec![dir.clone()];
    copied.extend(
        real.iter().filter(|(path, _)| !path.starts_with(&dir)).filter_map(|(path, _)| beside(&dir, path)),
    );
    copied.dedup();
    mirror(Path::new("/"), &root, &copied)?;
    let mut room = Room { files: FILES, bytes: BYTES };
    for from in &copied {
        Copying { root: &root, copied: &copied }.tree(from, &below(&root, from), &mut room)?;
    }
    for (path, content) in real {
        let at = below(&root, &path);
        if let Some(parent) = at.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(at, content)?;
    }
    Ok(OverlayCopy { overlay: below(&root, &dir), _held: held })
}

fn permissions() -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    fs::Permissions::from_mode(0o700)
}

/// Returns the directory beside the overlay, or beside one above it, in which a file stands.
fn beside(dir: &Path, file: &Path) -> Option<PathBuf> {
    let common = dir.ancestors().find(|above| file.starts_with(above))?;
    let next = file.strip_prefix(common).ok()?.components().next()?;
    Some(common.join(next))
}

fn below(root: &Path, path: &Path) -> PathBuf {
    root.join(path.strip_prefix("/").unwrap_or(path))
}

/// Makes the directories that lead to what is copied, and links what stands beside them.
fn mirror(at: &Path, to: &Path, copied: &[PathBuf]) -> io::Result<()> {
    DirBuilder::new().mode(0o700).recursive(true).create(to)?;
    let Ok(entries) = fs::read_dir(at) else { return Ok(()) };
    let entries: Vec<_> = entries.flatten().take(BESIDE + 1).collect();
    let links = entries.len() <= BESIDE;
    for entry in entries {
        let path = entry.path();
        if copied.contains(&path) {
            continue;
        }
        if copied.iter().any(|each| each.starts_with(&path)) {
            mirror(&path, &to.join(entry.file_name()), copied)?;
        } else if links {
            symlink(&path, to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// Where a copy is made, and what is copied whole.
struct Copying<'c> {
    root: &'c Path,
    copied: &'c [PathBuf],
}

impl Copying<'_> {
    fn tree(&self, from: &Path, to: &Path, room: &mut Room) -> io::Result<()> {
        if fs::metadata(from)?.is_file() {
            return copy_file(from, to, room);
        }
        DirBuilder::new().mode(0o700).recursive(true).create(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            if LEFT_OUT.iter().any(|name| entry.file_name() == *name) {
                continue;
            }
            let (path, to) = (entry.path(), to.join(entry.file_name()));
            let kind = entry.file_type()?;
            if kind.is_dir() {
                self.tree(&path, &to, room)?;
            } else if fs::metadata(&path).is_ok_and(|meta| meta.is_file()) {
                copy_file(&path, &to, room)?;
            } else if kind.is_symlink()
                && let Ok(target) = path.canonicalize()
            {
                // A link within what is copied leads to the copy.
                let inside = self.copied.iter().any(|each| target.starts_with(each));
                symlink(if inside { below(self.root, &target) } else { target }, to)?;
            }
        }
        Ok(())
    }
}

fn copy_file(from: &Path, to: &Path, room: &mut Room) -> io::Result<()> {
    let size = fs::metadata(from)?.len();
    let (Some(files), Some(bytes)) = (room.files.checked_sub(1), room.bytes.checked_sub(size)) else {
        return Err(io::Error::other("the overlay is too big to be copied"));
    };
    *room = Room { files, bytes };
    // A file that this user may not read is none that kustomize reads as this user.
    match fs::copy(from, to) {
        Err(error) if error.kind() != io::ErrorKind::PermissionDenied => Err(error),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Takes away the copies of this user's that a kill left.
fn sweep() {
    let own = rustix::process::geteuid().as_raw();
    for entry in fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        let old = |meta: &fs::Metadata| {
            let age = meta.modified().ok().and_then(|at| SystemTime::now().duration_since(at).ok());
            age.is_some_and(|age| age > STALE)
        };
        if entry.file_name().to_string_lossy().starts_with(PREFIX)
            && fs::symlink_metadata(entry.path())
                .is_ok_and(|meta| meta.is_dir() && meta.uid() == own && old(&meta))
        {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edited_copy_leads_to_its_bases_and_leaves_the_original_alone() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let at = |path: &str| dir.path().join(path);
        for path in ["base", "overlays/prod/files", "overlays/config/files", "overlays/prod/.git"] {
            fs::create_dir_all(at(path)).expect("made");
        }
        for path in [
            "base/kustomization.yml",
            "overlays/prod/kustomization.yml",
            "overlays/prod/files/a.yml",
            "overlays/prod/.git/secret",
            "overlays/config/files/gate-local.yml",
            "overlays/config/kustomization.yml",
        ] {
            fs::write(at(path), path).expect("written");
        }
        let edited = at("overlays/config/files/gate-local.yml").display().to_string();
        let copy = copy(&at("overlays/prod"), &[(edited.clone(), b"new".to_vec())]).expect("copied");
        let read = |path: &str| fs::read_to_string(copy.overlay.join(path)).unwrap_or_default();
        assert_eq!(read("files/a.yml"), "overlays/prod/files/a.yml");
        assert_eq!(read("../config/files/gate-local.yml"), "new");
        assert_eq!(read("../config/kustomization.yml"), "overlays/config/kustomization.yml");
        assert_eq!(read("../../base/kustomization.yml"), "base/kustomization.yml");
        assert_eq!(read(".git/secret"), "");
        assert_eq!(fs::read_to_string(edited).expect("there"), "overlays/config/files/gate-local.yml");
        let real = |path: &str| !fs::symlink_metadata(copy.overlay.join(path)).expect("there").is_symlink();
        assert!(real("files/a.yml") && real("../config") && !real("../../base"));
    }
}
