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
use ecw_wizard::model::mode::Mode;
use ecw_wizard::state::Session;
use ecw_wizard::state::setup::Setup;
use ecw_wizard::values::answers::{Key, Provenance};
use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::trouble::Trouble;
use tokio::runtime::Runtime;

use super::config::Config;
use super::environment::{Given, PREFIX, flag, halyard_in, variable};
use super::global::Global;
use super::inherited::Inherited;
use super::look::{Look, look};
use super::place::{Finding, Grounds, place};
use super::reporting::{code, complain};
use ecw_actions::open::opening;
use ecw_actions::target_session::Sessions;
use ecw_aws::{SdkAws, SharedConfig};
use ecw_drive::unattended::{self, Desk, Style};
use ecw_host::anywhere::{AnyCommands, AnyFiles, AnyWeb};
use ecw_host::call_log::StateCallLog;
use ecw_host::clock::Clock;
use ecw_host::disk::Disk;
use ecw_host::far::Far;
use ecw_host::process::Processes;
use ecw_host::state_place::{ELSEWHERE, PlaceCell};
use ecw_host::store::StateDirectory;
use ecw_host::warn;
use ecw_ports::Ports;
use ecw_web::network::Network;
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
    pub(super) _living: Option<File>,
}

/// A path as it is wherever this program is called again.
fn whole(path: &str) -> String {
    std::path::absolute(path).map_or_else(|_| path.to_owned(), |path| path.display().to_string())
}

/// Answers that are flags, and how those are called.
const FLAGS: [(Key, &str); 16] = [
    (Key::HalyardIn, "halyard-in"),
    (Key::HalDirectory, "hal-dir"),
    (Key::Deployment, "deployment"),
    (Key::HalCommand, "hal"),
    (Key::Overlay, "kustomize"),
    (Key::Manifest, "operator"),
    (Key::KubeContext, "context"),
    (Key::KubeNamespace, "namespace"),
    (Key::Kubeconfig, "kubeconfig"),
    (Key::Kubectl, "kubectl"),
    (Key::Apply, "no-apply"),
    (Key::AwsProfile, "aws-profile"),
    (Key::Region, "region"),
    (Key::DaemonEndpoint, "daemon-endpoint"),
    (Key::ProbeUrl, "probe-url"),
    (Key::RepositoryUrl, "repository-url"),
];

fn given(global: &Global) -> Given {
    let mut given = Given::new();
    let mut add = |key: Key, value: Option<&str>, name: &str| {
        if let Some((value, from)) = flag(value, name) {
            given.push((key, value, from));
        }
    };
    let overlay = global.kustomize.as_deref().map(whole);
    let manifest = global.operator.as_deref().map(whole);
    for (key, name) in FLAGS {
        let value = match key {
            Key::HalyardIn => global.halyard_in.as_deref(),
            Key::HalDirectory => global.hal_dir.as_deref(),
            Key::Deployment => global.deployment.as_deref(),
            Key::HalCommand => global.hal.as_deref(),
            Key::Overlay => overlay.as_deref(),
            Key::Manifest => manifest.as_deref(),
            Key::KubeContext => global.context.as_deref(),
            Key::KubeNamespace => global.namespace.as_deref(),
            Key::Kubeconfig => global.kubeconfig.as_deref(),
            Key::Apply => global.no_apply.then_some("false"),
            Key::AwsProfile => global.aws_profile.as_deref(),
            Key::Region => global.region.as_deref(),
            // The environment's alone.
            _ => None,
        };
        add(key, value, name);
    }
    for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        if let Some(region) = variable(name) {
            // Weaker than our own variables, stronger than what hal config says.
            given.push((Key::Region, region, Provenance::Environment(name.to_owned())));
            break;
        }
    }
    given
}

