//! What a rehearsal works with: the stand-ins, laid out in a directory. Nothing of the environment's AWS or Halyard
//! settings reaches it.

use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ecw_actions::queries::manifest::named_after as manifest_name;
use ecw_actions::queries::overlay::own_name as overlay_name;
use ecw_actions::target_session::Sessions;
use ecw_aws::SdkAws;
use ecw_host::anywhere::{AnyCommands, AnyFiles, AnyWeb};
use ecw_host::call_log::StateCallLog;
use ecw_host::disk::Disk;
use ecw_host::far::Far;
use ecw_host::process::Processes;
use ecw_host::state_place::{PlaceCell, StatePlace};
use ecw_host::store::StateDirectory;
use ecw_ports::Ports;
use ecw_web::stand_in::StandInInternet;
use ecw_wire::world_process;
use ecw_wizard::model::mode::{Mode, Rehearsal};
use ecw_wizard::state::setup::Setup;
use ecw_wizard::values::answers::{Key, Provenance};
use ecw_wizard::values::halyard_in::{Carriers, HalyardIn};
use ecw_wizard::values::names::{DeploymentName, EndpointUrl};
use ecw_wizard::values::road::Road;
use ecw_wizard::values::shell_words::join;
use ecw_wizard::values::trouble::Trouble;
use tokio::runtime::Runtime;

use super::context::{Context, actor, compatibility, pace, program, run_id, runtime};
use super::environment::Given;
use super::global::Global;
use super::look::look;
use super::played::Played;

/// The stand-ins, laid out.
struct Stage {
    program: PathBuf,
    dir: PathBuf,
    world: String,
    road: Road,
    halyard_in: HalyardIn,
    /// The hal directory, the overlay, or the manifest's directory.
    home: PathBuf,
    deployment: DeploymentName,
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

impl Stage {
    fn set(played: &Played, dir: PathBuf, world: String) -> Self {
        let (home, deployment) = match played.road {
            Road::Halyard => (dir.join("hal"), DeploymentName::default()),
            Road::Kustomize => (dir.join(world_process::OVERLAY), overlay_name()),
            Road::Operator => {
                let file = dir.join(world_process::MANIFEST);
                let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                (file.parent().unwrap_or(&dir).to_path_buf(), manifest_name(&name))
            }
        };
        let (road, halyard_in) = (played.road, played.halyard_in.clone());
        Self { program: program(), dir, world, road, halyard_in, home, deployment }
    }

    /// A stand-in program; what follows is its own, whatever it looks like.
    fn stand_in(&self, name: &str, more: &[&str]) -> Vec<String> {
        let own = [shown(&self.program), name.to_owned(), "--world".to_owned(), self.world.clone()];
        own.into_iter().chain(more.iter().map(|each| (*each).to_owned())).collect()
    }

    fn hal(&self) -> Vec<String> {
        self.stand_in("stand-in-hal", &["--dir", &shown(&self.home), "--"])
    }

    fn kubectl(&self) -> Vec<String> {
        self.stand_in("stand-in-kubectl", &["--"])
    }

    fn daemon(&self) -> String {
        format!("{}/daemon", self.world)
    }

    fn carriers(&self) -> Carriers {
        let played = |name: &str| {
            [shown(&self.program), "stand-in-carrier".to_owned(), name.to_owned(), "--".to_owned()].to_vec()
        };
        Carriers {
            docker: played("docker"),
            kubectl: played("kubectl"),
            ssh: played("ssh"),
            sudo: played("sudo"),
        }
    }

    fn user_state(&self) -> PathBuf {
        self.dir.join("user-state")
    }

    fn place(&self) -> StatePlace {
        let hal_dir = self.halyard_in.at(&shown(&self.home));
        StatePlace::of(Some(&hal_dir), self.deployment.clone(), None, Some(&self.user_state()))
    }

    fn ports(&self, runtime: &Runtime, place: &Arc<PlaceCell>) -> Ports {
        let far = Far::by(self.carriers());
        let store = StateDirectory::new(place.clone(), Some(self.user_state()), None).carried_by(far.clone());
        let store = Arc::new(store);
        let log = Arc::new(StateCallLog::new(store.clone()));
        let here = Disk { home: None, environment: Some(shown(&self.home)) };
        let processes = Processes {
            program: self.program.clone(),
            place: place.clone(),
            kubectl: self.kubectl(),
            stand_in_daemon: Some(self.daemon()),
        };
        let internet = Arc::new(StandInInternet::new(runtime.handle().clone(), self.world.clone()));
        let aws = SdkAws::stand_in(runtime.handle().clone(), format!("{}/aws", self.world), log);
        Ports {
            files: Arc::new(AnyFiles { here, far: far.clone() }),
            commands: Arc::new(AnyCommands { here: processes, far: far.clone() }),
            web: Arc::new(AnyWeb { here: internet, far }),
            aws: Arc::new(aws),
            store,
            targets: Arc::new(Sessions::default()),
            pace: Arc::new(pace()),
            plans: Arc::default(),
        }
    }

