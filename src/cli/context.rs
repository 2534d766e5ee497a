//! From flags and environment to ports, setup and given answers. The only place that reads the
//! environment.

use std::env;
use std::fs::File;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use ecw_halyard::Compatibility;
use ecw_wizard::Exit;
use ecw_wizard::messages::opening::Opening;
use ecw_wizard::model::journal::Actor;
use ecw_wizard::model::mode::{Mode, Rehearsal};
use ecw_wizard::state::Session;
use ecw_wizard::state::setup::Setup;
use ecw_wizard::values::answers::{Key, Provenance};
use ecw_wizard::values::names::{DeploymentName, EndpointUrl};
use ecw_wizard::values::road::Road;
use ecw_wizard::values::trouble::Trouble;
use tokio::runtime::Runtime;

use super::environment::{Given, PREFIX, flag, variable};
use super::global::Global;
use super::inherited::Inherited;
use super::look::{Look, look};
use super::place::place;
use super::reporting::{code, complain};
use ecw_actions::open::opening;
use ecw_actions::queries::manifest::named_after as manifest_name;
use ecw_actions::queries::overlay::own_name as overlay_name;
use ecw_actions::target_session::Sessions;
use ecw_aws::{SdkAws, SharedConfig};
use ecw_drive::unattended::{self, Desk, Style};
use ecw_host::call_log::StateCallLog;
use ecw_host::clock::Clock;
use ecw_host::disk::Disk;
use ecw_host::process::Processes;
use ecw_host::state_place::{PlaceCell, StatePlace};
use ecw_host::store::StateDirectory;
use ecw_host::warn;
use ecw_host::web::{Network, StandInInternet};
use ecw_ports::Ports;
use ecw_wire::world_process;
use ecw_wizard::rules::defaults::OF_PROFILE;

/// What a command works with.
pub(super) struct Context {
    pub(super) ports: Ports,
    pub(super) setup: Setup,
    pub(super) given: Given,
    /// Never dropped: a call that is still under way when the program ends would find it gone.
    pub(super) runtime: ManuallyDrop<Runtime>,
    /// Where state stands.
    pub(super) place: Arc<PlaceCell>,
    pub(super) look: Look,
    /// The rehearsal world's address.
    pub(super) world: Option<String>,
    /// Keeps that world alive.
    _living: Option<File>,
}

/// A path as it is wherever this program is called again.
fn whole(path: &str) -> String {
    std::path::absolute(path).map_or_else(|_| path.to_owned(), |path| path.display().to_string())
}

fn given(global: &Global) -> Given {
    let mut given = Given::new();
    let mut add = |key: Key, value: Option<&str>, name: &str| {
        if let Some((value, from)) = flag(value, name) {
            given.push((key, value, from));
        }
    };
    add(Key::HalDirectory, global.hal_dir.as_deref(), "hal-dir");
    add(Key::Deployment, global.deployment.as_deref(), "deployment");
    add(Key::HalCommand, global.hal.as_deref(), "hal");
    let overlay = global.kustomize.as_deref().map(whole);
    let manifest = global.operator.as_deref().map(whole);
    add(Key::Overlay, overlay.as_deref(), "kustomize");
    add(Key::Manifest, manifest.as_deref(), "operator");
    add(Key::KubeContext, global.context.as_deref(), "context");
    add(Key::KubeNamespace, global.namespace.as_deref(), "namespace");
    add(Key::Kubeconfig, global.kubeconfig.as_deref(), "kubeconfig");
    add(Key::Kubectl, None, "kubectl");
    add(Key::Apply, global.no_apply.then_some("false"), "no-apply");
    add(Key::AwsProfile, global.aws_profile.as_deref(), "aws-profile");
    add(Key::Region, global.region.as_deref(), "region");
    add(Key::DaemonEndpoint, None, "daemon-endpoint");
    add(Key::ProbeUrl, None, "probe-url");
    add(Key::RepositoryUrl, None, "repository-url");
    for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        if let Some(region) = variable(name) {
            // Weaker than our own variables, stronger than what hal config says.
            given.push((Key::Region, region, Provenance::Environment(name.to_owned())));
            break;
        }
    }
    given
}

