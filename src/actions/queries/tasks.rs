//! What does the daemon work on? (`GET /v1/tasks/`; a task stays listed for about 32 minutes, so
//! that one is absent does not mean that it failed.)

use serde_json::Value;

use ecw_ports::{Ports, Redirects};

/// More tasks than this are not of interest.
const MOST: usize = 10;

pub(super) fn look(ports: &Ports, endpoint: &str) -> Result<Vec<String>, String> {
    let url = format!("{}/v1/tasks/", endpoint.trim_end_matches('/'));
    let answer = ports.web.get(&url, Redirects::Show).map_err(|trouble| trouble.what)?;
    if answer.status != 200 {
        return Err(format!("HTTP {}", answer.status));
    }
    let value: Value =
        serde_json::from_str(&answer.body).map_err(|_| "the answer cannot be read".to_owned())?;
    let list = value
        .as_array()
        .or_else(|| value.get("tasks").and_then(Value::as_array))
        .ok_or("the answer holds no list of tasks")?;
    Ok(current(list))
}

fn line(task: &Value) -> String {
    let text = |key: &str| task.get(key).and_then(Value::as_str).unwrap_or_default();
    let id = task.as_str().unwrap_or_else(|| text("uuid"));
    let words = [id, text("name"), text("state")];
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    ecw_halyard::clean(&words.join(" "), 160)
}

/// The daemon lists what has ended for half an hour; that is no current work. A list without states is an
/// older daemon's.
fn current(list: &[Value]) -> Vec<String> {
    let runs = |task: &&Value| task.get("state").is_none() || ecw_halyard::task_runs(task);
    list.iter().filter(runs).take(MOST).map(line).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::current;

    #[test]
    fn what_has_ended_is_no_current_work() {
        let list = [
            json!({"uuid": "a", "name": "Apply deployment", "state": "SUCCEEDED"}),
            json!({"uuid": "b", "name": "Apply deployment", "state": "RUNNING"}),
            json!({"uuid": "c", "name": "Get config", "state": "FAILED"}),
            json!("d"),
        ];
        assert_eq!(current(&list), ["b Apply deployment RUNNING", "d"]);
    }
}