    /// What an operator would have answered.
    fn given(&self, global: &Global) -> Given {
        let from = || Provenance::Flag("rehearse".to_owned());
        let mut given = vec![(Key::Region, "us-west-2".to_owned(), from())];
        let gate = "https://gate.example.com";
        match self.road {
            Road::Halyard => given.extend([
                (Key::HalDirectory, shown(&self.home), from()),
                (Key::HalCommand, join(&self.hal()), from()),
            ]),
            Road::Kustomize => given.extend([
                (Key::Overlay, shown(&self.home), from()),
                (Key::ProbeUrl, gate.to_owned(), from()),
                (Key::Endpoint, EndpointUrl::of_gate(gate), from()),
            ]),
            Road::Operator => {
                given.push((Key::Manifest, shown(&self.dir.join(world_process::MANIFEST)), from()));
            }
        }
        if !self.halyard_in.is_local() {
            given.extend([
                (Key::HalyardIn, self.halyard_in.to_string(), from()),
                // Asked from there, where the stand-in internet is not.
                (Key::DaemonEndpoint, self.daemon(), from()),
            ]);
        }
        if !self.road.is_halyard() {
            given.extend([
                (Key::KubeContext, "rehearsal".to_owned(), from()),
                (Key::Kubectl, join(&self.kubectl()), from()),
            ]);
            if global.no_apply {
                given.push((Key::Apply, "false".to_owned(), Provenance::Flag("--no-apply".to_owned())));
            }
        }
        given
    }

    fn setup(&self, global: &Global, mode: Mode) -> Result<Setup, Trouble> {
        let of_road =
            if self.road.is_halyard() { String::new() } else { format!(" --road {}", self.road.name()) };
        let of_place = if self.halyard_in.is_local() {
            String::new()
        } else {
            format!(" --halyard-in {}", self.halyard_in)
        };
        Ok(Setup {
            change: global.change.clone(),
            rehearsal: Rehearsal::Yes,
            come_back: format!("event-cache-wizard rehearse --dir {}{of_road}{of_place}", shown(&self.dir)),
            stand_ins: Some(shown(&self.user_state().join(ecw_host::state_place::ELSEWHERE))),
            ..Setup::new(mode, actor(), run_id(), compatibility()?)
        })
    }
}

/// Adds what has no default and somebody would have decided.
pub(super) fn decide(given: &mut Given) {
    for (key, value) in [(Key::Acknowledged, "true"), (Key::ConfigDelivery, "point-at-topic")] {
        if !given.iter().any(|(each, ..)| *each == key) {
            given.push((key, value.to_owned(), Provenance::AnswersFile));
        }
    }
}

impl Context {
    /// The stand-ins of a rehearsal for a command that asks nobody.
    pub(super) fn rehearsed(
        global: &Global,
        mode: Mode,
        played: &Played,
        answers: Given,
    ) -> Result<Self, Trouble> {
        let mut context = Self::rehearsal(global, mode, played)?;
        context.given.extend(answers);
        decide(&mut context.given);
        Ok(context)
    }

    /// The stand-ins of a rehearsal.
    pub(super) fn rehearsal(global: &Global, mode: Mode, played: &Played) -> Result<Self, Trouble> {
        let trouble = |why: String| {
            Trouble::new(
                format!("The rehearsal could not be set up: {why}."),
                "Name a directory that you can write: --dir DIR",
            )
        };
        let dir = &played.dir;
        std::fs::create_dir_all(dir).map_err(|error| trouble(format!("{}: {error}", dir.display())))?;
        let dir = dir.canonicalize().map_err(|error| trouble(error.to_string()))?;
        let living = world_process::live(&dir);
        let world = world_process::ensure(&program(), &dir, played.scale, &played.faults, played.road)
            .map_err(trouble)?;
        let stage = Stage::set(played, dir, world);
        let place = PlaceCell::new(stage.place());
        let runtime: ManuallyDrop<Runtime> = runtime()?;
        Ok(Self {
            ports: stage.ports(&runtime, &place),
            setup: stage.setup(global, mode)?,
            given: stage.given(global),
            runtime,
            place,
            look: look(global),
            world: Some(stage.world),
            _living: living,
        })
    }
}
