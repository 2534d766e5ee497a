//! Files, commands and addresses wherever Halyard runs: what bears a place is done there, all else here.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use ecw_halyard::ServiceName;
use ecw_ports::{Carried, Commands, Files, OpenLog, Output, Redirects, Stat, Web, WebAnswer, Writable};
use ecw_wizard::messages::event::DeployRead;
use ecw_wizard::model::log_page::Log;
use ecw_wizard::model::place::Cluster;
use ecw_wizard::model::report::RootWay;
use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::trouble::Trouble;

use crate::deploy_files::LOG;
use crate::disk::Disk;
use crate::far::{Far, FarLog, Yard};
use crate::process::Processes;

/// How much longer a command may take where a line has to be made first.
const LINE: Duration = Duration::from_secs(10);

/// Files wherever they are.
pub struct AnyFiles {
    pub here: Disk,
    pub far: Far,
}

impl Files for AnyFiles {
    fn candidates(&self, halyard_in: &HalyardIn) -> Vec<(String, String)> {
        if halyard_in.is_local() { self.here.candidates(halyard_in) } else { self.far.candidates(halyard_in) }
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Trouble> {
        match HalyardIn::split(path) {
            (HalyardIn::Local, path) => self.here.read(path),
            (place, path) => Ok(self.far.read(&place, path)?),
        }
    }

    fn stat(&self, path: &str) -> Result<Option<Stat>, Trouble> {
        match HalyardIn::split(path) {
            (HalyardIn::Local, path) => self.here.stat(path),
            (place, path) => Ok(self.far.stat(&place, path)?),
        }
    }

    fn list(&self, dir: &str) -> Result<Vec<String>, Trouble> {
        match HalyardIn::split(dir) {
            (HalyardIn::Local, dir) => self.here.list(dir),
            (place, dir) => Ok(self.far.list(&place, dir)?),
        }
    }

    fn writable(&self, dir: &str) -> Writable {
        match HalyardIn::split(dir) {
            (HalyardIn::Local, dir) => self.here.writable(dir),
            (place, dir) => self.far.writable(&place, dir),
        }
    }

    fn replace(&self, path: &str, before: Option<&[u8]>, after: &[&[u8]]) -> Result<(), Trouble> {
        match HalyardIn::split(path) {
            (HalyardIn::Local, path) => self.here.replace(path, before, after),
            (place, path) => self.far.replace(&place, path, before, after),
        }
    }

    fn delete(&self, path: &str, expected: &str) -> Result<(), Trouble> {
        match HalyardIn::split(path) {
            (HalyardIn::Local, path) => self.here.delete(path, expected),
            (place, path) => self.far.delete(&place, path, expected),
        }
    }

    fn root(&self, hal_dir: &str) -> Result<RootWay, Trouble> {
        match HalyardIn::split(hal_dir) {
            (HalyardIn::Local, dir) => self.here.root(dir),
            (place, dir) => Ok(self.far.root(&place, dir)?),
        }
    }
}

/// Commands wherever they are run.
pub struct AnyCommands {
    pub here: Processes,
    pub far: Far,
}

impl AnyCommands {
    /// Returns where the deploys of what is worked on are kept, where that is not here.
    fn yard(&self) -> Option<Yard> {
        self.here.place.get().yard()
    }
}

impl Commands for AnyCommands {
    fn run(&self, command: &[String], limit: Duration) -> Result<Output, Trouble> {
        match HalyardIn::of_command(command) {
            (HalyardIn::Local, words) => self.here.run(words, limit),
            (place, words) => self.here.run(&self.far.line(&place, words), limit + LINE),
        }
    }

    fn kubectl(&self, cluster: &Cluster, arguments: &[&str]) -> Result<Output, Trouble> {
        let words = self.here.kubectl_words(cluster, arguments);
        self.run(&cluster.halyard_in.command(words), Duration::from_secs(20))
    }

    fn render_edited(
        &self,
        kubectl: &[String],
        dir: &str,
        edited: &[(String, Vec<u8>)],
        limit: Duration,
    ) -> Result<Output, Trouble> {
        self.here.render_edited(kubectl, dir, edited, limit)
    }

    fn start_deploy(&self, number: u64, command: &[String]) -> Result<(), Trouble> {
        match (HalyardIn::of_command(command), self.yard()) {
            ((HalyardIn::Local, words), None) => self.here.start_deploy(number, words),
            ((place, words), Some(yard)) if yard.place == place => {
                self.far.start_deploy(&yard, number, words)
            }
            ((place, _), _) => Err(Trouble::new(
                format!("The deploy was not started: it belongs to another place than {place}."),
                "Start again, naming where Halyard runs.",
            )),
        }
    }

    fn read_deploy(&self, number: u64, offset: u64) -> DeployRead {
        match self.yard() {
            None => self.here.read_deploy(number, offset),
            Some(yard) => self.far.read_deploy(&yard, number, offset),
        }
    }

    fn log(&self, log: Log) -> io::Result<Option<OpenLog>> {
        match (log, self.yard()) {
            (Log::Deploy(number), Some(yard)) => {
                let there = format!("{}/{LOG}", yard.dir(number));
                let log = FarLog::open(&self.far, &yard.place, &there)?;
                Ok(log.map(|log| OpenLog { path: yard.place.at(&there), file: Box::new(log) }))
            }
            (log, _) => self.here.log(log),
        }
    }

    fn outlives_login(&self, hal_dir: &str) -> Result<String, Trouble> {
        match HalyardIn::split(hal_dir) {
            (HalyardIn::Local, dir) => self.here.outlives_login(dir),
            (place, dir) => self.far.outlives(&place, dir),
        }
    }

    fn carried(&self, halyard_in: &HalyardIn) -> Result<Option<Carried>, Trouble> {
        if halyard_in.is_local() { Ok(None) } else { self.far.look(halyard_in).map(Some) }
    }

    fn cancel_deploy(
        &self,
        number: u64,
        services: &[ServiceName],
        started: u64,
        daemon: &str,
    ) -> Result<String, Trouble> {
        match self.yard() {
            None => self.here.cancel_deploy(number, services, started, daemon),
            Some(yard) => {
                let (_, daemon) = HalyardIn::split(daemon);
                self.far.cancel_deploy(&yard, number, services, started, daemon)
            }
        }
    }
}

/// Addresses, as seen from wherever they are asked.
pub struct AnyWeb {
    pub here: Arc<dyn Web>,
    pub far: Far,
}

impl Web for AnyWeb {
    fn get(&self, url: &str, redirects: Redirects) -> Result<WebAnswer, Trouble> {
        match HalyardIn::split(url) {
            (HalyardIn::Local, url) => self.here.get(url, redirects),
            (place, url) => self.far.ask_web(&place, "GET", url),
        }
    }

    fn head(&self, url: &str) -> Result<u16, Trouble> {
        self.here.head(url)
    }

    fn fetch(
        &self,
        url: &str,
        most: u64,
        take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<u16, Trouble> {
        self.here.fetch(url, most, take)
    }

    fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Trouble> {
        self.here.addresses(host)
    }

    fn certificate(&self, host: &str, port: u16) -> Result<(), Trouble> {
        self.here.certificate(host, port)
    }
}
