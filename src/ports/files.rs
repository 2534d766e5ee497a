//! Files of the hal directory.

use ecw_wizard::model::report::RootWay;
use ecw_wizard::values::halyard_in::HalyardIn;
use ecw_wizard::values::trouble::Trouble;

/// What a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// Something else, for instance a dangling link.
    Other,
}

/// What is known of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// What it is, links followed.
    pub kind: Kind,
    /// Size in bytes.
    pub size: u64,
    /// Last change, milliseconds since 1970 UTC.
    pub mtime: u64,
    /// Permission bits.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// How many names it has: more than one for a hard link.
    pub names: u64,
}

/// Whether a directory can be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Writable {
    /// Yes.
    Yes,
    /// No, and why.
    No(String),
}

/// Files of the hal directory. A path may bear the place where it is (`HalyardIn::at`).
pub trait Files: Send + Sync {
    /// Returns where hal directories may be there, strongest first: (directory, how it was found).
    fn candidates(&self, halyard_in: &HalyardIn) -> Vec<(String, String)>;
    /// Reads a file; `None` when there is none.
    ///
    /// # Errors
    /// What the system says; the path and the remedy are the caller's to name.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Trouble>;
    /// Returns what a path is; `None` when there is nothing.
    ///
    /// # Errors
    /// What the system says; the path and the remedy are the caller's to name.
    fn stat(&self, path: &str) -> Result<Option<Stat>, Trouble>;
    /// Returns the names in a directory.
    ///
    /// # Errors
    /// What the system says; the path and the remedy are the caller's to name.
    fn list(&self, dir: &str) -> Result<Vec<String>, Trouble>;
    /// Returns whether files can be made in a directory.
    fn writable(&self, dir: &str) -> Writable;
    /// Replaces a file at once or not at all, if its content still is `before` (`None` = there is no
    /// file); the new content comes in pieces. Owner, group and mode stay; links are followed.
    ///
    /// # Errors
    /// In words; the file is whole.
    fn replace(&self, path: &str, before: Option<&[u8]>, after: &[&[u8]]) -> Result<(), Trouble>;
    /// Deletes a file, if its SHA-256 still is `expected`.
    ///
    /// # Errors
    /// In words.
    fn delete(&self, path: &str, expected: &str) -> Result<(), Trouble>;
    /// Returns how a command that deploys from this hal directory becomes root.
    ///
    /// # Errors
    /// Why it cannot.
    fn root(&self, hal_dir: &str) -> Result<RootWay, Trouble>;
}
