//! `hal` and `kubectl` as child processes. A deploy runs under a supervisor of its own session: no
//! signal that reaches this program reaches it.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use ecw_core::event::{DeployRead, DeployState};
use ecw_core::question::Cluster;
use ecw_core::trouble::Trouble;

use super::{Commands, Output};
use crate::login;
use crate::supervisor::{self, Alive, DeployFiles};

/// Longer output of a short command is cut.
const OUTPUT_LIMIT: u64 = 24 * 1024 * 1024;
/// A log is read in pieces of this size.
const PIECE: usize = 256 * 1024;
const START_LIMIT: Duration = Duration::from_secs(10);

/// Child processes of this machine.
pub struct Processes {
    /// Our own program, for the supervisor.
    pub program: PathBuf,
    /// Where deploys keep their files.
    pub state_dir: PathBuf,
    /// The kubectl command.
    pub kubectl: Vec<String>,
    /// The daemon's address, for interrupting a task.
    pub daemon: String,
}

impl Commands for Processes {
    fn run(&self, command: &[String], limit: Duration) -> Result<Output, Trouble> {
        let Some((program, arguments)) = command.split_first() else {
            return Err(Trouble::new("There is no command to run.", "Name the hal command."));
        };
        let child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| {
                Trouble::new(
                    format!("{program} cannot be started: {error}."),
                    "Install it, or name the right command (--hal).",
                )
            })?;
        finish(child, program, limit)
    }

    fn kubectl(&self, cluster: &Cluster, arguments: &[&str]) -> Result<Output, Trouble> {
        let mut command = self.kubectl.clone();
        if let Some(kubeconfig) = &cluster.kubeconfig {
            command.extend(["--kubeconfig".to_owned(), kubeconfig.clone()]);
        }
        if let Some(context) = &cluster.context {
            command.extend(["--context".to_owned(), context.clone()]);
        }
        command.extend([
            "--namespace".to_owned(),
            cluster.namespace.clone(),
            "--request-timeout=10s".to_owned(),
        ]);
        command.extend(arguments.iter().map(|each| (*each).to_owned()));
        self.run(&command, Duration::from_secs(20))
    }

    fn start_deploy(&self, number: u64, command: &[String]) -> Result<(), Trouble> {
        if let Some(running) = self.running() {
            return Err(Trouble::new(
                format!("Another deploy still runs ({running})."),
                "Wait for it with event-cache-wizard attach, then retry.",
            ));
        }
        let files = DeployFiles::new(&self.state_dir, number);
        let trouble = |error: std::io::Error| {
            Trouble::new(
                format!("The deploy could not be started: {error}."),
                "Nothing was deployed. Mend the cause, then retry.",
            )
        };
        if files.begun() {
            return Err(trouble(std::io::Error::other(format!("{} is there already", files.dir.display()))));
        }
        crate::ports::store::private_directory(&files.dir).map_err(trouble)?;
        let mut words = login::scope();
        words.push(self.program.display().to_string());
        words.extend([
            "supervise".to_owned(),
            "--dir".to_owned(),
            files.dir.display().to_string(),
            "--".to_owned(),
        ]);
        words.extend(command.iter().cloned());
        let own_log = files.dir.join("supervisor.log");
        let stderr = crate::ports::store::open_shared(&own_log).map_err(trouble)?;
        let mut child = Command::new(&words[0])
            .args(&words[1..])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr)
            .spawn()
            .map_err(trouble)?;
        let deadline = Instant::now() + START_LIMIT;
        loop {
            if files.owner.exists() {
                // Reap it when it ends while we are still here.
                thread::spawn(move || child.wait());
                return Ok(());
            }
            if child.try_wait().ok().flatten().is_some() || Instant::now() > deadline {
                let said = fs::read_to_string(files.dir.join("supervisor.log")).unwrap_or_default();
                return Err(trouble(std::io::Error::other(ecw_halyard::clean(said.trim(), 300))));
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn read_deploy(&self, number: u64, offset: u64) -> DeployRead {
        let files = DeployFiles::new(&self.state_dir, number);
        // The state first: what is printed before the end is then never missed.
        let mut state = state_of(&files);
        let (text, more) = read_log(&files.log, offset);
        if more && matches!(state, DeployState::Ended { .. } | DeployState::Vanished) {
            state = DeployState::Running;
        }
        DeployRead { number, offset, end: offset + text.len() as u64, text, state }
    }

    fn outlives_login(&self) -> Result<String, String> {
        login::outlives()
    }

    fn cancel_deploy(&self, number: u64) -> String {
        if let Some(words) = interrupt_task(&self.daemon) {
            return words;
        }
        let files = DeployFiles::new(&self.state_dir, number);
        match supervisor::interrupt_hal(&files) {
            Ok(()) => "Sent hal an interrupt; it asks the daemon to stop the task.".to_owned(),
            Err(why) => format!("It cannot be cancelled from here: {why}."),
        }
    }
}

impl Processes {
    /// Returns the deploy that still runs, if one does.
    fn running(&self) -> Option<String> {
        for entry in fs::read_dir(&self.state_dir).ok()?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some(number) = name.strip_prefix("deploy-").and_then(|number| number.parse().ok()) else {
                continue;
            };
            if state_of(&DeployFiles::new(&self.state_dir, number)) == DeployState::Running {
                return Some(name);
            }
        }
        None
    }
}

