//! Python programs of others, each installed into a venv of its own below `target/` on first use. Without
//! them the tests that need them fail.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::localstack::{maker, run};

/// Returns the directory with `ansible-playbook` and its Python: the last line of ansible-core that runs
/// on Python 3.10 to 3.12.
pub fn programs() -> PathBuf {
    installed("ansible-2.17.14", "ansible-core==2.17.14")
}

/// Returns the directory with the real `aws` command.
pub fn aws_command() -> PathBuf {
    installed("awscli-1.45.64", "awscli==1.45.64")
}

/// Returns the directory with `cfn-lint` and a Python that has `hcl2`: what reads CloudFormation and
/// Terraform's language.
pub fn template_readers() -> PathBuf {
    installed("templates-1", "cfn-lint==1.41.0 python-hcl2==7.3.1")
}

/// Installs packages once, under a lock.
pub fn installed(name: &str, packages: &str) -> PathBuf {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/emulators");
    fs::create_dir_all(&home).unwrap();
    let lock = File::create(home.join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    let venv = home.join(name);
    let done = venv.join("installed");
    if !done.exists() {
        let _ = fs::remove_dir_all(&venv);
        run(Command::new(maker()).args(["-m", "venv"]).arg(&venv));
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        run(Command::new(venv.join("bin/python")).args(pip).args(packages.split(' ')));
        fs::write(done, "").unwrap();
    }
    venv.join("bin")
}
