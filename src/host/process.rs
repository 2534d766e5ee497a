//! `hal` and `kubectl` as child processes. A deploy runs under a supervisor of its own session: no
//! signal that reaches this program reaches it.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use ecw_wizard::messages::event::{DeployRead, DeployState};
use ecw_wizard::model::log_page::Log;
use ecw_wizard::model::place::Cluster;
use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::shell_words;
use ecw_wizard::values::trouble::Trouble;

use ecw_halyard::ServiceName;

use crate::call_log::CALL_LOG;
use crate::cancel::{self, Ours};
use crate::child;
use crate::deploy_files::{DeployFiles, LOG, SUPERVISOR_LOG, name_of};
use crate::deploy_lock::{DeployLock, held_for};
use crate::fail::{Point, point};
use crate::log_piece::{FAR, KEPT, PIECE, passed_over, text_of};
use crate::login;
use crate::overlay_copy;
use crate::print;
use crate::state_place::{PlaceCell, StatePlace};
use ecw_ports::{Carried, Commands, OpenLog, Output};

/// Longer output of a short command is cut.
const OUTPUT_LIMIT: usize = 24 * 1024 * 1024;
const START_LIMIT: Duration = Duration::from_secs(10);

/// Child processes of this machine.
pub struct Processes {
    /// Our own program, for the supervisor.
    pub program: PathBuf,
    /// Where deploys keep their files.
    pub place: Arc<PlaceCell>,
    /// The kubectl command.
    pub kubectl: Vec<String>,
    /// What stands in for every daemon, in a rehearsal: a real one is never asked there.
    pub stand_in_daemon: Option<String>,
}

