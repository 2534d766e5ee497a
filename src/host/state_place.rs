//! Where state stands: in the hal directory that is worked on, below the deployment's name, wherever
//! the hal directory's own name came from. `--state-dir` puts the journal elsewhere; locks stay.

use std::fs::File;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::names::DeploymentName;
use ecw_wizard::values::targets::TargetName;

use super::far::Yard;
use super::tree::Tree;

/// The directory of ours in a hal directory.
const OURS: &str = ".event-cache-wizard";
/// The journal, in a state directory.
pub(crate) const JOURNAL: &str = "journal.jsonl";
/// Below it: one directory a target.
pub(crate) const TARGETS: &str = "targets";

/// Where state stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatePlace {
    /// Halyard's directory; there may be none yet.
    pub hal_dir: Option<PathBuf>,
    pub deployment: DeploymentName,
    /// `--state-dir`.
    pub elsewhere: Option<PathBuf>,
    /// One target's, below that.
    pub target: Option<TargetName>,
    /// The hal directory where Halyard runs, if that is not here: `hal_dir` then is a directory of ours that stands
    /// for it.
    pub there: Option<There>,
}

/// A hal directory elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct There {
    pub halyard_in: HalyardIn,
    /// Its path there.
    pub hal_dir: String,
}

/// Below a user's own state: one directory for each hal directory elsewhere.
pub const ELSEWHERE: &str = "halyard-in";
/// What this user's states on this machine have in common.
const MACHINE: &str = "id";

fn random() -> String {
    let part = || RandomState::new().build_hasher().finish();
    format!("{:016x}", part())
}

impl StatePlace {
    /// Returns the place of a hal directory wherever Halyard runs. The state of one elsewhere stands below the user's
    /// own (`user_state`): what is behind a line that may break is no place to write a journal to.
    #[must_use]
    pub fn of(
        hal_dir: Option<&str>,
        deployment: DeploymentName,
        elsewhere: Option<PathBuf>,
        user_state: Option<&Path>,
    ) -> Self {
        let (halyard_in, path) = hal_dir.map_or((HalyardIn::Local, ""), HalyardIn::split);
        if halyard_in.is_local() {
            let hal_dir = hal_dir.map(PathBuf::from).filter(|dir| dir.is_dir());
            return Self { hal_dir, deployment, elsewhere, target: None, there: None };
        }
        let there = There { halyard_in, hal_dir: path.trim_end_matches('/').to_owned() };
        let hal_dir =
            user_state.map(|dir| dir.join(ELSEWHERE).join(there.halyard_in.stand_in(&there.hal_dir)));
        Self { hal_dir, deployment, elsewhere, target: None, there: Some(there) }
    }

    /// Returns where the deploys of the deployment are kept, where that is not here.
    #[must_use]
    pub fn yard(&self) -> Option<Yard> {
        let There { halyard_in, hal_dir } = self.there.as_ref()?;
        let whose = format!("{}\n{}", self.machine(), self.words());
        Some(Yard {
            place: halyard_in.clone(),
            home: format!("{hal_dir}/{OURS}/{}", self.deployment),
            deployment: format!("{hal_dir}/{}", self.deployment),
            tag: ecw_profile::sha256_hex(whose.as_bytes())[..12].to_owned(),
        })
    }

    /// Returns what is noted in a hal directory elsewhere about where its state stands: host, path and user for people,
    /// and what knows this user's state again whatever the host is called. No path begins like it.
    #[must_use]
    pub fn noted_as(&self) -> String {
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        let user = crate::login::user().unwrap_or_else(|| rustix::process::geteuid().as_raw().to_string());
        format!("{host}:{} (user {user}, {})", self.words(), self.machine())
    }

