//! `rehearse`: the same program on embedded stand-ins.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::builder::PossibleValuesParser;
use ecw_wizard::Exit;
use ecw_wizard::messages::opening::To;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::road::Road;
use ecw_wizard::values::trouble::Trouble;

use super::context::Context;
use super::global::Global;
use super::played::Played;
use super::rehearsed::decide;
use super::reporting::complain;
use super::wizard;
use ecw_drive::unattended::Style;
use ecw_host::named_file;
use ecw_host::say;
use ecw_wire::world_process::{self, SCALE};

/// Plays the whole job on stand-ins of hal, SNS, STS, AWS Config and Gate: nothing real is touched.
/// Without a terminal it plays embedded answers through and prints what happens.
#[derive(Debug, Args)]
pub(super) struct Rehearse {
    /// Where the stand-in hal directory stands; a fresh one otherwise. Naming it again goes on there
    #[arg(long)]
    dir: Option<PathBuf>,
    /// How the stand-in Spinnaker is deployed: halyard, kustomize or operator
    #[arg(long, default_value = "halyard", value_parser = PossibleValuesParser::new(Road::ALL.map(Road::name)))]
    road: String,
    /// How much faster time goes
    #[arg(long, default_value_t = SCALE)]
    speed: u64,
    /// Something that goes wrong; may be given several times
    #[arg(long, value_parser = PossibleValuesParser::new(ecw_world::Fault::names().collect::<Vec<_>>()))]
    fault: Vec<String>,
    /// A command to play on the stand-ins of --dir, such as plan, apply --yes, status or undo --yes
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "COMMAND")]
    command: Vec<String>,
}

/// Commands that can be played on the stand-ins.
const PLAYED: [&str; 10] =
    ["plan", "apply", "status", "wait", "verify", "report", "undo", "answers", "bundle", "handover"];

impl Rehearse {
    /// Returns the words of a command that is to be played, if there is one.
    pub(super) fn command(&self) -> Option<&[String]> {
        Some(self.command.as_slice()).filter(|words| !words.is_empty())
    }

    /// Returns the stand-ins on which a command is played.
    ///
    /// # Errors
    /// When it is none of those, or the stand-ins would be gone before the next.
    pub(super) fn played_by_command(&self, global: &Global) -> Result<Played, Trouble> {
        let name = self.command.iter().find(|word| !word.starts_with('-')).map_or("", String::as_str);
        if !PLAYED.contains(&name) {
            return Err(Trouble::new(
                format!("{} is not played on stand-ins.", ecw_halyard::clean(name, 40)),
                format!("These are: {}.", PLAYED.join(", ")),
            ));
        }
        if self.dir.is_none() {
            return Err(Trouble::new(
                "A command leaves its rehearsal to the next one, so it has to be named.",
                format!("event-cache-wizard rehearse --dir rehearsal {name}"),
            ));
        }
        self.played(global)
    }

    fn played(&self, global: &Global) -> Result<Played, Trouble> {
        let fresh = || named_file::private_directory(&std::env::temp_dir(), "event-cache-wizard-rehearsal");
        let dir = self.dir.clone().map_or_else(fresh, Ok).map_err(|error| {
            Trouble::new(
                format!("The rehearsal could not be set up: {error}."),
                "Name a directory that you can write: --dir DIR",
            )
        })?;
        let road = Road::parse(&self.road).unwrap_or_default();
        let halyard_in =
            HalyardIn::parse(global.halyard_in.as_deref().unwrap_or_default()).map_err(|error| {
                Trouble::new(format!("--halyard-in: {}", error.0), "Fix it, then start again.")
            })?;
        if !halyard_in.is_local() && !road.is_halyard() {
            return Err(Trouble::new("--halyard-in goes with --road halyard.", "Leave one of them out."));
        }
        Ok(Played { dir, scale: self.speed.max(1), faults: self.fault.clone(), road, halyard_in })
    }

    pub(super) fn run(self, global: &Global) -> ExitCode {
        let played = match self.played(global) {
            Ok(played) => played,
            Err(trouble) => return complain(&trouble, Exit::Usage),
        };
        let dir = played.dir.clone();
        let mut context = match Context::rehearsal(global, Mode::Operator, &played) {
            Ok(context) => context,
            Err(trouble) => return complain(&trouble, Exit::Failed),
        };
        let world = context.world.clone();
        let ended = if context.look.screen || global.plain {
            wizard::with(context, To::Usual)
        } else {
            context.setup.mode = Mode::Unattended;
            decide(&mut context.given);
            say!("Rehearsal in {}: nothing real is touched.", dir.display());
            super::unattended::run(&context, Style::Text, To::Usual)
        };
        // A rehearsal that was left, or whose directory was named, may be gone on with; its world ends
        // by itself when nobody asks it for a while.
        let left = [Exit::Detached, Exit::Locked, Exit::Interrupted, Exit::Terminated]
            .into_iter()
            .any(|exit| ended == ExitCode::from(exit.code()));
        if let (Some(world), false) = (world, left || self.dir.is_some()) {
            world_process::stop(&world);
        }
        ended
    }
}
