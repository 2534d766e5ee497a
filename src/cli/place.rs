//! Where state stands.

use std::path::{Path, PathBuf};

use ecw_actions::queries::manifest::named_after as manifest_name;
use ecw_actions::queries::overlay::own_name as overlay_name;
use ecw_halyard::HalConfig;
use ecw_host::far::Far;
use ecw_host::state_place::StatePlace;
use ecw_ports::{Files, Kind};
use ecw_wizard::values::answers::Key;
use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::names::DeploymentName;
use ecw_wizard::values::trouble::Trouble;

use super::environment::{Given, flag, halyard_in};
use super::global::Global;

/// When the directory of a Halyard elsewhere is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// Now.
    Now,
    /// When the first screen has been drawn: it takes a line to somewhere.
    OnScreen,
}

/// What a place is made of.
pub(super) struct Grounds<'a> {
    pub(super) files: &'a dyn Files,
    pub(super) far: &'a Far,
    /// Where this user keeps what does not belong into the hal directory.
    pub(super) user_state: Option<&'a Path>,
}

/// Returns where state stands by what was given, the answers file included: it belongs to the hal
/// directory that is worked on, wherever its name came from.
pub(super) fn place(
    global: &Global,
    grounds: &Grounds<'_>,
    given: &Given,
    finding: Finding,
) -> Result<StatePlace, Trouble> {
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
        return Ok(StatePlace {
            hal_dir,
            deployment: named.unwrap_or(name),
            elsewhere,
            target: None,
            there: None,
        });
    }
    let halyard_in = halyard_in(given);
    let hal_dir = of(Key::HalDirectory).map(|dir| halyard_in.at(&dir));
    if !halyard_in.is_local() {
        if hal_dir.as_deref().is_some_and(|dir| HalyardIn::split(dir).0 != halyard_in) {
            return Err(Trouble::new(
                format!(
                    "The hal directory in {halyard_in} has to be named by its whole path, beginning with /."
                ),
                "Name it so, or leave it out: it is looked for there.",
            ));
        }
        if finding == Finding::OnScreen {
            // The screen is drawn first; then what is there is looked at, and its state opened.
            let deployment = named.unwrap_or_default();
            return Ok(StatePlace { hal_dir: None, deployment, elsewhere, target: None, there: None });
        }
        grounds.far.look(&halyard_in)?;
    }
    let hal_dir = hal_dir.or_else(|| found(grounds.files, &halyard_in));
    let deployment = match named {
        Some(name) => name,
        None => hal_dir.as_deref().map(|dir| current_deployment(grounds.files, dir)).unwrap_or_default(),
    };
    // A directory that does not exist is the operator's to make.
    Ok(StatePlace::of(hal_dir.as_deref(), deployment, elsewhere, grounds.user_state))
}

/// Returns the first hal directory that holds a hal config, else the likeliest one.
fn found(files: &dyn Files, halyard_in: &HalyardIn) -> Option<String> {
    let candidates = files.candidates(halyard_in);
    let holds =
        |dir: &str| matches!(files.stat(&format!("{dir}/config")), Ok(Some(stat)) if stat.kind == Kind::File);
    let found = candidates.iter().find(|(dir, _)| holds(dir)).or(candidates.first());
    found.map(|(dir, _)| dir.clone())
}

/// Returns the deployment that hal config names as the current one; Halyard's default where it cannot be
/// read (the first screen says why).
fn current_deployment(files: &dyn Files, hal_dir: &str) -> DeploymentName {
    let bytes = files.read(&format!("{hal_dir}/config")).ok().flatten();
    let config = bytes.and_then(|bytes| HalConfig::read(&bytes).ok());
    config.map(|config| config.current).unwrap_or_default()
}
