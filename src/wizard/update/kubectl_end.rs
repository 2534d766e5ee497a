//! How an apply by kubectl ends: its exit says it. What it sends is the whole wanted state, so doing it again is safe.

use crate::messages::effect::Effect;
use crate::model::journal::{ReopenedTo, ReopenedWhy};
use crate::rules::likely_of_kubectl::failed;
use crate::state::Session;
use crate::steps::{Made, StepId, StepOutcome};
use crate::values::trouble::Trouble;

impl Session {
    /// Takes in how kubectl ended; `None` = nobody knows.
    pub(super) fn kubectl_ended(&mut self, step: StepId, exit: Option<i32>, effects: &mut Vec<Effect>) {
        let number = self.run.deploy.as_ref().map_or(0, |deploy| deploy.number);
        let lines = self.run.deploy.iter().flat_map(|deploy| deploy.transcript.tail());
        let said = lines.rev().find(|line| !line.trim().is_empty());
        let said = said.map(|line| ecw_halyard::clean(&ecw_halyard::redact(line), 300));
        let outcome = match exit {
            Some(0) => StepOutcome::Done {
                evidence: "kubectl exited 0".to_owned(),
                made: Made::Deploy { number: u32::try_from(number).unwrap_or(u32::MAX) },
            },
            Some(code) => StepOutcome::Failed {
                trouble: Trouble::new(
                    failed(code, said.as_deref()),
                    "Fix what it names, then retry: applying again is safe. What was written stays.",
                ),
            },
            None if self.ledger.row(&step).is_some_and(|row| row.again) => {
                self.run.deploy = None;
                self.reopen(step, ReopenedTo::ToDo, ReopenedWhy::NotDone, effects);
                return;
            }
            None => StepOutcome::Unknown {
                why: "kubectl ended without an exit status; applying again is safe".to_owned(),
            },
        };
        self.finish(step, outcome, effects);
    }
}
