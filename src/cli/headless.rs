//! `headless`: a script drives the wizard without a terminal, or a recorded session is played again.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use ecw_halyard::Compatibility;
use ecw_wizard::Exit;
use ecw_wizard::model::journal::Actor;
use ecw_wizard::model::mode::{Mode, Rehearsal};
use ecw_wizard::state::setup::Setup;
use ecw_world::Fault;
use serde::Serialize;

use super::bundle::Bundle;
use super::context::Context;
use super::global::Global;
use super::look::look;
use super::reporting::{code, complain, print_json};
use ecw_drive::headless::Headless;
use ecw_drive::live::Live;
use ecw_drive::play::{Finished, Frames, Player};
use ecw_drive::replay;
use ecw_drive::script::{self, Instruction};
use ecw_host::{put, warn};
use ecw_rehearsal::in_process::InProcess;

/// Drives the real core, views and key bindings by a script, without a terminal. With --rehearse on
/// stand-ins in the same process and the script's own clock: no sockets, no children, an hour takes
/// no time, the same bytes each time. Without it on the real world, in real time. The README has the
/// language. Exits 15 when an expectation is not met.
#[derive(Debug, Args)]
pub(super) struct HeadlessRun {
    /// The script; - reads it from standard input
    #[arg(long, value_name = "FILE", required_unless_present = "replay")]
    script: Option<PathBuf>,
    /// Terminal size
    #[arg(long, default_value = "80x24", value_parser = size)]
    size: (u16, u16),
    /// On the stand-ins
    #[arg(long)]
    rehearse: bool,
    /// Which frames to print
    #[arg(long, value_enum, default_value = "last")]
    frames: Which,
    /// Something that goes wrong on the stand-ins; may be given several times
    #[arg(long, requires = "rehearse", value_parser = clap::builder::PossibleValuesParser::new(Fault::names().collect::<Vec<_>>()))]
    fault: Vec<String>,
    /// Play a recorded session of a support bundle again; nothing is performed
    #[arg(long, value_name = "BUNDLE", conflicts_with_all = ["script", "rehearse"])]
    replay: Option<PathBuf>,
    /// Which session of the bundle; the last one otherwise
    #[arg(long, value_name = "ID", requires = "replay")]
    run: Option<String>,
    /// Keep each snapshot as an SVG picture in this directory
    #[arg(long, value_name = "DIR", conflicts_with = "replay")]
    stills: Option<PathBuf>,
    /// How to report; svg is a film of the frames
    #[arg(long, value_enum, default_value = "text")]
    format: Shape,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Which {
    Last,
    Changed,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shape {
    Text,
    Json,
    Svg,
}

/// `headless --format json`.
#[derive(Debug, Serialize)]
struct Played {
    version: u32,
    exit: u8,
    output: String,
}

fn size(text: &str) -> Result<(u16, u16), String> {
    let parsed =
        text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    parsed.ok_or_else(|| "a size such as 80x24 is wanted".to_owned())
}

fn stand_in_setup() -> Option<Setup> {
    let actor = Actor { user: "operator".to_owned(), host: "rehearsal".to_owned(), tty: None };
    let compatibility = Compatibility::parse(include_str!("../../assets/compatibility.yml")).ok()?;
    let setup = Setup::new(Mode::Operator, actor, "rehearsal".to_owned(), compatibility);
    Some(Setup { rehearsal: Rehearsal::Yes, ..setup })
}

fn read_script(path: &Path) -> Result<Vec<(usize, Instruction)>, String> {
    let mut text = String::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin().read_to_string(&mut text).map(drop)
    } else {
        std::fs::read_to_string(path).map(|read| text = read)
    };
    read.map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    script::parse(&text)
}

impl HeadlessRun {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        let Some(setup) = stand_in_setup() else { return code(Exit::Bug) };
        if let Some(path) = &self.replay {
            return self.play_again(path, &setup);
        }
        let Some(path) = &self.script else { return code(Exit::Usage) };
        let script = match read_script(path) {
            Ok(script) => script,
            Err(why) => {
                warn!("{why}");
                return code(Exit::Usage);
            }
        };
        if self.rehearse {
            let world = InProcess::new(self.fault.iter().filter_map(|name| Fault::parse(name)));
            let stage = Headless::new(world, setup, Vec::new(), self.size);
            return self.finish(Player::new(stage, self.frames()).themed(look(global).theme).play(&script));
        }
        let context = match Context::real(global, Mode::Operator) {
            Ok(context) => context,
            Err(trouble) => return complain(&trouble, Exit::Preflight),
        };
        let stage = Live::new(
            context.ports.clone(),
            context.place.clone(),
            context.setup.clone(),
            || context.opening(),
            self.size,
        );
        let finished = Player::new(stage, self.frames()).play(&script);
        context.ports.store.unlock();
        self.finish(finished)
    }

    fn frames(&self) -> Frames {
        match self.frames {
            Which::Last => Frames::Last,
            Which::Changed => Frames::Changed,
            Which::All => Frames::All,
        }
    }

    fn finish(&self, finished: Finished) -> ExitCode {
        if let Some(dir) = &self.stills {
            for (name, still) in &finished.stills {
                let path = dir.join(format!("{}.svg", name.replace([' ', '/'], "-")));
                let kept = std::fs::create_dir_all(dir)
                    .and_then(|()| std::fs::write(&path, ecw_halyard::redact(&still.svg())));
                if let Err(error) = kept {
                    warn!("{} cannot be written: {error}", path.display());
                    return code(Exit::Failed);
                }
            }
        }
        match self.format {
            Shape::Text => put!("{}", ecw_halyard::redact(&finished.output)),
            Shape::Svg => put!("{}", ecw_halyard::redact(&ecw_tui::film(&finished.film))),
            Shape::Json => {
                print_json(&Played { version: 1, exit: finished.exit.code(), output: finished.output });
            }
        }
        code(finished.exit)
    }

    fn play_again(&self, path: &Path, setup: &Setup) -> ExitCode {
        let bundle = match std::fs::read(path)
            .map_err(|error| error.to_string())
            .and_then(|bytes| Bundle::read(&bytes))
        {
            Ok(bundle) => bundle,
            Err(why) => {
                warn!("{} cannot be played: {why}", path.display());
                return code(Exit::Usage);
            }
        };
        let runs = replay::runs(&bundle.events);
        let Some(run) = self.run.as_ref().or(runs.last()) else {
            warn!("{} holds no session whose begin was recorded", path.display());
            return code(Exit::NotThere);
        };
        match replay::replay(&bundle.events, &bundle.journal, run, setup, self.frames()) {
            Some(output) => {
                self.finish(Finished { output, exit: Exit::Done, stills: Vec::new(), film: Vec::new() })
            }
            None => {
                warn!("{} holds no session {run}; it holds: {}", path.display(), runs.join(", "));
                code(Exit::NotThere)
            }
        }
    }
}
