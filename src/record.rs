//! `events.jsonl`: how each session began and every event, redacted, with sequence number, run id
//! and time. Not fsynced: it is for reading and for playing again, the journal is for resuming.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use ecw_core::Event;
use ecw_core::event::{EVENTS_VERSION, Logged};
use ecw_core::opening::Opening;
use ecw_core::redaction::redacted;
use ecw_core::time::Now;

use crate::ports::store::open_shared;

/// The name of the file in the state directory.
pub const EVENTS: &str = "events.jsonl";
/// The name of the file before it, kept when a new one is begun.
pub const OLDER_EVENTS: &str = "events.old.jsonl";
/// A file longer than this is put aside when the next session begins.
const LONG: u64 = 32 * 1024 * 1024;

/// Writes events.
pub struct Recorder {
    out: Option<File>,
    run: String,
    seq: u64,
}

impl Recorder {
    /// Returns a recorder into a state directory; without one, or when it cannot be written, events
    /// are dropped.
    #[must_use]
    pub fn new(dir: Option<&Path>, run: &str) -> Self {
        let out = dir.and_then(|dir| {
            let path = dir.join(EVENTS);
            if fs::metadata(&path).is_ok_and(|meta| meta.len() > LONG) {
                let _ = fs::rename(&path, dir.join(OLDER_EVENTS));
            }
            open_shared(&path).ok()
        });
        Self { out, run: run.to_owned(), seq: 0 }
    }

    /// Records how the session began.
    pub fn opened(&mut self, opening: &Opening, now: Now) {
        self.record(&Event::Opened { opening: Box::new(opening.clone()) }, now);
    }

    /// Records an event.
    pub fn record(&mut self, event: &Event, now: Now) {
        let Some(out) = &mut self.out else { return };
        self.seq += 1;
        let logged = Logged {
            v: EVENTS_VERSION,
            seq: self.seq,
            run: self.run.clone(),
            at: now.wall,
            mono: now.mono,
            event: event.clone(),
        };
        if let Ok(line) = redacted(&logged) {
            let _ = out.write_all(format!("{line}\n").as_bytes());
        }
    }
}
