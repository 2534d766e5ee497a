//! The rehearsal world in the same process: no sockets, no children, the script's own clock. The
//! same bytes come out each time.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ecw_halyard::ServiceName;
use ecw_profile::sha256_hex;
use ecw_wizard::messages::event::{DeployRead, DeployState};
use ecw_wizard::model::journal::Head;
use ecw_wizard::model::log_page::Log;
use ecw_wizard::model::place::Cluster;
use ecw_wizard::model::report::RootWay;
use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::time::Now;
use ecw_wizard::values::trouble::Trouble;
use ecw_world::{Fault, HAL_DIR, Interrupt, World};

use ecw_ports::{
    Carried, Commands, Files, Kind, OpenLog, Output, Pace, Redirects, Stat, Web, WebAnswer, Writable,
};

/// When a rehearsal without sockets begins, milliseconds since 1970 UTC.
pub const REHEARSAL_START: u64 = 1_795_348_800_000;

pub(super) const STATE_DIR: &str = "/home/spinnaker/.hal/.event-cache-wizard/default";

pub(super) struct Inner {
    pub(super) world: World,
    /// World time, milliseconds.
    pub(super) now: u64,
    /// Deploys by number: their place in the world.
    deploys: BTreeMap<u64, usize>,
    /// How far the journal went.
    pub(super) head: Option<Head>,
    /// Somebody else who works here, if anybody does.
    pub(super) holder: Option<String>,
    /// What others do to the world after each look at a topic, in order.
    pub(super) meddlers: VecDeque<fn(&mut World)>,
    /// What somebody else does right after our next setting of a policy.
    pub(super) over: Option<fn(&mut World)>,
}

/// The world behind ports; clones share it.
#[derive(Clone)]
pub struct InProcess(Arc<Mutex<Inner>>);

impl InProcess {
    /// Returns a world with faults.
    #[must_use]
    pub fn new(faults: impl IntoIterator<Item = Fault>) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            world: World::new(faults),
            now: 0,
            deploys: BTreeMap::new(),
            head: None,
            holder: None,
            meddlers: VecDeque::new(),
            over: None,
        })))
    }

    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the world's clock; it never goes back.
    pub fn set_now(&self, now: u64) {
        let mut inner = self.inner();
        inner.now = inner.now.max(now);
    }

    /// Has somebody else work here, or nobody.
    pub fn held_by(&self, holder: Option<&str>) {
        self.inner().holder = holder.map(str::to_owned);
    }

    /// Takes all our state away, as if this wizard had never been here.
    pub fn forget_state(&self) {
        let mut inner = self.inner();
        inner.head = None;
        for path in inner.world.files.paths_below(STATE_DIR) {
            inner.world.files.remove(&path);
        }
    }

    /// Has other things go wrong from now on.
    pub fn set_faults(&self, faults: impl IntoIterator<Item = Fault>) {
        self.inner().world.faults = faults.into_iter().collect();
    }

    /// Interrupts the latest deploy, as the daemon does when its task is interrupted.
    pub fn interrupt(&self) {
        let mut inner = self.inner();
        let now = inner.now;
        if let Some(at) = inner.deploys.values().max().copied() {
            inner.world.interrupt(at, Interrupt::Daemon, now);
        }
    }

    /// Changes the world as somebody else would.
    pub fn meddle(&self, change: impl FnOnce(&mut World)) {
        change(&mut self.inner().world);
    }

    /// Has others change the world right after the next looks at a topic, one after the other.
    pub fn after_looks(&self, meddlers: impl IntoIterator<Item = fn(&mut World)>) {
        self.inner().meddlers = meddlers.into_iter().collect();
    }

    /// Has somebody else set the policy right after the next time that we do.
    pub fn set_policies_over(&self, meddler: fn(&mut World)) {
        self.inner().over = Some(meddler);
    }

    /// Forgets how far the journal went, as on another machine.
    pub fn forget_head(&self) {
        self.inner().head = None;
    }

    /// Returns every change that was made to the world.
    #[must_use]
    pub fn effects(&self) -> Vec<String> {
        self.inner().world.effects.clone()
    }

    /// Returns a file of the world.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<Vec<u8>> {
        self.inner().world.files.get(path).map(|entry| entry.bytes.clone())
    }

    /// Writes a file of the world, as somebody else would.
    pub fn put_file(&self, path: &str, bytes: &[u8]) {
        let mut inner = self.inner();
        let now = inner.now;
        inner.world.files.put(path, bytes, now);
    }
}

