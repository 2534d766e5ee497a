//! A Spinnaker under Halyard for the real program: a hal directory on disk, hal and kubectl as child
//! processes, a Gate, a daemon, a plugin repository and an AWS on loopback.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use ecw_wire::world_process;
use ecw_wizard::values::road::Road;

use super::gate::Gate;
use super::pty::Pty;

pub const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYCANARYKEY1";

pub struct Site {
    dir: tempfile::TempDir,
    pub world: String,
    pub gate: Gate,
}

impl Site {
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// A site on which something goes wrong.
    pub fn with(faults: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let faults: Vec<String> = faults.iter().map(|each| (*each).to_owned()).collect();
        let world =
            world_process::ensure(Path::new(super::program()), dir.path(), 240, &faults, Road::Halyard)
                .unwrap();
        let site = Self { dir, world, gate: Gate::start() };
        let answers = format!(
            "version: 1\naws: {{region: us-west-2}}\nsns: {{endpoint: '{}', config_delivery: point-at-topic}}\n",
            site.gate.url("/aws/notify")
        );
        std::fs::write(site.path("answers.yml"), answers).unwrap();
        site
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    pub fn hal_dir(&self) -> PathBuf {
        self.path("hal")
    }

    pub fn state(&self) -> PathBuf {
        self.path("hal/.event-cache-wizard/default")
    }

    pub fn profile(&self, name: &str) -> String {
        std::fs::read_to_string(self.hal_dir().join("default/profiles").join(name)).unwrap()
    }

    pub fn environment(&self) -> Vec<(String, String)> {
        let program = super::program();
        let hal_dir = self.hal_dir().display().to_string();
        let world = &self.world;
        [
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("EVENT_CACHE_WIZARD_HAL_DIR", hal_dir.clone()),
            ("EVENT_CACHE_WIZARD_HAL", format!("{program} stand-in-hal --world {world} --dir {hal_dir} --")),
            ("EVENT_CACHE_WIZARD_KUBECTL", format!("{program} stand-in-kubectl --world {world} --")),
            ("EVENT_CACHE_WIZARD_DAEMON_ENDPOINT", self.gate.url("")),
            ("EVENT_CACHE_WIZARD_PROBE_URL", self.gate.url("")),
            ("EVENT_CACHE_WIZARD_REPOSITORY_URL", self.gate.url("/repository/plugins.json")),
            ("AWS_ENDPOINT_URL", format!("{world}/aws")),
            ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7CANARY1".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            ("AWS_CONFIG_FILE", self.text("none")),
            ("AWS_SHARED_CREDENTIALS_FILE", self.text("none")),
            ("NO_PROXY", "127.0.0.1".to_owned()),
            ("HOME", self.dir.path().display().to_string()),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
    }

    /// The program with this site's environment and nothing else.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(super::program());
        command.args(arguments).env_clear().envs(self.environment()).stdin(Stdio::null());
        command.current_dir(self.dir.path());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// The program as another user of this machine.
    pub fn run_as(&self, user: (u32, u32), arguments: &[&str]) -> Output {
        let mut command = as_user(user, super::program());
        command.args(arguments).env_clear().envs(self.environment()).stdin(Stdio::null());
        command.current_dir(self.dir.path());
        command.output().unwrap()
    }

    /// `apply --answers answers.yml --yes` and more.
    pub fn apply(&self, more: &[&str]) -> Output {
        let mut arguments = vec!["apply", "--answers", "answers.yml", "--yes"];
        arguments.extend(more);
        self.run(&arguments)
    }

    pub fn pty(&self, arguments: &[&str], size: (u16, u16)) -> Pty {
        Pty::start_in(arguments, &self.environment(), size)
    }

    /// Every change that was made to the world.
    pub fn effects(&self) -> Vec<String> {
        effects_of(&self.world)
    }
}

/// Every change that was made to a world.
pub fn effects_of(world: &str) -> Vec<String> {
    let agent = ureq::Agent::config_builder().proxy(None).build().new_agent();
    let text = agent.get(format!("{world}/effects")).call().unwrap().body_mut().read_to_string().unwrap();
    serde_json::from_str(&text).unwrap()
}

impl Drop for Site {
    fn drop(&mut self) {
        world_process::stop(&self.world);
    }
}

/// A command run as another user and group: directly as root, else with sudo.
pub fn as_user((user, group): (u32, u32), program: &str) -> Command {
    let words =
        ["setpriv", "--reuid", &user.to_string(), "--regid", &group.to_string(), "--clear-groups", "--"]
            .map(str::to_owned);
    let mut command = if rustix::process::geteuid().is_root() {
        Command::new(&words[0])
    } else {
        let mut command = Command::new("sudo");
        command.args(["-n", "--preserve-env", &words[0]]);
        command
    };
    command.args(&words[1..]).arg(program);
    command
}

/// Somebody without rights, and a group of their own.
pub const OTHER: (u32, u32) = (20_001, 20_001);
/// Halyard's user.
pub const HAL: (u32, u32) = (20_002, 20_002);

pub fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// Gives everything below a directory to a user; links themselves, not what they lead to.
pub fn give(dir: &Path, (user, group): (u32, u32)) {
    std::os::unix::fs::lchown(dir, Some(user), Some(group)).unwrap();
    if std::fs::symlink_metadata(dir).unwrap().is_dir() {
        for entry in std::fs::read_dir(dir).unwrap().flatten() {
            give(&entry.path(), (user, group));
        }
    }
}

pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !holds() {
        assert!(Instant::now() < end, "waited for: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Runs a command to its end; one that hangs is killed, and the test fails.
pub fn within(seconds: u64, command: &mut Command) -> Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(seconds);
    // What is printed here is far less than a pipe holds.
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > end {
            child.kill().unwrap();
            let output = child.wait_with_output().unwrap();
            panic!("it hangs: {command:?}\n{}", said(&output));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().unwrap()
}

/// What a command printed.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Its exit code, with what it printed when that is not the one that was expected.
pub fn exits(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}", said(output));
}
