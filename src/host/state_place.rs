//! Where state stands: in the hal directory that is worked on, below the deployment's name, wherever
//! the hal directory's own name came from. `--state-dir` puts the journal elsewhere; locks stay.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use ecw_wizard::values::names::DeploymentName;
use ecw_wizard::values::targets::TargetName;

use super::tree::Tree;

/// The directory of ours in a hal directory.
const OURS: &str = ".event-cache-wizard";
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
}

impl StatePlace {
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
