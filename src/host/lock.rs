//! One wizard at a time works on a deployment. The lock stands in the hal directory, whatever state
//! directory is used: what is changed is what is locked. It is the kernel's (it goes with its holder,
//! however that ends); the file says who holds it, so that a second one can read along or take over.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use ecw_ports::LockAnswer;
use ecw_wizard::model::journal::Actor;
use ecw_wizard::values::time::utc;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::flock::{Attempt, alone, holds, together};
use crate::process_id::{Alive, Process, words_of};
use crate::state_place::StatePlace;
use crate::tree::Tree;

/// How long the one who works here may take to leave.
const LEAVE_LIMIT: Duration = Duration::from_secs(10);
/// How long a process that has ended may still hold the lock while the kernel clears it away.
const ENDING: Duration = Duration::from_secs(2);
/// A lock file longer than this is not ours.
const LONGEST: u64 = 4096;
const LOCK: &str = "lock";
const TAKE_OVER: &str = "take-over";

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

/// Why a lock could not be had.
#[derive(Debug, PartialEq, Eq)]
pub enum Locked {
    /// Somebody holds it; who, in words.
    By(String),
    /// The state directory cannot be written; why.
    Unwritable(String),
    /// The state of this deployment stands elsewhere; where, and what to do.
    Elsewhere(String),
    /// There is no state directory, nor one to make it in.
    Nowhere,
}

impl From<Locked> for LockAnswer {
    fn from(locked: Locked) -> Self {
        match locked {
            Locked::By(who) => Self::By(who),
            Locked::Unwritable(why) => Self::Unwritable(why),
            Locked::Elsewhere(why) => Self::Elsewhere(why),
            Locked::Nowhere => Self::Nowhere,
        }
    }
}

/// A held lock.
#[derive(Debug)]
pub struct Lock {
    file: File,
    /// The hal directory, locked together with others, so that one who can only lock the directory
    /// as a whole waits for us.
    _directory: Option<File>,
    /// Who held it before and ended without leaving (killed, or the machine was restarted).
    pub stale: Option<Holder>,
}

fn noted(home: &Tree) -> Option<Holder> {
    let bytes = home.read(LOCK, LONGEST).ok().flatten()?;
    serde_json::from_slice(&bytes).ok()
}

/// Returns who holds the lock of a deployment, in words; `None` = nobody.
#[must_use]
pub fn holder(place: &StatePlace) -> Option<String> {
    let home = ground(place)?;
    let file = home.file(LOCK).ok().flatten()?;
    // A shared lock is had whenever nobody holds the exclusive one; it goes with the file.
    if !matches!(together(&file), Ok(Attempt::Busy)) {
        return None;
    }
    Some(named(&home))
}

/// Where the lock's file stands: in the hal directory, or in the state directory where that is none.
fn ground(place: &StatePlace) -> Option<Tree> {
    place.home().ok().flatten().or_else(|| place.open().ok().flatten())
}

/// Returns who holds the lock; they may have got it just now and not be named yet.
fn named(home: &Tree) -> String {
    const PATIENCE: Duration = Duration::from_secs(1);
    let deadline = Instant::now() + PATIENCE;
    loop {
        match noted(home) {
            Some(holder) => return clean(&holder),
            None if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(10)),
            None => return "somebody unknown".to_owned(),
        }
    }
}

fn clean(holder: &Holder) -> String {
    ecw_halyard::clean(&holder.words(), 300)
}

fn unwritable(error: &io::Error) -> Locked {
    match error.kind() {
        io::ErrorKind::NotFound => Locked::Nowhere,
        _ => Locked::Unwritable(error.to_string()),
    }
}

