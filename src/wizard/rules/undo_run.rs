//! How a run that takes back goes on where a part of it is stuck.

use crate::model::ledger::StepState;
use crate::state::Session;
use crate::steps::{DeleteTopic, Intent, UndeliverConfig};

impl Session {
    /// Returns whether the run that has not ended is one that takes back.
    #[must_use]
    pub fn undo_runs(&self) -> bool {
        self.ledger.unfinished() && self.ledger.takes_back()
    }

    /// Returns whether a step of an undo is passed over for now: it is stuck, or it is the deploy of
    /// a file that could not be taken back.
    pub(crate) fn skipped_in_undo(&self, at: usize) -> bool {
        let rows = &self.ledger.rows;
        let stuck = |state: &StepState| matches!(state, StepState::Failed(_) | StepState::Unknown(_));
        if stuck(&rows[at].state) {
            return true;
        }
        if let Intent::DeleteTopic(DeleteTopic { arn, .. }) = &rows[at].intent {
            // AWS Config would deliver to a topic that is gone.
            return rows.iter().any(|row| {
                matches!(&row.intent, Intent::UndeliverConfig(UndeliverConfig { arn: topic, .. }) if topic == arn)
                    && stuck(&row.state)
            });
        }
        let Some(apply) = rows[at].intent.apply_deployment() else { return false };
        rows.iter()
            .filter(|row| stuck(&row.state))
            .filter_map(|row| row.intent.unwrite_profile())
            .any(|unwrite| apply.services.iter().any(|service| service.profile_file() == unwrite.file))
    }

    /// Returns whether an undo has something left that it can do although a part of it is stuck.
    pub(crate) fn undo_goes_on(&self) -> bool {
        let rows = &self.ledger.rows;
        self.ledger.takes_back()
            && (0..rows.len())
                .any(|at| !matches!(rows[at].state, StepState::Done(_)) && !self.skipped_in_undo(at))
    }
}
