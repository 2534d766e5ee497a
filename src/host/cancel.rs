//! Cancelling our own deploy and nobody else's. hal asks the daemon to stop its own task when it is
//! told to end (its shutdown hook), so hal's own process is what is signalled, found below the one that
//! we started: the Debian package's wrapper is a shell that passes no signal on. Where hal runs in a
//! container or on another host, the daemon's task is interrupted if it is ours beyond doubt.

use std::time::Duration;

use ecw_halyard::{ServiceName, task_runs};
use ecw_web::client::{Asked, Method};
use ecw_web::loopback::ask_by_url;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use serde_json::Value;

use super::process_id::{Alive, Process, family, words_of};

/// Commands that carry hal elsewhere: what runs there is not below us.
const CARRIERS: [&str; 7] = ["docker", "podman", "nerdctl", "kubectl", "oc", "ssh", "runuser"];
/// Clocks of this host and the daemon's may differ by this much.
const CLOCKS_MS: u64 = 5_000;
const TASK: &str = "Apply deployment";
const PUT: &str = "PUT";

/// What a deploy of ours is known by.
#[derive(Clone, Debug)]
pub struct Ours<'a> {
    /// Services that it deploys.
    pub services: &'a [ServiceName],
    /// When it was begun, milliseconds since 1970 UTC.
    pub started: u64,
}

/// Signals hal's own process.
///
/// # Errors
/// Why not.
pub fn signal_hal(noted: Option<&Process>, mark: &str) -> Result<String, String> {
    let noted = noted.ok_or("hal's process is not known")?;
    // The file that names it can be written by others: the process itself must bear this deploy's mark.
    if !bears(noted.pid, mark) {
        return Err("the process that is noted as hal is not this deploy's".to_owned());
    }
    if noted.alive() == Alive::No {
        return Err("hal has ended".to_owned());
    }
    let family = family(noted.pid);
    let carried = family.iter().find_map(|pid| words_of(*pid).first().and_then(|word| carrier(word)));
    if let Some(carrier) = carried {
        return Err(format!("hal runs behind {carrier}, which passes no signal on"));
    }
    // The innermost process: below a wrapper that is java; hal itself where there is no wrapper.
    let java =
        family.iter().rev().find(|pid| words_of(**pid).first().is_some_and(|word| base(word) == "java"));
    let target = java.or(family.last()).copied().unwrap_or(noted.pid);
    let pid = Pid::from_raw(target).ok_or("hal's process is not known")?;
    let process = pidfd_open(pid, PidfdFlags::empty()).map_err(|error| error.to_string())?;
    // Looked at after the descriptor was had: it still is one of ours.
    let still = bears(noted.pid, mark) && super::process_id::family(noted.pid).contains(&target);
    if noted.alive() == Alive::No || !still {
        return Err("hal has ended".to_owned());
    }
    pidfd_send_signal(process, Signal::TERM).map_err(|error| error.to_string())?;
    Ok(format!("Told our own hal (pid {target}) to stop; it asks the daemon to stop its task."))
}

/// Whether a process was started with this deploy's mark in its environment.
fn bears(pid: i32, mark: &str) -> bool {
    let wanted = format!("{}={mark}", crate::supervisor::MARK);
    let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    environment.split(|byte| *byte == 0).any(|each| each == wanted.as_bytes())
}

fn base(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

fn carrier(word: &str) -> Option<&'static str> {
    CARRIERS.into_iter().find(|carrier| base(word) == *carrier)
}

/// Returns the one running task that deploys just these services and began with us.
///
/// # Errors
/// Why none can be told to be ours.
pub fn our_task(
    list: &Value,
    ours: &Ours<'_>,
    whole: impl Fn(&str) -> Option<Value>,
) -> Result<String, String> {
    let tasks = list.as_array().or_else(|| list.get("tasks").and_then(Value::as_array));
    let tasks = tasks.ok_or("the daemon's list of tasks cannot be read")?;
    let text = |task: &Value, key: &str| task.get(key).and_then(Value::as_str).map(str::to_owned);
    let running: Vec<String> = tasks
        .iter()
        .filter(|task| text(task, "name").as_deref() == Some(TASK) && task_runs(task))
        .filter_map(|task| text(task, "uuid"))
        .filter(|uuid| {
            uuid.len() <= 64 && uuid.chars().all(|each| each.is_ascii_alphanumeric() || each == '-')
        })
        .collect();
    let fits: Vec<&String> =
        running.iter().filter(|uuid| whole(uuid).is_some_and(|task| is_ours(&task, ours))).collect();
    match fits.as_slice() {
        [uuid] => Ok((*uuid).clone()),
        [] if running.is_empty() => Err("the daemon works on no deploy".to_owned()),
        _ => Err(format!(
            "the daemon works on {} that cannot be told from somebody else's, so none was interrupted",
            if running.len() == 1 { "a deploy".to_owned() } else { format!("{} deploys", running.len()) }
        )),
    }
}

