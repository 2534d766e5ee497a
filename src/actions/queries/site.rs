//! What stands in the hal directory: hal config, profiles, rights.

use ecw_halyard::{ConfigError, EnvironmentKind, HalConfig, read_service_settings, yaml};
use ecw_wizard::model::check::{Check, CheckVerdict};
use ecw_wizard::model::place::{ProfileHome, whole};
use ecw_wizard::model::report::{GitTree, RootWay, SiteReport};
use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::names::DeploymentName;
use ecw_wizard::values::road::Road;
use ecw_wizard::values::trouble::Trouble;

use ecw_ports::{Carried, Kind, Ports, Writable};

pub(super) fn look(ports: &Ports, given: Option<&str>, deployment: Option<&str>) -> SiteReport {
    let (halyard_in, _) = HalyardIn::split(given.unwrap_or_default());
    let carried = match ports.commands.carried(&halyard_in) {
        Ok(carried) => carried,
        Err(trouble) => return unreached(given.unwrap_or_default(), trouble),
    };
    let (hal_dir, found_by) = directory(ports, given, &halyard_in);
    let config = config(ports, &hal_dir);
    let mut report = SiteReport { config, ..empty(ports, &hal_dir, &found_by, Road::Halyard) };
    report.checks.extend(carried.iter().flat_map(|carried| there(&halyard_in, carried)));
    let chosen = report.config.as_ref().ok().and_then(|config| config.deployment(deployment).ok()).cloned();
    let Some(chosen) = chosen else { return report };
    report.checks.push(Check::new(
        CheckVerdict::Good,
        "Halyard",
        "open source Halyard's hal config was read",
    ));
    profiles(ports, &mut report, &chosen.name);
    let settings = format!("{hal_dir}/{}/service-settings/gate.yml", chosen.name);
    if let Ok(Some(bytes)) = ports.files.read(&settings) {
        report.gate_settings_url = read_service_settings(&String::from_utf8_lossy(&bytes)).1;
    }
    if chosen.kind == EnvironmentKind::LocalDebian {
        let root = ports.files.root(&hal_dir);
        report.root = root.as_ref().ok().copied();
        report.root_checks.push(match root {
            Ok(RootWay::Already) => Check::new(CheckVerdict::Good, "Root for hal", "hal can restart the services here"),
            Ok(RootWay::Sudo) => Check::new(CheckVerdict::Good, "Root for hal", "hal is run with sudo -n"),
            Err(why) => Check::new(CheckVerdict::Bad, "Root for hal", why.what)
                .with_remedy(if halyard_in.is_local() {
                    "LocalDebian restarts services as root: start the wizard as root, or allow sudo without a password."
                } else {
                    "LocalDebian restarts services as root: allow Halyard's user there sudo without a password."
                }),
        });
    }
    match ports.commands.outlives_login(&hal_dir) {
        Ok(_) if halyard_in.is_local() => {}
        Ok(words) => report.checks.push(Check::new(CheckVerdict::Good, "A deploy there", words)),
        Err(why) => {
            let usual = if halyard_in.is_local() {
                "sudo loginctl enable-linger $USER, or stay logged in while hal deploys."
            } else {
                "Stay connected while hal deploys."
            };
            let remedy = if why.fix.is_empty() { usual } else { &why.fix };
            report.checks.push(
                Check::new(CheckVerdict::Warning, "Logging out", why.what.as_str()).with_remedy(remedy),
            );
        }
    }
    report
}

/// Says who works where Halyard runs, and what is not there.
fn there(halyard_in: &HalyardIn, carried: &Carried) -> Vec<Check> {
    let label = "Where Halyard runs";
    let mut checks =
        vec![Check::new(CheckVerdict::Good, label, format!("{halyard_in}, as {}", carried.user))];
    if let HalyardIn::Pod { context: None, .. } = halyard_in {
        let detail = "kubectl's current context is used: another program may change it at any time";
        checks.push(
            Check::new(CheckVerdict::Warning, label, detail)
                .with_remedy(format!("Name the context: {halyard_in}@CONTEXT")),
        );
    }
    if carried.misses.iter().any(|tool| tool == "setfacl") {
        let detail =
            "access lists are not seen there: what one grants on a profile is lost when that is written";
        checks.push(
            Check::new(CheckVerdict::Warning, label, detail)
                .with_remedy("Install acl there, if profiles have access lists (+ in ls -l)."),
        );
    }
    if carried.misses.iter().any(|tool| tool == "curl") {
        let detail = "neither curl nor wget is there: its daemon cannot be asked";
        checks
            .push(Check::new(CheckVerdict::Warning, label, detail).with_remedy("Install one of them there."));
    }
    checks
}

/// Returns the report of a place that nothing can be carried to.
fn unreached(dir: &str, trouble: Trouble) -> SiteReport {
    SiteReport { config: Err(trouble), ..bare(dir, "your answer", Road::Halyard, GitTree::No) }
}

