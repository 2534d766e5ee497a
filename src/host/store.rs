//! Our own state on disk. Every name of it is opened without following links and with the rights of the
//! hal directory's owner (host/tree.rs), so that a colleague can go on, `hal backup create`, which walks
//! the whole hal directory as the daemon's user, still works, and nothing that was laid there leads root
//! astray.

use std::fs::Permissions;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ecw_profile::sha256_hex;
use ecw_wizard::model::journal::{Actor, Author, Head};
use ecw_wizard::model::journal_file::Tail;
use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::names::{DeploymentName, TopicArn};
use ecw_wizard::values::targets::TargetName;
use ecw_wizard::values::trouble::Trouble;

use crate::deploy_files::number_of;
use crate::fail::{Call, Point, call, point};
use crate::far::{Far, Noting};
use crate::lock::{self, Holder, Lock, Locked, TopicLock};
use crate::seal::{self, Seal};
use crate::state_place::{JOURNAL, PlaceCell, StatePlace, TARGETS};
use crate::strays::{note_elsewhere, strays, strays_there};
use crate::tree::Tree;
use crate::{old_state, profile_file, space, trusted_path, whole_file};
use ecw_ports::{Held, LockAnswer, Room, Store};

/// A file of ours bigger than this was not written by us.
const LIMIT: u64 = 512 * 1024 * 1024;
/// What a step writes into the journal at its end takes less than this.
const AHEAD: u64 = 64 * 1024;

/// The state directory on disk.
pub struct StateDirectory {
    place: Arc<PlaceCell>,
    /// Where this user keeps how far each journal went.
    user_state: Option<PathBuf>,
    /// Where an earlier version kept the state of all hal directories.
    old_place: Option<PathBuf>,
    /// Shared with the stores of targets below this one.
    lock: Arc<Mutex<Option<Lock>>>,
    seal: Mutex<Seal>,
    /// The ways to where Halyard runs.
    far: Far,
    /// The operator takes the journal's word, whoever wrote it.
    trusted: AtomicBool,
}

impl StateDirectory {
    /// Returns the state directory at a place.
    #[must_use]
    pub fn new(place: Arc<PlaceCell>, user_state: Option<PathBuf>, old_place: Option<PathBuf>) -> Self {
        Self {
            place,
            user_state,
            old_place,
            lock: Arc::default(),
            seal: Mutex::new(Seal::default()),
            far: Far::default(),
            trusted: AtomicBool::new(false),
        }
    }

    /// Returns it with these ways to where Halyard runs.
    #[must_use]
    pub fn carried_by(self, far: Far) -> Self {
        Self { far, ..self }
    }

    /// Returns the name under which this user notes how far the journal of a place went.
    fn head_name(&self) -> String {
        format!("{}.head", &sha256_hex(self.place.get().words().as_bytes())[..16])
    }

    /// Returns the number of the latest deploy that left files here.
    fn latest_deploy(&self) -> Option<u64> {
        let tree = self.place.get().open().ok().flatten()?;
        tree.names().iter().filter_map(|name| number_of(name)).max()
    }

    /// Notes how far the journal went. Losing this loses a warning, never a step.
    fn note_head(&self, head: Head) {
        let Some(path) = &self.user_state else { return };
        if let (Ok(tree), Ok(text)) = (Tree::make_root(path, None), serde_json::to_string(&head)) {
            let _ = tree.write(&self.head_name(), text.as_bytes(), 0o600);
        }
    }

    /// Where this user alone may note what the journal is like; `None` = nowhere.
    fn own_notes(&self) -> Option<Tree> {
        let tree = Tree::make_root(self.user_state.as_deref()?, None).ok()?;
        let (uid, _) = tree.owner().ok()?;
        (uid == rustix::process::geteuid().as_raw()).then_some(tree)
    }

    fn seal_name(&self) -> String {
        self.head_name().replace(".head", ".seal")
    }

