//! Kustomize: what a kustomization refers to, and what it prints. Fields: the reference of kustomization.yaml
//! (kubernetes-sigs/kustomize, api/types/kustomization.go); names of deployments and images as
//! spinnaker/spinnaker `spinnaker-kustomize/` has them (8f1801da, 2026-08-21).

use crate::config::{Deployment, EnvironmentKind};
use crate::deployment_name::DeploymentName;
use crate::services::ServiceName;
use crate::version::Spinnaker;
use crate::yaml::{self, Value, YamlError};

/// The names that a kustomization may have, as kustomize looks for them.
pub const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// What a kustomization refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kustomization {
    /// Directories and files it builds on, as they are written there.
    pub resources: Vec<String>,
    /// Components, as they are written there.
    pub components: Vec<String>,
    /// Files that become entries of a ConfigMap or Secret.
    pub files: Vec<GeneratedFile>,
    /// The namespace it sets.
    pub namespace: Option<String>,
}

/// A file that becomes an entry of a ConfigMap or Secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedFile {
    /// The generator's name: that of the ConfigMap or Secret.
    pub of: String,
    /// The entry.
    pub entry: String,
    /// The path as it is written there.
    pub path: String,
}

impl Kustomization {
    /// Reads a kustomization.
    ///
    /// # Errors
    /// When it is not YAML, or bigger or deeper than what is read.
    pub fn read(text: &str) -> Result<Self, YamlError> {
        let root = yaml::read(text)?;
        let texts = |key: &str| {
            let list = root.get(key).and_then(Value::as_sequence);
            list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
        };
        let mut resources = texts("resources");
        resources.extend(texts("bases"));
        let mut files = Vec::new();
        for generator in ["configMapGenerator", "secretGenerator"] {
            let list = root.get(generator).and_then(Value::as_sequence).into_iter().flatten();
            for each in list {
                let of = each.get("name").and_then(Value::as_str).unwrap_or_default();
                let entries = each.get("files").and_then(Value::as_sequence).into_iter().flatten();
                files.extend(entries.filter_map(Value::as_str).map(|written| entry(of, written)));
            }
        }
        let namespace = root.get("namespace").and_then(Value::as_str).map(|name| crate::clean(name, 100));
        Ok(Self { resources, components: texts("components"), files, namespace })
    }
}

/// `files/gate-local.yml`, or `gate-local.yml=files/mine.yml`.
fn entry(of: &str, written: &str) -> GeneratedFile {
    let name = written.rsplit('/').next().unwrap_or(written);
    let (entry, path) = written.split_once('=').unwrap_or((name, written));
    GeneratedFile { of: of.to_owned(), entry: entry.to_owned(), path: path.to_owned() }
}

/// Returns whether something that a kustomization builds on may be a directory here: not a remote one, nor a file.
#[must_use]
pub fn may_be_directory(written: &str) -> bool {
    let remote = written.contains("://") || written.contains("?ref=") || written.starts_with("git@");
    let file = [".yaml", ".yml", ".json"].iter().any(|ending| written.ends_with(ending));
    !(remote || file || written.is_empty())
}

/// Joins a path to a directory that both stand below the same root, and takes `.` and `..` out as far as that goes.
#[must_use]
pub fn joined(dir: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let whole = if path.starts_with('/') { path.to_owned() } else { format!("{dir}/{path}") };
    for part in whole.split('/').filter(|part| !part.is_empty() && *part != ".") {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    let relative = parts.join("/");
    if path.starts_with('/') { format!("/{relative}") } else { relative }
}

/// What kustomize printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// Kubernetes deployments of services that the plugin extends: (service, name).
    pub workloads: Vec<(ServiceName, String)>,
    /// The tag of Gate's image.
    pub gate_tag: Option<String>,
    /// The namespace that Gate's deployment stands in.
    pub namespace: Option<String>,
    /// Entries of ConfigMaps and Secrets that are profiles: (entry, content).
    pub profiles: Vec<(String, Vec<u8>)>,
}

/// Reads what `kubectl kustomize` printed. What cannot be read of it is passed over.
#[must_use]
pub fn read_rendered(text: &str) -> Rendered {
    let mut found = Rendered::default();
    for document in documents(text) {
        let kind = |kind: &str| document.lines().any(|line| line.trim_end() == format!("kind: {kind}"));
        if !(kind("Deployment") || kind("ConfigMap") || kind("Secret")) {
            continue;
        }
        let Ok(value) = yaml::read(document) else { continue };
        match value.get("kind").and_then(Value::as_str) {
            Some("Deployment") => workload(&value, &mut found),
            Some("ConfigMap") => entries(&value, "data", &mut found),
            Some("Secret") => {
                entries(&value, "stringData", &mut found);
                secrets(&value, &mut found);
            }
            _ => {}
        }
    }
    found
}

/// Splits kustomize's output into its documents.
#[must_use]
pub fn documents(text: &str) -> Vec<&str> {
    text.split("\n---\n").collect()
}

fn at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| value.get(*key))
}

fn text<'v>(value: &'v Value, path: &[&str]) -> Option<&'v str> {
    at(value, path).and_then(Value::as_str)
}

