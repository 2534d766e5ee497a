//! The real kustomize, built once below `target/` from the Go module proxy. Without it (or Go) the tests that need it
//! fail.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::localstack::run;

const VERSION: &str = "v5.8.0";

/// Returns the program.
pub fn kustomize() -> PathBuf {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/emulators");
    fs::create_dir_all(&home).unwrap();
    let lock = File::create(home.join("kustomize.lock")).unwrap();
    lock.lock().unwrap();
    let dir = home.join(format!("kustomize-{VERSION}"));
    let program = dir.join("kustomize");
    if !program.exists() {
        let package = format!("sigs.k8s.io/kustomize/kustomize/v5@{VERSION}");
        run(Command::new("go").args(["install", &package]).env("GOBIN", &dir).env("GOFLAGS", ""));
    }
    program
}
