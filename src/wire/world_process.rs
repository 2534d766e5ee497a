//! Starting the world, or finding the one that runs.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ecw_web::client::{Asked, Head, Method};
use ecw_web::loopback;
use ecw_wizard::values::road::Road;
use ecw_wizard::values::trouble::Trouble;
use ecw_world::{Fault, World};
use serde_json::Value;

use ecw_host::flock::{Attempt, alone, together};

/// Locked by every wizard that lives.
const LIVING: &str = "wizards.lock";
/// Where a rehearsal's overlay stands.
pub const OVERLAY: &str = "spinnaker-kustomize";
/// Where a rehearsal's manifest stands.
pub const MANIFEST: &str = "spinnaker/spinnakerservice.yml";
/// How much faster the rehearsal's time goes.
pub const SCALE: u64 = 20;

/// Returns the address of the world that belongs to a directory; starts it if need be and lays out
/// the stand-in hal directory if there is none.
///
/// # Errors
/// In words.
pub fn ensure(
    program: &Path,
    dir: &Path,
    scale: u64,
    faults: &[String],
    road: Road,
) -> Result<String, String> {
    lay_out(dir, faults, road)
        .map_err(|error| format!("{} could not be laid out: {error}", dir.display()))?;
    if let Some(address) = running(dir) {
        return Ok(address);
    }
    let _ = fs::remove_file(dir.join("world.json"));
    let mut command = Command::new(program);
    command.args(["stand-in-world", "--dir"]).arg(dir).args(["--scale", &scale.to_string()]);
    for fault in faults {
        command.args(["--fault", fault]);
    }
    let log = fs::File::create(dir.join("world.log")).map_err(|error| error.to_string())?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .map_err(|error| error.to_string())?;
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        if let Some(address) = running(dir) {
            return Ok(address);
        }
        if child.try_wait().ok().flatten().is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Err(format!("the rehearsal world did not start; see {}", dir.join("world.log").display()))
}

/// Says that a wizard lives that works with the world of a directory, as long as what is returned is
/// held, however its process ends.
#[must_use]
pub fn live(dir: &Path) -> Option<fs::File> {
    let file = fs::File::options().create(true).append(true).open(dir.join(LIVING)).ok()?;
    let _ = together(&file);
    Some(file)
}

/// Returns whether no wizard lives that works with the world of a directory.
#[must_use]
pub fn nobody_lives(dir: &Path) -> bool {
    fs::File::open(dir.join(LIVING)).map_or(true, |file| !matches!(alone(&file), Ok(Attempt::Busy)))
}

/// Ends the world of a directory.
pub fn stop(address: &str) {
    // It ends without answering.
    let _ = told(&format!("{address}/stop"));
}

fn told(url: &str) -> Result<Head, Trouble> {
    let asked = Asked::of(Method::Get, url, Duration::from_secs(2));
    loopback::ask(&asked, 64 * 1024 * 1024).map(|(head, _)| head)
}

fn running(dir: &Path) -> Option<String> {
    let text = fs::read_to_string(dir.join("world.json")).ok()?;
    let address = serde_json::from_str::<Value>(&text).ok()?.get("address")?.as_str()?.to_owned();
    told(&format!("{address}/effects")).ok().filter(|head| head.status < 400)?;
    Some(address)
}

fn lay_out(dir: &Path, faults: &[String], road: Road) -> std::io::Result<()> {
    let put = |path: &Path, text: &str| {
        if path.exists() {
            return Ok(());
        }
        fs::create_dir_all(path.parent().unwrap_or(dir))?;
        fs::write(path, text)
    };
    match road {
        Road::Halyard => {}
        Road::Kustomize => {
            for (path, text) in World::overlay() {
                put(&dir.join(OVERLAY).join(path), text)?;
            }
            return Ok(());
        }
        Road::Operator => return put(&dir.join(MANIFEST), World::manifest()),
    }
    let hal = dir.join("hal");
    if hal.join("config").exists() {
        return Ok(());
    }
    let faults = faults.iter().filter_map(|name| Fault::parse(name)).collect();
    for (path, text) in World::hal_directory(&faults) {
        let path = hal.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&hal))?;
        fs::write(path, text)?;
    }
    Ok(())
}
