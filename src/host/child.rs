//! A child process that is waited for, for a while: what it prints is kept up to a limit, and neither a full pipe
//! nor somebody who holds it open blocks anything.

use std::io::{Read, Write};
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Mutex, PoisonError};
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

/// Writes into a child's standard input and closes it; one that takes no more is left alone.
pub fn feed(child: &mut Child, pieces: &[&[u8]]) {
    let Some(mut stdin) = child.stdin.take() else { return };
    let bytes: Vec<u8> = pieces.concat();
    thread::spawn(move || {
        // Who refuses does not read on: what it says is on its standard output.
        let _ = stdin.write_all(&bytes);
    });
}

/// Waits for a child's end; `None` = it did not end within `limit`, and was killed. Of each pipe at most `most`
/// bytes are kept.
#[must_use]
pub fn finish(mut child: Child, limit: Duration, most: usize) -> Option<Finished> {
    let stdout = reader(child.stdout.take(), most);
    let stderr = reader(child.stderr.take(), most);
    let deadline = Instant::now() + limit;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() < deadline => thread::sleep(Duration::from_millis(5)),
            Ok(None) | Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    };
    // Somebody whom it started may hold its pipe for ever; what it printed itself is there by then.
    let patience = Instant::now() + LATECOMERS;
    Some(Finished { status, stdout: stdout.bytes(patience), stderr: stderr.bytes(patience) })
}

/// What comes through a pipe, as it comes.
struct Piped {
    bytes: Arc<Mutex<Vec<u8>>>,
    thread: thread::JoinHandle<()>,
}

impl Piped {
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
