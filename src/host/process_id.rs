//! A process, known by more than its number.

use std::fs;

use serde::{Deserialize, Serialize};

/// Whether a process still is the one that was noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alive {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// A process, known by more than its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Process id.
    pub pid: i32,
    /// When it started, in the kernel's ticks since boot.
    pub start: u64,
    /// Which boot.
    pub boot: String,
}

impl Process {
    /// Returns a process by its id.
    #[must_use]
    pub fn of(pid: i32) -> Option<Self> {
        Some(Self { pid, start: start_of(pid)?, boot: boot_id() })
    }

    /// Returns this process.
    #[must_use]
    pub fn own() -> Option<Self> {
        i32::try_from(std::process::id()).ok().and_then(Self::of)
    }

    /// Returns whether it ran on this machine since its last start and has ended.
    #[must_use]
    pub fn ended_here(&self) -> bool {
        self.boot == boot_id() && self.alive() == Alive::No
    }

    /// Returns whether it still runs.
    #[must_use]
    pub fn alive(&self) -> Alive {
        let same = self.boot == boot_id() && start_of(self.pid) == Some(self.start);
        if same { Alive::Yes } else { Alive::No }
    }
}

/// Returns this boot's id.
#[must_use]
pub fn boot_id() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

/// Returns the fields of `/proc/<pid>/stat` behind the name, which may hold anything.
fn fields(pid: i32) -> Option<Vec<String>> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(stat[stat.rfind(')')? + 1..].split_whitespace().map(str::to_owned).collect())
}

/// Returns a process's start time; a zombie counts as gone.
fn start_of(pid: i32) -> Option<u64> {
    let fields = fields(pid)?;
    if fields.first().map(String::as_str) == Some("Z") {
        return None;
    }
    fields.get(19)?.parse().ok()
}

/// Returns the processes below one, itself first, each followed by its children.
#[must_use]
pub fn family(pid: i32) -> Vec<i32> {
    let mut parents: Vec<(i32, i32)> = Vec::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(each) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let Some(fields) = fields(each) else { continue };
        let zombie = fields.first().map(String::as_str) == Some("Z");
        if let Some(parent) = fields.get(1).and_then(|parent| parent.parse().ok())
            && !zombie
        {
            parents.push((each, parent));
        }
    }
    let mut found = vec![pid];
    let mut at = 0;
    while at < found.len() {
        let parent = found[at];
        found.extend(parents.iter().filter(|(_, each)| *each == parent).map(|(each, _)| *each));
        at += 1;
    }
    found
}

/// Returns the words that a process was called with.
#[must_use]
pub fn words_of(pid: i32) -> Vec<String> {
    let bytes = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    bytes
        .split(|byte| *byte == 0)
        .filter(|word| !word.is_empty())
        .map(|word| String::from_utf8_lossy(word).into_owned())
        .collect()
}
