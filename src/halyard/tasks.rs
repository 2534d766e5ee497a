//! The daemon's tasks (`GET /v1/tasks/`; an ended one stays listed for about 32 minutes, so that one is
//! absent does not mean that it failed).

use serde_json::Value;

/// Returns whether a task has not ended.
#[must_use]
pub fn task_runs(task: &Value) -> bool {
    matches!(task.get("state").and_then(Value::as_str), Some("RUNNING" | "NOT_STARTED"))
}
