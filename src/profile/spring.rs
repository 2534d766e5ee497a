//! How Spring Boot and kork read properties.

/// The mapping under which plugins and repositories stand.
pub(crate) const ROOT: &str = "spinnaker.extensibility";
pub(crate) const PLUGINS: &str = "spinnaker.extensibility.plugins";
pub(crate) const REPOSITORIES: &str = "spinnaker.extensibility.repositories";

/// Returns whether Spring's boolean conversion takes `value` for true
/// (`StringToBooleanConverter`: true, on, yes, 1, any case).
#[must_use]
pub fn truthy(value: &str) -> bool {
    matches!(value.trim().to_ascii_lowercase().as_str(), "true" | "on" | "yes" | "1")
}

/// Returns the URL that pf4j resolves `plugins.json` against: all up to the last slash of the
/// path (`new URL(url, "plugins.json")`), so two URLs with one base read the same list.
#[must_use]
pub fn repository_base(url: &str) -> &str {
    let url = url.trim();
    let path_from = url.find("://").map_or(0, |at| at + 3);
    let query = url[path_from..].find(['?', '#']).map_or(url.len(), |at| path_from + at);
    match url[path_from..query].rfind('/') {
        Some(at) => &url[..=path_from + at],
        None => &url[..query],
    }
}

/// Joins a key to its parent's path as Spring's `YamlProcessor.buildFlattenedMap` does.
pub(crate) fn join(parent: &str, key: &str) -> String {
    if parent.is_empty() {
        key.to_owned()
    } else if key.starts_with('[') {
        format!("{parent}{key}")
    } else {
        format!("{parent}.{key}")
    }
}

/// Returns whether a scalar is YAML's null.
pub(crate) fn is_null(value: &str) -> bool {
    matches!(value, "" | "~" | "null" | "Null" | "NULL")
}

/// Compares two dotted version numbers; `None` when one of them is none.
pub(crate) fn compare_versions(left: &str, right: &str) -> Option<std::cmp::Ordering> {
    Some(numbers(left)?.cmp(&numbers(right)?))
}

fn numbers(version: &str) -> Option<Vec<u64>> {
    let version = version.trim().strip_prefix('v').unwrap_or(version.trim());
    version.split('.').map(|part| part.parse().ok()).collect()
}
