//! ansible-core: installed into a venv below `target/` on first use. Without it the test that needs it
//! fails.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::localstack::{maker, run};

/// The last line of ansible-core that runs on Python 3.10 to 3.12.
const PACKAGE: &str = "ansible-core==2.17.14";

/// Returns the directory with `ansible-playbook` and its Python; installs it once, under a lock.
pub fn programs() -> PathBuf {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/emulators");
    fs::create_dir_all(&home).unwrap();
    let lock = File::create(home.join("ansible.lock")).unwrap();
    lock.lock().unwrap();
    let venv = home.join("ansible-2.17.14");
    let done = venv.join("installed");
    if !done.exists() {
        let _ = fs::remove_dir_all(&venv);
        run(Command::new(maker()).args(["-m", "venv"]).arg(&venv));
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE];
        run(Command::new(venv.join("bin/python")).args(pip));
        fs::write(done, "").unwrap();
    }
    venv.join("bin")
}