    fn sealed(&self) -> MutexGuard<'_, Seal> {
        self.seal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks whose word a journal is: this user's, where it is as this user left it or the state
    /// directory is this user's own.
    fn look_at_seal(&self, bytes: &[u8]) {
        let owner = self.place.get().open().ok().flatten().and_then(|state| state.owner().ok());
        let mine = owner.is_none_or(|(uid, _)| uid == rustix::process::geteuid().as_raw());
        if mine {
            // What it is like is found out before the first line is written.
            *self.sealed() = Seal::default();
            return;
        }
        let noted = self.own_notes().and_then(|notes| notes.read(&self.seal_name(), 4096).ok().flatten());
        let trusted = self.trusted.load(Ordering::SeqCst);
        let own = trusted || bytes.is_empty() || noted.is_some_and(|noted| seal::fits(&noted, bytes));
        *self.sealed() = Seal::over(bytes, if own { Author::Own } else { Author::Other });
    }

    /// Notes what the journal is like before and after a line that is about to be written.
    fn note_seal(&self, line: &[u8]) {
        let mut seal = self.sealed();
        let text = seal.before_and_after(line);
        if let (Author::Own, Some(notes)) = (seal.author, self.own_notes()) {
            let _ = notes.write(&self.seal_name(), text.as_bytes(), 0o600);
        }
    }

    fn slot(&self) -> MutexGuard<'_, Option<Lock>> {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn trouble(&self, name: &str, error: &io::Error) -> Trouble {
        Trouble::new(
            format!("{}/{name} could not be written: {error}.", self.place.get().words()),
            "Make room or give this user the right to write there, then retry: it goes on where it stands.",
        )
    }

    /// Only who holds the lock writes.
    fn ours(&self, name: &str) -> Result<(), Trouble> {
        if self.slot().is_some() {
            return Ok(());
        }
        Err(Trouble::new(
            format!(
                "{}/{name} is not written: this wizard does not hold the lock there.",
                self.place.get().words()
            ),
            "See who works here with event-cache-wizard status, then start again.",
        ))
    }

    /// Returns the state directory where this wizard holds its lock.
    pub(crate) fn to_write(&self) -> io::Result<Option<Tree>> {
        if self.slot().is_none() { Ok(None) } else { self.place.get().open() }
    }

    /// Returns the directory that holds a name such as `backups/x`, and the name alone.
    fn directory<'n>(&self, name: &'n str) -> io::Result<(Tree, &'n str)> {
        let state = self.place.get().make()?;
        match name.rsplit_once('/') {
            Some((dir, name)) => Ok((state.make(dir)?, name)),
            None => Ok((state, name)),
        }
    }

    fn put(&self, name: &str, bytes: &[u8], mode: u32) -> io::Result<()> {
        let (dir, name) = self.directory(name)?;
        dir.write(name, bytes, mode)
    }

    fn append(&self, line: &[u8], room: Room) -> io::Result<()> {
        let state = self.place.get().make()?;
        let mut file = state.append(JOURNAL)?;
        let before = file.metadata()?.len();
        if self.sealed().length() != before {
            let bytes = state.read(JOURNAL, LIMIT)?.unwrap_or_default();
            let author = self.sealed().author;
            *self.sealed() = Seal::over(&bytes, author);
        }
        self.note_seal(line);
        if room == Room::Ahead {
            space::reserve(&file, AHEAD.max(4 * line.len() as u64))?;
        }
        let written = call(Call::Write)
            .and_then(|()| file.write_all(line))
            .and_then(|()| {
                point(Point::RecordWritten);
                call(Call::Sync)
            })
            .and_then(|()| file.sync_all());
        if let Err(error) = written {
            // Half a record must not stand before a later one.
            let _ = file.set_len(before);
            return Err(error);
        }
        self.sealed().advance(line);
        if before == 0 {
            state.sync()?;
        }
        point(Point::RecordSynced);
        Ok(())
    }

    /// Takes away what a kill left under a staging name: in the profiles, and in our own directory.
    fn sweep(&self) {
        let place = self.place.get();
        if let Some(hal_dir) = &place.hal_dir {
            profile_file::sweep(&hal_dir.join(place.deployment.as_str()).join("profiles"));
        }
        let Ok(Some(state)) = place.open() else { return };
        let backups = state.open("backups").ok().flatten();
        let targets = state.open(TARGETS).ok().flatten();
        let targets = targets.iter().flat_map(|tree| tree.names().into_iter().map(|name| tree.open(&name)));
        let targets: Vec<Tree> = targets.filter_map(|tree| tree.ok().flatten()).collect();
        for tree in [Some(state), backups].into_iter().flatten().chain(targets) {
            for name in tree.names() {
                if whole_file::staged_for(&name).is_some() {
                    let _ = tree.remove(&name);
                }
            }
        }
    }
}

