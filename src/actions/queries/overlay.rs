//! What stands in a kustomize overlay: the two profiles that it merges, found by following what it builds on, and
//! what kustomize makes of it.

use std::collections::BTreeMap;

use ecw_halyard::kustomize::{
    Kustomization, NAMES, Rendered, deployment_of, joined, may_be_directory, read_rendered,
};
use ecw_halyard::{HalConfig, KubernetesAccount};
use ecw_ports::{Kind, Ports};
use ecw_wizard::model::check::{Check, CheckVerdict};
use ecw_wizard::model::place::{GivenCluster, PROFILES, ProfileHome, Workload, whole};
use ecw_wizard::model::report::SiteReport;
use ecw_wizard::values::names::DeploymentName;
use ecw_wizard::values::road::Road;
use ecw_wizard::values::trouble::Trouble;

use super::kustomized::{Kustomized, kustomized};
use super::site;

/// More kustomizations than this are not followed.
const MOST: usize = 300;

/// The two profiles of an overlay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Path of each by the name of the ConfigMap or Secret that it goes into, below the overlay's directory or from
    /// the root; in the order of [`PROFILES`].
    paths: [BTreeMap<String, String>; 2],
    /// Others of the same entry, which the found ones replace.
    pub(super) replaced: Vec<String>,
    /// The namespace that the outermost kustomization sets.
    namespace: Option<String>,
}

impl Found {
    /// Returns how the profiles are kept, if both are there.
    #[must_use]
    pub fn home(&self) -> Option<ProfileHome> {
        let [gate, clouddriver] = [self.path(0)?, self.path(1)?];
        Some(ProfileHome::Overlay { gate, clouddriver })
    }

    /// Another service's ConfigMap may have an entry of that name too: where there are several, the service's own
    /// is meant.
    fn path(&self, which: usize) -> Option<String> {
        let paths = &self.paths[which];
        let service = PROFILES[which].trim_end_matches("-local.yml");
        let own = |name: &str| name == service || name == format!("spin-{service}");
        let only = || paths.values().next().filter(|_| paths.len() == 1);
        paths.iter().find(|(name, _)| own(name)).map(|(_, path)| path).or_else(only).cloned()
    }
}

/// An overlay's state is kept under this name, unless another is given.
#[must_use]
pub fn own_name() -> DeploymentName {
    DeploymentName::parse(Road::Kustomize.name()).unwrap_or_default()
}

/// Follows what an overlay builds on in kustomize's own order: what is merged last is what pods get.
///
/// # Errors
/// The directory holds no kustomization, or one that cannot be read.
pub fn discover(ports: &Ports, dir: &str) -> Result<Found, Trouble> {
    let mut walk = Walk { ports, dir, found: Found::default(), visited: 0, open: Vec::new() };
    if walk.visit(String::new())? {
        return Ok(walk.found);
    }
    Err(Trouble::new(
        format!("{dir} holds no kustomization.yaml."),
        "Name the directory that kubectl apply -k is given.",
    ))
}

struct Walk<'w> {
    ports: &'w Ports,
    dir: &'w str,
    found: Found,
    visited: usize,
    /// Directories that are being followed: one that builds on itself is not followed again.
    open: Vec<String>,
}

impl Walk<'_> {
    /// Returns whether there is a kustomization.
    fn visit(&mut self, at: String) -> Result<bool, Trouble> {
        self.visited += 1;
        if self.open.contains(&at) {
            return Ok(true);
        }
        if self.visited > MOST {
            return Err(Trouble::new(
                format!(
                    "{} builds on more than {MOST} kustomizations; which profile is merged last is not known.",
                    self.dir
                ),
                "Name an overlay further in.",
            ));
        }
        let Some(kustomization) = read(self.ports, self.dir, &at)? else { return Ok(false) };
        self.open.push(at.clone());
        // In kustomize's own order (v5.8.0): what it builds on, its own generators, then its components.
        for each in kustomization.resources.iter().filter(|each| may_be_directory(each)) {
            self.visit(joined(&at, each))?;
        }
        for file in &kustomization.files {
            let Some(which) = PROFILES.iter().position(|profile| *profile == file.entry) else { continue };
            let path = placed(self.dir, &joined(&at, &file.path));
            let former = self.found.paths[which].insert(file.of.clone(), path.clone());
            self.found.replaced.extend(former.filter(|former| *former != path));
        }
        for each in kustomization.components.iter().filter(|each| may_be_directory(each)) {
            self.visit(joined(&at, each))?;
        }
        self.open.pop();
        if at.is_empty() {
            self.found.namespace.clone_from(&kustomization.namespace);
        }
        Ok(true)
    }
}

