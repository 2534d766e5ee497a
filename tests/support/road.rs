//! A Spinnaker on another road than Halyard, for the real program: an overlay or a manifest on disk, the real
//! kustomize, a stand-in for the cluster, and a Gate, a repository and an AWS on loopback.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use ecw_wire::world_process;
use ecw_wizard::values::road::Road;

use super::gate::Gate;
use super::kustomize::kustomize;
use super::pty::Pty;
use super::site::effects_of;

pub struct RoadSite {
    dir: tempfile::TempDir,
    pub world: String,
    pub gate: Gate,
    road: Road,
    kustomize: PathBuf,
}

impl RoadSite {
    pub fn new(road: Road) -> Self {
        Self::with(road, &[])
    }

    /// A site on which something goes wrong.
    pub fn with(road: Road, faults: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let faults: Vec<String> = faults.iter().map(|each| (*each).to_owned()).collect();
        let program = Path::new(super::program());
        let world = world_process::ensure(program, dir.path(), 240, &faults, road).unwrap();
        let site = Self { dir, world, gate: Gate::start(), road, kustomize: kustomize() };
        site.answers("");
        site
    }

    /// Writes the answers file, with more lines.
    pub fn answers(&self, more: &str) {
        let place = match self.road {
            Road::Halyard => String::new(),
            Road::Kustomize => format!("kustomize: {{directory: '{}'}}\n", self.home().display()),
            Road::Operator => format!("operator: {{manifest: '{}'}}\n", self.manifest().display()),
        };
        let answers = format!(
            "version: 1\n{place}kubernetes: {{context: prod}}\naws: {{region: us-west-2}}\nsns: {{endpoint: '{}', config_delivery: point-at-topic}}\n{more}",
            self.gate.url("/aws/notify")
        );
        std::fs::write(self.path("answers.yml"), answers).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn manifest(&self) -> PathBuf {
        self.path(world_process::MANIFEST)
    }

    /// The directory that is worked on.
    pub fn home(&self) -> PathBuf {
        match self.road {
            Road::Halyard => self.path("hal"),
            Road::Kustomize => self.path(world_process::OVERLAY),
            Road::Operator => self.manifest().parent().unwrap().to_path_buf(),
        }
    }

    /// Everything below the directory that is worked on, but our own state.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let mut waiting = vec![self.home()];
        while let Some(dir) = waiting.pop() {
            for entry in std::fs::read_dir(dir).unwrap().flatten() {
                let path = entry.path();
                let name = entry.file_name();
                if name == ".event-cache-wizard" || name == ".git" {
                    continue;
                }
                if path.is_dir() {
                    waiting.push(path);
                } else {
                    found.push((path.clone(), std::fs::read(path).unwrap()));
                }
            }
        }
        found.sort();
        found
    }

    pub fn environment(&self) -> Vec<(String, String)> {
        let (program, world) = (super::program(), &self.world);
        [
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("EVENT_CACHE_WIZARD_KUBECTL", format!("{program} stand-in-kubectl --world {world} --")),
            ("EVENT_CACHE_WIZARD_STAND_IN_KUSTOMIZE", self.kustomize.display().to_string()),
            ("EVENT_CACHE_WIZARD_PROBE_URL", self.gate.url("")),
            ("EVENT_CACHE_WIZARD_REPOSITORY_URL", self.gate.url("/repository/plugins.json")),
            ("AWS_ENDPOINT_URL", format!("{world}/aws")),
            ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7CANARY1".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", super::site::SECRET.to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            ("AWS_CONFIG_FILE", "/nonexistent".to_owned()),
            ("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent".to_owned()),
            ("NO_PROXY", "127.0.0.1".to_owned()),
            ("HOME", self.dir.path().display().to_string()),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(super::program());
        command.args(arguments).env_clear().envs(self.environment()).stdin(Stdio::null());
        command.current_dir(self.dir.path()).output().unwrap()
    }

    /// The flags that name what is worked on, as an operator gives them.
    pub fn flags(&self) -> Vec<String> {
        let home = self.home().display().to_string();
        let mut flags = match self.road {
            Road::Halyard => Vec::new(),
            Road::Kustomize => vec!["--kustomize".to_owned(), home],
            Road::Operator => vec!["--operator".to_owned(), self.manifest().display().to_string()],
        };
        flags.extend(["--context", "prod", "--region", "us-west-2"].map(str::to_owned));
        flags
    }

    /// A command with the flags.
    pub fn flagged(&self, arguments: &[&str]) -> Output {
        let flags = self.flags();
        let all: Vec<&str> = arguments.iter().copied().chain(flags.iter().map(String::as_str)).collect();
        self.run(&all)
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

impl Drop for RoadSite {
    fn drop(&mut self) {
        world_process::stop(&self.world);
    }
}
