//! The supervisor of one deploy: it runs hal in a session of its own, with no terminal and no
//! pipe, and writes down how hal ended. It does nothing else and needs next to nothing.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use rustix::fs::FlockOperation;
use rustix::process::{Pid, Signal, kill_process, setsid};
use serde::{Deserialize, Serialize};

use crate::ports::store::{open_shared, share};

/// The files of one deploy.
pub struct DeployFiles {
    /// Their directory.
    pub dir: PathBuf,
    /// hal's stdout and stderr, as they come.
    pub log: PathBuf,
    /// Who supervises.
    pub owner: PathBuf,
    hal: PathBuf,
    exit: PathBuf,
}

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

/// Returns a process's start time; a zombie counts as gone.
fn start_of(pid: i32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything; the fields begin behind the last one.
    let fields: Vec<&str> = stat[stat.rfind(')')? + 1..].split_whitespace().collect();
    if fields.first() == Some(&"Z") {
        return None;
    }
    fields.get(19)?.parse().ok()
}

#[derive(Serialize, Deserialize)]
struct Ended {
    exit: Option<i32>,
}

impl DeployFiles {
    /// Returns the files of a deploy.
    #[must_use]
    pub fn new(state_dir: &Path, number: u64) -> Self {
        Self::in_dir(state_dir.join(format!("deploy-{number}")))
    }

    fn in_dir(dir: PathBuf) -> Self {
        Self {
            log: dir.join("log"),
            owner: dir.join("owner"),
            hal: dir.join("hal"),
            exit: dir.join("exit"),
            dir,
        }
    }

    /// Returns whether a deploy of this number was begun before.
    #[must_use]
    pub fn begun(&self) -> bool {
        self.owner.exists() || self.exit.exists()
    }

    /// Returns how hal ended: `Some(None)` = by a signal, `None` = not yet.
    #[must_use]
    pub fn read_exit(&self) -> Option<Option<i32>> {
        let ended: Ended = serde_json::from_slice(&fs::read(&self.exit).ok()?).ok()?;
        Some(ended.exit)
    }

    fn process(path: &Path) -> Option<Process> {
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }

    /// Returns whether the supervisor runs.
    #[must_use]
    pub fn supervisor_alive(&self) -> Alive {
        Self::process(&self.owner).map_or(Alive::No, |process| process.alive())
    }

    /// Returns whether hal runs.
    #[must_use]
    pub fn hal_alive(&self) -> Alive {
        Self::process(&self.hal).map_or(Alive::No, |process| process.alive())
    }
}

/// Sends hal an interrupt, if it is run directly and still the one that was noted.
///
/// # Errors
/// Why not.
pub fn interrupt_hal(files: &DeployFiles) -> Result<(), String> {
    let Some(process) = DeployFiles::process(&files.hal) else { return Err("hal is not known".to_owned()) };
    if process.alive() == Alive::No {
        return Err("hal has ended".to_owned());
    }
    let command = fs::read(format!("/proc/{}/cmdline", process.pid)).unwrap_or_default();
    let wrapped = ["docker", "kubectl", "ssh", "sudo"].iter().any(|word| {
        command
            .split(|byte| *byte == 0)
            .next()
            .is_some_and(|first| String::from_utf8_lossy(first).ends_with(word))
    });
    if wrapped {
        return Err("hal runs behind another command that does not pass signals on".to_owned());
    }
    let pid = Pid::from_raw(process.pid).ok_or("hal is not known")?;
    kill_process(pid, Signal::INT).map_err(|error| error.to_string())
}

/// Runs hal and writes down how it ended.
#[must_use]
pub fn run(dir: &Path, command: &[String]) -> ExitCode {
    match supervise(&DeployFiles::in_dir(dir.to_path_buf()), command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn supervise(files: &DeployFiles, command: &[String]) -> io::Result<()> {
    // Fails only where we lead a group already, and then we are out of the terminal's reach too.
    let _ = setsid();
    let state_dir = files.dir.parent().unwrap_or(&files.dir);
    // Held by this process alone (CLOEXEC is std's default), gone with it.
    let lock_path = state_dir.join("deploy.lock");
    let lock = open_shared(&lock_path)?;
    rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive)
        .map_err(|_| io::Error::other("another deploy is being supervised"))?;
    let log = open_shared(&files.log)?;
    let Some((program, arguments)) = command.split_first() else {
        return Err(io::Error::other("no command"));
    };
    let me = Process::of(i32::try_from(std::process::id()).unwrap_or(0))
        .ok_or_else(|| io::Error::other("no /proc"))?;
    write_whole(&files.owner, &me)?;
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log.try_clone()?)
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => {
            writeln!(&log, "! ERROR {program} cannot be started: {error}\n\n- hal could not be started.")?;
            return write_whole(&files.exit, &Ended { exit: Some(1) });
        }
    };
    if let Some(process) = i32::try_from(child.id()).ok().and_then(Process::of) {
        write_whole(&files.hal, &process)?;
    }
    let status = child.wait()?;
    write_whole(&files.exit, &Ended { exit: status.code() })
}

fn write_whole(path: &Path, value: &impl Serialize) -> io::Result<()> {
    let temporary = path.with_extension("new");
    let _ = fs::remove_file(&temporary);
    let mut file = File::options().write(true).create_new(true).open(&temporary)?;
    file.write_all(&serde_json::to_vec(value)?)?;
    file.sync_all()?;
    share(&file, &temporary);
    fs::rename(&temporary, path)?;
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}
