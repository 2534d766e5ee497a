//! How a run that takes back goes on where a part of it is stuck.

use crate::journal::StepState;
use crate::session::Session;
use crate::step::Intent;

impl Session {
    /// Returns whether the run that has not ended is one that takes back.
    #[must_use]
    pub fn undo_runs(&self) -> bool {
        self.ledger.unfinished() && self.ledger.rows.iter().any(|row| is_undo(&row.intent))
    }

    /// Returns whether a step of an undo is passed over for now: it is stuck, or it is the deploy of
    /// a file that could not be taken back.
    pub(crate) fn skipped_in_undo(&self, at: usize) -> bool {
        let rows = &self.ledger.rows;
        let stuck = |state: &StepState| matches!(state, StepState::Failed(_) | StepState::Unknown(_));
        if stuck(&rows[at].state) {
            return true;
        }
        if let Intent::DeleteTopic { arn, .. } = &rows[at].intent {
            // AWS Config would deliver to a topic that is gone.
            return rows.iter().any(|row| {
                matches!(&row.intent, Intent::Undeliver { arn: topic, .. } if topic == arn)
                    && stuck(&row.state)
            });
        }
        let Intent::Apply { services, .. } = &rows[at].intent else { return false };
        rows.iter().any(|row| match &row.intent {
            Intent::UnwriteProfile { file, .. } => {
                stuck(&row.state) && services.iter().any(|service| service.profile_file() == file)
            }
            _ => false,
        })
    }

    /// Returns whether an undo has something left that it can do although a part of it is stuck.
    pub(crate) fn undo_goes_on(&self) -> bool {
        let rows = &self.ledger.rows;
        rows.iter().any(|row| is_undo(&row.intent))
            && (0..rows.len())
                .any(|at| !matches!(rows[at].state, StepState::Done(_)) && !self.skipped_in_undo(at))
    }
}

/// Returns whether an intent takes something back. A deploy that brings no file of ours does.
#[must_use]
pub fn is_undo(intent: &Intent) -> bool {
    matches!(intent, Intent::Apply { files, .. } if files.is_empty())
        || matches!(
            intent,
            Intent::UnwriteProfile { .. }
                | Intent::DeleteTopic { .. }
                | Intent::DisallowPublish { .. }
                | Intent::Unsubscribe { .. }
                | Intent::Undeliver { .. }
        )
}
