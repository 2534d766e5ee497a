//! The supervisor of one deploy: it runs hal in a session of its own, with no terminal and no pipe, and
//! writes down how hal ended. It does nothing else and needs next to nothing.
//!
//! Everything it works with is handed to it open: the deploy's directory as standard input, the deploy
//! lock as standard output. hal gets the lock as its standard input (an empty file), so that the lock is
//! free only when no process of the deploy runs any more, whatever dies in which order.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::setsid;
use serde::Serialize;

use crate::clock::Clock;
use crate::deploy_files::{EXIT, Ended, HAL, LOG, OWNER, ROOM};
use crate::fail::{Point, point};
pub use crate::process_id::{Alive, Process};
use crate::space;
use crate::tree::Tree;

/// Room for hal's output, reserved before it starts: an hour of it takes some hundred thousand bytes.
const LOG_ROOM: u64 = 1024 * 1024;
/// Marks hal and all below it as this deploy's.
pub const MARK: &str = "EVENT_CACHE_WIZARD_DEPLOY";
/// How often the end is tried to be written down, a second apart.
const TRIES: u32 = 30;

/// Runs hal and writes down how it ended. The exit code is the system's error where that is known, so
/// that whoever started it can say it even when nothing could be written.
#[must_use]
pub fn run(dir: &Path, command: &[String]) -> ExitCode {
    match supervise(dir, command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            let errno =
                error.raw_os_error().and_then(|errno| u8::try_from(errno).ok()).filter(|errno| *errno > 1);
            errno.map_or(ExitCode::FAILURE, ExitCode::from)
        }
    }
}

/// What hal's end is written into, made before hal starts.
struct Staged {
    deploy: Tree,
    log: File,
    hal: File,
    exit: File,
}

fn supervise(dir: &Path, command: &[String]) -> io::Result<()> {
    // Fails only where we lead a group already, and then we are out of the terminal's reach too.
    let _ = setsid();
    let handed = |why: &str| io::Error::other(format!("{why}: this command is for the wizard alone"));
    let stdin = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let deploy = Tree::handed(stdin, dir.to_path_buf()).map_err(|_| handed("no deploy was handed over"))?;
    let lock = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    let meta = lock.metadata()?;
    if !meta.is_file() && !meta.is_dir() {
        return Err(handed("no lock was handed over"));
    }
    point(Point::Locked);
    let (program, arguments) = command.split_first().ok_or_else(|| handed("no command"))?;
    let log = deploy.append(LOG)?;
    // Without this room hal's end could be lost, and a good deploy would look like an unknown one.
    space::reserve(&log, LOG_ROOM)?;
    let (hal, exit) = (deploy.stage(HAL, ROOM)?, deploy.stage(EXIT, ROOM)?);
    let staged = Staged { deploy, log: log.try_clone()?, hal, exit };
    let me = Process::own().ok_or_else(|| io::Error::other("no /proc"))?;
    staged.deploy.write(OWNER, &serde_json::to_vec(&me)?, 0o660)?;
    point(Point::Named);
    let child = Command::new(program)
        .args(arguments)
        .env(MARK, dir)
        .stdin(Stdio::from(lock.try_clone()?))
        .stdout(log.try_clone()?)
        .stderr(log.try_clone()?)
        .spawn();
    let child = match child {
        Ok(child) => child,
        Err(error) => {
            let _ = writeln!(
                &log,
                "! ERROR {program} cannot be started: {error}\n\n- {program} could not be started."
            );
            return staged.end(Some(1), None);
        }
    };
    point(Point::Spawned);
    staged.watch(child)
}

impl Staged {
    /// Waits for hal. From here on nothing that fails may lose it.
    fn watch(&self, mut child: Child) -> io::Result<()> {
        if let Some(process) = i32::try_from(child.id()).ok().and_then(Process::of) {
            let noted = self.fill(&self.hal, HAL, &process);
            if let Err(error) = noted {
                let _ = writeln!(io::stderr(), "hal's process could not be noted: {error}");
            }
        }
        point(Point::HalNamed);
        let status: ExitStatus = child.wait()?;
        point(Point::HalEnded);
        space::release(&self.log);
        self.end(status.code(), status.signal())
    }

    fn end(&self, exit: Option<i32>, signal: Option<i32>) -> io::Result<()> {
        let ended = Ended { exit, signal, at: Some(Clock::default().now().wall) };
        let mut tried = 0;
        loop {
            match self.fill(&self.exit, EXIT, &ended) {
                Ok(()) => return Ok(()),
                // It has its name already; that the name is on disk could not be made sure.
                Err(_) if self.deploy.read(EXIT, 4096).is_ok_and(|read| read.is_some()) => return Ok(()),
                Err(error) if tried == TRIES => return Err(error),
                Err(_) => thread::sleep(Duration::from_secs(1)),
            }
            tried += 1;
        }
    }

    fn fill(&self, file: &File, name: &str, value: &impl Serialize) -> io::Result<()> {
        self.deploy.fill_staged(file, name, &serde_json::to_vec(value)?)
    }
}
