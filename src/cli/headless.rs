//! `headless`: a script drives the wizard on the stand-ins, on its own clock.

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use ecw_core::Exit;
use ecw_core::journal::Actor;
use ecw_core::session::{Mode, Rehearsal, Setup};
use ecw_halyard::Compatibility;
use ecw_world::Fault;

use super::code;
use crate::drive::headless::{Frames, Headless};
use crate::drive::script;
use crate::ports::in_process::InProcess;

/// Drives the real core, views and key bindings by a script, on stand-ins in the same process and
/// the script's own clock: no sockets, no children, an hour takes no time, the same bytes each time.
#[derive(Debug, Args)]
pub(super) struct HeadlessRun {
    /// The script; - reads it from standard input
    #[arg(long, value_name = "FILE")]
    script: PathBuf,
    /// Terminal size
    #[arg(long, default_value = "80x24", value_parser = size)]
    size: (u16, u16),
    /// On the stand-ins (the only way so far)
    #[arg(long)]
    rehearse: bool,
    /// Which frames to print
    #[arg(long, value_enum, default_value = "last")]
    frames: Which,
    /// Something that goes wrong; may be given several times
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(Fault::names().collect::<Vec<_>>()))]
    fault: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Which {
    Last,
    Changed,
    All,
}

fn size(text: &str) -> Result<(u16, u16), String> {
    let parsed =
        text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    parsed.ok_or_else(|| "a size such as 80x24 is wanted".to_owned())
}

impl HeadlessRun {
    pub(super) fn run(self) -> ExitCode {
        if !self.rehearse {
            eprintln!("headless runs on the stand-ins: add --rehearse");
            return code(Exit::Usage);
        }
        let mut text = String::new();
        let read = if self.script.as_os_str() == "-" {
            std::io::stdin().read_to_string(&mut text).map(drop)
        } else {
            std::fs::read_to_string(&self.script).map(|read| text = read)
        };
        if let Err(error) = read {
            eprintln!("{} cannot be read: {error}", self.script.display());
            return code(Exit::Usage);
        }
        let script = match script::parse(&text) {
            Ok(script) => script,
            Err(why) => {
                eprintln!("{why}");
                return code(Exit::Usage);
            }
        };
        let Ok(compatibility) = Compatibility::parse(include_str!("../../assets/compatibility.yml")) else {
            return code(Exit::Bug);
        };
        let setup = Setup {
            actor: Actor { user: "operator".to_owned(), host: "rehearsal".to_owned(), tty: None },
            compatibility,
            run: "rehearsal".to_owned(),
            change: None,
            mode: Mode::Operator,
            rehearsal: Rehearsal::Yes,
            come_back: "event-cache-wizard attach".to_owned(),
        };
        let frames = match self.frames {
            Which::Last => Frames::Last,
            Which::Changed => Frames::Changed,
            Which::All => Frames::All,
        };
        let world = InProcess::new(self.fault.iter().filter_map(|name| Fault::parse(name)));
        let finished = Headless::new(world, setup, Vec::new(), self.size, frames).play(&script);
        print!("{}", finished.output);
        code(finished.exit)
    }
}
