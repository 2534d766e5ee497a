//! How Spring Boot and kork read properties.

use crate::yaml11::{self, Kind};

/// The mapping under which plugins and repositories stand.
pub(crate) const ROOT: &str = "spinnaker.extensibility";
pub(crate) const PLUGINS: &str = "spinnaker.extensibility.plugins";
pub(crate) const REPOSITORIES: &str = "spinnaker.extensibility.repositories";

/// What a service makes of an `enabled`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Switch {
    On,
    Off,
    /// The service does not start with it.
    Breaks,
}

/// Returns what `plugins.<id>.enabled` is: kork asks the environment for a Boolean, so Spring's
/// `StringToBooleanConverter` reads texts, and a number has no converter (asked of Boot 2.2 to 3.0:
/// `tests/oracle/answers.json`).
pub(crate) fn plugin_switch(text: &str, plain: bool) -> Switch {
    if plain && yaml11::kind(text) == Kind::Number {
        return Switch::Breaks;
    }
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "on" | "yes" | "1" => Switch::On,
        "false" | "off" | "no" | "0" | "" => Switch::Off,
        _ if plain && yaml11::kind(text) == Kind::Null => Switch::Off,
        _ => Switch::Breaks,
    }
}

/// Returns what `repositories.<key>.enabled` is: kork has Jackson read it, which knows fewer words than
/// Spring (asked as above; `TRUE` is one from Boot 2.3 on).
pub(crate) fn repository_switch(text: &str, plain: bool) -> Switch {
    match yaml11::kind(text) {
        Kind::Null if plain => return Switch::Off,
        Kind::Boolean if plain => return plugin_switch(text, plain),
        Kind::Null | Kind::Boolean | Kind::Number | Kind::Text => {}
    }
    match text.trim() {
        "true" | "True" => Switch::On,
        "false" | "False" | "" => Switch::Off,
        _ => Switch::Breaks,
    }
}

/// Returns a version as kork hears it: text as it stands, a plain number as Java prints it.
pub(crate) fn heard_version(text: &str, plain: bool) -> String {
    match text.parse::<f64>() {
        Ok(number) if plain && text.contains('.') => format!("{number:?}"),
        _ => text.to_owned(),
    }
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
