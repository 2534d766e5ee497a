//! The files of one deploy: its log, who supervises it, hal's own process, how it ended.

use std::fs::File;
use std::io;

use ecw_wizard::messages::event::DeployState;
use serde::{Deserialize, Serialize};

use super::process_id::{Alive, Process};
use super::tree::Tree;

/// Longer files of ours than this are not ours.
const LONGEST: u64 = 4096;
/// What one of the small files takes at most.
pub const ROOM: usize = 256;

/// hal's stdout and stderr, as they come.
pub const LOG: &str = "log";
/// Who supervises.
pub const OWNER: &str = "owner";
/// hal's own process.
pub const HAL: &str = "hal";
/// How hal ended.
pub const EXIT: &str = "exit";
/// What went wrong with the supervisor itself.
pub const SUPERVISOR_LOG: &str = "supervisor.log";

/// Returns the name of a deploy's directory.
#[must_use]
pub fn name_of(number: u64) -> String {
    format!("deploy-{number}")
}

/// Returns the number that a directory's name stands for.
#[must_use]
pub fn number_of(name: &str) -> Option<u64> {
    name.strip_prefix("deploy-")?.parse().ok()
}

/// Which deploy the lock is held for, as it is noted beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Deploying {
    pub(crate) number: u64,
    pub(crate) state: String,
}

/// How hal ended.
#[derive(Debug, Serialize, Deserialize)]
pub struct Ended {
    /// Exit status; `None` = a signal.
    pub exit: Option<i32>,
    /// Which signal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<i32>,
    /// When, milliseconds since 1970 UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<u64>,
}

/// The files of one deploy.
pub struct DeployFiles {
    dir: Tree,
}

impl DeployFiles {
    /// Returns the files of a deploy; `None` = there are none.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(state: &Tree, number: u64) -> io::Result<Option<Self>> {
        Ok(state.open(&name_of(number))?.map(|dir| Self { dir }))
    }

    /// Returns the directory.
    #[must_use]
    pub fn dir(&self) -> &Tree {
        &self.dir
    }

    /// Returns hal's log.
    #[must_use]
    pub fn log(&self) -> Option<File> {
        self.dir.file(LOG).ok().flatten()
    }

    /// Returns whether a deploy of this number was begun before.
    #[must_use]
    pub fn begun(&self) -> bool {
        self.dir.names().iter().any(|name| [OWNER, EXIT, HAL].contains(&name.as_str()))
    }

    /// Returns how hal ended: `None` = not yet, or nobody wrote it down.
    #[must_use]
    pub fn ended(&self) -> Option<Ended> {
        let bytes = self.dir.read(EXIT, LONGEST).ok().flatten()?;
        let mut ended: Ended = serde_json::from_slice(&bytes).ok()?;
        if ended.at.is_none() {
            // Written by an older program: the file's own time tells.
            let modified = self.dir.file(EXIT).ok().flatten()?.metadata().ok()?.modified().ok()?;
            let since = modified.duration_since(std::time::UNIX_EPOCH).ok()?;
            ended.at = u64::try_from(since.as_millis()).ok();
        }
        Some(ended)
    }

    fn process(&self, name: &str) -> Option<Process> {
        serde_json::from_slice(&self.dir.read(name, LONGEST).ok().flatten()?).ok()
    }

    /// Returns the supervisor.
    #[must_use]
    pub fn supervisor(&self) -> Option<Process> {
        self.process(OWNER)
    }

    /// Returns the process that the supervisor started.
    #[must_use]
    pub fn hal(&self) -> Option<Process> {
        self.process(HAL)
    }

    /// Returns where the deploy stands; `locked` says whether the lock is held in its name: a hal that
    /// outlived its supervisor before it was written down holds it still.
    #[must_use]
    pub fn state(&self, locked: impl Fn() -> bool) -> DeployState {
        let ended = |ended: Ended| DeployState::Ended { exit: ended.exit, at: ended.at };
        if let Some(end) = self.ended() {
            return ended(end);
        }
        let alive = |process: Option<Process>| process.is_some_and(|each| each.alive() == Alive::Yes);
        if alive(self.supervisor()) || alive(self.hal()) || locked() {
            return DeployState::Running;
        }
        if !self.begun() {
            return DeployState::Absent;
        }
        // It may have ended just now.
        self.ended().map_or(DeployState::Vanished, ended)
    }
}
