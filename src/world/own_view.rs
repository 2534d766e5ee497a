//! What `hal config -o json` prints: Halyard's own view of a deployment, every default written out.

use ecw_halyard::yaml;
use serde_json::Value;

/// Returns the view of a deployment in a hal config, as one line; `None` when it is not there.
#[must_use]
pub fn own_view(config: &str, deployment: &str) -> Option<String> {
    let of = |text: &str, name: &str| {
        let root: Value = yaml::read(text).and_then(yaml::typed).ok()?;
        let list = root.get("deploymentConfigurations")?.as_array()?;
        list.iter().find(|each| each.get("name").and_then(Value::as_str) == Some(name)).cloned()
    };
    let mut view =
        of(include_str!("../../assets/rehearsal/backup-config.yml"), "default").unwrap_or_default();
    overlay(&mut view, of(config, deployment)?);
    Some(view.to_string())
}

/// Mappings are filled in key by key; everything else is what the hal config says.
fn overlay(view: &mut Value, said: Value) {
    match (view, said) {
        (Value::Object(view), Value::Object(said)) => {
            for (key, value) in said {
                overlay(view.entry(key).or_insert(Value::Null), value);
            }
        }
        (view, said) => *view = said,
    }
}

#[cfg(test)]
mod tests {
    use ecw_halyard::{pending_by_own_view, pending_changes};

    use super::own_view;

    #[test]
    fn the_rehearsals_view_is_halyards_full_form_of_the_rehearsals_config() {
        let config = include_str!("../../assets/rehearsal/config.yml");
        let applied = include_str!("../../assets/rehearsal/backup-config.yml").replace("1.31.2", "1.31.1");
        let view = own_view(config, "default").unwrap_or_default();
        assert!(view.len() > 3_000 && view.contains("\"canary\""), "{view}");
        let by_view = pending_by_own_view(&applied, config, &view, "default");
        assert_eq!(by_view, pending_changes(&applied, config, "default"));
        assert_eq!(by_view.map(|changes| changes.len()), Some(1));
        assert_eq!(own_view(config, "another"), None);
    }
}
