//! `service-settings/*.yml` and `history/service-profiles.yml`.

use crate::yaml::Value;
use serde::{Deserialize, Serialize};

/// A setting that weakens our profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SettingsRemark {
    /// What stands there.
    pub what: String,
    /// What follows.
    pub consequence: String,
}

/// Returns remarks on a service's settings, and `overrideBaseUrl` when it names one.
#[must_use]
pub fn read_service_settings(text: &str) -> (Vec<SettingsRemark>, Option<String>) {
    let Ok(value) = crate::yaml::read(text) else {
        let remark = SettingsRemark {
            what: "the file is not valid YAML".to_owned(),
            consequence: "Halyard stops with an error at the next apply.".to_owned(),
        };
        return (vec![remark], None);
    };
    let mut remarks = Vec::new();
    let active = value.get("env").and_then(|env| env.get("SPRING_PROFILES_ACTIVE")).and_then(Value::as_str);
    if let Some(active) = active
        && !active.split(',').any(|profile| profile.trim() == "local")
    {
        remarks.push(SettingsRemark {
            what: format!("SPRING_PROFILES_ACTIVE: {active}"),
            consequence: "The profile `local` is not active, so our file is ignored.".to_owned(),
        });
    }
    let url = value.get("overrideBaseUrl").and_then(Value::as_str).filter(|url| url.contains("://"));
    (remarks, url.map(str::to_owned))
}

/// Returns the profile files that Halyard's history lists for a service, or `None` when the
/// history does not know the service.
#[must_use]
pub fn read_history(text: &str, history_key: &str) -> Option<Vec<String>> {
    let value = crate::yaml::read(text).ok()?;
    let files = value.get(history_key)?;
    let names = match files {
        Value::Mapping(map) => map.keys().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::Sequence(list) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    Some(names)
}
