//! The state of one target in the rehearsal world: files below the state of the whole.

use std::sync::Arc;

use ecw_ports::{Held, LockAnswer, Room, Store};
use ecw_wizard::model::journal::{Actor, Author, Head};
use ecw_wizard::model::journal_file::Tail;
use ecw_wizard::values::names::{DeploymentName, TopicArn};
use ecw_wizard::values::targets::TargetName;
use ecw_wizard::values::trouble::Trouble;

use crate::in_process::InProcess;

/// A directory of the world that holds a target's state.
pub(crate) struct TargetState {
    world: InProcess,
    dir: String,
}

impl TargetState {
    pub(crate) fn new(world: InProcess, dir: String) -> Self {
        Self { world, dir }
    }

    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.dir)
    }
}

impl Store for TargetState {
    fn place(&self) -> String {
        self.dir.clone()
    }

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Trouble> {
        Ok(self.world.file(&self.path(name)))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Trouble> {
        self.world.put_file(&self.path(name), bytes);
        Ok(())
    }

    fn append_journal(&self, line: &[u8], _head: Head, _room: Room) -> Result<(), Trouble> {
        self.world.append_file(&self.path("journal.jsonl"), line);
        Ok(())
    }

    fn head(&self) -> Option<Head> {
        None
    }

    fn lock(&self, actor: &Actor) -> LockAnswer {
        self.world.lock(actor)
    }

    fn unlock(&self) {}

    fn holder(&self) -> Option<String> {
        self.world.holder()
    }

    fn take_over(&self, actor: &Actor) -> Result<(), Trouble> {
        self.world.take_over(actor)
    }

    fn who_takes_over(&self) -> String {
        self.world.who_takes_over()
    }

    fn trim_journal(&self, sound_len: u64, _tail: Tail) -> Result<Option<String>, Trouble> {
        let path = self.path("journal.jsonl");
        let Some(mut bytes) = self.world.file(&path) else { return Ok(None) };
        bytes.truncate(usize::try_from(sound_len).unwrap_or(usize::MAX));
        self.world.put_file(&path, &bytes);
        Ok(None)
    }

    fn settle(&self, _hal_dir: &str, _deployment: &DeploymentName) -> bool {
        false
    }

    fn covers(&self, hal_dir: &str, deployment: &DeploymentName) -> bool {
        self.world.covers(hal_dir, deployment)
    }

    fn author(&self) -> Author {
        Author::Own
    }

    fn trust(&self) {}

    fn standing(&self) -> Result<(), Trouble> {
        Ok(())
    }

    fn at_target(&self, name: &TargetName) -> Arc<dyn Store> {
        self.world.at_target(name)
    }

    fn lock_topic(&self, topic: &TopicArn) -> Result<Held, Trouble> {
        self.world.lock_topic(topic)
    }

    fn backup(&self, name: &str, bytes: &[u8], sha256: &str, _of: &str) -> Result<String, Trouble> {
        let place = format!("backups/{name}.{}", &sha256[..12]);
        self.write(&place, bytes)?;
        Ok(self.path(&place))
    }
}
