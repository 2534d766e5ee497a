//! Our own state directory.

use std::sync::Arc;

use ecw_wizard::model::journal::{Actor, Author, Head};
use ecw_wizard::model::journal_file::Tail;
use ecw_wizard::values::names::{DeploymentName, TopicArn};
use ecw_wizard::values::targets::TargetName;
use ecw_wizard::values::trouble::Trouble;

/// What came of asking for the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockAnswer {
    /// It is ours until this program ends; who held it before and ended without leaving, in words.
    Ours(Option<String>),
    /// Somebody holds it; who, in words.
    By(String),
    /// The state directory cannot be written; why.
    Unwritable(String),
    /// The state of this deployment stands elsewhere; where, and what to do.
    Elsewhere(String),
    /// There is no state directory, nor one to make it in.
    Nowhere,
}

/// Whether room is reserved for what a step writes at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// It is: a step begins with this record, and not without that room.
    Ahead,
    /// It is not: this record says what was done, and goes into the room that was reserved for it.
    AsItIs,
}

/// Something that is held until this is dropped.
pub struct Held(pub Box<dyn std::any::Any + Send>);

/// Our own state directory.
pub trait Store: Send + Sync {
    /// Returns where it is.
    fn place(&self) -> String;
    /// Reads a file of it; `None` when there is none.
    ///
    /// # Errors
    /// In words.
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Trouble>;
    /// Writes a file of it at once or not at all.
    ///
    /// # Errors
    /// In words.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Trouble>;
    /// Appends a line to the journal and waits until it is on disk; then notes, outside the hal
    /// directory, how far this machine has written it.
    ///
    /// # Errors
    /// In words.
    fn append_journal(&self, line: &[u8], head: Head, room: Room) -> Result<(), Trouble>;
    /// Returns how far this machine has written the journal, if that is known.
    fn head(&self) -> Option<Head>;
    /// Takes the lock; it is held until this program ends.
    fn lock(&self, actor: &Actor) -> LockAnswer;
    /// Gives the lock back.
    fn unlock(&self);
    /// Returns who holds the lock, in words; `None` = nobody.
    fn holder(&self) -> Option<String>;
    /// Has whoever holds the lock leave, and takes it.
    ///
    /// # Errors
    /// Why not, in words.
    fn take_over(&self, actor: &Actor) -> Result<(), Trouble>;
    /// Returns who has taken this wizard's place, in words.
    fn who_takes_over(&self) -> String;
    /// Cuts the journal to its sound length. A tail that is not ours is kept in a file of its own; returns
    /// where.
    ///
    /// # Errors
    /// In words.
    fn trim_journal(&self, sound_len: u64, tail: Tail) -> Result<Option<String>, Trouble>;
    /// Works at the state of another hal directory or deployment from now on; returns whether that is
    /// another place. The lock of the former one is given back.
    fn settle(&self, hal_dir: &str, deployment: &DeploymentName) -> bool;
    /// Returns whether this is the hal directory and deployment that is worked on: what a journal names
    /// besides is not touched.
    fn covers(&self, hal_dir: &str, deployment: &DeploymentName) -> bool;
    /// Returns whose word the journal is.
    fn author(&self) -> Author;
    /// Takes the journal as it stands now for one's own word.
    fn trust(&self);
    /// Says so when the state of this deployment stands elsewhere.
    ///
    /// # Errors
    /// Where, and what to do.
    fn standing(&self) -> Result<(), Trouble>;
    /// Returns the state of one target, below this one: it is written under the same lock.
    fn at_target(&self, name: &TargetName) -> Arc<dyn Store>;
    /// Has a topic to ourselves as long as what is returned is held.
    ///
    /// # Errors
    /// When another wizard keeps it.
    fn lock_topic(&self, topic: &TopicArn) -> Result<Held, Trouble>;
    /// Keeps the former bytes of a file that is about to be changed, under a name with the beginning of
    /// their SHA-256; returns where.
    ///
    /// # Errors
    /// In words.
    fn backup(&self, name: &str, bytes: &[u8], sha256: &str, of: &str) -> Result<String, Trouble>;
}
