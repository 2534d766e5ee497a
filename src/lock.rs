//! One wizard at a time works on a deployment. The lock is the kernel's (it goes with its holder,
//! however that ends); the file says who holds it, so that a second one can read along or take over.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use ecw_core::journal::Actor;
use ecw_core::time::utc;
use rustix::fs::{FlockOperation, flock};
use rustix::process::{Pid, Signal, kill_process};
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::ports::store::{open_shared, private_directory};
use crate::supervisor::{Alive, Process};

/// How long the one who works here may take to leave.
const LEAVE_LIMIT: Duration = Duration::from_secs(10);
/// How long a process that has ended may still hold the lock while the kernel clears it away.
const ENDING: Duration = Duration::from_secs(2);
/// A lock file longer than this is not ours.
const LONGEST: usize = 4096;

/// Who holds the lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Who.
    pub actor: Actor,
    /// Since when, milliseconds since 1970 UTC.
    pub since: u64,
    /// The process, known by more than its number.
    pub process: Process,
}

impl Holder {
    /// Returns who, in words.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} since {}, pid {}", self.actor.words(), utc(self.since), self.process.pid)
    }
}

/// A held lock.
#[derive(Debug)]
pub struct Lock {
    file: File,
    /// Who held it before and ended without leaving (killed, or the machine was restarted).
    pub stale: Option<Holder>,
}

/// Why a lock could not be had.
#[derive(Debug, PartialEq, Eq)]
pub enum Locked {
    /// Somebody holds it; who, in words.
    By(String),
    /// The state directory cannot be written; why.
    Unwritable(String),
    /// There is no state directory, nor one to make it in.
    Nowhere,
}

fn noted(path: &Path) -> Option<Holder> {
    let bytes = fs::read(path).ok()?;
    serde_json::from_slice(bytes.get(..bytes.len().min(LONGEST))?).ok()
}

/// Returns who holds the lock of a state directory, in words; `None` = nobody.
#[must_use]
pub fn holder(dir: &Path) -> Option<String> {
    let path = dir.join("lock");
    let file = File::open(&path).ok()?;
    // A shared lock is had whenever nobody holds the exclusive one; it goes with the file.
    if flock(&file, FlockOperation::NonBlockingLockShared).is_ok() {
        return None;
    }
    Some(named(&path))
}

/// Returns who holds the lock; they may have got it just now and not be named yet.
fn named(path: &Path) -> String {
    const PATIENCE: Duration = Duration::from_secs(1);
    let deadline = Instant::now() + PATIENCE;
    loop {
        match noted(path) {
            Some(holder) => return clean(&holder),
            None if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(10)),
            None => return "somebody unknown".to_owned(),
        }
    }
}

fn clean(holder: &Holder) -> String {
    ecw_halyard::clean(&holder.words(), 300)
}

impl Lock {
    /// Takes the lock of a state directory.
    ///
    /// # Errors
    /// When somebody else holds it, or the directory cannot be written.
    pub fn take(dir: &Path, actor: &Actor) -> Result<Self, Locked> {
        // Only directories of ours are made, below one that exists.
        let ours = dir.parent().filter(|parent| parent.parent().is_some_and(Path::is_dir));
        if let (Some(parent), false) = (ours, dir.is_dir()) {
            if !parent.is_dir() {
                let _ = private_directory(parent);
            }
            let _ = private_directory(dir);
        }
        let path = dir.join("lock");
        let file = open_shared(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Locked::Nowhere,
            _ => Locked::Unwritable(error.to_string()),
        })?;
        let deadline = Instant::now() + ENDING;
        while flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            // Whoever is just ending still holds the lock for a moment.
            let ending = noted(&path).is_some_and(|holder| holder.process.ended_here());
            if !ending || Instant::now() > deadline {
                return Err(Locked::By(named(&path)));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        // The kernel gave us the lock, so whoever stands there is gone, whatever the number says.
        let stale = noted(&path);
        let _ = write(&file, actor);
        Ok(Self { file, stale })
    }

    /// Leaves: the next one is not told of somebody who ended without leaving.
    pub fn leave(self) {
        let _ = self.file.set_len(0);
    }
}

