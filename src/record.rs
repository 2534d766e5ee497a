//! `events.jsonl`: every event, redacted, with sequence number, run id and time. Not fsynced: it is
//! for reading, the journal is for resuming.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use ecw_core::Event;
use ecw_core::event::{EVENTS_VERSION, Logged};
use ecw_core::time::Now;

use crate::redact::redact;

/// Writes events.
pub struct Recorder {
    out: Option<BufWriter<File>>,
    run: String,
    seq: u64,
}

impl Recorder {
    /// Returns a recorder into a state directory; without one, or when it cannot be written, events
    /// are dropped.
    #[must_use]
    pub fn new(dir: Option<&Path>, run: &str) -> Self {
        let out = dir.and_then(|dir| {
            File::options().create(true).append(true).mode(0o660).open(dir.join("events.jsonl")).ok()
        });
        Self { out: out.map(BufWriter::new), run: run.to_owned(), seq: 0 }
    }

    /// Records an event.
    pub fn record(&mut self, event: &Event, now: Now) {
        // A tick says nothing that the times of the others do not say.
        if matches!(event, Event::Tick) {
            return;
        }
        let Some(out) = &mut self.out else { return };
        self.seq += 1;
        let logged = Logged {
            v: EVENTS_VERSION,
            seq: self.seq,
            run: self.run.clone(),
            at: now.wall,
            event: event.clone(),
        };
        if let Ok(line) = serde_json::to_string(&logged) {
            let _ = writeln!(out, "{}", redact(&line));
            let _ = out.flush();
        }
    }

    /// Writes what is still held.
    pub fn finish(&mut self) {
        if let Some(out) = &mut self.out {
            let _ = out.flush();
        }
    }
}