/// Where this user keeps what does not belong into the hal directory (XDG state home).
fn user_state() -> Option<PathBuf> {
    let base = variable("XDG_STATE_HOME").map(PathBuf::from).filter(|dir| dir.is_absolute());
    let home = || variable("HOME").map(|home| Path::new(&home).join(".local/state"));
    base.or_else(home).map(|dir| dir.join("event-cache-wizard"))
}

fn actor() -> Actor {
    let uid = rustix::process::getuid().as_raw();
    let user = variable("SUDO_USER").or_else(|| variable("USER")).or_else(|| variable("LOGNAME"));
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let tty = rustix::termios::ttyname(std::io::stdin(), Vec::new())
        .ok()
        .map(|name| name.to_string_lossy().into_owned());
    let user = user.or_else(ecw_host::login::user).unwrap_or_else(|| format!("uid {uid}"));
    Actor { user, host, tty }
}

fn runtime() -> Result<ManuallyDrop<Runtime>, Trouble> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map(ManuallyDrop::new)
        .map_err(|error| {
            Trouble::new(
                format!("The program could not be set up: {error}."),
                "Free some memory or processes, then try again.",
            )
        })
}

/// The clock that target sessions run by, with as many side by side as the environment asks for.
fn pace() -> Clock {
    let asked = variable(&format!("{PREFIX}SIDE_BY_SIDE")).and_then(|text| text.parse().ok());
    asked.map_or_else(Clock::default, |asked| Clock::default().with_side_by_side(asked))
}

/// The published matrix.
pub(super) fn compatibility() -> Result<Compatibility, Trouble> {
    Compatibility::parse(include_str!("../../assets/compatibility.yml"))
        .map_err(|error| Trouble::new(error.to_string(), "This is a bug; please report it."))
}

fn program() -> PathBuf {
    env::current_exe().unwrap_or_else(|_| PathBuf::from("event-cache-wizard"))
}

fn run_id() -> String {
    let now = Clock::default().now();
    format!("{:x}-{:x}", now.wall, std::process::id())
}

/// Checks what flags and environment give as the screens check what is typed. The value is not
/// repeated: it may hold what does not belong there.
fn checked(given: &Given) -> Result<(), Trouble> {
    for (key, value, from) in given {
        ecw_wizard::values::validation::validate(*key, value).map_err(|why| {
            Trouble::new(format!("{} ({}): {why}", key.label(), from.words()), "Fix it, then start again.")
        })?;
    }
    Ok(())
}

/// A flag that names one place has no say beside several targets of the answers file.
fn one_place(given: &Given) -> Result<(), Trouble> {
    let several = given.iter().any(|(key, value, _)| *key == Key::Targets && !value.is_empty());
    let flag = given.iter().find(|(key, _, from)| *key == Key::Region && matches!(from, Provenance::Flag(_)));
    match flag {
        Some((_, _, from)) if several => Err(Trouble::new(
            format!("A region ({}) has no say beside several targets.", from.words()),
            "Leave it out; each of sns.targets names its own.",
        )),
        _ => Ok(()),
    }
}

/// Returns what is known of an installation under Halyard, wherever Spinnaker is deployed from now.
pub(super) fn former(global: &Global) -> Option<Inherited> {
    let disk = Disk { home: variable("HOME"), environment: variable("HALYARD_HALCONFIG_DIRECTORY") };
    let dir = flag(global.hal_dir.as_deref(), "hal-dir").map(|(dir, _)| whole(&dir));
    Inherited::of(&disk, dir.as_deref())
}

/// On another road, what an installation under Halyard knew is offered: an operator who moved must not lose it.
fn inherit(disk: &Disk, given: &mut Given) {
    let has =
        |given: &Given, key: Key| given.iter().any(|(each, value, _)| *each == key && !value.is_empty());
    if !has(given, Key::Overlay) && !has(given, Key::Manifest) {
        return;
    }
    let dir = given.iter().find(|(key, ..)| *key == Key::HalDirectory).map(|(_, dir, _)| dir.clone());
    let Some(former) = Inherited::of(disk, dir.as_deref()) else { return };
    for (key, value) in former.answers {
        if !has(given, key) {
            given.push((key, value, Provenance::Detected(format!("the journal in {}", former.place))));
        }
    }
}