impl Lock {
    /// Takes the lock of a deployment.
    ///
    /// # Errors
    /// When somebody else holds it, or there is no place for it.
    pub fn take(place: &StatePlace, actor: &Actor) -> Result<Self, Locked> {
        let home = match place.make_home() {
            Ok(home) => home,
            // Without a hal directory the state directory stands for it.
            Err(error) if error.kind() == io::ErrorKind::NotFound && place.elsewhere.is_some() => {
                place.make().map_err(|error| unwritable(&error))?
            }
            Err(error) if place.elsewhere.is_some() => return Self::directory(place, &error),
            Err(error) => return Err(unwritable(&error)),
        };
        let file = match home.append(LOCK) {
            Ok(file) => file,
            Err(error) if place.elsewhere.is_some() && !place.is_at_home() => {
                return Self::directory(place, &error);
            }
            Err(error) => return Err(unwritable(&error)),
        };
        wait_alone(&file, &home)?;
        let directory = place.hal_directory();
        if let Some(directory) = &directory
            && matches!(together(directory), Ok(Attempt::Busy))
        {
            return Err(Locked::By("somebody who cannot write to the hal directory".to_owned()));
        }
        // The kernel gave us the lock, so whoever stands there is gone, whatever the number says.
        let stale = noted(&home);
        let _ = write(&file, actor);
        Ok(Self { file, _directory: directory, stale })
    }

    /// Takes the hal directory itself, where nothing can be made in it.
    fn directory(place: &StatePlace, why: &io::Error) -> Result<Self, Locked> {
        let Some(file) = place.hal_directory() else { return Err(unwritable(why)) };
        match alone(&file) {
            Ok(Attempt::Had) => Ok(Self { file, _directory: None, stale: None }),
            Ok(Attempt::Busy) => {
                Err(Locked::By(holder(place).unwrap_or_else(|| "somebody unknown".to_owned())))
            }
            Err(error) => Err(Locked::Unwritable(error.to_string())),
        }
    }

    /// Leaves: the next one is not told of somebody who ended without leaving.
    pub fn leave(self) {
        let _ = self.file.set_len(0);
    }
}

