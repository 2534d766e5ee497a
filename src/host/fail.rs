//! Where tests make a system call fail or the process die. A release build holds nothing of it.
//!
//! `EVENT_CACHE_WIZARD_TEST_FAIL=ROLE:N[+]:ERRNO` fails the N-th call of a process with that role (`+`:
//! and every later one), `EVENT_CACHE_WIZARD_TEST_DIE=ROLE:POINT[:N]` kills it at a named point, the
//! N-th time it comes there. `EVENT_CACHE_WIZARD_TEST_NOTE` names a file that tells that it came to it.

#[cfg(not(debug_assertions))]
use std::io;

/// A point between two instructions at which a kill must lose nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// The supervisor holds the lock and has written nothing.
    Locked,
    /// The supervisor has said who it is; hal was not started.
    Named,
    /// hal was started and nothing of it is written yet.
    Spawned,
    /// hal's identity is written.
    HalNamed,
    /// hal has ended and its end is not written yet.
    HalEnded,
    /// The end is written under another name.
    ExitStaged,
    /// A new text of a file is whole, under another name.
    FileStaged,
    /// A new text has taken the file's place; the directory is not synced.
    FileReplaced,
    /// A journal record is written and not synced.
    RecordWritten,
    /// A journal record is on disk and nobody heard of it.
    RecordSynced,
    /// A backup is on disk.
    BackedUp,
    /// The deploy's directory is there, its supervisor is not.
    DeployPrepared,
    /// The supervisor was started, and nobody has seen it work yet.
    SupervisorStarted,
}

impl Point {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Locked,
        Self::Named,
        Self::Spawned,
        Self::HalNamed,
        Self::HalEnded,
        Self::ExitStaged,
        Self::FileStaged,
        Self::FileReplaced,
        Self::RecordWritten,
        Self::RecordSynced,
        Self::BackedUp,
        Self::DeployPrepared,
        Self::SupervisorStarted,
    ];

    /// Returns which process comes by: `wizard` or `supervisor`.
    #[must_use]
    pub fn role(self) -> &'static str {
        match self {
            Self::Locked
            | Self::Named
            | Self::Spawned
            | Self::HalNamed
            | Self::HalEnded
            | Self::ExitStaged => "supervisor",
            Self::FileStaged
            | Self::FileReplaced
            | Self::RecordWritten
            | Self::RecordSynced
            | Self::BackedUp
            | Self::DeployPrepared
            | Self::SupervisorStarted => "wizard",
        }
    }
}

/// A call that can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Opening or making.
    Open,
    /// Writing.
    Write,
    /// Reserving room.
    Reserve,
    /// Waiting until it is on disk.
    Sync,
    /// Giving a file its name.
    Rename,
}

/// Passes, unless a test has this call fail.
///
/// # Errors
/// The one that the test asked for.
#[cfg(not(debug_assertions))]
pub fn call(_call: Call) -> io::Result<()> {
    Ok(())
}

/// Passes, unless a test has the process die here.
#[cfg(not(debug_assertions))]
pub fn point(_point: Point) {}

#[cfg(debug_assertions)]
pub use testing::{call, point};

#[cfg(debug_assertions)]
mod testing {
    use std::io::{self, Write};
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    use rustix::process::{Signal, getpid, kill_process};

    use super::{Call, Point};

    const PREFIX: &str = "EVENT_CACHE_WIZARD_TEST_";

    struct Fault {
        at: u64,
        later_too: bool,
        errno: i32,
    }

    fn setting(name: &str) -> Option<String> {
        std::env::var(format!("{PREFIX}{name}")).ok()
    }

    fn role() -> &'static str {
        static ROLE: OnceLock<&str> = OnceLock::new();
        ROLE.get_or_init(|| {
            if std::env::args().nth(1).as_deref() == Some("supervise") { "supervisor" } else { "wizard" }
        })
    }

    fn fault() -> Option<&'static Fault> {
        static FAULT: OnceLock<Option<Fault>> = OnceLock::new();
        let read = || {
            let text = setting("FAIL")?;
            let mut parts = text.split(':');
            let (of, at, errno) = (parts.next()?, parts.next()?, parts.next()?);
            let later_too = at.ends_with('+');
            let at = at.trim_end_matches('+').parse().ok()?;
            (of == role()).then_some(Fault { at, later_too, errno: errno.parse().ok()? })
        };
        FAULT.get_or_init(read).as_ref()
    }

    fn note(text: &str) {
        let Some(path) = setting("NOTE") else { return };
        if let Ok(mut file) = std::fs::File::options().create(true).append(true).open(path) {
            let _ = writeln!(file, "{text}");
        }
    }

    /// Passes, unless a test has this call fail.
    ///
    /// # Errors
    /// The one that the test asked for.
    pub fn call(call: Call) -> io::Result<()> {
        static CALLS: AtomicU64 = AtomicU64::new(0);
        let Some(fault) = fault() else { return Ok(()) };
        let now = CALLS.fetch_add(1, Ordering::SeqCst) + 1;
        if now == fault.at || fault.later_too && now > fault.at {
            note(&format!("{call:?}"));
            return Err(io::Error::from_raw_os_error(fault.errno));
        }
        Ok(())
    }

    /// Passes, unless a test has the process die here.
    pub fn point(point: Point) {
        static TIMES: AtomicU64 = AtomicU64::new(0);
        let Some(wanted) = setting("DIE") else { return };
        let mut parts = wanted.split(':');
        let (of, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let nth = parts.next().and_then(|nth| nth.parse().ok()).unwrap_or(1);
        if of != role() || name != format!("{point:?}") {
            return;
        }
        if TIMES.fetch_add(1, Ordering::SeqCst) + 1 == nth {
            note(name);
            let _ = kill_process(getpid(), Signal::KILL);
        }
    }
}
