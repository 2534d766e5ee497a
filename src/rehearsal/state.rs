//! Our state in the rehearsal world: files of it. And the ports to that world, of which it is one.

use std::sync::Arc;

use ecw_ports::{Held, LockAnswer, Ports, Room, Store, TargetSessions};
use ecw_wizard::model::journal::{Actor, Author, Head};
use ecw_wizard::model::journal_file::Tail;
use ecw_wizard::values::names::{DeploymentName, TopicArn};
use ecw_wizard::values::targets::TargetName;
use ecw_wizard::values::trouble::Trouble;
use ecw_world::HAL_DIR;

use crate::in_process::{InProcess, STATE_DIR};

/// Whose state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    /// The installation's.
    Whole,
    /// One target's, below that.
    Target,
}

/// A directory of the world that holds state.
struct State {
    world: InProcess,
    dir: String,
    of: Of,
}

impl State {
    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.dir)
    }
}

impl InProcess {
    /// Returns ports to this world; `targets` runs the sessions of single targets.
    #[must_use]
    pub fn ports(&self, targets: Arc<dyn TargetSessions>) -> Ports {
        let shared = Arc::new(self.clone());
        Ports {
            files: shared.clone(),
            commands: shared.clone(),
            web: shared.clone(),
            aws: shared.clone(),
            store: Arc::new(State { world: self.clone(), dir: STATE_DIR.to_owned(), of: Of::Whole }),
            targets,
            pace: shared,
            plans: Arc::default(),
        }
    }
}

impl Store for State {
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

    fn append_journal(&self, line: &[u8], head: Head, _room: Room) -> Result<(), Trouble> {
        let mut inner = self.world.inner();
        if self.of == Of::Whole {
            inner.head = Some(head);
        }
        let now = inner.now;
        inner.world.files.append(&self.path("journal.jsonl"), line, now);
        Ok(())
    }

    fn head(&self) -> Option<Head> {
        self.world.inner().head.filter(|_| self.of == Of::Whole)
    }

    fn lock(&self, _actor: &Actor) -> LockAnswer {
        self.world.inner().holder.clone().map_or(LockAnswer::Ours(None), LockAnswer::By)
    }

    fn unlock(&self) {}

    fn holder(&self) -> Option<String> {
        self.world.inner().holder.clone()
    }

    fn take_over(&self, _actor: &Actor) -> Result<(), Trouble> {
        self.world.inner().holder = None;
        Ok(())
    }

    fn who_takes_over(&self) -> String {
        "somebody".to_owned()
    }

    fn trim_journal(&self, sound_len: u64, tail: Tail) -> Result<Option<String>, Trouble> {
        let path = self.path("journal.jsonl");
        let Some(mut bytes) = self.world.file(&path) else { return Ok(None) };
        let cut = bytes.split_off(usize::try_from(sound_len).unwrap_or(usize::MAX).min(bytes.len()));
        self.world.put_file(&path, &bytes);
        let kept = (tail == Tail::Foreign).then(|| self.path("journal.tail"));
        if let Some(kept) = &kept {
            self.world.put_file(kept, &cut);
        }
        Ok(kept)
    }

    fn settle(&self, _hal_dir: &str, _deployment: &DeploymentName) -> bool {
        false
    }

    fn covers(&self, hal_dir: &str, _deployment: &DeploymentName) -> bool {
        hal_dir == HAL_DIR
    }

    fn author(&self) -> Author {
        Author::Own
    }

    fn trust(&self) {}

    fn standing(&self) -> Result<(), Trouble> {
        Ok(())
    }

    fn at_target(&self, name: &TargetName) -> Arc<dyn Store> {
        let dir = format!("{STATE_DIR}/targets/{}", name.directory());
        Arc::new(Self { world: self.world.clone(), dir, of: Of::Target })
    }

    fn lock_topic(&self, _topic: &TopicArn) -> Result<Held, Trouble> {
        Ok(Held(Box::new(())))
    }

    fn backup(&self, name: &str, bytes: &[u8], sha256: &str, _of: &str) -> Result<String, Trouble> {
        let place = format!("backups/{name}.{}", &sha256[..12]);
        self.write(&place, bytes)?;
        Ok(self.path(&place))
    }
}
