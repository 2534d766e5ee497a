//! `hal` and `kubectl`.

use std::io::{self, Read, Seek};
use std::time::Duration;

use ecw_halyard::ServiceName;
use ecw_wizard::messages::event::DeployRead;
use ecw_wizard::model::log_page::Log;
use ecw_wizard::model::place::Cluster;
use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::trouble::Trouble;

/// What a short command gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// Exit status; `None` = a signal.
    pub status: Option<i32>,
    /// Standard output, bounded.
    pub stdout: String,
    /// Standard error, bounded.
    pub stderr: String,
}

/// Who works where Halyard runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The user there.
    pub user: String,
    /// Tools that are not there and that something depends on: `setsid`, `flock`, `curl`.
    pub misses: Vec<String>,
}

/// What can be read at any place of it.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// A log that is being read.
pub struct OpenLog {
    /// Where it is.
    pub path: String,
    pub file: Box<dyn ReadSeek>,
}

/// `hal` and `kubectl`. A command may bear the place where it is run (`HalyardIn::command`).
pub trait Commands: Send + Sync {
    /// Runs a short command to its end.
    ///
    /// # Errors
    /// When it cannot be started or takes too long.
    fn run(&self, command: &[String], limit: Duration) -> Result<Output, Trouble>;
    /// Runs `kubectl` against a cluster.
    ///
    /// # Errors
    /// When it cannot be started or takes too long.
    fn kubectl(&self, cluster: &Cluster, arguments: &[&str]) -> Result<Output, Trouble>;
    /// Renders an overlay as kustomize would with these files (whole path, content) in place of those that stand
    /// there: from a copy of its own that is taken away again.
    ///
    /// # Errors
    /// When it cannot be copied, started, or takes too long.
    fn render_edited(
        &self,
        kubectl: &[String],
        dir: &str,
        edited: &[(String, Vec<u8>)],
        limit: Duration,
    ) -> Result<Output, Trouble>;
    /// Starts a deploy that outlives this process.
    ///
    /// # Errors
    /// When it cannot be started, or another one runs.
    fn start_deploy(&self, number: u64, command: &[String]) -> Result<(), Trouble>;
    /// Reads on in a deploy's log.
    fn read_deploy(&self, number: u64, offset: u64) -> DeployRead;
    /// Opens a log; `None` = there is none.
    ///
    /// # Errors
    /// What the system says.
    fn log(&self, log: Log) -> io::Result<Option<OpenLog>>;
    /// Returns whether a deploy from this hal directory outlives the login session or the line; says why when
    /// it does not.
    fn outlives_login(&self, hal_dir: &str) -> Result<String, Trouble>;
    /// Returns who works where Halyard runs, and what is missed there; `None` on this machine.
    ///
    /// # Errors
    /// When nothing can be carried there.
    fn carried(&self, halyard_in: &HalyardIn) -> Result<Option<Carried>, Trouble>;
    /// Has our own deploy of these services, begun then (milliseconds since 1970 UTC), stop; returns who
    /// was told, in words. The daemon is asked where hal's process cannot be reached.
    ///
    /// # Errors
    /// When nobody could be told.
    fn cancel_deploy(
        &self,
        number: u64,
        services: &[ServiceName],
        started: u64,
        daemon: &str,
    ) -> Result<String, Trouble>;
}
