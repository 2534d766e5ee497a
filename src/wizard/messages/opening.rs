//! How a session began: all that its fold starts from besides the events. With the events it can be
//! played again, and shows what the operator saw.

use serde::{Deserialize, Serialize};

use crate::messages::effect::Saved;
use crate::model::journal::{Actor, Author, Head, Record};
use crate::model::mode::{Mode, Rehearsal};
use crate::model::part::Part;
use crate::values::answers::Answers;

/// The begin of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Opening {
    /// Version of the program.
    pub program: String,
    /// Who.
    pub actor: Actor,
    /// Change ticket.
    pub change: Option<String>,
    /// Who decides.
    pub mode: Mode,
    /// Whether this is a rehearsal.
    pub rehearsal: Rehearsal,
    /// The command that comes back.
    pub come_back: String,
    /// Answers that were given by flags, environment and answers file.
    pub answers: Answers,
    /// Answers of the last visit.
    pub saved: Option<Saved>,
    /// The journal.
    pub records: Vec<Record>,
    /// The records are left out: they are those of the journal up to this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records_to: Option<u64>,
    /// Whose word it is.
    #[serde(default)]
    pub author: Author,
    /// How far this machine had written it.
    pub head: Option<Head>,
    /// Who works here, for a session that reads along.
    pub holder: Option<String>,
    /// A message on the first frame.
    pub message: Option<String>,
    /// Columns and rows.
    pub size: (u16, u16),
    /// ASCII only.
    pub ascii: bool,
    /// To which screen.
    pub to: To,
}

/// To which screen a session opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum To {
    /// To what the journal calls for.
    #[default]
    Usual,
    /// To the running deploy, at once.
    Deploy,
    /// To taking a part back, unattended.
    Undo(Part),
}

impl Opening {
    /// Returns a copy that names the journal's records instead of holding them.
    #[must_use]
    pub fn without_records(&self) -> Self {
        Self {
            program: self.program.clone(),
            actor: self.actor.clone(),
            change: self.change.clone(),
            mode: self.mode,
            rehearsal: self.rehearsal,
            come_back: self.come_back.clone(),
            answers: self.answers.clone(),
            saved: self.saved.clone(),
            records: Vec::new(),
            records_to: Some(self.records.iter().map(|record| record.seq).max().unwrap_or(0)),
            author: self.author,
            head: self.head,
            holder: self.holder.clone(),
            message: self.message.clone(),
            size: self.size,
            ascii: self.ascii,
            to: self.to,
        }
    }
}