fn state_of(files: &DeployFiles) -> DeployState {
    if let Some(exit) = files.read_exit() {
        return DeployState::Ended { exit };
    }
    if !files.owner.exists() {
        return DeployState::Absent;
    }
    match (files.supervisor_alive(), files.hal_alive()) {
        (Alive::Yes, _) | (_, Alive::Yes) => DeployState::Running,
        (Alive::No, Alive::No) => {
            // It may have ended just now.
            files.read_exit().map_or(DeployState::Vanished, |exit| DeployState::Ended { exit })
        }
    }
}

/// Returns the next piece of a log and whether there is more. Bytes that are no text become `?`,
/// one each, so that offsets stay right.
fn read_log(log: &Path, offset: u64) -> (String, bool) {
    let Ok(mut file) = File::open(log) else { return (String::new(), false) };
    let length = file.metadata().map(|meta| meta.len()).unwrap_or(0);
    if offset >= length || file.seek(SeekFrom::Start(offset)).is_err() {
        return (String::new(), false);
    }
    let mut bytes = Vec::with_capacity(PIECE);
    if file.take(PIECE as u64).read_to_end(&mut bytes).is_err() {
        return (String::new(), false);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        let cut_at_end = chunk.invalid().len() < 4
            && std::ptr::eq(chunk.invalid().as_ptr_range().end, bytes.as_ptr_range().end)
            && bytes.len() == PIECE;
        if !cut_at_end {
            text.extend(std::iter::repeat_n('?', chunk.invalid().len()));
        }
    }
    let more = offset + (text.len() as u64) < length;
    (text, more)
}

fn finish(mut child: Child, program: &str, limit: Duration) -> Result<Output, Trouble> {
    let stdout = reader(child.stdout.take());
    let stderr = reader(child.stderr.take());
    let deadline = Instant::now() + limit;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() < deadline => thread::sleep(Duration::from_millis(10)),
            Ok(None) | Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(Trouble::new(
                    format!("{program} does not answer within {} s.", limit.as_secs()),
                    "See why it hangs, then check again.",
                ));
            }
        }
    };
    let text = |reader: thread::JoinHandle<Vec<u8>>| {
        String::from_utf8_lossy(&reader.join().unwrap_or_default()).into_owned()
    };
    Ok(Output { status: status.code(), stdout: text(stdout), stderr: text(stderr) })
}

fn reader(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.by_ref().take(OUTPUT_LIMIT).read_to_end(&mut bytes);
            // Whatever comes beyond the limit is read and dropped, so that the child can end.
            let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        }
        bytes
    })
}

/// Asks the daemon to interrupt the tasks it runs (`PUT /v1/tasks/<uuid>/interrupt`).
fn interrupt_task(daemon: &str) -> Option<String> {
    let base = daemon.trim_end_matches('/');
    let agent =
        ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(5))).build().new_agent();
    let list = agent.get(format!("{base}/v1/tasks/")).call().ok()?.body_mut().read_to_string().ok()?;
    let value: serde_json::Value = serde_json::from_str(&list).ok()?;
    let tasks = value.as_array().cloned().or_else(|| Some(value.get("tasks")?.as_array()?.clone()))?;
    let mut interrupted = 0;
    for task in tasks {
        let uuid =
            task.as_str().map(str::to_owned).or_else(|| Some(task.get("uuid")?.as_str()?.to_owned()))?;
        let fits = uuid.chars().all(|each| each.is_ascii_alphanumeric() || each == '-');
        if fits && agent.put(format!("{base}/v1/tasks/{uuid}/interrupt")).send_empty().is_ok() {
            interrupted += 1;
        }
    }
    (interrupted > 0).then(|| "The daemon was asked to interrupt the task.".to_owned())
}