/// A way out of the overlay's directory is followed from the root.
fn placed(dir: &str, path: &str) -> String {
    if path.starts_with("../") { format!("/{}", joined(dir, path)) } else { path.to_owned() }
}

fn read(ports: &Ports, dir: &str, at: &str) -> Result<Option<Kustomization>, Trouble> {
    let base = match at {
        "" => dir.to_owned(),
        at if at.starts_with('/') => at.to_owned(),
        at if dir.starts_with('/') => format!("/{}", joined(dir, at)),
        at => joined(dir, at),
    };
    for name in NAMES {
        let path = format!("{base}/{name}");
        let bytes = match ports.files.read(&path) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => continue,
            Err(error) => {
                return Err(Trouble::new(
                    format!("{path} cannot be read: {error}."),
                    "Run the wizard as a user who may read the overlay.",
                ));
            }
        };
        return Kustomization::read(&String::from_utf8_lossy(&bytes)).map(Some).map_err(|error| {
            Trouble::new(
                format!("{path} cannot be understood: {error}."),
                "See whether kubectl kustomize reads it.",
            )
        });
    }
    Ok(None)
}

pub(super) fn look(
    ports: &Ports,
    dir: &str,
    deployment: Option<&str>,
    kubectl: &[String],
    given: &GivenCluster,
) -> SiteReport {
    let dir = dir.trim_end_matches('/');
    let mut report = site::empty(ports, dir, "your answer", Road::Kustomize);
    let name = deployment.and_then(|name| DeploymentName::parse(name).ok());
    let name = name.unwrap_or_else(own_name);
    let found = match discover(ports, dir) {
        Ok(found) => found,
        Err(trouble) => {
            report.config = Err(trouble);
            return report;
        }
    };
    let Some(home) = found.home() else {
        report.config = Err(missing(dir, &found));
        return report;
    };
    report.checks.push(Check::new(CheckVerdict::Good, "Overlay", "merges both profiles"));
    for path in &found.replaced {
        let detail = format!("{path} is replaced by one that is merged later: what is written goes there");
        report.checks.push(Check::new(CheckVerdict::Unknown, "Overlay", detail));
    }
    if let ProfileHome::Overlay { gate, clouddriver } = &home {
        for path in [gate, clouddriver].into_iter().filter(|path| path.starts_with('/')) {
            let detail = format!(
                "{path} stands outside of the overlay: others may build on it, and get the plugin too"
            );
            report.checks.push(
                Check::new(CheckVerdict::Warning, "Shared file", detail).with_remedy(
                    "To keep it to this one, merge a file of the overlay's own (behavior: merge).",
                ),
            );
        }
    }
    let rendered = render(ports, kubectl, dir, &mut report.checks);
    report.workloads = rendered
        .workloads
        .iter()
        .map(|(service, name)| Workload { service: *service, name: name.clone() })
        .collect();
    let clouddriver = match &home {
        ProfileHome::Overlay { clouddriver, .. } => whole(dir, clouddriver),
        ProfileHome::Halyard | ProfileHome::Manifest { .. } => String::new(),
    };
    let text = ports.files.read(&clouddriver).ok().flatten();
    let text = text.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let mut deployment = deployment_of(&name, &rendered, text.as_deref());
    let own = found.namespace.clone().or(rendered.namespace.clone());
    deployment.location = own.clone().or_else(|| given.namespace.clone());
    deployment.account = Some(account(given));
    report.apply = if own.is_none() { namespace(given) } else { Vec::new() };
    report.checks.extend(place(deployment.location.as_deref()));
    report.apply.extend(["-k".to_owned(), dir.to_owned()]);
    report.home = home;
    site::writable_files(ports, &mut report);
    report.config = Ok(HalConfig { current: name, deployments: vec![deployment] });
    report
}

