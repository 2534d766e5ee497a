//! Our own state: `<hal dir>/.event-cache-wizard/<deployment>/`. It takes the hal directory's owner
//! and group, so that a colleague can resume and `hal backup create`, which walks the whole hal
//! directory as the daemon's user, still works.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use ecw_core::journal::{Actor, Head};
use ecw_core::trouble::Trouble;
use ecw_profile::sha256_hex;
use rustix::fs::{Gid, OFlags, Uid, chown, fchown};

use super::Store;
use crate::lock::{self, Holder, Lock, Locked};

/// Makes a directory below the state directory that only owner and group can look into, and that
/// belongs to whom the state directory belongs to.
///
/// # Errors
/// What the system says.
pub fn private_directory(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    fs::set_permissions(dir, Permissions::from_mode(0o770))?;
    if let Some(parent) = dir.parent().and_then(|parent| fs::metadata(parent).ok()) {
        hand_over(dir, parent.uid(), parent.gid());
    }
    Ok(())
}

/// Opens a file of ours to append to it; never through a link, which somebody else may have laid. It
/// belongs to whom its directory belongs to, readable and writable by owner and group whatever the
/// umask: a colleague goes on with it, and `hal backup create` reads it.
///
/// # Errors
/// What the system says.
pub fn open_shared(path: &Path) -> io::Result<File> {
    let no_follow = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or(0);
    let file = File::options().create(true).append(true).custom_flags(no_follow).open(path)?;
    share(&file, path);
    Ok(file)
}

/// Has an open file belong to whom its directory belongs to.
pub fn share(file: &File, path: &Path) {
    let _ = file.set_permissions(Permissions::from_mode(0o660));
    if let Some(parent) = path.parent().and_then(|parent| fs::metadata(parent).ok()) {
        let (user, group) = (Uid::from_raw(parent.uid()), Gid::from_raw(parent.gid()));
        // Whoever may not give a file away may still give it to a group of theirs.
        if fchown(file, Some(user), Some(group)).is_err() {
            let _ = fchown(file, None, Some(group));
        }
    }
}

fn hand_over(path: &Path, user: u32, group: u32) {
    let (user, group) = (Uid::from_raw(user), Gid::from_raw(group));
    if chown(path, Some(user), Some(group)).is_err() {
        let _ = chown(path, None, Some(group));
    }
}

/// The state directory on disk.
pub struct StateDirectory {
    path: PathBuf,
    owner: Option<(u32, u32)>,
    /// Where this user keeps how far the journal went.
    head: Option<PathBuf>,
    lock: Mutex<Option<Lock>>,
}

impl StateDirectory {
    /// Returns the state directory at a path that belongs to a hal directory.
    #[must_use]
    pub fn new(path: PathBuf, hal_dir: &Path, user_state: Option<&Path>) -> Self {
        let owner = fs::metadata(hal_dir).ok().map(|meta| (meta.uid(), meta.gid()));
        let place = sha256_hex(path.display().to_string().as_bytes());
        let head = user_state.map(|dir| dir.join(format!("{}.head", &place[..16])));
        Self { path, owner, head, lock: Mutex::new(None) }
    }

    /// Returns the number of the latest deploy that left files here.
    fn latest_deploy(&self) -> Option<u64> {
        let entries = fs::read_dir(&self.path).ok()?;
        entries
            .flatten()
            .filter_map(|entry| entry.file_name().to_string_lossy().strip_prefix("deploy-")?.parse().ok())
            .max()
    }

    /// Notes how far the journal went. Losing this loses a warning, never a step.
    fn note_head(&self, head: Head) {
        let Some(path) = &self.head else { return };
        let _ = path.parent().map(fs::create_dir_all);
        let temporary = path.with_extension("new");
        if let Ok(text) = serde_json::to_string(&head)
            && fs::write(&temporary, text).is_ok()
        {
            let _ = fs::rename(&temporary, path);
        }
    }

    fn slot(&self) -> MutexGuard<'_, Option<Lock>> {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the directory's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn own(&self, path: &Path) {
        if let Some((uid, gid)) = self.owner {
            // Only root can give files away; elsewhere they are the user's own.
            hand_over(path, uid, gid);
        }
    }

    /// Makes the directory and those above it that are ours.
    ///
    /// # Errors
    /// What the system says.
    pub fn ensure(&self) -> io::Result<()> {
        self.ensure_below(&self.path)?;
        let ignore = self.path.join(".gitignore");
        if !ignore.exists() {
            fs::write(&ignore, "*\n")?;
            self.own(&ignore);
        }
        Ok(())
    }