/// Whether a whole task (`GET /v1/tasks/<uuid>`) deploys just our services and began when we did.
fn is_ours(task: &Value, ours: &Ours<'_>) -> bool {
    let list = |key: &str| task.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut deployed: Vec<String> = list("children")
        .iter()
        .filter_map(|child| child.get("name")?.as_str()?.strip_prefix("Deploy ").map(str::to_owned))
        .collect();
    let mut wanted: Vec<String> =
        ours.services.iter().map(|each| each.kubernetes_name().to_owned()).collect();
    deployed.sort();
    wanted.sort();
    let begun = list("events").iter().filter_map(|event| event.get("timestamp")?.as_u64()).min();
    deployed == wanted && begun.is_some_and(|begun| begun + CLOCKS_MS >= ours.started)
}

/// Asks a daemon of this machine's network by a method: what it answers.
///
/// # Errors
/// In words.
pub fn ask_daemon(daemon: &str, method: &str, path: &str) -> Result<String, String> {
    let url = format!("{}/v1/tasks/{path}", daemon.trim_end_matches('/'));
    let method = if method == PUT { Method::Put } else { Method::Get };
    let asked = Asked::of(method, &url, Duration::from_secs(5));
    match ask_by_url(&asked, 4 * 1024 * 1024).map_err(|trouble| trouble.what)? {
        (head, text) if head.status < 400 => Ok(text),
        (head, _) => Err(format!("it answers {}", head.status)),
    }
}

/// Interrupts the daemon's task that is ours; `ask` asks for something below its tasks by a method.
///
/// # Errors
/// Why nothing was interrupted.
pub fn interrupt_task(
    daemon: &str,
    ours: &Ours<'_>,
    ask: impl Fn(&str, &str) -> Result<String, String>,
) -> Result<String, String> {
    let get = |path: &str| -> Result<Value, String> {
        serde_json::from_str(&ask("GET", path)?).map_err(|_| "its answer cannot be read".to_owned())
    };
    let list = get("").map_err(|why| format!("the daemon at {daemon} does not answer ({why})"))?;
    let uuid = our_task(&list, ours, |uuid| get(uuid).ok())?;
    ask(PUT, &format!("{uuid}/interrupt"))
        .map_err(|error| format!("the daemon did not take the interrupt ({error})"))?;
    Ok("The daemon was asked to interrupt our task.".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn list(states: &[(&str, &str)]) -> Value {
        let tasks: Vec<Value> = states
            .iter()
            .map(|(uuid, state)| json!({"uuid": uuid, "name": "Apply deployment", "state": state, "children": []}))
            .collect();
        json!({"tasks": tasks})
    }

    fn whole(service: &str, begun: u64) -> Value {
        json!({"name": "Apply deployment", "children": [{"name": format!("Deploy {service}")}], "events": [{"timestamp": begun}]})
    }

    #[test]
    fn only_a_running_task_that_deploys_our_services_since_we_began_is_ours() {
        let ours = Ours { services: &[ServiceName::Gate], started: 100_000 };
        let both = list(&[("a", "RUNNING"), ("b", "RUNNING"), ("c", "SUCCEEDED")]);
        let found = our_task(&both, &ours, |uuid| {
            Some(whole(if uuid == "a" { "spin-orca" } else { "spin-gate" }, 101_000))
        });
        assert_eq!(found, Ok("b".to_owned()));
        // A colleague's deploy of the same service, begun long before ours.
        let older = our_task(&list(&[("a", "RUNNING")]), &ours, |_| Some(whole("spin-gate", 10_000)));
        assert!(older.is_err_and(|why| why.contains("cannot be told from somebody else's")));
        let twins = our_task(&list(&[("a", "RUNNING"), ("b", "RUNNING")]), &ours, |_| {
            Some(whole("spin-gate", 101_000))
        });
        assert!(twins.is_err_and(|why| why.contains("2 deploys")));
        let ended = our_task(&list(&[("a", "SUCCEEDED"), ("b", "FAILED")]), &ours, |_| {
            Some(whole("spin-gate", 101_000))
        });
        assert_eq!(ended, Err("the daemon works on no deploy".to_owned()));
    }

    #[test]
    fn below_a_wrapper_that_passes_no_signal_on_the_innermost_process_gets_it() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let wrapper = dir.path().join("hal");
        std::fs::write(&wrapper, "#!/bin/bash\nsleep 60\nexit $?\n").expect("written");
        std::fs::set_permissions(&wrapper, std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .expect("mode");
        let mut command = std::process::Command::new(&wrapper);
        let mut child = command.env(crate::supervisor::MARK, "/state/deploy-1").spawn().expect("started");
        let pid = i32::try_from(child.id()).expect("small");
        while family(pid).len() < 2 {
            std::thread::yield_now();
        }
        let noted = Process::of(pid).expect("alive");
        assert!(
            signal_hal(Some(&noted), "/state/deploy-2").is_err_and(|why| why.contains("not this deploy's"))
        );
        assert!(signal_hal(Some(&noted), "/state/deploy-1").is_ok_and(|words| words.contains("our own hal")));
        assert_eq!(child.wait().expect("ended").code(), Some(143));
    }
}
