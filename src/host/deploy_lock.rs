//! One deploy at a time in a deployment. The lock stands in the hal directory, whatever state
//! directory is used, and hal itself inherits it: it is free only when no process of the deploy runs,
//! even if supervisor and wizard died without a word.

use std::fs::File;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use ecw_wizard::values::trouble::Trouble;

use super::deploy_files::Deploying;
use super::flock::{Attempt, alone, users_of};
use super::process_id::words_of;
use super::state_place::StatePlace;
use super::tree::Tree;

const LOCK: &str = "deploy.lock";
/// Says which deploy the lock is held for; written before anything is started.
const DEPLOYING: &str = "deploying";
const LONGEST: u64 = 4096;
/// How long a deploy that has ended may still have the lock.
const ENDING: Duration = Duration::from_secs(3);

/// A lock that is held: hal gets the file as its standard input, and inherits the directory.
pub struct HeldLock {
    /// The lock's file.
    pub file: File,
    /// The deployment's directory: locked by everybody, whether they may write there or not.
    pub directory: Option<File>,
}

/// The lock's file, not held.
pub struct DeployLock {
    file: File,
    directory: Option<File>,
    /// Where it can be said which deploy it is held for.
    home: Option<Tree>,
}

impl DeployLock {
    /// Opens the lock of a deployment.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(place: &StatePlace) -> io::Result<Self> {
        let directory = place.deployment_directory();
        if let Ok(home) = place.make_home() {
            match home.append(LOCK) {
                Ok(file) => return Ok(Self { file, directory, home: Some(home) }),
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
                Err(error) => return Err(error),
            }
        }
        // A hal directory that cannot be written: its deployment's directory itself can be locked.
        let state = place.make()?;
        Ok(Self { file: state.append(LOCK)?, directory, home: Some(state) })
    }

    /// Takes the lock for a deploy, and says so on disk.
    ///
    /// # Errors
    /// In words, when another deploy has it or it cannot be written down.
    pub fn take(self, place: &StatePlace, number: u64) -> Result<HeldLock, Trouble> {
        let trouble = |error: &io::Error| {
            Trouble::new(
                format!("The deploy could not be started: {error}."),
                "Nothing was deployed by this step. Fix the cause, then retry.",
            )
        };
        match self.attempt() {
            Ok(Attempt::Had) => {}
            Ok(Attempt::Busy) => {
                return Err(Trouble::new(
                    format!("Another deploy still runs here ({}).", self.words()),
                    "Wait for it with event-cache-wizard attach, then retry.",
                ));
            }
            Err(error) => return Err(trouble(&error)),
        }
        if let Some(home) = &self.home {
            let note = Deploying { number, state: place.words() };
            let text = serde_json::to_vec(&note).unwrap_or_default();
            home.write(DEPLOYING, &text, 0o660).map_err(|error| trouble(&error))?;
        }
        if let Some(directory) = &self.directory {
            // hal inherits it through its supervisor: removing the lock's file frees nothing.
            rustix::io::fcntl_setfd(directory, rustix::io::FdFlags::empty())
                .map_err(|error| trouble(&error.into()))?;
        }
        Ok(HeldLock { file: self.file, directory: self.directory })
    }

    /// Whoever is just ending still has it for a moment after its end was written down.
    fn attempt(&self) -> io::Result<Attempt> {
        let deadline = Instant::now() + ENDING;
        loop {
            let directory = self.directory.as_ref().map_or(Ok(Attempt::Had), alone)?;
            let attempt = if directory == Attempt::Had { alone(&self.file)? } else { directory };
            match attempt {
                Attempt::Busy if Instant::now() < deadline => thread::sleep(Duration::from_millis(10)),
                attempt => return Ok(attempt),
            }
        }
    }

    /// Returns who has it, in words.
    fn words(&self) -> String {
        let own = i32::try_from(std::process::id()).unwrap_or(0);
        let deploying = self.home.as_ref().and_then(deploying);
        let mut words: Vec<String> =
            deploying.map(|each| format!("deploy-{} of {}", each.number, each.state)).into_iter().collect();
        for pid in users_of(&self.file).into_iter().filter(|pid| *pid != own) {
            let called = words_of(pid).first().cloned().unwrap_or_default();
            words.push(format!("pid {pid} {}", ecw_halyard::clean(&called, 80)));
        }
        if words.is_empty() { "its process cannot be seen from here".to_owned() } else { words.join(", ") }
    }
}

fn deploying(home: &Tree) -> Option<Deploying> {
    serde_json::from_slice(&home.read(DEPLOYING, LONGEST).ok().flatten()?).ok()
}

/// Returns whether the lock is held for a deploy of this state.
#[must_use]
pub fn held_for(place: &StatePlace, number: u64) -> bool {
    let Some(home) = place.home().ok().flatten() else { return false };
    let named = deploying(&home).is_some_and(|each| each.number == number && each.state == place.words());
    named && home.file(LOCK).ok().flatten().is_some_and(|file| matches!(alone(&file), Ok(Attempt::Busy)))
}
