//! What stands in the manifest of a `SpinnakerService`, or in a kustomize patch of it.

use ecw_halyard::kustomize::documents;
use ecw_halyard::operator::{SpinnakerService, read_service};
use ecw_halyard::{ConfigError, HalConfig};
use ecw_ports::Ports;
use ecw_wizard::model::check::{Check, CheckVerdict};
use ecw_wizard::model::place::{GivenCluster, ProfileHome};
use ecw_wizard::model::report::SiteReport;
use ecw_wizard::values::names::DeploymentName;
use ecw_wizard::values::road::Road;
use ecw_wizard::values::trouble::Trouble;

use super::kustomized::{Kustomized, kustomized};
use super::overlay::{account, is_directory, namespace, namespace_of, place};
use super::site;

/// The overlay that a manifest is a patch of.
pub(super) struct Patched<'a> {
    /// Its directory.
    pub(super) dir: &'a str,
    /// What renders it.
    pub(super) kubectl: &'a [String],
}

pub(super) fn look(
    ports: &Ports,
    dir: &str,
    file: &str,
    patched: Option<Patched>,
    deployment: Option<&str>,
    given: &GivenCluster,
) -> SiteReport {
    let dir = dir.trim_end_matches('/');
    let mut report = site::empty(ports, dir, "your answer", Road::Operator);
    report.home = ProfileHome::Manifest { file: file.to_owned() };
    let name = deployment.and_then(|name| DeploymentName::parse(name).ok());
    let name = name.unwrap_or_else(|| named_after(file));
    let path = format!("{dir}/{file}");
    let service = match service_in(ports, &path, &name) {
        Ok(service) => service,
        Err(trouble) => {
            report.config = Err(trouble);
            return report;
        }
    };
    let service = match &patched {
        Some(patched) => as_rendered(ports, patched, &service).unwrap_or(service),
        None => service,
    };
    let overlay = patched.map(|patched| patched.dir);
    let detail = format!("{} {}", service.api_version, service.name);
    report.checks.push(Check::new(CheckVerdict::Good, "SpinnakerService", detail));
    if let Some(place) = &service.for_every_service {
        let detail = format!("{place} names the plugin or its repository: every service downloads it");
        report.checks.push(
            Check::new(CheckVerdict::Warning, "Every service", detail)
                .with_remedy("Take it out there: Gate and Clouddriver are enough."),
        );
    }
    let mut deployment = service.deployment;
    let own = service.namespace.clone().or_else(|| namespace_of(ports, overlay?));
    deployment.location = own.clone().or_else(|| given.namespace.clone()).or(deployment.location);
    deployment.account = Some(account(given));
    report.apply = if own.is_none() { namespace(given) } else { Vec::new() };
    report.checks.extend(place(deployment.location.as_deref()));
    match overlay {
        Some(overlay) if !is_directory(ports, overlay) => {
            report.config = Err(Trouble::new(
                format!("There is no directory {overlay}."),
                "Name the directory that kubectl apply -k is given.",
            ));
            return report;
        }
        Some(overlay) => report.apply.extend(["-k".to_owned(), overlay.to_owned()]),
        None => report.apply.extend(["-f".to_owned(), path]),
    }
    site::writable_files(ports, &mut report);
    report.config = Ok(HalConfig { current: name, deployments: vec![deployment] });
    report
}

/// Returns the one service of a file.
fn service_in(ports: &Ports, path: &str, name: &DeploymentName) -> Result<SpinnakerService, Trouble> {
    let bytes = ports.files.read(path).map_err(|error| {
        Trouble::new(
            format!("{path} cannot be read: {error}."),
            "Run the wizard as a user who may read and write it.",
        )
    })?;
    let bytes = bytes.ok_or_else(|| {
        Trouble::new(
            format!("There is no file {path}."),
            "Name the manifest of the SpinnakerService, or the patch of it.",
        )
    })?;
    read_service(&String::from_utf8_lossy(&bytes), name).map_err(|error| match error {
        ConfigError::NotYaml(why) => {
            Trouble::new(format!("{path} is not valid YAML: {why}."), "Fix the file, then refresh.")
        }
        error => Trouble::new(
            format!("{path}: {error}."),
            "Name the file that holds the SpinnakerService, each in a file of its own.",
        ),
    })
}

/// Returns the service as kustomize prints it: a patch says neither the version of Spinnaker nor, often, the
/// namespace. `None` when it prints no such one, which the check of what would be sent tells.
fn as_rendered(ports: &Ports, patched: &Patched, patch: &SpinnakerService) -> Option<SpinnakerService> {
    let Kustomized::Printed(printed) = kustomized(ports, patched.kubectl, patched.dir) else { return None };
    let mut found = documents(&printed)
        .into_iter()
        .filter(|document| document.lines().any(|line| line.trim_end() == "kind: SpinnakerService"))
        .filter_map(|document| read_service(document, &patch.deployment.name).ok())
        .filter(|service| service.name == patch.name);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn is_plain(stem: &str) -> bool {
    !stem.is_empty()
        && !stem.starts_with('-')
        && stem.chars().all(|each| each.is_ascii_alphanumeric() || each == '-')
}

/// A manifest's state is kept under its name, so that several may stand in one directory.
#[must_use]
pub fn named_after(file: &str) -> DeploymentName {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    if let Some(stem) = file.strip_suffix(".yml").filter(|stem| is_plain(stem)) {
        return DeploymentName::parse(stem).unwrap_or_default();
    }
    // Two files never share a state, however alike their names are.
    let mark = &ecw_profile::sha256_hex(file.as_bytes())[..8];
    let plain: String = stem
        .chars()
        .map(|each| if each.is_ascii_alphanumeric() || each == '-' { each } else { '-' })
        .collect();
    DeploymentName::parse(&format!("{}-{mark}", plain.trim_matches('-')))
        .or_else(|_| DeploymentName::parse(Road::Operator.name()))
        .unwrap_or_default()
}