/// Adds this user's defaults where nothing was said.
fn defaults(config: &Config, given: &mut Given) {
    for (key, name) in FLAGS {
        let value = match (name, config.get(name)) {
            ("no-apply", Some("true")) => "false",
            ("no-apply", _) | (_, None) => continue,
            (_, Some(value)) => value,
        };
        if !given.iter().any(|(each, ..)| *each == key) {
            given.push((key, value.to_owned(), Provenance::Config(config.file().to_owned())));
        }
    }
}

/// Where this user keeps what does not belong into the hal directory (XDG state home).
fn user_state() -> Option<PathBuf> {
    let base = variable("XDG_STATE_HOME").map(PathBuf::from).filter(|dir| dir.is_absolute());
    let home = || variable("HOME").map(|home| Path::new(&home).join(".local/state"));
    base.or_else(home).map(|dir| dir.join("event-cache-wizard"))
}

pub(super) fn actor() -> Actor {
    let uid = rustix::process::getuid().as_raw();
    let user = variable("SUDO_USER").or_else(|| variable("USER")).or_else(|| variable("LOGNAME"));
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let tty = rustix::termios::ttyname(std::io::stdin(), Vec::new())
        .ok()
        .map(|name| name.to_string_lossy().into_owned());
    let user = user.or_else(ecw_host::login::user).unwrap_or_else(|| format!("uid {uid}"));
    Actor { user, host, tty }
}