/// Returns the report of a directory in which nothing was looked at yet.
pub(super) fn empty(ports: &Ports, dir: &str, found_by: &str, road: Road) -> SiteReport {
    bare(dir, found_by, road, git(ports, dir))
}

fn bare(dir: &str, found_by: &str, road: Road, git: GitTree) -> SiteReport {
    SiteReport {
        hal_dir: dir.to_owned(),
        found_by: found_by.to_owned(),
        config: Err(Trouble::reason("it was not looked at")),
        checks: Vec::new(),
        gate_settings_url: None,
        read_only: None,
        git,
        root_checks: Vec::new(),
        root: None,
        road,
        home: ProfileHome::default(),
        workloads: Vec::new(),
        apply: Vec::new(),
    }
}

/// Says whether the files that hold the profiles can be replaced: their directories have to be written.
pub(super) fn writable_files(ports: &Ports, report: &mut SiteReport) {
    let paths = match &report.home {
        ProfileHome::Halyard => return,
        ProfileHome::Overlay { gate, clouddriver } => {
            vec![whole(&report.hal_dir, gate), whole(&report.hal_dir, clouddriver)]
        }
        ProfileHome::Manifest { file } => vec![whole(&report.hal_dir, file)],
    };
    for path in paths {
        let dir = path.rsplit_once('/').map_or(".", |(dir, _)| dir);
        if let Writable::No(why) = ports.files.writable(dir) {
            report.read_only = Some(format!("{dir} cannot be written: {why}."));
            report.checks.push(
                Check::new(CheckVerdict::Warning, "Files", format!("{dir} cannot be written: {why}"))
                    .with_remedy("Run the wizard as who may; or go on: the change is offered as a patch."),
            );
            return;
        }
    }
    report.checks.push(Check::new(CheckVerdict::Good, "Files", "readable and writable"));
}

/// A directory is kept in git when it or one above it holds `.git`.
fn git(ports: &Ports, hal_dir: &str) -> GitTree {
    let mut dir = hal_dir.trim_end_matches('/');
    while !HalyardIn::split(&format!("{dir}/")).1.trim_matches('/').is_empty() {
        if matches!(ports.files.stat(&format!("{dir}/.git")), Ok(Some(_))) {
            return GitTree::Yes;
        }
        dir = dir.rsplit_once('/').map_or("", |(parent, _)| parent);
    }
    GitTree::No
}

fn directory(ports: &Ports, given: Option<&str>, halyard_in: &HalyardIn) -> (String, String) {
    // The place alone asks for what is found there.
    let named = given.filter(|given| halyard_in.is_local() || !HalyardIn::split(given).1.is_empty());
    if let Some(given) = named {
        return (given.trim_end_matches('/').to_owned(), "your answer".to_owned());
    }
    let candidates = ports.files.candidates(halyard_in);
    let is_there = |dir: &str| matches!(ports.files.stat(&format!("{dir}/config")), Ok(Some(stat)) if stat.kind == Kind::File);
    let found = candidates.iter().find(|(dir, _)| is_there(dir)).or(candidates.first());
    found.cloned().unwrap_or_else(|| (".hal".to_owned(), "nothing better was found".to_owned()))
}

fn config(ports: &Ports, hal_dir: &str) -> Result<HalConfig, Trouble> {
    let path = format!("{hal_dir}/config");
    match ports.files.stat(hal_dir) {
        Ok(Some(stat)) if stat.kind != Kind::Directory => {
            return Err(Trouble::new(format!("{hal_dir} is not a directory."), "Name Halyard's directory."));
        }
        Ok(None) => {
            return Err(Trouble::new(
                format!("There is no directory {hal_dir}."),
                "Name Halyard's directory, for example /home/spinnaker/.hal.",
            ));
        }
        Err(error) => {
            return Err(Trouble::new(
                format!("{hal_dir} cannot be looked at: {error}."),
                "Run the wizard as Halyard's user, or give this user the right.",
            ));
        }
        Ok(Some(_)) => {}
    }
    if let Ok(Some(stat)) = ports.files.stat(&path)
        && stat.size > yaml::BIGGEST as u64
    {
        return Err(Trouble::new(
            format!(
                "{path} has {} bytes, more than the {} that are read; that is no hal config.",
                stat.size,
                yaml::BIGGEST
            ),
            "Name Halyard's directory.",
        ));
    }
    let bytes = match ports.files.read(&path) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => {
            return Err(Trouble::new(
                format!("There is no hal config in {hal_dir}."),
                "Name the directory that holds Halyard's file `config`.",
            ));
        }
        Err(error) => {
            return Err(Trouble::new(
                format!("{path} cannot be read: {error}."),
                "Run the wizard as Halyard's user, or give this user the right.",
            ));
        }
    };
    HalConfig::read(&bytes).map_err(|error| {
        let fix = match error {
            ConfigError::NotYaml(_) => "Fix the file (Halyard refuses it too), then refresh.",
            ConfigError::BadName(_) => "Give the deployment another name in hal config, then refresh.",
            ConfigError::NoDeployments
            | ConfigError::NoSpinnakerService
            | ConfigError::UnknownDeployment { .. } => {
                "Name the directory that holds Halyard's file `config`."
            }
        };
        Trouble::new(format!("{error}."), fix)
    })
}