impl Commands for Processes {
    fn run(&self, command: &[String], limit: Duration) -> Result<Output, Trouble> {
        let Some((program, arguments)) = command.split_first() else {
            return Err(Trouble::new("There is no command to run.", "Name the command."));
        };
        print::detail(&shell_words::join(command));
        let child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| {
                Trouble::new(
                    format!("{program} cannot be started: {error}."),
                    "Install it, or name the right command (--hal; for kubectl the answer kubernetes.kubectl).",
                )
            })?;
        let Some(done) = child::finish(child, limit, OUTPUT_LIMIT) else {
            return Err(Trouble::new(
                format!("{program} does not answer within {} s.", limit.as_secs()),
                "See why it hangs, then refresh.",
            ));
        };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(Output { status: done.status.code(), stdout: text(&done.stdout), stderr: text(&done.stderr) })
    }

    fn kubectl(&self, cluster: &Cluster, arguments: &[&str]) -> Result<Output, Trouble> {
        self.run(&self.kubectl_words(cluster, arguments), Duration::from_secs(20))
    }

    fn render_edited(
        &self,
        kubectl: &[String],
        dir: &str,
        edited: &[(String, Vec<u8>)],
        limit: Duration,
    ) -> Result<Output, Trouble> {
        let copy = overlay_copy::copy(Path::new(dir), edited).map_err(|error| {
            Trouble::new(
                format!("{dir} could not be copied: {error}."),
                "Make room in the temporary directory.",
            )
        })?;
        let words = ["kustomize".to_owned(), copy.overlay.display().to_string()];
        let command: Vec<String> = kubectl.iter().cloned().chain(words).collect();
        self.run(&command, limit)
    }

    fn start_deploy(&self, number: u64, command: &[String]) -> Result<(), Trouble> {
        print::detail(&shell_words::join(command));
        let place = self.place.get();
        let trouble = |error: &io::Error| {
            Trouble::new(
                format!("The deploy could not be started: {error}."),
                "Nothing was deployed by this step. Fix the cause, then retry.",
            )
        };
        let deploy = self.prepare(&place, number).map_err(|error| trouble(&error))?;
        let lock = DeployLock::open(&place).map_err(|error| trouble(&error))?.take(&place, number)?;
        point(Point::DeployPrepared);
        let child = self.supervise(&deploy, lock.file, command).map_err(|error| trouble(&error))?;
        // Its own descriptor of the deployment's directory went along; ours is given back.
        drop(lock.directory);
        point(Point::SupervisorStarted);
        wait_for_supervisor(child, &deploy).map_err(|error| trouble(&error))
    }

    fn read_deploy(&self, number: u64, offset: u64) -> DeployRead {
        let place = self.place.get();
        let files =
            place.open().ok().flatten().and_then(|state| DeployFiles::open(&state, number).ok().flatten());
        let locked = || held_for(&place, number);
        let Some(files) = files else {
            let state = if locked() { DeployState::Running } else { DeployState::Absent };
            return DeployRead { number, offset, end: offset, text: String::new(), state, down: None };
        };
        // The state first: what is printed before the end is then never missed.
        let mut state = files.state(locked);
        let read = files.log().map_or_else(Piece::default, |log| read_log(log, offset));
        if read.more && matches!(state, DeployState::Ended { .. } | DeployState::Vanished) {
            state = DeployState::Running;
        }
        DeployRead { number, offset, end: read.end.max(offset), text: read.text, state, down: None }
    }

    fn log(&self, log: Log) -> io::Result<Option<OpenLog>> {
        let place = self.place.get();
        let Some(state) = place.open()? else { return Ok(None) };
        let (dir, file) = match log {
            Log::Aws => (state.path().to_owned(), state.file(CALL_LOG)?),
            Log::Deploy(number) => match DeployFiles::open(&state, number)? {
                Some(files) => (files.dir().path().to_owned(), files.log()),
                None => return Ok(None),
            },
        };
        let name = match log {
            Log::Aws => CALL_LOG,
            Log::Deploy(_) => LOG,
        };
        let path = dir.join(name).display().to_string();
        Ok(file.map(|file| OpenLog { path, file: Box::new(file) }))
    }

    fn outlives_login(&self, _: &str) -> Result<String, Trouble> {
        Ok(login::outlives()?)
    }

    fn carried(&self, _: &HalyardIn) -> Result<Option<Carried>, Trouble> {
        Ok(None)
    }

    fn cancel_deploy(
        &self,
        number: u64,
        services: &[ServiceName],
        started: u64,
        daemon: &str,
    ) -> Result<String, Trouble> {
        let state = self.place.get().open().ok().flatten();
        let files = state.and_then(|state| DeployFiles::open(&state, number).ok().flatten());
        let mark = files.as_ref().map(|files| files.dir().path().display().to_string()).unwrap_or_default();
        let why = match cancel::signal_hal(files.and_then(|files| files.hal()).as_ref(), &mark) {
            Ok(words) => return Ok(words),
            Err(why) => why,
        };
        let daemon = self.stand_in_daemon.as_deref().unwrap_or(daemon);
        let ask = |method: &str, path: &str| cancel::ask_daemon(daemon, method, path);
        cancel::interrupt_task(daemon, &Ours { services, started }, ask)
            .map_err(|daemon| Trouble::reason(format!("It cannot be cancelled from here: {why}; {daemon}.")))
    }
}

impl Processes {
    /// Returns the words that run `kubectl` against a cluster.
    #[must_use]
    pub fn kubectl_words(&self, cluster: &Cluster, arguments: &[&str]) -> Vec<String> {
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
        command
    }

    /// Makes the deploy's directory; one that was begun before is not begun again.
    fn prepare(&self, place: &StatePlace, number: u64) -> io::Result<DeployFiles> {
        let state = place.make()?;
        state.make(&name_of(number))?;
        let deploy = DeployFiles::open(&state, number)?.ok_or_else(|| io::Error::other("it was removed"))?;
        if deploy.begun() {
            return Err(io::Error::other(format!("{} is there already", deploy.dir().path().display())));
        }
        Ok(deploy)
    }