impl Inner {
    /// Lets applies that have ended leave their files.
    fn settle(&mut self) {
        for number in 0..self.deploys.len() {
            for (path, bytes) in self.world.settle(number, self.now) {
                self.world.files.put(format!("{HAL_DIR}/default/{path}"), bytes, self.now);
            }
        }
    }
}

impl Pace for InProcess {
    fn now(&self) -> Now {
        let mono = self.inner().now;
        Now { mono, wall: REHEARSAL_START + mono }
    }

    fn rest(&self, millis: u64) {
        self.inner().now += millis;
    }

    fn side_by_side(&self) -> usize {
        // The same bytes come out each time.
        1
    }
}

impl Files for InProcess {
    fn candidates(&self, _: &HalyardIn) -> Vec<(String, String)> {
        vec![(HAL_DIR.to_owned(), "the rehearsal".to_owned())]
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Trouble> {
        let mut inner = self.inner();
        inner.settle();
        Ok(inner.world.files.get(path).map(|entry| entry.bytes.clone()))
    }

    fn stat(&self, path: &str) -> Result<Option<Stat>, Trouble> {
        let mut inner = self.inner();
        inner.settle();
        let stat =
            |kind, size, mtime| Stat { kind, size, mtime, mode: 0o750, uid: 1000, gid: 1000, names: 1 };
        if let Some(entry) = inner.world.files.get(path) {
            return Ok(Some(stat(Kind::File, entry.bytes.len() as u64, entry.mtime)));
        }
        Ok(inner.world.files.is_dir(path).then(|| stat(Kind::Directory, 0, 0)))
    }

    fn list(&self, dir: &str) -> Result<Vec<String>, Trouble> {
        Ok(self.inner().world.files.list(dir))
    }

    fn writable(&self, _dir: &str) -> Writable {
        Writable::Yes
    }

    fn replace(&self, path: &str, before: Option<&[u8]>, after: &[&[u8]]) -> Result<(), Trouble> {
        let mut inner = self.inner();
        if inner.world.files.get(path).map(|entry| entry.bytes.as_slice()) != before {
            return Err(Trouble::new(format!("{path} was changed meanwhile."), "Read it again."));
        }
        let at = inner.now;
        inner.world.effects.push(format!("write {path}"));
        inner.world.files.put(path, after.concat(), at);
        Ok(())
    }

    fn delete(&self, path: &str, expected: &str) -> Result<(), Trouble> {
        let mut inner = self.inner();
        let now = inner.world.files.get(path).map(|entry| sha256_hex(&entry.bytes));
        if now.as_deref() != Some(expected) {
            return Err(Trouble::new(format!("{path} was changed meanwhile."), "Read it again."));
        }
        inner.world.effects.push(format!("delete {path}"));
        inner.world.files.remove(path);
        Ok(())
    }

    fn root(&self, _: &str) -> Result<RootWay, Trouble> {
        Ok(RootWay::Already)
    }
}

impl Commands for InProcess {
    fn run(&self, command: &[String], _limit: Duration) -> Result<Output, Trouble> {
        let inner = self.inner();
        let has = |word: &str| command.iter().any(|each| each == word);
        let stdout = if has("--version") {
            "1.63.0-20250409\n".to_owned()
        } else if has("diff") {
            ecw_world::deploy_diff()
        } else if has("config") {
            let bytes = inner
                .world
                .files
                .get(&format!("{HAL_DIR}/config"))
                .map(|entry| entry.bytes.clone())
                .unwrap_or_default();
            let view = ecw_world::own_view(&String::from_utf8_lossy(&bytes), "default");
            view.unwrap_or_default() + "\n"
        } else {
            String::new()
        };
        Ok(Output { status: Some(0), stdout, stderr: String::new() })
    }

    fn kubectl(&self, _cluster: &Cluster, arguments: &[&str]) -> Result<Output, Trouble> {
        let inner = self.inner();
        let arguments: Vec<String> = arguments.iter().map(|each| (*each).to_owned()).collect();
        let (status, stdout) = inner.world.kubectl(&arguments, inner.now);
        Ok(Output { status: Some(status), stdout, stderr: String::new() })
    }

