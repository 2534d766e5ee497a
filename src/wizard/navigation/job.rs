//! What runs now, in a line: for where there is no room for more.

use crate::model::ledger::StepState;
use crate::state::Session;
use crate::values::time::span;

/// Returns the step that is being done and for how long already.
#[must_use]
pub fn job(session: &Session) -> Option<String> {
    if !session.run_active() {
        return None;
    }
    let row = session.ledger.rows.iter().find(|row| row.state == StepState::Started)?;
    let since = row.started.map(|started| span(session.now.wall.saturating_sub(started)));
    Some(format!("Now: {}, {}.", row.intent.describe(), since.unwrap_or_default()))
}