impl Store for StateDirectory {
    fn place(&self) -> String {
        self.place.get().words()
    }

    fn settle(&self, hal_dir: &str, deployment: &DeploymentName) -> bool {
        let now = self.place.get();
        let (elsewhere, target) = (now.elsewhere.clone(), now.target.clone());
        let next = StatePlace::of(Some(hal_dir), deployment.clone(), elsewhere, self.user_state.as_deref());
        let next = StatePlace { target, ..next };
        if next == now {
            return false;
        }
        self.unlock();
        self.place.set(next);
        true
    }

    fn covers(&self, hal_dir: &str, deployment: &DeploymentName) -> bool {
        let place = self.place.get();
        if let Some(there) = &place.there {
            // A pod has another name after each restart: where the state is this user's own, the path counts.
            let (named, path) = HalyardIn::split(hal_dir);
            return place.deployment == *deployment && !named.is_local() && path == there.hal_dir;
        }
        let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        place.deployment == *deployment
            && place.hal_dir.as_deref().is_some_and(|dir| real(dir) == real(Path::new(hal_dir)))
    }

    fn author(&self) -> Author {
        self.sealed().author
    }

    fn trust(&self) {
        self.trusted.store(true, Ordering::SeqCst);
        let bytes = self.place.get().open().ok().flatten().and_then(|state| state.read(JOURNAL, LIMIT).ok());
        let bytes = bytes.flatten().unwrap_or_default();
        *self.sealed() = Seal::over(&bytes, Author::Own);
        self.note_seal(b"");
    }