fn workload(value: &Value, found: &mut Rendered) {
    let Some(name) = text(value, &["metadata", "name"]) else { return };
    let label = text(value, &["metadata", "labels", "app.kubernetes.io/name"]);
    let containers = at(value, &["spec", "template", "spec", "containers"]).and_then(Value::as_sequence);
    let containers: Vec<&Value> = containers.into_iter().flatten().collect();
    let called = |service: ServiceName| {
        let own = service.as_str();
        name == own
            || name == service.kubernetes_name()
            || label == Some(own)
            || name.ends_with(&format!("-{own}"))
    };
    let exact = |service: &ServiceName| name == service.as_str() || name == service.kubernetes_name();
    let all = ServiceName::ALL;
    let service = all.iter().find(|each| exact(each)).or_else(|| all.iter().find(|each| called(**each)));
    let Some(service) = service else { return };
    if found.workloads.iter().all(|(known, _)| known != service) {
        found.workloads.push((*service, crate::clean(name, 253)));
    }
    if service.is_gate() {
        let image = containers.iter().find_map(|container| {
            let image = text(container, &["image"])?;
            let (path, tag) = image.rsplit_once(':')?;
            path.rsplit('/').next().filter(|last| last.contains("gate")).map(|_| tag)
        });
        found.gate_tag = image.map(|tag| crate::clean(tag.split('@').next().unwrap_or(tag), 128));
        found.namespace = text(value, &["metadata", "namespace"]).map(|name| crate::clean(name, 253));
    }
}

fn is_profile(entry: &str) -> bool {
    matches!(entry, "gate-local.yml" | "clouddriver-local.yml")
}

fn entries(value: &Value, under: &str, found: &mut Rendered) {
    for (key, content) in value.get(under).and_then(Value::as_mapping).into_iter().flatten() {
        if let (Some(key), Some(content)) = (key.as_str(), content.as_str())
            && is_profile(key)
        {
            found.profiles.push((key.to_owned(), content.as_bytes().to_vec()));
        }
    }
}

fn secrets(value: &Value, found: &mut Rendered) {
    use base64::Engine;
    for (key, content) in value.get("data").and_then(Value::as_mapping).into_iter().flatten() {
        let (Some(key), Some(content)) = (key.as_str(), content.as_str()) else { continue };
        let plain: String = content.chars().filter(|each| !each.is_whitespace()).collect();
        if let (true, Ok(bytes)) = (is_profile(key), base64::engine::general_purpose::STANDARD.decode(plain))
        {
            found.profiles.push((key.to_owned(), bytes));
        }
    }
}

/// Returns an overlay as a deployment, with what its Clouddriver profile says of AWS.
#[must_use]
pub fn deployment_of(name: &DeploymentName, rendered: &Rendered, clouddriver: Option<&str>) -> Deployment {
    let has = |service: ServiceName| rendered.workloads.iter().any(|(each, _)| *each == service);
    let tag = rendered.gate_tag.as_deref().unwrap_or_default();
    let tag = tag.strip_prefix("spinnaker-").unwrap_or(tag);
    let profile = clouddriver.and_then(|text| yaml::read(text).ok());
    let aws = crate::operator::Aws::of_profile(profile.as_ref());
    Deployment {
        name: name.clone(),
        spinnaker: Spinnaker::parse(tag),
        kind: EnvironmentKind::Distributed,
        location: rendered.namespace.clone(),
        account: None,
        clouddriver_ha: has(ServiceName::ClouddriverRw) || has(ServiceName::ClouddriverCaching),
        without_ro_deck: !has(ServiceName::ClouddriverRoDeck),
        gate_url: None,
        authn: false,
        aws_enabled: aws.enabled,
        providers: Vec::new(),
        aws_accounts: aws.accounts,
        aws_regions: aws.regions,
        own_plugins: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_without_dots_and_a_way_out_stays_one() {
        for (dir, path, whole) in [
            ("", "files/gate-local.yml", "files/gate-local.yml"),
            ("overlays/config", "./files/x.yml", "overlays/config/files/x.yml"),
            ("overlays/config", "../../base", "base"),
            ("a", "../../b", "../b"),
            ("..", "../b", "../../b"),
            ("a", "/etc/x", "/etc/x"),
        ] {
            assert_eq!(joined(dir, path), whole, "{dir} {path}");
        }
    }

    #[test]
    fn a_kustomization_is_read_in_all_its_forms() {
        let read = Kustomization::read(
            "namespace: spinnaker\nresources: [base, ingress.yaml, 'https://example.com/x?ref=1']\ncomponents:\n- overlays/config\nconfigMapGenerator:\n- behavior: merge\n  name: gate\n  files:\n  - files/gate-local.yml\n- name: lit\n  literals: [a=b]\nsecretGenerator:\n- name: s\n  files: [clouddriver-local.yml=files/mine.yml]\n",
        )
        .expect("it is YAML");
        let text = |list: &[&str]| list.iter().map(|each| (*each).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            read,
            Kustomization {
                resources: text(&["base", "ingress.yaml", "https://example.com/x?ref=1"]),
                components: text(&["overlays/config"]),
                files: vec![
                    entry("gate", "files/gate-local.yml"),
                    GeneratedFile {
                        of: "s".to_owned(),
                        entry: "clouddriver-local.yml".to_owned(),
                        path: "files/mine.yml".to_owned(),
                    },
                ],
                namespace: Some("spinnaker".to_owned()),
            }
        );
        let dirs: Vec<&str> = read
            .resources
            .iter()
            .chain(&read.components)
            .map(String::as_str)
            .filter(|each| may_be_directory(each))
            .collect();
        assert_eq!(dirs, ["base", "overlays/config"]);
    }
}
