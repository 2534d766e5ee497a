//! `rehearse`: the same program on embedded stand-ins.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::builder::PossibleValuesParser;
use ecw_wizard::Exit;
use ecw_wizard::messages::opening::To;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::values::answers::{Key, Provenance};
use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::road::Road;
use ecw_wizard::values::trouble::Trouble;

use super::context::Context;
use super::global::Global;
use super::rehearsed::Played;
use super::reporting::{code, complain};
use super::wizard;
use ecw_drive::unattended::Style;
use ecw_host::named_file;
use ecw_host::{say, warn};
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
}

impl Rehearse {
    pub(super) fn run(self, global: &Global) -> ExitCode {
        let fresh = || named_file::private_directory(&std::env::temp_dir(), "event-cache-wizard-rehearsal");
        let dir = match self.dir.clone().map_or_else(fresh, Ok) {
            Ok(dir) => dir,
            Err(error) => {
                let trouble = Trouble::new(
                    format!("The rehearsal could not be set up: {error}."),
                    "Name a directory that you can write: --dir DIR",
                );
                return complain(&trouble, Exit::Failed);
            }
        };
        let mode = Mode::Operator;
        let road = Road::parse(&self.road).unwrap_or_default();
        let halyard_in = match HalyardIn::parse(global.halyard_in.as_deref().unwrap_or_default()) {
            Ok(place) if place.is_local() || road.is_halyard() => place,
            Ok(_) => {
                warn!("--halyard-in goes with --road halyard.");
                return code(Exit::Usage);
            }
            Err(error) => {
                warn!("--halyard-in: {}", error.0);
                return code(Exit::Usage);
            }
        };
        let played = Played { dir: &dir, scale: self.speed.max(1), faults: &self.fault, road, halyard_in };
        let mut context = match Context::rehearsal(global, mode, &played) {
            Ok(context) => context,
            Err(trouble) => return complain(&trouble, Exit::Failed),
        };
        let world = context.world.clone();
        let ended = if context.look.screen || global.plain {
            wizard::with(context, To::Usual)
        } else {
            context.setup.mode = Mode::Unattended;
            context.given.push((Key::Acknowledged, "true".to_owned(), Provenance::AnswersFile));
            context.given.push((Key::ConfigDelivery, "point-at-topic".to_owned(), Provenance::AnswersFile));
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
