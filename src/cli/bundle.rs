//! `bundle`: a redacted support bundle that can be played again with `headless --replay`.

use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use ecw_ports::Commands;
use ecw_wizard::Exit;
use ecw_wizard::messages::event::{EVENTS_VERSION, Logged};
use ecw_wizard::model::journal::{Entry, JOURNAL_VERSION, Record};
use ecw_wizard::model::journal_file::Journal;
use ecw_wizard::model::log_page::Log;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::values::redaction::redacted;
use ecw_wizard::values::time::utc;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::context::Context;
use super::global::Global;
use super::reporting::{code, complain};
use ecw_host::clock::Clock;
use ecw_host::deploy_files::{DeployFiles, name_of, number_of};
use ecw_host::named_file;
use ecw_host::record::{EVENTS, OLDER_EVENTS};
use ecw_host::tree::Tree;
use ecw_host::{say, warn};

/// Version of [`Bundle`].
const BUNDLE_VERSION: u32 = 1;
/// A file of ours bigger than this does not go in.
const LIMIT: u64 = 256 * 1024 * 1024;
/// Lines of each hal log that go in.
const LOG_LINES: usize = 400;

/// Collects events, journal and the ends of hal's logs into one redacted JSON file. Profiles, hal
/// config and credentials are not in it. Look at it before you send it; play it again with
/// `headless --replay`.
#[derive(Debug, Args)]
pub(super) struct MakeBundle {
    /// Where to write it; - is standard output
    #[arg(long, default_value = "event-cache-wizard-bundle.json", value_name = "FILE")]
    out: PathBuf,
}

/// A support bundle.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Bundle {
    /// Format version.
    pub(crate) bundle: u32,
    /// Version of the program.
    pub(crate) program: String,
    /// When it was made, UTC.
    pub(crate) made: String,
    /// How each session began and every event of it.
    pub(crate) events: Vec<Logged>,
    /// Lines of the event files that could not be read (a newer program's, or torn).
    pub(crate) unread: usize,
    pub(crate) journal: Vec<Record>,
    /// The last lines of hal's logs, by deploy.
    pub(crate) logs: Vec<(String, Vec<String>)>,
}

/// What is read of a bundle first: a newer one may hold anything else.
#[derive(Deserialize)]
struct Versioned {
    bundle: u64,
}

impl Bundle {
    /// Reads a bundle.
    ///
    /// # Errors
    /// When it is none, or a newer program wrote it, its events or its journal; nothing is guessed then.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        let no_bundle = |error: serde_json::Error| format!("it is not a bundle of this program: {error}");
        let versioned: Versioned = serde_json::from_slice(bytes).map_err(no_bundle)?;
        if versioned.bundle > u64::from(BUNDLE_VERSION) {
            return Err(newer("it", versioned.bundle, BUNDLE_VERSION));
        }
        let value: Value = serde_json::from_slice(bytes).map_err(no_bundle)?;
        for (part, latest) in [("events", EVENTS_VERSION), ("journal", JOURNAL_VERSION)] {
            let records = value.get(part).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let versions = records.iter().filter_map(|record| record.get("v")?.as_u64());
            if let Some(found) = versions.max().filter(|found| *found > u64::from(latest)) {
                return Err(newer(&format!("its {part}"), found, latest));
            }
        }
        serde_json::from_value(value).map_err(no_bundle)
    }
}

fn newer(what: &str, found: u64, latest: u32) -> String {
    format!(
        "{what} was written by a newer event-cache-wizard (format {found}, this one reads up to {latest})"
    )
}

impl MakeBundle {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        let context = match Context::real(global, Mode::Look) {
            Ok(context) => context,
            Err(trouble) => return complain(&trouble, Exit::Preflight),
        };
        let state = match context.place.get().open() {
            Ok(state) => state,
            Err(error) => {
                warn!("The state directory cannot be read: {error}");
                return code(Exit::Journal);
            }
        };
        let mut bundle = collect(state.as_ref());
        if context.place.get().there.is_some() {
            bundle.logs = logs_there(&*context.ports.commands, &bundle.journal);
        }
        if bundle.events.is_empty() && bundle.journal.is_empty() {
            warn!("There is nothing to bundle in {}.", context.place.get().words());
            return code(Exit::NotThere);
        }
        let text = match redacted(&bundle) {
            Ok(value) => value.to_string(),
            Err(error) => {
                warn!("The bundle cannot be written: {error}");
                return code(Exit::Bug);
            }
        };
        if self.out.as_os_str() == "-" {
            say!("{text}");
            return code(Exit::Done);
        }
        match named_file::write(&self.out, text.as_bytes(), 0o600) {
            Ok(()) => {
                say!("{}", self.out.display());
                say!("Look at it before you send it. Play it: event-cache-wizard headless --replay FILE");
                code(Exit::Done)
            }
            Err(error) => {
                warn!("{} cannot be written: {error}", self.out.display());
                code(Exit::Failed)
            }
        }
    }
}

fn collect(state: Option<&Tree>) -> Bundle {
    let read =
        |name: &str| state.and_then(|state| state.read(name, LIMIT).ok().flatten()).unwrap_or_default();
    let mut events = Vec::new();
    let mut unread = 0;
    for name in [OLDER_EVENTS, EVENTS] {
        for line in String::from_utf8_lossy(&read(name)).lines() {
            match serde_json::from_str::<Logged>(line) {
                Ok(event) if event.v <= EVENTS_VERSION => events.push(event),
                Ok(_) | Err(_) => unread += 1,
            }
        }
    }
    let journal = Journal::parse(&read("journal.jsonl")).map(|journal| journal.records).unwrap_or_default();
    Bundle {
        bundle: BUNDLE_VERSION,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made: utc(Clock::default().now().wall),
        events,
        unread,
        journal,
        logs: state.map(logs).unwrap_or_default(),
    }
}

fn logs(state: &Tree) -> Vec<(String, Vec<String>)> {
    let numbers = state.names().into_iter().filter_map(|name| number_of(&name));
    numbers
        .filter_map(|number| {
            let log = DeployFiles::open(state, number).ok().flatten()?.log()?;
            Some((name_of(number), tail(log)))
        })
        .collect()
}

/// Where Halyard runs elsewhere its logs stand there; one that cannot be had is said.
fn logs_there(commands: &dyn Commands, journal: &[Record]) -> Vec<(String, Vec<String>)> {
    let deploys = journal.iter().filter_map(|record| match &record.entry {
        Entry::Started { intent, .. } => intent.apply_deployment().map(|_| record.seq),
        _ => None,
    });
    let log = |number: u64| match commands.log(Log::Deploy(number)) {
        Ok(log) => Some(tail(log?.file)),
        Err(error) => {
            Some(vec![format!("It could not be had: {}", ecw_halyard::clean(&error.to_string(), 300))])
        }
    };
    deploys.filter_map(|number| Some((name_of(number), log(number)?))).collect()
}

/// Returns the last lines of a log, stripped of escape sequences; reads only its end.
fn tail(mut file: impl Read + Seek) -> Vec<String> {
    const MOST: u64 = 256 * 1024;
    let read = || -> std::io::Result<Vec<u8>> {
        let length = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(length.saturating_sub(MOST)))?;
        let mut bytes = Vec::new();
        file.take(MOST).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let text = String::from_utf8_lossy(&read().unwrap_or_default()).into_owned();
    let lines: Vec<String> = text.split(['\n', '\r']).map(|line| ecw_halyard::clean(line, 500)).collect();
    let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(LOG_LINES)..].to_vec()
}