    fn standing(&self) -> Result<(), Trouble> {
        if let Some(old) = &self.old_place {
            old_state::check(old, &self.place.get())?;
        }
        strays(&self.place.get()).map_err(|why| Trouble::new(why, "Nothing was changed."))?;
        strays_there(&self.place.get(), &self.far, |_| Noting::Look)
    }

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Trouble> {
        let read = || -> io::Result<Option<Vec<u8>>> {
            let Some(state) = self.place.get().open()? else { return Ok(None) };
            match name.rsplit_once('/') {
                Some((dir, name)) => state.open(dir)?.map_or(Ok(None), |dir| dir.read(name, LIMIT)),
                None => state.read(name, LIMIT),
            }
        };
        let read = read();
        if let (JOURNAL, Ok(bytes)) = (name, &read) {
            self.look_at_seal(bytes.as_deref().unwrap_or_default());
        }
        read.map_err(|error| {
            Trouble::new(
                format!("{}/{name} cannot be read: {error}.", self.place.get().words()),
                "Run the wizard as the user who began, or give this user the right.",
            )
        })
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Trouble> {
        self.ours(name)?;
        self.put(name, bytes, 0o660).map_err(|error| self.trouble(name, &error))
    }

    fn append_journal(&self, line: &[u8], head: Head, room: Room) -> Result<(), Trouble> {
        self.ours(JOURNAL)?;
        self.append(line, room).map_err(|error| self.trouble(JOURNAL, &error))?;
        self.note_head(head);
        Ok(())
    }

    fn head(&self) -> Option<Head> {
        let tree = self.user_state.as_deref().and_then(|path| Tree::root(path).ok());
        let bytes = tree.and_then(|tree| tree.read(&self.head_name(), 4096).ok().flatten());
        let noted: Option<Head> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let deploy = self.latest_deploy().map(|seq| Head { seq, at: 0 });
        [noted, deploy].into_iter().flatten().max_by_key(|head| head.seq)
    }

    fn lock(&self, actor: &Actor) -> LockAnswer {
        let take = || -> Result<Lock, Locked> {
            strays(&self.place.get()).map_err(Locked::Elsewhere)?;
            self.place.get().make_stand_in().map_err(|error| Locked::Unwritable(error.to_string()))?;
            let lock = Lock::take(&self.place.get(), actor)?;
            let usable = || {
                strays_there(&self.place.get(), &self.far, |ours| Noting::Note(ours))
                    .map_err(|trouble| Locked::Elsewhere(format!("{trouble} {}", trouble.fix)))?;
                // Without the directory nothing can be written down, and it is about to be needed.
                self.place.get().make().map(drop).map_err(|error| Locked::Unwritable(error.to_string()))
            };
            match usable() {
                Ok(()) => Ok(lock),
                Err(locked) => {
                    // The next one is not told of somebody who ended without leaving.
                    lock.leave();
                    Err(locked)
                }
            }
        };
        let lock = match take() {
            Ok(lock) => lock,
            Err(locked) => return locked.into(),
        };
        let stale = lock.stale.as_ref().map(Holder::words);
        *self.slot() = Some(lock);
        note_elsewhere(&self.place.get());
        self.sweep();
        LockAnswer::Ours(stale)
    }

    fn unlock(&self) {
        if let Some(lock) = self.slot().take() {
            lock.leave();
        }
    }

    fn holder(&self) -> Option<String> {
        lock::holder(&self.place.get())
    }

    fn take_over(&self, actor: &Actor) -> Result<(), Trouble> {
        *self.slot() = Some(lock::take_over(&self.place.get(), actor)?);
        self.sweep();
        Ok(())
    }

    fn who_takes_over(&self) -> String {
        lock::who_takes_over(&self.place.get())
    }

    fn at_target(&self, name: &TargetName) -> Arc<dyn Store> {
        let trusted = AtomicBool::new(self.trusted.load(Ordering::SeqCst));
        Arc::new(Self {
            place: PlaceCell::new(self.place.get().at_target(name)),
            user_state: self.user_state.clone(),
            old_place: None,
            lock: self.lock.clone(),
            seal: Mutex::new(Seal::default()),
            far: self.far.clone(),
            trusted,
        })
    }

    fn lock_topic(&self, topic: &TopicArn) -> Result<Held, Trouble> {
        let shared = self.place.get().make_shared().ok();
        let own = self.user_state.as_deref().and_then(|path| Tree::make_root(path, None).ok());
        let grounds = [shared, own].into_iter().flatten().collect();
        let lock = TopicLock::take(grounds, &topic.to_string())
            .map_err(|why| Trouble::new(why, "Wait until it has ended, then retry."))?;
        Ok(Held(Box::new(lock)))
    }

    fn trim_journal(&self, sound_len: u64, tail: Tail) -> Result<Option<String>, Trouble> {
        let trim = || -> io::Result<Option<String>> {
            let state = self.place.get().make()?;
            let file = state.append(JOURNAL)?;
            let mut kept = None;
            if tail == Tail::Foreign {
                use std::os::unix::fs::FileExt;
                let length = file.metadata()?.len().saturating_sub(sound_len);
                let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
                file.read_exact_at(&mut bytes, sound_len)?;
                let name = format!("journal.tail-{}", &sha256_hex(&bytes)[..12]);
                state.write(&name, &bytes, 0o660)?;
                kept = Some(state.path().join(name).display().to_string());
            }
            file.set_len(sound_len)?;
            file.sync_all()?;
            Ok(kept)
        };
        trim().map_err(|error| self.trouble(JOURNAL, &error))
    }

    fn backup(&self, name: &str, bytes: &[u8], sha256: &str, of: &str) -> Result<String, Trouble> {
        let place = format!("backups/{name}.{}", &sha256[..12]);
        let meta = trusted_path::open_file(Path::new(of)).and_then(|file| file.metadata());
        let mode = meta.map_or(0o640, |meta| Permissions::mode(&meta.permissions()) & 0o777);
        self.put(&place, bytes, mode).map_err(|error| self.trouble(&place, &error))?;
        point(Point::BackedUp);
        Ok(format!("{}/{place}", self.place.get().words()))
    }
}