    fn render_edited(
        &self,
        _kubectl: &[String],
        _dir: &str,
        _edited: &[(String, Vec<u8>)],
        _limit: Duration,
    ) -> Result<Output, Trouble> {
        Err(Trouble::reason("the stand-ins without a disk have no overlay"))
    }

    fn start_deploy(&self, number: u64, command: &[String]) -> Result<(), Trouble> {
        let mut inner = self.inner();
        let names = command.iter().skip_while(|word| *word != "--service-names").skip(1);
        let services: Vec<ServiceName> = names.filter_map(|name| ServiceName::parse(name)).collect();
        let files = inner.world.files.clone();
        let now = inner.now;
        let profile = |name: &str| {
            files.get(&format!("{HAL_DIR}/default/profiles/{name}")).map(|entry| entry.bytes.clone())
        };
        let at = inner.world.apply(&services, profile, now);
        inner.deploys.insert(number, at);
        Ok(())
    }

    fn read_deploy(&self, number: u64, offset: u64) -> DeployRead {
        let mut inner = self.inner();
        inner.settle();
        let now = inner.now;
        let Some(apply) = inner.deploys.get(&number).and_then(|at| inner.world.applied(*at)) else {
            return DeployRead {
                number,
                offset,
                end: offset,
                text: String::new(),
                state: DeployState::Absent,
                down: None,
            };
        };
        let since = now.saturating_sub(apply.started);
        let log: String =
            apply.frames.iter().filter(|frame| frame.at <= since).map(|frame| frame.text.as_str()).collect();
        let text = log.get(usize::try_from(offset).unwrap_or(usize::MAX)..).unwrap_or_default().to_owned();
        let state = if since >= apply.takes {
            DeployState::Ended { exit: Some(apply.exit), at: None }
        } else {
            DeployState::Running
        };
        DeployRead { number, offset, end: offset + text.len() as u64, text, state, down: None }
    }

    fn log(&self, log: Log) -> io::Result<Option<OpenLog>> {
        let inner = self.inner();
        let Log::Deploy(number) = log else { return Ok(None) };
        let Some(apply) = inner.deploys.get(&number).and_then(|at| inner.world.applied(*at)) else {
            return Ok(None);
        };
        let since = inner.now.saturating_sub(apply.started);
        let printed = apply.frames.iter().filter(|frame| frame.at <= since);
        let text: String = printed.map(|frame| frame.text.as_str()).collect();
        let path = format!("{STATE_DIR}/deploy-{number}/log");
        Ok(Some(OpenLog { path, file: Box::new(io::Cursor::new(text.into_bytes())) }))
    }

    fn outlives_login(&self, _: &str) -> Result<String, Trouble> {
        Ok("in a session of its own".to_owned())
    }

    fn carried(&self, _: &HalyardIn) -> Result<Option<Carried>, Trouble> {
        Ok(None)
    }

    fn cancel_deploy(
        &self,
        number: u64,
        _services: &[ServiceName],
        _started: u64,
        _daemon: &str,
    ) -> Result<String, Trouble> {
        let mut inner = self.inner();
        let now = inner.now;
        if let Some(at) = inner.deploys.get(&number).copied() {
            inner.world.interrupt(at, Interrupt::HalSignalled, now);
        }
        Ok("Told our own hal to stop; it asks the daemon to stop its task.".to_owned())
    }
}

impl Web for InProcess {
    fn get(&self, url: &str, _redirects: Redirects) -> Result<WebAnswer, Trouble> {
        let inner = self.inner();
        match inner.world.get(url, inner.now) {
            Some(answer) => Ok(WebAnswer {
                status: answer.status,
                content_type: answer.content_type.to_owned(),
                body: answer.body,
            }),
            None => Err(Trouble::reason("connection refused")),
        }
    }

    fn head(&self, url: &str) -> Result<u16, Trouble> {
        self.get(url, Redirects::Follow).map(|answer| answer.status)
    }

    fn fetch(
        &self,
        url: &str,
        _most: u64,
        take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<u16, Trouble> {
        let answer = self.get(url, Redirects::Follow)?;
        take(answer.body.as_bytes()).map_err(Trouble::reason)?;
        Ok(answer.status)
    }

    fn addresses(&self, _host: &str) -> Result<Vec<IpAddr>, Trouble> {
        Ok(vec![IpAddr::from([203, 0, 113, 10])])
    }

    fn certificate(&self, _host: &str, _port: u16) -> Result<(), Trouble> {
        Ok(())
    }
}