    /// Starts the supervisor with the deploy's directory and the lock in its hands.
    fn supervise(&self, deploy: &DeployFiles, lock: File, command: &[String]) -> io::Result<Child> {
        let mut words = login::scope();
        words.push(self.program.display().to_string());
        let dir = deploy.dir().path().display().to_string();
        words.extend(["supervise".to_owned(), "--dir".to_owned(), dir, "--".to_owned()]);
        words.extend(command.iter().cloned());
        let own_log = deploy.dir().append(SUPERVISOR_LOG)?;
        let directory = deploy.dir().descriptor().try_clone()?.into_std_file();
        Command::new(&words[0])
            .args(&words[1..])
            .stdin(Stdio::from(directory))
            .stdout(Stdio::from(lock))
            .stderr(own_log)
            .spawn()
    }
}

/// Waits until the supervisor has said who it is, or why it could not begin.
fn wait_for_supervisor(mut child: Child, deploy: &DeployFiles) -> io::Result<()> {
    let deadline = Instant::now() + START_LIMIT;
    loop {
        if deploy.supervisor().is_some() {
            // Reap it when it ends while we are still here.
            thread::spawn(move || child.wait());
            return Ok(());
        }
        let ended = child.try_wait().ok().flatten();
        if ended.is_none() && Instant::now() > deadline {
            // Slow, but it lives and has the lock: what becomes of it is read from its files.
            thread::spawn(move || child.wait());
            return Ok(());
        }
        if ended.is_some() {
            let said = deploy.dir().read(SUPERVISOR_LOG, 64 * 1024).ok().flatten().unwrap_or_default();
            let said = ecw_halyard::clean(String::from_utf8_lossy(&said).trim(), 300);
            let errno = ended.and_then(|status| status.code()).filter(|code| *code > 1);
            return Err(match (said.is_empty(), errno) {
                (false, _) => io::Error::other(said),
                (true, Some(errno)) => io::Error::from_raw_os_error(errno),
                (true, None) => io::Error::other("its supervisor ended without a word"),
            });
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// A piece of a log.
#[derive(Debug, Default)]
struct Piece {
    text: String,
    /// Where it ends.
    end: u64,
    /// There is more behind it.
    more: bool,
}

/// Returns the next piece of a log. Of a log that runs away the middle is passed over: its begin was read, and how it
/// ends counts.
fn read_log(mut file: File, offset: u64) -> Piece {
    let length = file.metadata().map(|meta| meta.len()).unwrap_or(0);
    let nothing = Piece { text: String::new(), end: offset, more: false };
    if offset >= length {
        return nothing;
    }
    if length - offset > FAR {
        let end = length - KEPT;
        return Piece { text: passed_over(end - offset), end, more: true };
    }
    let mut bytes = Vec::with_capacity(PIECE);
    let read =
        file.seek(SeekFrom::Start(offset)).and_then(|_| file.take(PIECE as u64).read_to_end(&mut bytes));
    if read.is_err() {
        return nothing;
    }
    let text = text_of(&bytes, bytes.len() == PIECE);
    let end = offset + text.len() as u64;
    Piece { text, end, more: end < length }
}

#[cfg(test)]
mod tests {
    use ecw_wizard::values::names::DeploymentName;

    use super::*;

    #[test]
    fn in_a_rehearsal_no_real_daemon_is_asked_to_interrupt_anything() {
        let place = PlaceCell::new(StatePlace::of(None, DeploymentName::default(), None, None));
        let processes = Processes {
            program: PathBuf::from("event-cache-wizard"),
            place,
            kubectl: Vec::new(),
            stand_in_daemon: Some("http://127.0.0.1:1/daemon".to_owned()),
        };
        // Nothing is noted of hal's process, so its daemon is all that is left to ask.
        let why = processes.cancel_deploy(7, &[], 0, "http://127.0.0.1:2").expect_err("refused").what;
        assert!(why.contains("127.0.0.1:1/daemon") && !why.contains("127.0.0.1:2"), "{why}");
    }
}
