//! `events.jsonl`: how each session began and every event, redacted, with sequence number, run id and
//! time. Not fsynced: it is for reading and for playing again, the journal is for resuming. It is
//! bounded: of an endless hal log only the begin goes in (the log itself stands beside it).

use std::fs::File;
use std::io::Write;
use std::sync::Arc;

use ecw_wizard::Event;
use ecw_wizard::messages::event::{DeployRead, DeployState, EVENTS_VERSION, Logged};
use ecw_wizard::messages::opening::Opening;
use ecw_wizard::values::redaction::redacted;
use ecw_wizard::values::time::Now;

use crate::state_place::PlaceCell;

/// The name of the file in the state directory.
pub const EVENTS: &str = "events.jsonl";
/// The name of the file before it, kept when a new one is begun.
pub const OLDER_EVENTS: &str = "events.old.jsonl";
/// A file longer than this is put aside when the next session begins.
const LONG: u64 = 8 * 1024 * 1024;
/// A session writes no more than this, the begin of it.
const SESSION: u64 = 16 * 1024 * 1024;
/// Of hal's output a session writes no more than this.
const OUTPUT: usize = 1024 * 1024;
/// Beyond that its last words are written all the same, this much.
const LAST: usize = 64 * 1024;
/// So much of a session goes along when another hal directory is named on the screen.
const BEGIN: usize = 256 * 1024;
/// A begin with more records of the journal than this names them instead.
const RECORDS: usize = 1_000;

/// Writes events.
pub struct Recorder {
    place: Option<Arc<PlaceCell>>,
    out: Option<File>,
    run: String,
    seq: u64,
    written: u64,
    output: usize,
    /// What was recorded so far, while that is little: it goes along to another place.
    begin: Vec<u8>,
}

impl Recorder {
    /// Returns a recorder into the state directory; without one, or when it cannot be written, events
    /// are dropped.
    #[must_use]
    pub fn new(place: Option<Arc<PlaceCell>>, run: &str) -> Self {
        let out = place.as_deref().and_then(open);
        Self { place, out, run: run.to_owned(), seq: 0, written: 0, output: 0, begin: Vec::new() }
    }

    /// Records into the state directory that is worked in now, from the session's begin on.
    fn move_on(&mut self) {
        self.out = self.place.as_deref().and_then(open);
        if let Some(out) = &mut self.out
            && out.write_all(&self.begin).is_err()
        {
            self.out = None;
        }
    }

    /// Records how the session began.
    pub fn opened(&mut self, opening: &Opening, now: Now) {
        let opening =
            if opening.records.len() > RECORDS { opening.without_records() } else { opening.clone() };
        self.log(Event::Opened { opening: Box::new(opening) }, now);
    }

    /// Records an event.
    pub fn record(&mut self, event: &Event, now: Now) {
        match event {
            // Who reads along writes nothing.
            Event::Settled { holder: Some(_), .. } => (self.place, self.out) = (None, None),
            Event::Settled { holder: None, .. } => self.move_on(),
            // It stands in the log itself.
            Event::LogRead { .. } => return,
            _ => {}
        }
        if self.out.is_none() && self.begin.len() >= BEGIN {
            return;
        }
        let event = match event {
            Event::DeployRead(read) => Event::DeployRead(self.bounded(read)),
            // The records are the journal's; what is shown of them follows from it.
            Event::Watched { holder, records } if records.len() > RECORDS => {
                Event::Watched { records: Vec::new(), holder: holder.clone() }
            }
            Event::TookOver { records, saved, author } if records.len() > RECORDS => {
                Event::TookOver { records: Vec::new(), saved: saved.clone(), author: *author }
            }
            Event::Settled { records, saved, head, holder, message, author } if records.len() > RECORDS => {
                let (saved, holder, message) = (saved.clone(), holder.clone(), message.clone());
                Event::Settled { records: Vec::new(), saved, head: *head, holder, message, author: *author }
            }
            other => other.clone(),
        };
        self.log(event, now);
    }

    fn bounded(&mut self, read: &DeployRead) -> DeployRead {
        self.output = self.output.saturating_add(read.text.len());
        let text = if self.output <= OUTPUT {
            read.text.clone()
        } else if read.state == DeployState::Running {
            String::new()
        } else {
            // How it ended decides; it is played again from its last words.
            let from = read.text.ceil_char_boundary(read.text.len().saturating_sub(LAST));
            read.text[from..].to_owned()
        };
        DeployRead {
            number: read.number,
            offset: read.offset,
            end: read.end,
            text,
            state: read.state,
            down: read.down.clone(),
        }
    }

    fn log(&mut self, event: Event, now: Now) {
        if self.place.is_none() {
            return;
        }
        self.seq += 1;
        let logged = Logged {
            v: EVENTS_VERSION,
            seq: self.seq,
            run: self.run.clone(),
            at: now.wall,
            mono: now.mono,
            event,
        };
        let Ok(line) = redacted(&logged) else { return };
        let line = format!("{line}\n");
        self.written = self.written.saturating_add(line.len() as u64);
        if self.begin.len() < BEGIN {
            self.begin.extend_from_slice(line.as_bytes());
        }
        if let Some(out) = &mut self.out
            && (self.written > SESSION || out.write_all(line.as_bytes()).is_err())
        {
            self.out = None;
        }
    }
}

fn open(place: &PlaceCell) -> Option<File> {
    let state = place.get().open().ok().flatten()?;
    let file = state.append(EVENTS).ok()?;
    if file.metadata().is_ok_and(|meta| meta.len() > LONG) && state.rename(EVENTS, OLDER_EVENTS).is_ok() {
        return state.append(EVENTS).ok();
    }
    Some(file)
}