fn wait_alone(file: &File, home: &Tree) -> Result<(), Locked> {
    let deadline = Instant::now() + ENDING;
    loop {
        match alone(file) {
            Ok(Attempt::Had) => return Ok(()),
            Ok(Attempt::Busy) => {}
            Err(error) => return Err(Locked::Unwritable(error.to_string())),
        }
        // Whoever is just ending still holds the lock for a moment.
        let ending = noted(home).is_some_and(|holder| holder.process.ended_here());
        if !ending || Instant::now() > deadline {
            return Err(Locked::By(named(home)));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn write(file: &File, actor: &Actor) -> io::Result<()> {
    file.set_len(0)?;
    if let Some(process) = Process::own() {
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
pub fn take_over(place: &StatePlace, actor: &Actor) -> Result<Lock, String> {
    match Lock::take(place, actor) {
        Ok(lock) => return Ok(lock),
        Err(Locked::Unwritable(why)) => return Err(format!("The state directory cannot be written: {why}.")),
        Err(Locked::Elsewhere(why)) => return Err(why),
        Err(Locked::Nowhere) => return Err("There is no state directory.".to_owned()),
        Err(Locked::By(_)) => {}
    }
    let home = ground(place).ok_or("There is no state directory.")?;
    let Some(holder) = noted(&home) else {
        return Err("Who works here left no name; it cannot be asked to leave.".to_owned());
    };
    let lock = home.file(LOCK).ok().flatten().ok_or("There is no lock.")?;
    if let Err(error) = home.write(TAKE_OVER, format!("{}\n", actor.words()).as_bytes(), 0o660) {
        return Err(format!("Who works here cannot be told who asks: {error}."));
    }
    ask_to_leave(&holder, &lock)?;
    let deadline = Instant::now() + LEAVE_LIMIT;
    loop {
        match Lock::take(place, actor) {
            Ok(lock) => return Ok(lock),
            Err(_) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(50)),
            Err(_) => return Err(format!("{} was asked to leave and did not.", clean(&holder))),
        }
    }
}

/// Signals the process that holds the lock. The file that names it can be written by others, so its
/// word is not enough: the process is held by a descriptor, must run this program, and must have this
/// very lock open.
fn ask_to_leave(holder: &Holder, lock: &File) -> Result<(), String> {
    let who = clean(holder);
    if holder.process.alive() == Alive::No {
        return Err(format!("{who} does not run on this machine. Ask them to leave."));
    }
    let pid = Pid::from_raw(holder.process.pid).ok_or("Who works here left no process number.")?;
    let process = pidfd_open(pid, PidfdFlags::empty())
        .map_err(|error| format!("{who} cannot be asked to leave ({error}). Ask them."))?;
    // Looked at after the descriptor was had: what is seen now is the process that will get the signal.
    let meta = rustix::fs::fstat(lock.as_fd()).map_err(|error| error.to_string())?;
    if holder.process.alive() == Alive::No || !holds(holder.process.pid, (meta.st_dev, meta.st_ino)) {
        return Err(format!(
            "{who} is named as the one who works here, but that process does not hold the lock, or you may not see that it does. Nothing was sent. Ask them, or run as root."
        ));
    }
    let supervises = words_of(holder.process.pid).get(1).is_some_and(|word| word == "supervise");
    if supervises || !runs_this_program(holder.process.pid) {
        return Err(format!("{who}: that process is no wizard. Nothing was sent. Ask them."));
    }
    pidfd_send_signal(process, Signal::USR1)
        .map_err(|error| format!("{who} cannot be asked to leave ({error}). Ask them, or run as root."))
}

/// Returns whether a process runs the same program file as we do, or, where that was replaced since,
/// one of its name.
fn runs_this_program(pid: i32) -> bool {
    let of = |pid: &str| -> Option<((u64, u64), PathBuf)> {
        let exe = PathBuf::from(format!("/proc/{pid}/exe"));
        let meta = std::fs::metadata(&exe).ok()?;
        Some(((meta.dev(), meta.ino()), std::fs::read_link(&exe).ok()?))
    };
    let name = |path: &PathBuf| {
        path.file_name().map(|name| name.to_string_lossy().trim_end_matches(" (deleted)").to_owned())
    };
    match (of("self"), of(&pid.to_string())) {
        (Some((ours, our_path)), Some((theirs, their_path))) => {
            ours == theirs || name(&our_path) == name(&their_path)
        }
        _ => false,
    }
}

/// Returns who asked for the lock, for the one who leaves.
#[must_use]
pub fn who_takes_over(place: &StatePlace) -> String {
    let bytes = ground(place).and_then(|home| home.read(TAKE_OVER, LONGEST).ok().flatten());
    let words = ecw_halyard::clean(String::from_utf8_lossy(&bytes.unwrap_or_default()).trim(), 200);
    if words.is_empty() { "somebody".to_owned() } else { words }
}

/// A topic's lock: while a step changes it, no other wizard of this hal directory or of this user does.
#[derive(Debug)]
pub struct TopicLock {
    _files: Vec<File>,
}

impl TopicLock {
    /// Takes the lock of a topic in each of these directories, those that can be written; waits a
    /// moment for whoever is at it.
    ///
    /// # Errors
    /// In words, when somebody else keeps it.
    pub fn take(grounds: Vec<Tree>, topic: &str) -> Result<Self, String> {
        let name = format!("topic-{}.lock", &ecw_profile::sha256_hex(topic.as_bytes())[..16]);
        let deadline = Instant::now() + LEAVE_LIMIT;
        let mut files = Vec::new();
        for ground in grounds {
            let Ok(file) = ground.append(&name) else { continue };
            while matches!(alone(&file), Ok(Attempt::Busy)) {
                if Instant::now() > deadline {
                    return Err(format!("Another event-cache-wizard is changing {topic} just now."));
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            files.push(file);
        }
        Ok(Self { _files: files })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use ecw_wizard::values::names::DeploymentName;

    use super::*;

    fn actor(user: &str) -> Actor {
        Actor { user: user.to_owned(), host: "h".to_owned(), tty: None }
    }

    fn place(hal_dir: &std::path::Path, elsewhere: Option<PathBuf>) -> StatePlace {
        let deployment = DeploymentName::parse("default").expect("a name");
        StatePlace { hal_dir: Some(hal_dir.to_path_buf()), deployment, elsewhere, target: None, there: None }
    }

    #[test]
    fn a_holder_that_ended_without_leaving_is_told_and_one_that_left_is_not() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let place = place(dir.path(), None);
        let first = Lock::take(&place, &actor("alice")).expect("free");
        assert_eq!(first.stale, None);
        assert!(holder(&place).is_some_and(|words| words.starts_with("alice on h since ")));
        assert!(
            matches!(Lock::take(&place, &actor("bob")), Err(Locked::By(words)) if words.starts_with("alice"))
        );
        drop(first);
        // The same process number may be anybody's by now: the kernel's word counts, not the file's.
        assert_eq!(holder(&place), None);
        let second = Lock::take(&place, &actor("bob")).expect("free");
        assert_eq!(second.stale.as_ref().map(|each| each.actor.user.as_str()), Some("alice"));
        second.leave();
        assert_eq!(Lock::take(&place, &actor("carol")).expect("free").stale, None);
    }

    #[test]
    fn a_topic_is_changed_by_one_wizard_at_a_time() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let grounds = || vec![Tree::root(dir.path()).expect("opened")];
        let first = TopicLock::take(grounds(), "arn:aws:sns:eu-west-1:123456789012:x").expect("free");
        let other =
            TopicLock::take(grounds(), "arn:aws:sns:eu-west-1:123456789012:y").expect("another topic");
        drop(other);
        let waits = std::thread::spawn({
            let grounds = grounds();
            move || TopicLock::take(grounds, "arn:aws:sns:eu-west-1:123456789012:x").is_ok()
        });
        assert!(!waits.is_finished(), "it waits for the first");
        drop(first);
        assert!(waits.join().expect("ended"), "and has it then");
    }

    #[test]
    fn another_state_directory_of_the_same_deployment_is_the_same_lock() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let other = tempfile::tempdir().expect("temporary directory");
        let elsewhere = place(dir.path(), Some(other.path().join("state")));
        let first = Lock::take(&place(dir.path(), None), &actor("alice")).expect("free");
        assert!(matches!(Lock::take(&elsewhere, &actor("bob")), Err(Locked::By(_))));
        drop(first);
        assert!(Lock::take(&elsewhere, &actor("bob")).is_ok());
    }

    /// A lock that this process holds, and a file that names another holder.
    fn misnamed(dir: &std::path::Path, process: Process) -> String {
        let place = place(dir, None);
        let held = Lock::take(&place, &actor("alice")).expect("free");
        let path = place.home_path().expect("a place").join(LOCK);
        let holder = Holder { actor: actor("alice"), since: 0, process };
        fs::write(&path, serde_json::to_vec(&holder).expect("json")).expect("written");
        let error = take_over(&place, &actor("bob")).expect_err("held");
        drop(held);
        error
    }

    #[test]
    fn a_holder_of_another_boot_is_not_signalled_by_its_number() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let me = Process::own().expect("alive");
        let error = misnamed(dir.path(), Process { boot: "another boot".to_owned(), ..me });
        assert!(error.contains("does not run on this machine"), "{error}");
    }

    #[test]
    fn a_process_that_does_not_hold_the_lock_is_never_signalled_whoever_names_it() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let mut victim = std::process::Command::new("sleep").arg("60").spawn().expect("started");
        let process = Process::of(i32::try_from(victim.id()).expect("small")).expect("alive");
        let error = misnamed(dir.path(), process);
        assert!(error.contains("Nothing was sent"), "{error}");
        assert!(victim.try_wait().expect("waited").is_none(), "the victim lives");
        let _ = victim.kill();
        let _ = victim.wait();
    }
}
