//! Which log can be read on the screen, and how much of it at once.

use crate::model::log_page::Log;
use crate::model::screen::Screen;
use crate::state::Session;
use crate::state::run::Halt;

/// Rows around the lines: title, path, two rules, remark, keys.
const AROUND: u16 = 6;

impl Session {
    /// Returns the log that can be read now: that of the AWS calls while these are what is done, else hal's of the
    /// latest deploy.
    #[must_use]
    pub fn log_at_hand(&self) -> Option<Log> {
        self.ledger.run.as_ref()?;
        let in_aws = match &self.run.halt {
            Some(Halt::Failed { step, .. } | Halt::Unknown { step, .. }) => step.kind.in_aws(),
            Some(Halt::Store { .. }) | None => matches!(self.next_task(), Some((Screen::Sns, _))),
        };
        let of_run = self.run.deploy.as_ref().map(|deploy| deploy.number);
        let rows = self.ledger.rows.iter().rev();
        let of_ledger =
            || rows.filter(|row| row.intent.apply_deployment().is_some()).find_map(|row| row.started_seq);
        match of_run.or_else(of_ledger) {
            Some(number) if !in_aws => Some(Log::Deploy(number)),
            _ => Some(Log::Aws),
        }
    }

    /// Returns how many lines of a log stand on the screen.
    #[must_use]
    pub fn log_rows(&self) -> usize {
        usize::from(self.view.height.saturating_sub(AROUND).max(1))
    }
}
