//! `bundle`: a redacted support bundle that can be played again with `headless --replay`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ecw_core::Exit;
use ecw_core::event::Logged;
use ecw_core::journal::{Journal, Record};
use ecw_core::redaction::redacted;
use ecw_core::session::Mode;
use ecw_core::time::utc;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::context::Context;
use super::{Global, code, complain};
use crate::clock::Clock;
use crate::record::{EVENTS, OLDER_EVENTS};

/// Version of [`Bundle`].
const BUNDLE_VERSION: u32 = 1;
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
    /// Lines of the event files that could not be read (another program's, or torn).
    pub(crate) unread: usize,
    /// The journal.
    pub(crate) journal: Vec<Record>,
    /// The last lines of hal's logs, by deploy.
    pub(crate) logs: Vec<(String, Vec<String>)>,
}

impl MakeBundle {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        let context = match Context::real(global, Mode::Look) {
            Ok(context) => context,
            Err(trouble) => return complain(&trouble, Exit::Preflight),
        };
        let bundle = collect(&context.state_dir);
        if bundle.events.is_empty() && bundle.journal.is_empty() {
            eprintln!("There is nothing to bundle in {}.", context.state_dir.display());
            return code(Exit::NotThere);
        }
        let text = match redacted(&bundle) {
            Ok(value) => value.to_string(),
            Err(error) => {
                eprintln!("The bundle cannot be written: {error}");
                return code(Exit::Bug);
            }
        };
        if self.out.as_os_str() == "-" {
            println!("{text}");
            return code(Exit::Done);
        }
        match write_private(&self.out, &text) {
            Ok(()) => {
                println!("{}", self.out.display());
                println!("Look at it before you send it. Play it: event-cache-wizard headless --replay FILE");
                code(Exit::Done)
            }
            Err(error) => {
                eprintln!("{} cannot be written: {error}", self.out.display());
                code(Exit::Failed)
            }
        }
    }
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = fs::File::options().create(true).truncate(true).write(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

fn collect(dir: &Path) -> Bundle {
    let mut events = Vec::new();
    let mut unread = 0;
    for name in [OLDER_EVENTS, EVENTS] {
        let text = fs::read(dir.join(name)).unwrap_or_default();
        for line in String::from_utf8_lossy(&text).lines() {
            match serde_json::from_str(line) {
                Ok(event) => events.push(event),
                Err(_) => unread += 1,
            }
        }
    }
    let journal = fs::read(dir.join("journal.jsonl")).unwrap_or_default();
    let journal = Journal::parse(&journal).map(|journal| journal.records).unwrap_or_default();
    Bundle {
        bundle: BUNDLE_VERSION,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made: utc(Clock::default().now().wall),
        events,
        unread,
        journal,
        logs: logs(dir),
    }
}

fn logs(dir: &Path) -> Vec<(String, Vec<String>)> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("deploy-"))
        .filter(|name| dir.join(name).join("log").is_file())
        .collect();
    names.sort();
    names.into_iter().map(|name| (name.clone(), tail(&dir.join(name).join("log")))).collect()
}

/// Returns the last lines of a log, stripped of escape sequences; reads only its end.
fn tail(path: &Path) -> Vec<String> {
    use std::io::{Read, Seek, SeekFrom};
    const MOST: u64 = 256 * 1024;
    let read = || -> std::io::Result<Vec<u8>> {
        let mut file = fs::File::open(path)?;
        let length = file.metadata()?.len();
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