    /// Returns whether a note is about a state of this user's on this machine, and which.
    #[must_use]
    pub fn own_note<'n>(&self, note: &'n str) -> Option<&'n str> {
        let rest = note.strip_suffix(&format!(", {})", self.machine()))?;
        let (place, _) = rest.rsplit_once(" (user ")?;
        Some(place.split_once(':')?.1)
    }

    /// Returns what this user's states on this machine have in common; empty before there is one.
    fn machine(&self) -> String {
        let own = self.hal_dir.as_ref().filter(|_| self.there.is_some()).and_then(|dir| dir.parent());
        let bytes =
            own.and_then(|dir| Tree::root(dir).ok()).and_then(|tree| tree.read(MACHINE, 64).ok().flatten());
        String::from_utf8_lossy(&bytes.unwrap_or_default()).trim().to_owned()
    }

    /// Returns the state directory's path; `None` = there is no place yet.
    #[must_use]
    pub fn path(&self) -> Option<PathBuf> {
        let whole = self.elsewhere.clone().or_else(|| self.home_path())?;
        Some(match &self.target {
            Some(name) => whole.join(TARGETS).join(name.directory()),
            None => whole,
        })
    }

    /// Returns the same place with one target's state.
    #[must_use]
    pub fn at_target(&self, name: &TargetName) -> Self {
        Self { target: Some(name.clone()), ..self.clone() }
    }

    /// Returns the target's directory in a state directory's tree; the tree itself where it is the whole's.
    fn inner(&self) -> Option<String> {
        self.target.as_ref().map(|name| format!("{TARGETS}/{}", name.directory()))
    }

    /// Returns the path of ours in the hal directory.
    #[must_use]
    pub fn home_path(&self) -> Option<PathBuf> {
        Some(self.hal_dir.as_ref()?.join(OURS).join(self.deployment.as_str()))
    }

    /// Returns the state directory's path in words.
    #[must_use]
    pub fn words(&self) -> String {
        self.path().map_or_else(|| "no place yet".to_owned(), |path| path.display().to_string())
    }

    fn below(&self) -> String {
        format!("{OURS}/{}", self.deployment)
    }

    fn hal(&self) -> io::Result<Tree> {
        let nowhere = || io::Error::new(io::ErrorKind::NotFound, "there is no hal directory");
        Tree::root(self.hal_dir.as_deref().ok_or_else(nowhere)?)
    }

    /// Opens ours in the hal directory; `None` = not there yet.
    ///
    /// # Errors
    /// What the system says.
    pub fn home(&self) -> io::Result<Option<Tree>> {
        match self.hal() {
            Ok(hal) => hal.open(&self.below()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes ours in the hal directory, which must exist: that one is the operator's to make.
    ///
    /// # Errors
    /// What the system says.
    pub fn make_home(&self) -> io::Result<Tree> {
        self.hal()?.make(&self.below())
    }

    /// Opens what all deployments of the hal directory share.
    ///
    /// # Errors
    /// What the system says.
    pub fn make_shared(&self) -> io::Result<Tree> {
        let tree = self.hal()?.make(OURS)?;
        ignored_by_git(&tree)?;
        Ok(tree)
    }

    /// Opens the state directory; `None` = not there yet.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(&self) -> io::Result<Option<Tree>> {
        let whole = match &self.elsewhere {
            None => self.home()?,
            Some(path) => match Tree::root(path) {
                Ok(tree) => Some(tree),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(error),
            },
        };
        match (whole, self.inner()) {
            (Some(whole), Some(inner)) => whole.open(&inner),
            (whole, _) => Ok(whole),
        }
    }

    /// Makes the state directory.
    ///
    /// # Errors
    /// What the system says.
    pub fn make(&self) -> io::Result<Tree> {
        let tree = match &self.elsewhere {
            Some(path) => {
                let owner = self.hal().ok().and_then(|hal| hal.owner().ok());
                Tree::make_root(path, owner)?
            }
            None => self.make_home()?,
        };
        ignored_by_git(&tree)?;
        match self.inner() {
            Some(inner) => tree.make(&inner),
            None => Ok(tree),
        }
    }

    /// Makes the directory that stands for a hal directory elsewhere.
    ///
    /// # Errors
    /// What the system says.
    pub fn make_stand_in(&self) -> io::Result<()> {
        match (&self.there, &self.hal_dir) {
            (Some(_), Some(dir)) => {
                Tree::make_root(dir, None)?;
                let own = Tree::root(dir.parent().unwrap_or(dir))?;
                if own.read(MACHINE, 64)?.is_none() {
                    own.write(MACHINE, random().as_bytes(), 0o600)?;
                }
                Ok(())
            }
            (Some(_), None) => Err(io::Error::other("there is no home directory to keep it in")),
            (None, _) => Ok(()),
        }
    }

    /// Opens the hal directory itself, to lock it where nothing can be made in it.
    #[must_use]
    pub fn hal_directory(&self) -> Option<File> {
        Some(self.hal().ok()?.descriptor().try_clone().ok()?.into_std_file())
    }

    /// Opens the deployment's directory, to lock it where nothing can be made in it.
    #[must_use]
    pub fn deployment_directory(&self) -> Option<File> {
        let tree = self.hal().ok()?.open(self.deployment.as_str()).ok().flatten()?;
        Some(tree.descriptor().try_clone().ok()?.into_std_file())
    }

    /// Returns whether the state stands in the hal directory.
    #[must_use]
    pub fn is_at_home(&self) -> bool {
        let same = |path: &Path| {
            self.home_path().is_some_and(|home| {
                let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
                real(&home) == real(path)
            })
        };
        self.elsewhere.as_deref().is_none_or(same)
    }
}

/// Whoever keeps the directory in git does not commit what is ours.
fn ignored_by_git(tree: &Tree) -> io::Result<()> {
    if tree.file(".gitignore")?.is_none() {
        tree.write(".gitignore", b"*\n", 0o660)?;
    }
    Ok(())
}

/// Where state stands, shared by all that read or write it: it changes when the operator names another
/// hal directory or deployment.
#[derive(Debug)]
pub struct PlaceCell(RwLock<StatePlace>);

impl PlaceCell {
    /// Returns a cell.
    #[must_use]
    pub fn new(place: StatePlace) -> Arc<Self> {
        Arc::new(Self(RwLock::new(place)))
    }

    /// Returns the place as it is now.
    #[must_use]
    pub fn get(&self) -> StatePlace {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts another place.
    pub fn set(&self, place: StatePlace) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = place;
    }
}
