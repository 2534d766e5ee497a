//! A child process that is waited for, for a while: what it prints is kept up to a limit, and neither a full pipe
//! nor somebody who holds it open blocks anything.

use std::io::{Read, Write};
use std::process::{Child, ExitStatus};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a pipe that outlives its child is read on.
const LATECOMERS: Duration = Duration::from_secs(2);

/// How a child ended, and what it printed.
pub struct Finished {
    pub status: ExitStatus,
    /// Standard output, up to the limit.
    pub stdout: Vec<u8>,
    /// Standard error, up to the limit.
    pub stderr: Vec<u8>,
}

/// Waits for a child's end; `None` = it did not end within `limit`, and was killed. Of each pipe at most `most`
/// bytes are kept.
#[must_use]
pub fn finish(child: Child, limit: Duration, most: usize) -> Option<Finished> {
    Talk::with(child, most).end(Instant::now() + limit)
}

/// Has a child end. One that cannot be killed (sudo's belongs to root) is left to itself: nobody waits for it.
pub fn end(mut child: Child) {
    let _ = child.kill();
    thread::spawn(move || child.wait());
}

/// A child that is spoken to.
pub struct Talk {
    child: Child,
    stdin: Option<Sender<Vec<u8>>>,
    stdout: Piped,
    stderr: Piped,
}

impl Talk {
    /// Begins to talk to a child; of each pipe at most `most` bytes are kept.
    #[must_use]
    pub fn with(mut child: Child, most: usize) -> Self {
        let (give, pieces) = channel::<Vec<u8>>();
        if let Some(mut stdin) = child.stdin.take() {
            thread::spawn(move || {
                for piece in pieces {
                    // Who refuses does not read on: what it says is on its standard output.
                    if stdin.write_all(&piece).is_err() {
                        return;
                    }
                }
            });
        }
        let (stdout, stderr) = (reader(child.stdout.take(), most), reader(child.stderr.take(), most));
        Self { child, stdin: Some(give), stdout, stderr }
    }

    /// Says something to it.
    pub fn say(&self, bytes: Vec<u8>) {
        if let Some(stdin) = &self.stdin {
            let _ = stdin.send(bytes);
        }
    }

    /// Closes its standard input, once all that was said has been written.
    pub fn no_more(&mut self) {
        self.stdin = None;
    }

    /// Waits until what it printed is as wanted; returns whether it became so before it ended or the time was over.
    pub fn hear(&mut self, until: Instant, wanted: impl Fn(&[u8]) -> bool) -> bool {
        let mut until = until;
        let mut lives = true;
        loop {
            let closed = self.stdout.thread.is_finished();
            if wanted(&self.stdout.so_far()) {
                return true;
            }
            if closed || Instant::now() >= until {
                return false;
            }
            if lives && !matches!(self.child.try_wait(), Ok(None)) {
                // Whatever it has left behind holds the pipe; what it printed is there soon.
                (lives, until) = (false, until.min(Instant::now() + LATECOMERS));
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits for its end; `None` = it did not end by then, and was killed.
    #[must_use]
    pub fn end(mut self, until: Instant) -> Option<Finished> {
        let status = loop {
            match self.child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) if Instant::now() < until => thread::sleep(Duration::from_millis(5)),
                Ok(None) | Err(_) => {
                    end(self.child);
                    return None;
                }
            }
        };
        // Somebody whom it started may hold its pipe for ever; what it printed itself is there by then.
        let patience = Instant::now() + LATECOMERS;
        Some(Finished { status, stdout: self.stdout.bytes(patience), stderr: self.stderr.bytes(patience) })
    }
}

/// What comes through a pipe, as it comes.
struct Piped {
    bytes: Arc<Mutex<Vec<u8>>>,
    thread: thread::JoinHandle<()>,
}

impl Piped {
    /// Returns what came so far.
    fn so_far(&self) -> MutexGuard<'_, Vec<u8>> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what came until the pipe was closed, or until then.
    fn bytes(self, until: Instant) -> Vec<u8> {
        while !self.thread.is_finished() && Instant::now() < until {
            thread::sleep(Duration::from_millis(2));
        }
        std::mem::take(&mut *self.bytes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn reader(pipe: Option<impl Read + Send + 'static>, most: usize) -> Piped {
    let bytes = Arc::new(Mutex::new(Vec::new()));
    let into = bytes.clone();
    let thread = thread::spawn(move || {
        let Some(mut pipe) = pipe else { return };
        let mut piece = vec![0_u8; 64 * 1024];
        while let Ok(read @ 1..) = pipe.read(&mut piece) {
            let mut bytes = into.lock().unwrap_or_else(PoisonError::into_inner);
            // Whatever comes beyond the limit is read and dropped, so that the child can end.
            let room = most.saturating_sub(bytes.len()).min(read);
            bytes.extend_from_slice(&piece[..room]);
        }
    });
    Piped { bytes, thread }
}
