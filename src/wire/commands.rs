//! `hal` and `kubectl` as the rehearsal plays them: real child processes that ask the world.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use ecw_web::client::{Asked, Method};
use ecw_web::loopback;
use serde_json::{Value, json};
use tokio::signal::unix::{SignalKind, signal};

pub(super) fn ask(url: &str, body: Option<&Value>) -> Option<Value> {
    let limit = Duration::from_secs(10);
    let body = body.map(Value::to_string);
    let asked = match &body {
        Some(body) => Asked::of(Method::Post, url, limit).with(body),
        None => Asked::of(Method::Get, url, limit),
    };
    let (head, text) = loopback::ask(&asked, 64 * 1024 * 1024).ok()?;
    if head.status < 400 { serde_json::from_str(&text).ok() } else { None }
}

pub(super) fn code(status: i64) -> ExitCode {
    u8::try_from(status).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// Plays `hal`.
#[must_use]
pub fn hal(world: &str, hal_dir: &Path, arguments: &[String]) -> ExitCode {
    let has = |word: &str| arguments.iter().any(|each| each == word);
    if has("--version") {
        let _ = writeln!(std::io::stdout(), "1.63.0-20250409");
        return ExitCode::SUCCESS;
    }
    let deployment =
        arguments.iter().skip_while(|each| *each != "--deployment").nth(1).map_or("default", String::as_str);
    note_arguments(hal_dir.parent().unwrap_or(hal_dir));
    if has("apply") {
        let stopped = note_signals(hal_dir.parent().unwrap_or(hal_dir));
        return apply(world, &hal_dir.join(deployment), arguments, &stopped);
    }
    if has("diff") {
        let _ = write!(std::io::stdout(), "{}", ecw_world::deploy_diff());
        return ExitCode::SUCCESS;
    }
    if has("config") {
        let bytes = fs::read(hal_dir.join("config")).unwrap_or_default();
        let Some(found) = ecw_world::own_view(&String::from_utf8_lossy(&bytes), deployment) else {
            let _ = writeln!(std::io::stderr(), "! ERROR No deployment named \"{deployment}\" exists");
            return ExitCode::FAILURE;
        };
        let _ = writeln!(std::io::stdout(), "{found}");
        return ExitCode::SUCCESS;
    }
    let _ = writeln!(std::io::stderr(), "- not played here: hal {}", arguments.join(" "));
    ExitCode::FAILURE
}

fn apply(world: &str, deployment: &Path, arguments: &[String], stopped: &AtomicU8) -> ExitCode {
    let services: Vec<&String> =
        arguments.iter().skip_while(|each| *each != "--service-names").skip(1).collect();
    let mut profiles = serde_json::Map::new();
    for entry in fs::read_dir(deployment.join("profiles")).into_iter().flatten().flatten() {
        // An unreadable profile is an empty one, as with the real daemon.
        let text = fs::read_to_string(entry.path()).unwrap_or_default();
        profiles.insert(entry.file_name().to_string_lossy().into_owned(), Value::String(text));
    }
    let started =
        ask(&format!("{world}/hal/apply"), Some(&json!({"services": services, "profiles": profiles})));
    let Some(number) = started.as_ref().and_then(|each| each.get("number")).and_then(Value::as_u64) else {
        let _ = writeln!(
            std::io::stderr(),
            "! ERROR Failed to connect to localhost/127.0.0.1:8064\n? Is your daemon running?"
        );
        return ExitCode::FAILURE;
    };
    let mut printed = 0;
    loop {
        let Some(progress) = ask(&format!("{world}/hal/progress?number={number}&from={printed}"), None)
        else {
            let _ = writeln!(std::io::stderr(), "! ERROR Failed to connect to localhost/127.0.0.1:8064");
            return ExitCode::FAILURE;
        };
        for frame in progress.get("frames").and_then(Value::as_array).into_iter().flatten() {
            let _ = write!(std::io::stdout(), "{}", frame.as_str().unwrap_or_default());
            printed += 1;
        }
        let _ = std::io::stdout().flush();
        for write in progress.get("writes").and_then(Value::as_array).into_iter().flatten() {
            let path = deployment.join(write.get("path").and_then(Value::as_str).unwrap_or("staging/x"));
            let _ = path.parent().map(fs::create_dir_all);
            let _ = fs::write(path, write.get("text").and_then(Value::as_str).unwrap_or_default());
        }
        if let Some(exit) = progress.get("exit").and_then(Value::as_i64) {
            return code(exit);
        }
        let signal = stopped.load(Ordering::SeqCst);
        if signal != 0 {
            // hal's shutdown hook: the daemon's task is interrupted before it ends.
            let _ = ask(&format!("{world}/hal/interrupt?number={number}"), None);
            let _ = writeln!(std::io::stderr(), "- Failed to deploy Spinnaker. Task killed by interrupt");
            return ExitCode::from(128 + signal);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Notes how this stand-in was called: no secret may stand there.
fn note_arguments(dir: &Path) {
    let line: Vec<String> = std::env::args().collect();
    if let Ok(mut log) = File::options().create(true).append(true).open(dir.join("hal-argv.log")) {
        let _ = writeln!(log, "{}", line.join(" "));
    }
}

/// Notes every signal that reaches this stand-in: there must be none but where its deploy is cancelled.
fn note_signals(dir: &Path) -> Arc<AtomicU8> {
    let path: PathBuf = dir.join("hal-signals.log");
    let stopped = Arc::new(AtomicU8::new(0));
    let told = stopped.clone();
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async {
            let kinds =
                [SignalKind::hangup(), SignalKind::interrupt(), SignalKind::terminate(), SignalKind::quit()];
            let mut tasks = tokio::task::JoinSet::new();
            for kind in kinds {
                let (path, told) = (path.clone(), told.clone());
                tasks.spawn(async move {
                    let Ok(mut signal) = signal(kind) else { return };
                    signal.recv().await;
                    if let Ok(mut log) = File::options().create(true).append(true).open(&path) {
                        let _ = writeln!(log, "{kind:?}");
                    }
                    told.store(u8::try_from(kind.as_raw_value()).unwrap_or(15), Ordering::SeqCst);
                });
            }
            while tasks.join_next().await.is_some() {}
        });
    });
    stopped
}