fn write(file: &File, actor: &Actor) -> io::Result<()> {
    file.set_len(0)?;
    let pid = i32::try_from(std::process::id()).unwrap_or(0);
    if let Some(process) = Process::of(pid) {
        let holder = Holder { actor: actor.clone(), since: Clock::default().now().wall, process };
        let mut line = serde_json::to_vec(&holder)?;
        line.push(b'\n');
        let mut out = file;
        out.write_all(&line)?;
    }
    Ok(())
}

/// Has the wizard that holds the lock leave, and takes the lock.
///
/// # Errors
/// Why it did not leave, and what to do.
pub fn take_over(dir: &Path, actor: &Actor) -> Result<Lock, String> {
    match Lock::take(dir, actor) {
        Ok(lock) => return Ok(lock),
        Err(Locked::Unwritable(why)) => return Err(format!("The state directory cannot be written: {why}.")),
        Err(Locked::Nowhere) => return Err("There is no state directory.".to_owned()),
        Err(Locked::By(_)) => {}
    }
    let path = dir.join("lock");
    let Some(holder) = noted(&path) else {
        return Err("Who works here left no name; it cannot be asked to leave.".to_owned());
    };
    if holder.process.alive() == Alive::No {
        return Err(format!("{} does not run on this machine. Ask them to leave.", clean(&holder)));
    }
    let note = dir.join("take-over");
    let _ = fs::remove_file(&note);
    if let Ok(mut file) = open_shared(&note) {
        let _ = writeln!(file, "{}", actor.words());
    }
    let pid = Pid::from_raw(holder.process.pid).ok_or("Who works here left no process number.")?;
    kill_process(pid, Signal::USR1).map_err(|error| {
        format!("{} cannot be asked to leave ({error}). Ask them, or run as root.", clean(&holder))
    })?;
    let deadline = Instant::now() + LEAVE_LIMIT;
    loop {
        match Lock::take(dir, actor) {
            Ok(lock) => return Ok(lock),
            Err(_) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(50)),
            Err(_) => return Err(format!("{} was asked to leave and did not.", clean(&holder))),
        }
    }
}

/// Returns who asked for the lock, for the one who leaves.
#[must_use]
pub fn who_takes_over(dir: &Path) -> String {
    let text = fs::read_to_string(dir.join("take-over")).unwrap_or_default();
    let words = ecw_halyard::clean(text.trim(), 200);
    if words.is_empty() { "somebody".to_owned() } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(user: &str) -> Actor {
        Actor { user: user.to_owned(), host: "h".to_owned(), tty: None }
    }

    #[test]
    fn a_holder_that_ended_without_leaving_is_told_and_one_that_left_is_not() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let first = Lock::take(dir.path(), &actor("alice")).expect("free");
        assert_eq!(first.stale, None);
        assert!(holder(dir.path()).is_some_and(|words| words.starts_with("alice on h since ")));
        assert!(
            matches!(Lock::take(dir.path(), &actor("bob")), Err(Locked::By(words)) if words.starts_with("alice"))
        );
        drop(first);
        // The same process number may be anybody's by now: the kernel's word counts, not the file's.
        assert_eq!(holder(dir.path()), None);
        let second = Lock::take(dir.path(), &actor("bob")).expect("free");
        assert_eq!(second.stale.as_ref().map(|each| each.actor.user.as_str()), Some("alice"));
        second.leave();
        assert_eq!(Lock::take(dir.path(), &actor("carol")).expect("free").stale, None);
    }

    #[test]
    fn a_holder_of_another_boot_is_not_signalled_by_its_number() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let path = dir.path().join("lock");
        let file = File::create(&path).expect("made");
        flock(&file, FlockOperation::NonBlockingLockExclusive).expect("free");
        let me = Process::of(i32::try_from(std::process::id()).expect("small")).expect("alive");
        let other = Process { boot: "another boot".to_owned(), ..me };
        let holder = Holder { actor: actor("alice"), since: 0, process: other };
        fs::write(&path, serde_json::to_vec(&holder).expect("json")).expect("written");
        let error = take_over(dir.path(), &actor("bob")).expect_err("held");
        assert!(error.contains("does not run on this machine"), "{error}");
    }
}