/// Where there is no hal config, an overlay that the wizard was started in is pointed to, never taken for the one
/// that is meant.
pub(super) fn pointed_to(ports: &Ports, mut report: SiteReport) -> SiteReport {
    if let Err(trouble) = &mut report.config
        && !matches!(ports.files.stat(&format!("{}/config", report.hal_dir)), Ok(Some(_)))
        && discover(ports, ".").is_ok_and(|found| found.home().is_some())
    {
        let pointer = "This directory is a kustomize overlay of Spinnaker: if that is meant, start with --kustomize . instead.";
        trouble.fix = format!("{pointer} {}", trouble.fix);
    }
    report
}

/// Returns the namespace that an overlay sets.
pub(super) fn namespace_of(ports: &Ports, dir: &str) -> Option<String> {
    read(ports, dir, "").ok().flatten()?.namespace
}

/// Returns the account that stands for a cluster, which only kubectl knows.
pub(super) fn account(given: &GivenCluster) -> KubernetesAccount {
    KubernetesAccount {
        name: given.context.clone().unwrap_or_default(),
        kubeconfig: given.kubeconfig.clone(),
        context: given.context.clone(),
    }
}

/// Without a namespace kubectl takes the context's own, which may be any.
pub(super) fn place(namespace: Option<&str>) -> Option<Check> {
    match namespace {
        Some(_) => None,
        None => Some(
            Check::new(CheckVerdict::Bad, "Namespace", "neither the files nor the answers name one")
                .with_remedy("Name it: --namespace NAME"),
        ),
    }
}

/// Returns what names the namespace where nothing else does.
pub(super) fn namespace(given: &GivenCluster) -> Vec<String> {
    given.namespace.iter().flat_map(|name| ["--namespace".to_owned(), name.clone()]).collect()
}

fn missing(dir: &str, found: &Found) -> Trouble {
    let absent: Vec<&str> = PROFILES
        .into_iter()
        .enumerate()
        .map(|(which, profile)| (profile, found.path(which)))
        .filter(|(_, path)| path.is_none())
        .map(|(profile, _)| profile)
        .collect();
    Trouble::new(
        format!("The overlay {dir} does not merge {}.", absent.join(" and ")),
        "Add it to the service's configMapGenerator (files: - files/gate-local.yml, behavior: merge) with an empty file of that name, and see that the service mounts it.",
    )
}

fn render(ports: &Ports, kubectl: &[String], dir: &str, checks: &mut Vec<Check>) -> Rendered {
    let (detail, remedy) = match kustomized(ports, kubectl, dir) {
        Kustomized::Printed(text) => {
            let rendered = read_rendered(&text);
            if rendered.workloads.is_empty() {
                checks.push(
                    Check::new(
                        CheckVerdict::Warning,
                        "Overlay",
                        "renders no deployment of Gate or Clouddriver",
                    )
                    .with_remedy("Is this the overlay of the whole Spinnaker?"),
                );
            } else {
                checks.push(Check::new(CheckVerdict::Good, "kustomize", "renders the overlay"));
            }
            return rendered;
        }
        Kustomized::Refused(said) => {
            (format!("does not render the overlay: {said}"), format!("See: kubectl kustomize {dir}"))
        }
        Kustomized::NotRun(trouble) => (trouble.what, trouble.fix),
    };
    checks.push(Check::new(CheckVerdict::Bad, "kustomize", detail).with_remedy(remedy));
    Rendered::default()
}

/// Returns whether something is a directory.
pub(super) fn is_directory(ports: &Ports, dir: &str) -> bool {
    matches!(ports.files.stat(dir), Ok(Some(stat)) if stat.kind == Kind::Directory)
}