pub(super) fn runtime() -> Result<ManuallyDrop<Runtime>, Trouble> {
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
pub(super) fn pace() -> Clock {
    let asked = variable(&format!("{PREFIX}SIDE_BY_SIDE")).and_then(|text| text.parse().ok());
    asked.map_or_else(Clock::default, |asked| Clock::default().with_side_by_side(asked))
}

/// The published matrix.
pub(super) fn compatibility() -> Result<Compatibility, Trouble> {
    Compatibility::parse(include_str!("../../assets/compatibility.yml"))
        .map_err(|error| Trouble::new(error.to_string(), "This is a bug; please report it."))
}

pub(super) fn program() -> PathBuf {
    env::current_exe().unwrap_or_else(|_| PathBuf::from("event-cache-wizard"))
}

pub(super) fn run_id() -> String {
    let now = Clock::default().now();
    format!("{:x}-{:x}", now.wall, std::process::id())
}

/// Checks what flags and environment give as the screens check what is typed. The value is not
/// repeated: it may hold what does not belong there.
fn checked(given: &[(Key, String, Provenance)]) -> Result<(), Trouble> {
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
    let files = real_files();
    let user_state = user_state();
    let grounds = Grounds { files: &files, far: &files.far, user_state: user_state.as_deref() };
    let halyard_in = flag(global.halyard_in.as_deref(), "halyard-in");
    let halyard_in = halyard_in.and_then(|(text, _)| HalyardIn::parse(&text).ok()).unwrap_or_default();
    let dir = flag(global.hal_dir.as_deref(), "hal-dir");
    let dir = dir.map(|(dir, _)| if halyard_in.is_local() { whole(&dir) } else { dir });
    Inherited::of(&grounds, &halyard_in, dir.as_deref())
}

/// The files of this machine, and of wherever Halyard runs.
fn real_files() -> AnyFiles {
    let here = Disk { home: variable("HOME"), environment: variable("HALYARD_HALCONFIG_DIRECTORY") };
    AnyFiles { here, far: Far::default() }
}

/// On another road, what an installation under Halyard knew is offered: an operator who moved must not lose it.
fn inherit(grounds: &Grounds<'_>, given: &mut Given) {
    let has =
        |given: &Given, key: Key| given.iter().any(|(each, value, _)| *each == key && !value.is_empty());
    if !has(given, Key::Overlay) && !has(given, Key::Manifest) {
        return;
    }
    let of = |key: Key| given.iter().find(|(each, ..)| *each == key).map(|(_, value, _)| value.clone());
    let Some(former) = Inherited::of(grounds, &halyard_in(given), of(Key::HalDirectory).as_deref()) else {
        return;
    };
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
        let finding = if mode == Mode::Operator { Finding::OnScreen } else { Finding::Now };
        Self::found(global, mode, answers, finding)
    }

    /// The same, where it is said when a Halyard elsewhere is looked for.
    pub(super) fn found(
        global: &Global,
        mode: Mode,
        answers: Given,
        finding: Finding,
    ) -> Result<Self, Trouble> {
        if let Some(played) = &global.rehearsal {
            return Self::rehearsed(global, mode, played, answers);
        }
        let files = real_files();
        let (far, own_state) = (files.far.clone(), user_state());
        let grounds = Grounds { files: &files, far: &far, user_state: own_state.as_deref() };
        let mut given = given(global);
        checked(&given)?;
        given.extend(answers);
        let said = given.len();
        defaults(&global.config, &mut given);
        checked(&given[said..])?;
        one_place(&given)?;
        if mode != Mode::Unattended && mode != Mode::PlanOnly {
            inherit(&grounds, &mut given);
        }
        let place = PlaceCell::new(place(global, &grounds, &given, finding)?);
        let state_dir = place.get().elsewhere.map(|dir| dir.display().to_string());
        let old_place = variable("HOME").map(|home| Path::new(&home).join(".local/state/event-cache-wizard"));
        let runtime = runtime()?;
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
        let stand_ins = own_state.as_deref().map(|dir| dir.join(ELSEWHERE).display().to_string());
        let store = StateDirectory::new(place.clone(), own_state.clone(), old_place).carried_by(far.clone());
        let store = Arc::new(store);
        let log = Arc::new(StateCallLog::new(store.clone()));
        let ports = Ports {
            files: Arc::new(files),
            commands: Arc::new(AnyCommands {
                here: Processes { program: program(), place: place.clone(), kubectl, stand_in_daemon: None },
                far: far.clone(),
            }),
            web: Arc::new(AnyWeb {
                here: Arc::new(Network::trusting(runtime.handle().clone(), ca_bundle.as_deref())),
                far,
            }),
            aws: Arc::new(SdkAws::new(runtime.handle().clone(), variable("AWS_CA_BUNDLE"), log)),
            store,
            targets: Arc::new(Sessions::default()),
            pace: Arc::new(pace()),
            plans: Arc::default(),
        };
        let setup = Setup {
            state_dir,
            stand_ins,
            change: global.change.clone(),
            ..Setup::new(mode, actor(), run_id(), compatibility()?)
        };
        Ok(Self { ports, setup, given, runtime, place, look: look(global), world: None, _living: None })
    }

    /// Returns what a session begins with.
    pub(super) fn opening(&self) -> Result<Opening, Trouble> {
        let mut opening = opening(&*self.ports.store, &self.setup, &self.given)?;
        opening.ascii = self.look.ascii;
        Ok(opening)
    }

    /// Runs a session that asks nobody to its end.
    pub(super) fn driven(&self, style: Style, opening: Opening) -> Result<Session, ExitCode> {
        let style = self.look.talk.limit(style);
        let notify = variable("NOTIFY_SOCKET");
        let desk = Desk {
            ports: &self.ports,
            place: &self.place,
            runtime: self.runtime.handle(),
            style,
            notify: notify.as_deref(),
        };
        unattended::run(&desk, &self.setup, opening).map_err(|error| {
            warn!("The run could not begin: {error}");
            code(Exit::Failed)
        })
    }

    /// Finds everything out and returns the session as it then stands; changes nothing.
    pub(super) fn settled(&self) -> Result<Session, ExitCode> {
        self.settled_as(Style::Quiet)
    }

    /// The same, and says meanwhile that it is still at work.
    pub(super) fn settled_as(&self, style: Style) -> Result<Session, ExitCode> {
        let opening = self.opening().map_err(|trouble| complain(&trouble, Exit::Journal))?;
        self.driven(style, opening)
    }
}
