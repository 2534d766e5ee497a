//! A Spinnaker whose Halyard runs elsewhere, for the real program: its hal directory belongs to another user and has
//! a name that no shell must be let near; docker, kubectl, ssh and sudo are stand-ins on PATH that carry there.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use super::pty::Pty;
use super::site::{HAL, Site, effects_of, give, open_to_all};

/// The places that the stand-ins carry to.
pub const PLACES: [&str; 4] = ["docker:halyard", "pod:spinnaker/halyard-0@prod", "ssh:far", "sudo:spinnaker"];
/// What the hal directory is called.
pub const NAME: &str = "h a$(touch pwned)\"l'`x`\\ ;&";

pub struct FarSite {
    pub site: Site,
    place: String,
}

impl FarSite {
    pub fn new(place: &str) -> Self {
        Self::with(place, &[])
    }

    pub fn with(place: &str, faults: &[&str]) -> Self {
        let site = Site::with(faults);
        let there = site.path("there");
        fs::create_dir_all(there.join("home")).unwrap();
        fs::rename(site.path("hal"), there.join(NAME)).unwrap();
        open_to_all(&site.path("."));
        give(&there, HAL);
        fs::create_dir(site.path("nobody-home")).unwrap();
        let bin = site.path("bin");
        fs::create_dir(&bin).unwrap();
        for name in ["docker", "kubectl", "ssh", "sudo"] {
            let path = bin.join(name);
            fs::write(&path, include_str!("carrier.sh")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        fs::write(bin.join("docker-ps"), "halyard\tspinnaker/halyard:1.44.0\nredis\tredis:7\n").unwrap();
        fs::write(bin.join("pods"), "spinnaker halyard-0 Running halyard spinnaker/halyard:1.44.0\n")
            .unwrap();
        let far = Self { site, place: place.to_owned() };
        let answers = far.site.path("answers.yml");
        let text = fs::read_to_string(&answers).unwrap() + &format!("halyard: {{in: '{place}'}}\n");
        fs::write(answers, text).unwrap();
        far
    }

    pub fn hal_dir(&self) -> PathBuf {
        self.site.path("there").join(NAME)
    }

    /// Ours in the hal directory there.
    pub fn home(&self) -> PathBuf {
        self.hal_dir().join(".event-cache-wizard/default")
    }

    /// The journal, which is kept here.
    pub fn state(&self) -> PathBuf {
        let dir = fs::read_dir(self.site.path("state/event-cache-wizard/halyard-in")).unwrap();
        let dirs: Vec<PathBuf> =
            dir.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
        let [only] = dirs.as_slice() else { panic!("{dirs:?}") };
        only.join(".event-cache-wizard/default")
    }

    /// Everything in the hal directory but our own: path, bytes, mode, owner.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>, u32, u32)> {
        use std::os::unix::fs::MetadataExt;
        let mut found = Vec::new();
        let mut waiting = vec![self.hal_dir()];
        while let Some(dir) = waiting.pop() {
            for entry in fs::read_dir(dir).unwrap().flatten() {
                let path = entry.path();
                if entry.file_name() == ".event-cache-wizard" {
                    continue;
                }
                if path.is_dir() {
                    waiting.push(path);
                } else {
                    let meta = fs::metadata(&path).unwrap();
                    let bytes = fs::read(&path).unwrap();
                    found.push((path, bytes, meta.mode() & 0o7777, meta.uid()));
                }
            }
        }
        // What Halyard itself keeps of a deploy changes with each.
        found.retain(|(path, ..)| path.components().any(|part| part.as_os_str() == "profiles"));
        found.sort();
        found
    }

    pub fn environment(&self) -> Vec<(String, String)> {
        let (program, world) = (super::program(), &self.site.world);
        let path = std::env::var("PATH").unwrap_or_default();
        let hal_dir = self.hal_dir().display().to_string();
        let hal = shell_words(&[program, "stand-in-hal", "--world", world, "--dir", &hal_dir, "--"]);
        let root = if rustix::process::geteuid().is_root() { "" } else { "/usr/bin/sudo -n" };
        let mut environment = self.site.environment();
        environment.retain(|(name, _)| {
            !["EVENT_CACHE_WIZARD_HAL_DIR", "EVENT_CACHE_WIZARD_HAL", "PATH", "HOME"].contains(&name.as_str())
        });
        environment.extend(
            [
                ("EVENT_CACHE_WIZARD_HAL", hal.as_str()),
                ("PATH", &format!("{}:{path}", self.site.text("bin"))),
                ("HOME", &self.site.text("nobody-home")),
                ("XDG_STATE_HOME", &self.site.text("state")),
                ("FAR_HAL", &hal_dir),
                ("FAR_PATH", &path),
                ("ROOT", root),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        environment
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(super::program());
        command.args(arguments).env_clear().envs(self.environment()).stdin(Stdio::null());
        command.current_dir(self.site.path("."));
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// A command with the place as an operator names it.
    pub fn flagged(&self, arguments: &[&str]) -> Output {
        let more = ["--halyard-in", self.place.as_str(), "--region", "us-west-2"];
        self.run(&arguments.iter().copied().chain(more).collect::<Vec<_>>())
    }

    pub fn apply(&self, more: &[&str]) -> Output {
        let arguments = ["apply", "--answers", "answers.yml", "--yes"];
        self.run(&arguments.iter().chain(more).copied().collect::<Vec<_>>())
    }

    pub fn pty(&self, arguments: &[&str], size: (u16, u16)) -> Pty {
        Pty::start_in(arguments, &self.environment(), size)
    }

    pub fn effects(&self) -> Vec<String> {
        effects_of(&self.site.world)
    }

    /// Breaks the call with this number, counted from now on.
    pub fn break_call(&self, number: usize, how: &str, bytes: u64) {
        fs::write(self.site.path("bin/calls"), "").unwrap();
        fs::write(self.site.path("bin/break"), format!("{number} {how} {bytes}\n")).unwrap();
    }

    pub fn mend(&self) {
        fs::remove_file(self.site.path("bin/break")).unwrap();
    }
}

fn shell_words(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|each| (*each).to_owned()).collect();
    ecw_wizard::values::shell_words::join(&words)
}