impl Context {
    /// The real world.
    pub(super) fn real(global: &Global, mode: Mode) -> Result<Self, Trouble> {
        Self::answered(global, mode, Given::new())
    }

    /// The real world, with the answers of a file: they are known before anything is opened.
    pub(super) fn answered(global: &Global, mode: Mode, answers: Given) -> Result<Self, Trouble> {
        let disk = Disk { home: variable("HOME"), environment: variable("HALYARD_HALCONFIG_DIRECTORY") };
        let mut given = given(global);
        checked(&given)?;
        given.extend(answers);
        one_place(&given)?;
        if mode != Mode::Unattended && mode != Mode::PlanOnly {
            inherit(&disk, &mut given);
        }
        let place = PlaceCell::new(place(global, &disk, &given)?);
        let state_dir = place.get().elsewhere.map(|dir| dir.display().to_string());
        let old_place = variable("HOME").map(|home| Path::new(&home).join(".local/state/event-cache-wizard"));
        let runtime = runtime()?;
        let daemon =
            given.iter().find(|(key, ..)| *key == Key::DaemonEndpoint).map(|(_, value, _)| value.clone());
        let of = |key: Key| given.iter().find(|(each, ..)| *each == key).map(|(_, value, _)| value.clone());
        let kubectl = of(Key::Kubectl).map_or_else(
            || vec!["kubectl".to_owned()],
            |text| ecw_wizard::values::shell_words::shell_words(&text),
        );
        let shared = SharedConfig::of(runtime.handle(), of(Key::AwsProfile).as_deref());
        let ca_bundle = variable("AWS_CA_BUNDLE").or(shared.ca_bundle);
        let named = of(Key::AwsProfile).or_else(|| variable("AWS_PROFILE")).is_some();
        if let Some(region) = shared.region.filter(|_| named) {
            // Weaker than anything that was given, stronger than hal config's regions.
            given.push((Key::Region, region, Provenance::Detected(OF_PROFILE.to_owned())));
        }
        let store = Arc::new(StateDirectory::new(place.clone(), user_state(), old_place));
        let log = Arc::new(StateCallLog::new(store.clone()));
        let ports = Ports {
            files: Arc::new(disk),
            commands: Arc::new(Processes {
                program: program(),
                place: place.clone(),
                kubectl,
                daemon: daemon.unwrap_or_else(|| "http://localhost:8064".to_owned()),
            }),
            web: Arc::new(Network::trusting(ca_bundle.as_deref())),
            aws: Arc::new(SdkAws::new(runtime.handle().clone(), variable("AWS_CA_BUNDLE"), log)),
            store,
            targets: Arc::new(Sessions::default()),
            pace: Arc::new(pace()),
            plans: Arc::default(),
        };
        let setup = Setup {
            state_dir,
            change: global.change.clone(),
            ..Setup::new(mode, actor(), run_id(), compatibility()?)
        };
        Ok(Self { ports, setup, given, runtime, place, look: look(global), world: None, _living: None })
    }

