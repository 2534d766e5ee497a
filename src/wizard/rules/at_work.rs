//! What is being done or waited for just now, in a line: for lines, a window's title, a service manager.

use crate::model::goal::Goal;
use crate::model::ledger::StepState;
use crate::rules::task::Task;
use crate::state::Session;
use crate::values::answers::Key;
use crate::values::time::span;

/// What is being done just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtWork {
    /// Such as `Deploy gate`, or `Waiting until ready: gate`.
    pub what: String,
    /// For how long, milliseconds.
    pub elapsed: u64,
    /// What is known of its end: `usually 2 to 10 min`, `at most 90 min 00 s`; empty where nothing is.
    pub ends: String,
}

impl AtWork {
    /// Returns it with its times, such as `Deploy gate, 3 min 05 s (usually 2 to 10 min)`.
    #[must_use]
    pub fn line(&self) -> String {
        let ends = if self.ends.is_empty() { String::new() } else { format!(" ({})", self.ends) };
        format!("{}, {}{ends}", self.what, span(self.elapsed))
    }
}

impl Session {
    /// Returns what is being done or waited for; `None` where nothing is.
    #[must_use]
    pub fn at_work(&self) -> Option<AtWork> {
        if let Some(looking) = self.looked_for() {
            return Some(looking);
        }
        if !self.run_active() {
            return None;
        }
        let since = |mono: Option<u64>| mono.map_or(0, |since| self.now.mono.saturating_sub(since));
        match self.next_task()?.1 {
            Task::Step(intent) => {
                let row = self.ledger.row(&intent.step()).filter(|row| row.state == StepState::Started)?;
                let elapsed = row.started.map_or(0, |started| self.now.wall.saturating_sub(started));
                if let Some((_, why)) = self.run.deploy.as_ref().and_then(|deploy| deploy.down.as_ref()) {
                    let ends = format!("nothing is heard from {}: {why}", self.halyard_in());
                    return Some(AtWork { what: intent.describe(), elapsed, ends });
                }
                Some(AtWork {
                    what: intent.describe(),
                    elapsed,
                    ends: format!("usually {}", intent.usual_time()),
                })
            }
            Task::Ready(services) => Some(AtWork {
                what: format!("Waiting until ready: {}", crate::steps::names(&services)),
                elapsed: since(self.run.ready_since.map(|since| since.mono)),
                ends: format!("at most {}", span(self.limit(Key::WaitForReady))),
            }),
            Task::Confirm => Some(AtWork {
                what: "Waiting until Gate confirms its subscription".to_owned(),
                elapsed: since(self.run.confirm_since.map(|(since, _)| since.mono)),
                ends: format!("at most {}", span(self.limit(Key::WaitForConfirmation))),
            }),
        }
    }

    /// What a session that only looks waits for.
    fn looked_for(&self) -> Option<AtWork> {
        let limit = self.setup.looking.wait?;
        let what = match self.setup.looking.goal {
            Goal::All => "all of it is there",
            Goal::Ready => "the services are ready",
            Goal::Confirmed => "the subscription is confirmed",
            Goal::Events => "events can arrive",
        };
        let elapsed = self.looking_since.map_or(0, |since| self.now.mono.saturating_sub(since.mono));
        Some(AtWork {
            what: format!("Waiting until {what}"),
            elapsed,
            ends: format!("at most {}", span(limit)),
        })
    }
}
