//! Where state stands.

use std::path::{Path, PathBuf};

use ecw_actions::queries::manifest::named_after as manifest_name;
use ecw_actions::queries::overlay::own_name as overlay_name;
use ecw_halyard::HalConfig;
use ecw_host::disk::Disk;
use ecw_host::state_place::StatePlace;
use ecw_ports::Files;
use ecw_wizard::values::answers::Key;
use ecw_wizard::values::names::DeploymentName;
use ecw_wizard::values::trouble::Trouble;

use super::environment::{Given, flag};
use super::global::Global;

/// Returns where state stands by what was given, the answers file included: it belongs to the hal
/// directory that is worked on, wherever its name came from.
pub(super) fn place(global: &Global, disk: &Disk, given: &Given) -> Result<StatePlace, Trouble> {
    let of = |key: Key| given.iter().find(|(each, ..)| *each == key).map(|(_, value, _)| value.clone());
    let elsewhere = flag(global.state_dir.as_deref().and_then(Path::to_str), "state-dir")
        .map(|(dir, _)| std::path::absolute(&dir).unwrap_or_else(|_| PathBuf::from(dir)));
    let named = of(Key::Deployment)
        .map(|name| {
            DeploymentName::parse(&name)
                .map_err(|error| Trouble::new(format!("{error}."), "Name a deployment of hal config."))
        })
        .transpose()?;
    let on_the_road = match (of(Key::Manifest), of(Key::Overlay)) {
        (Some(file), _) => Path::new(&file).parent().map(|dir| {
            let name = Path::new(&file).file_name().unwrap_or_default().to_string_lossy();
            (dir.to_path_buf(), manifest_name(&name))
        }),
        (None, Some(dir)) => Some((PathBuf::from(dir), overlay_name())),
        (None, None) => None,
    };
    if let Some((dir, name)) = on_the_road {
        let hal_dir = Some(dir).filter(|dir| dir.is_dir());
        return Ok(StatePlace { hal_dir, deployment: named.unwrap_or(name), elsewhere, target: None });
    }
    let candidates = disk.candidates();
    let found =
        candidates.iter().find(|(dir, _)| Path::new(dir).join("config").is_file()).or(candidates.first());
    let hal_dir = of(Key::HalDirectory).or(found.map(|(dir, _)| dir.clone())).map(PathBuf::from);
    // A directory that does not exist is the operator's to make.
    let hal_dir = hal_dir.filter(|dir| dir.is_dir());
    let deployment = match named {
        Some(name) => name,
        None => hal_dir.as_deref().map(|dir| current_deployment(disk, dir)).unwrap_or_default(),
    };
    Ok(StatePlace { hal_dir, deployment, elsewhere, target: None })
}

/// Returns the deployment that hal config names as the current one; Halyard's default where it cannot be
/// read (the first screen says why).
fn current_deployment(disk: &Disk, hal_dir: &Path) -> DeploymentName {
    let bytes = disk.read(&hal_dir.join("config").display().to_string()).ok().flatten();
    let config = bytes.and_then(|bytes| HalConfig::read(&bytes).ok());
    config.map(|config| config.current).unwrap_or_default()
}
