//! One line to where Halyard runs that is kept for many small looks: making it anew for each costs more than all of
//! them. Only what changes nothing goes over it, and where it fails a line of its own is made.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ecw_wizard::values::halyard_in::HalyardIn;

use crate::child;

/// The lines that are kept and nobody uses now, by where they lead.
pub(super) type Sessions = Arc<Mutex<HashMap<HalyardIn, Vec<Session>>>>;

/// A line that is kept.
#[derive(Debug)]
pub(super) struct Session {
    /// `None` once it is left.
    child: Option<Child>,
    stdin: Option<ChildStdin>,
    pieces: Receiver<Vec<u8>>,
    /// Ends each answer; nobody else knows it.
    end: String,
}

/// What came back: the output, and whether the errand ended well.
pub(super) struct Answer {
    pub(super) output: Vec<u8>,
    pub(super) well: bool,
}

/// Asks something over the line that is kept to a place, made by `line` where there is none; `None` = it failed, and is
/// kept no longer.
pub(super) fn ask(
    sessions: &Sessions,
    place: &HalyardIn,
    line: impl FnOnce(&[String]) -> Vec<String>,
    text: &str,
    limit: Duration,
    most: usize,
) -> Option<Answer> {
    let lock = || sessions.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = lock().get_mut(place).and_then(Vec::pop);
    let mut session = match kept {
        Some(session) => session,
        None => Session::begin(line)?,
    };
    let answer = session.ask(text, limit, most)?;
    lock().entry(place.clone()).or_default().push(session);
    Some(answer)
}

fn secret() -> String {
    let part = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", part(), part())
}

impl Session {
    fn begin(line: impl FnOnce(&[String]) -> Vec<String>) -> Option<Self> {
        let end = secret();
        let words = ["/bin/sh", "-c", include_str!("serve.sh"), "sh"].map(str::to_owned);
        let line = line(&words);
        let (program, arguments) = line.split_first()?;
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let (mut stdin, mut stdout) = (child.stdin.take()?, child.stdout.take()?);
        // Nobody over there sees it: a list of processes shows words, not what goes through a pipe.
        stdin.write_all(format!("{end}\n").as_bytes()).ok()?;
        let (give, pieces) = channel();
        thread::spawn(move || {
            let mut piece = vec![0_u8; 64 * 1024];
            while let Ok(read @ 1..) = stdout.read(&mut piece) {
                if give.send(piece[..read].to_vec()).is_err() {
                    return;
                }
            }
        });
        Some(Self { child: Some(child), stdin: Some(stdin), pieces, end })
    }

    fn ask(&mut self, text: &str, limit: Duration, most: usize) -> Option<Answer> {
        let until = Instant::now() + limit;
        if self.pieces.try_recv().is_ok() {
            // Something stands there that nobody asked for.
            return None;
        }
        self.stdin.as_mut()?.write_all(format!("{}\n{text}", text.len()).as_bytes()).ok()?;
        let mark = format!("\n{} ", self.end).into_bytes();
        let mut output: Vec<u8> = Vec::new();
        loop {
            let from = output.len().saturating_sub(mark.len() + 8);
            output.extend(self.pieces.recv_timeout(until.saturating_duration_since(Instant::now())).ok()?);
            if output.len() > most {
                return None;
            }
            let Some(at) = memchr::memmem::find(&output[from..], &mark).map(|at| from + at) else { continue };
            let rest = &output[at + mark.len()..];
            let Some(newline) = rest.iter().position(|byte| *byte == b'\n') else { continue };
            if newline + 1 != rest.len() {
                return None;
            }
            let well = &rest[..newline] == b"0";
            output.truncate(at);
            return Some(Answer { output, well });
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It ends when its input does; a line that hangs, when it is killed.
        drop(self.stdin.take());
        if let Some(child) = self.child.take() {
            child::end(child);
        }
    }
}
