//! A stage for the whole program: a hal directory, a world behind hal and kubectl, a Gate that confirms by
//! itself, and the SNS emulator.

use std::path::Path;

use ecw_wire::world_process;

use super::gate::Gate;
use super::localstack::LocalStack;
use super::pty::Pty;

/// Lays out a hal directory and a hal; returns the environment that leads the wizard there.
pub fn environment(dir: &Path, world: &str, gate: &Gate, stack: &LocalStack) -> Vec<(String, String)> {
    let program = super::program();
    let hal_dir = dir.join("hal");
    let pairs = [
        ("EVENT_CACHE_WIZARD_HAL_DIR", hal_dir.display().to_string()),
        (
            "EVENT_CACHE_WIZARD_HAL",
            format!("{program} stand-in-hal --world {world} --dir {} --", hal_dir.display()),
        ),
        ("EVENT_CACHE_WIZARD_KUBECTL", format!("{program} stand-in-kubectl --world {world} --")),
        ("EVENT_CACHE_WIZARD_DAEMON_ENDPOINT", gate.url("")),
        ("EVENT_CACHE_WIZARD_PROBE_URL", gate.url("")),
        ("EVENT_CACHE_WIZARD_REPOSITORY_URL", gate.url("/repository/plugins.json")),
        ("AWS_ENDPOINT_URL", stack.url.clone()),
        ("AWS_ACCESS_KEY_ID", "123456789012".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "canary-secret-7f3a".to_owned()),
        ("AWS_REGION", "us-west-2".to_owned()),
        ("AWS_CONFIG_FILE", dir.join("none").display().to_string()),
        ("AWS_SHARED_CREDENTIALS_FILE", dir.join("none").display().to_string()),
        ("HOME", dir.display().to_string()),
    ];
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

pub struct Stage {
    pub dir: tempfile::TempDir,
    pub world: String,
    pub gate: Gate,
    pub stack: LocalStack,
}

impl Stage {
    pub fn set() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let program = Path::new(super::program());
        let world =
            world_process::ensure(program, dir.path(), 60, &[], ecw_wizard::values::road::Road::Halyard)
                .unwrap();
        Self { dir, world, gate: Gate::start(), stack: LocalStack::start() }
    }

    pub fn start(&self, arguments: &[&str]) -> Pty {
        let environment = environment(self.dir.path(), &self.world, &self.gate, &self.stack);
        let pairs: Vec<(&str, &str)> =
            environment.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        Pty::start(arguments, &pairs, (120, 40))
    }

    pub fn command(&self, arguments: &[&str]) -> std::process::Output {
        let environment = environment(self.dir.path(), &self.world, &self.gate, &self.stack);
        std::process::Command::new(super::program())
            .args(arguments)
            .envs(environment)
            .env("NO_PROXY", "127.0.0.1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap()
    }

    pub fn profile(&self, name: &str) -> String {
        std::fs::read_to_string(self.dir.path().join("hal/default/profiles").join(name)).unwrap()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        world_process::stop(&self.world);
    }
}

/// Calls the real aws command.
pub fn aws(stage: &Stage, arguments: &[&str]) -> serde_json::Value {
    let output = std::process::Command::new(super::python::aws_command().join("aws"))
        .args(arguments)
        .args(["--region", "us-west-2", "--output", "json"])
        .envs(environment(stage.dir.path(), &stage.world, &stage.gate, &stage.stack))
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}\n{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}