    /// The stand-ins of a rehearsal, laid out in a directory. Nothing of the environment's AWS or
    /// Halyard settings reaches it.
    pub(super) fn rehearsal(
        global: &Global,
        mode: Mode,
        dir: &Path,
        scale: u64,
        faults: &[String],
        road: Road,
    ) -> Result<Self, Trouble> {
        let trouble = |why: String| {
            Trouble::new(
                format!("The rehearsal could not be set up: {why}."),
                "Name a directory that you can write: --dir DIR",
            )
        };
        std::fs::create_dir_all(dir).map_err(|error| trouble(format!("{}: {error}", dir.display())))?;
        let dir = dir.canonicalize().map_err(|error| trouble(error.to_string()))?;
        let program = program();
        let living = world_process::live(&dir);
        let world = world_process::ensure(&program, &dir, scale, faults, road).map_err(trouble)?;
        let (hal_dir, deployment) = match road {
            Road::Halyard => (dir.join("hal"), DeploymentName::default()),
            Road::Kustomize => (dir.join(world_process::OVERLAY), overlay_name()),
            Road::Operator => {
                let file = dir.join(world_process::MANIFEST);
                let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                (file.parent().unwrap_or(&dir).to_path_buf(), manifest_name(&name))
            }
        };
        let place = PlaceCell::new(StatePlace {
            hal_dir: Some(hal_dir.clone()),
            deployment,
            elsewhere: None,
            target: None,
        });
        let runtime = runtime()?;
        let shown = |path: &Path| path.display().to_string();
        let stand_in =
            |name: &str| vec![shown(&program), name.to_owned(), "--world".to_owned(), world.clone()];
        let mut hal = stand_in("stand-in-hal");
        // What follows is hal's own, whatever it looks like.
        hal.extend(["--dir".to_owned(), shown(&hal_dir), "--".to_owned()]);
        let mut kubectl = stand_in("stand-in-kubectl");
        kubectl.push("--".to_owned());
        let store = Arc::new(StateDirectory::new(place.clone(), Some(dir.join("user-state")), None));
        let log = Arc::new(StateCallLog::new(store.clone()));
        let ports = Ports {
            files: Arc::new(Disk { home: None, environment: Some(shown(&hal_dir)) }),
            commands: Arc::new(Processes {
                program: program.clone(),
                place: place.clone(),
                kubectl: kubectl.clone(),
                daemon: format!("{world}/daemon"),
            }),
            web: Arc::new(StandInInternet::new(world.clone())),
            aws: Arc::new(SdkAws::stand_in(runtime.handle().clone(), format!("{world}/aws"), log)),
            store,
            targets: Arc::new(Sessions::default()),
            pace: Arc::new(pace()),
            plans: Arc::default(),
        };
        let from = || Provenance::Flag("rehearse".to_owned());
        let mut given = vec![(Key::Region, "us-west-2".to_owned(), from())];
        let gate = "https://gate.example.com";
        match road {
            Road::Halyard => given.extend([
                (Key::HalDirectory, shown(&hal_dir), from()),
                (Key::HalCommand, ecw_wizard::values::shell_words::join(&hal), from()),
            ]),
            Road::Kustomize => given.extend([
                (Key::Overlay, shown(&hal_dir), from()),
                (Key::ProbeUrl, gate.to_owned(), from()),
                (Key::Endpoint, EndpointUrl::of_gate(gate), from()),
            ]),
            Road::Operator => given.push((Key::Manifest, shown(&dir.join(world_process::MANIFEST)), from())),
        }
        if !road.is_halyard() {
            given.extend([
                (Key::KubeContext, "rehearsal".to_owned(), from()),
                (Key::Kubectl, ecw_wizard::values::shell_words::join(&kubectl), from()),
            ]);
            if global.no_apply {
                given.push((Key::Apply, "false".to_owned(), Provenance::Flag("--no-apply".to_owned())));
            }
        }
        let of_road = if road.is_halyard() { String::new() } else { format!(" --road {}", road.name()) };
        let setup = Setup {
            change: global.change.clone(),
            rehearsal: Rehearsal::Yes,
            come_back: format!("event-cache-wizard rehearse --dir {}{of_road}", shown(&dir)),
            ..Setup::new(mode, actor(), run_id(), compatibility()?)
        };
        Ok(Self {
            ports,
            setup,
            given,
            runtime,
            place,
            look: look(global),
            world: Some(world),
            _living: living,
        })
    }

    /// Returns what a session begins with.
    pub(super) fn opening(&self) -> Result<Opening, Trouble> {
        let mut opening = opening(&*self.ports.store, &self.setup, &self.given)?;
        opening.ascii = self.look.ascii;
        Ok(opening)
    }

    /// Runs a session that asks nobody to its end.
    pub(super) fn driven(&self, style: Style, opening: Opening) -> Result<Session, ExitCode> {
        let desk = Desk { ports: &self.ports, place: &self.place, runtime: self.runtime.handle(), style };
        unattended::run(&desk, &self.setup, opening).map_err(|error| {
            warn!("The run could not begin: {error}");
            code(Exit::Failed)
        })
    }

    /// Finds everything out and returns the session as it then stands; changes nothing.
    pub(super) fn settled(&self) -> Result<Session, ExitCode> {
        let opening = self.opening().map_err(|trouble| complain(&trouble, Exit::Journal))?;
        self.driven(Style::Quiet, opening)
    }
}