    fn ensure_below(&self, dir: &Path) -> io::Result<()> {
        let mut missing = Vec::new();
        let mut at = Some(dir);
        while let Some(each) = at.filter(|each| !each.is_dir()) {
            missing.push(each.to_path_buf());
            at = each.parent();
        }
        for each in missing.iter().rev() {
            match fs::create_dir(each) {
                Ok(()) => {
                    fs::set_permissions(each, Permissions::from_mode(0o770))?;
                    self.own(each);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn put(&self, name: &str, bytes: &[u8], mode: u32) -> io::Result<()> {
        self.ensure()?;
        let target = self.path.join(name);
        let dir = target.parent().unwrap_or(&self.path).to_path_buf();
        self.ensure_below(&dir)?;
        let temporary = dir.join(format!(
            ".{}.{}",
            target.file_name().unwrap_or_default().to_string_lossy(),
            std::process::id()
        ));
        let mut file = File::create(&temporary)?;
        file.set_permissions(Permissions::from_mode(mode))?;
        file.write_all(bytes)?;
        file.sync_all()?;
        self.own(&temporary);
        fs::rename(&temporary, &target)?;
        File::open(&dir)?.sync_all()
    }

    fn trouble(&self, name: &str, error: &io::Error) -> Trouble {
        Trouble::new(
            format!("{} could not be written: {error}.", self.path.join(name).display()),
            "Make room or give this user the right to write there (or use --state-dir), then retry. Nothing was changed meanwhile.",
        )
    }
}

impl Store for StateDirectory {
    fn place(&self) -> String {
        self.path.display().to_string()
    }

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Trouble> {
        let path = self.path.join(name);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                Ok(None)
            }
            Err(error) => Err(Trouble::new(
                format!("{} cannot be read: {error}.", path.display()),
                "Run the wizard as the user who began, or give this user the right.",
            )),
        }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Trouble> {
        self.put(name, bytes, 0o660).map_err(|error| self.trouble(name, &error))
    }

    fn append_journal(&self, line: &[u8], head: Head) -> Result<(), Trouble> {
        let append = || -> io::Result<()> {
            self.ensure()?;
            let path = self.path.join("journal.jsonl");
            let fresh = !path.exists();
            let mut file = File::options().create(true).append(true).open(&path)?;
            if fresh {
                file.set_permissions(Permissions::from_mode(0o660))?;
                self.own(&path);
            }
            let before = file.metadata()?.len();
            if let Err(error) = file.write_all(line).and_then(|()| file.sync_all()) {
                // Half a record must not stand before a later one.
                let _ = file.set_len(before);
                return Err(error);
            }
            if fresh {
                File::open(&self.path)?.sync_all()?;
            }
            Ok(())
        };
        append().map_err(|error| self.trouble("journal.jsonl", &error))?;
        self.note_head(head);
        Ok(())
    }

    fn head(&self) -> Option<Head> {
        let noted = self.head.as_ref().and_then(|path| fs::read(path).ok());
        let noted: Option<Head> = noted.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let deploy = self.latest_deploy().map(|seq| Head { seq, at: 0 });
        [noted, deploy].into_iter().flatten().max_by_key(|head| head.seq)
    }

    fn lock(&self, actor: &Actor) -> Result<Option<String>, Locked> {
        if self.owner.is_some() {
            // Without the directory there would be no lock, and it is about to be needed.
            let _ = self.ensure();
        }
        let lock = Lock::take(&self.path, actor)?;
        let stale = lock.stale.as_ref().map(Holder::words);
        *self.slot() = Some(lock);
        Ok(stale)
    }

    fn unlock(&self) {
        if let Some(lock) = self.slot().take() {
            lock.leave();
        }
    }

    fn holder(&self) -> Option<String> {
        lock::holder(&self.path)
    }

    fn take_over(&self, actor: &Actor) -> Result<(), String> {
        *self.slot() = Some(lock::take_over(&self.path, actor)?);
        Ok(())
    }

    fn who_takes_over(&self) -> String {
        lock::who_takes_over(&self.path)
    }

    fn trim_journal(&self, sound_len: u64) -> Result<(), Trouble> {
        let trim = || -> io::Result<()> {
            let file = File::options().write(true).open(self.path.join("journal.jsonl"))?;
            file.set_len(sound_len)?;
            file.sync_all()
        };
        trim().map_err(|error| self.trouble("journal.jsonl", &error))
    }

    fn backup(&self, name: &str, bytes: &[u8], of: &str) -> Result<String, Trouble> {
        let place = format!("backups/{name}.{}", &sha256_hex(bytes)[..12]);
        let mode = fs::metadata(of).map_or(0o640, |meta| meta.mode() & 0o777);
        self.put(&place, bytes, mode).map_err(|error| self.trouble(&place, &error))?;
        Ok(self.path.join(&place).display().to_string())
    }
}