fn profiles(ports: &Ports, report: &mut SiteReport, deployment: &DeploymentName) {
    let dir = format!("{}/{deployment}/profiles", report.hal_dir);
    let label = "Profiles directory";
    let config = ports.files.stat(&format!("{}/config", report.hal_dir)).ok().flatten();
    match ports.files.stat(&dir) {
        Ok(None) => report.checks.push(Check::new(CheckVerdict::Good, label, "not there yet; it is made")),
        Ok(Some(stat)) if stat.kind == Kind::Directory => {
            if let Err(error) = ports.files.list(&dir) {
                report.checks.push(
                    Check::new(CheckVerdict::Bad, label, format!("{dir} cannot be listed: {error}"))
                        .with_remedy("Run the wizard as Halyard's user."),
                );
                return;
            }
            match ports.files.writable(&dir) {
                Writable::Yes => {
                    report.checks.push(Check::new(CheckVerdict::Good, label, "readable and writable"));
                }
                Writable::No(why) => {
                    report.read_only = Some(format!("{dir} cannot be written: {why}."));
                    report.checks.push(
                        Check::new(CheckVerdict::Warning, label, format!("cannot be written: {why}")).with_remedy(
                            "Run the wizard as Halyard's user; or go on: the change is offered as a patch.",
                        ),
                    );
                }
            }
            report.checks.push(daemon_reads(config.map(|stat| stat.uid), stat.uid, stat.mode));
            oddities(ports, report, &dir);
        }
        Ok(Some(_)) => report.checks.push(
            Check::new(CheckVerdict::Bad, label, format!("{dir} is a file; Halyard stops with an error"))
                .with_remedy("Move it away."),
        ),
        Err(error) => report.checks.push(
            Check::new(CheckVerdict::Bad, label, format!("{dir} cannot be looked at: {error}"))
                .with_remedy("Run the wizard as Halyard's user."),
        ),
    }
}

/// An unreadable profile becomes an empty one without a word, so the daemon's user must be able to
/// read what we write.
fn daemon_reads(daemon: Option<u32>, owner: u32, mode: u32) -> Check {
    let label = "The daemon's user";
    match daemon {
        Some(daemon) if daemon == owner || mode & 0o005 == 0o005 => {
            Check::new(CheckVerdict::Good, label, "can read the profiles")
        }
        Some(_) if mode & 0o050 == 0o050 => {
            Check::new(CheckVerdict::Unknown, label, "reads the profiles by its group; could not be checked")
        }
        Some(daemon) => Check::new(
            CheckVerdict::Warning,
            label,
            format!("hal config belongs to user {daemon}, the profiles to {owner}"),
        )
        .with_remedy("A profile that the daemon cannot read counts as empty, without an error."),
        None => Check::new(CheckVerdict::Unknown, label, "could not be checked"),
    }
}

/// Things in `profiles/` that make an apply fail or are shipped into the cluster.
fn oddities(ports: &Ports, report: &mut SiteReport, dir: &str) {
    for name in ports.files.list(dir).unwrap_or_default() {
        let kind = ports.files.stat(&format!("{dir}/{name}"));
        if let Ok(Some(stat)) = kind
            && stat.kind == Kind::File
            && stat.names > 1
            && ["gate-local.yml", "clouddriver-local.yml"].contains(&name.as_str())
        {
            let detail =
                format!("{name} has {} names (hard links): the others keep the former text", stat.names);
            report.checks.push(
                Check::new(CheckVerdict::Warning, "Profiles directory", detail)
                    .with_remedy("Make it a file of its own, or change the others by hand."),
            );
        }
        if !matches!(kind, Ok(Some(stat)) if stat.kind != Kind::Other) {
            report.checks.push(
                Check::new(CheckVerdict::Bad, "Profiles directory", format!("{name} is a dangling link or unreadable: every apply fails with a NullPointerException"))
                    .with_remedy("Remove it (an editor's lock file?), then refresh."),
            );
        }
        let backup = name.ends_with('~') || name.ends_with(".bak") || name.ends_with(".orig");
        if backup && (name.starts_with("clouddriver-") || name.starts_with("gate-")) {
            report.checks.push(
                Check::new(
                    CheckVerdict::Warning,
                    "Profiles directory",
                    format!("{name} is shipped into the cluster with the others"),
                )
                .with_remedy("Move it out of profiles/."),
            );
        }
    }
}
