//! What is to be done outside. Drivers perform effects; they never decide.

use ecw_halyard::ServiceName;
use serde::{Deserialize, Serialize};

use crate::model::delivery_proof::ProofJob;
use crate::model::journal::{Actor, Record};
use crate::model::log_page::LogWanted;
use crate::model::question::Question;
use crate::model::screen::Screen;
use crate::steps::Intent;
use crate::values::answers::Answers;
use crate::values::exit::Exit;
use crate::values::names::DeploymentName;

/// Something to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the outside; changes nothing.
    Ask(Question),
    /// Append to the journal and fsync, then say [`crate::Event::Journaled`].
    Journal(Record),
    /// Change the world. `number` is the journal sequence number of its `started` record.
    Execute {
        number: u64,
        /** what to do */
        intent: Intent,
    },
    /// Read on in a deploy's log.
    ReadDeploy {
        number: u64,
        /** from where */
        offset: u64,
    },
    /// Read a part of a log for the screen, as [`crate::Event::LogRead`].
    ReadLog(LogWanted),
    /// Cancel a running deploy of ours.
    CancelDeploy {
        number: u64,
        /** services that it deploys */
        services: Vec<ServiceName>,
        /** when it was begun, milliseconds since 1970 UTC */
        started: u64,
        /** the daemon's address, asked where hal cannot be reached */
        daemon: String,
    },
    /// Have AWS Config deliver a snapshot, on purpose, as [`crate::Event::Proved`].
    Prove(Box<ProofJob>),
    /// Save answers and progress.
    Save(Box<Saved>),
    /// Write a file into the state directory.
    WriteState {
        name: String,
        /** its text */
        text: String,
    },
    /// Write what would change in the profiles as a patch into the state directory. Its text may
    /// hold secrets as context, so it never passes through the core.
    WritePatch(Box<crate::model::place::WantedProfiles>),
    /// Look at the journal and at who works here, as [`crate::Event::Watched`].
    ReadAlong,
    /// Work at the state of this hal directory and deployment from now on; says
    /// [`crate::Event::Settled`] where that is another place, [`crate::Event::Stayed`] where it is not.
    Settle {
        hal_dir: String,
        deployment: DeploymentName,
        /** who locks it */
        actor: Actor,
    },
    /// Have the wizard that works here leave, and take its place.
    TakeOver(Actor),
    /// Hand text to the terminal's clipboard.
    Copy(String),
    /// Draw everything anew.
    Redraw,
    /// Suspend the program.
    Suspend,
    /// End.
    Quit(Exit),
}

impl Effect {
    /// Returns whether this effect changes the world outside the state directory.
    #[must_use]
    pub fn changes_the_world(&self) -> bool {
        matches!(self, Self::Execute { .. } | Self::CancelDeploy { .. } | Self::Prove(_))
    }
}

/// What is kept between two visits besides the journal: answers, never facts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Saved {
    /// Format version.
    pub version: u32,
    /// Answers that were given.
    pub answers: Answers,
    /// Screens that were passed.
    pub passed: Vec<Screen>,
}

/// Version of [`Saved`].
pub const SAVED_VERSION: u32 = 2;
