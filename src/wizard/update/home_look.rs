//! Home looks at everything again by itself: soon at first, seldom where nobody presses a key.

use crate::model::question::Question;
use crate::rules::limits::HOME_REFRESH_MS;
use crate::state::Session;
use crate::state::home_look::HomeLook;
use crate::state::stage::Stage;

/// So many looks come a minute after the one before; then they become rarer.
const SOON: u32 = 5;
/// What the wait becomes then, times a minute.
const RARELY: u64 = 15;

impl Session {
    /// Notes when all answers are there, and asks again when it is time; answers to what Home does not ask any more
    /// are no evidence.
    pub(super) fn keep_home_fresh(&mut self) {
        if *self.stage.base() != Stage::Home {
            self.home = HomeLook::default();
            return;
        }
        // Behind a dialog or a screen beside it nothing is asked, and what was seen grows old.
        if !self.is_at_home() {
            return;
        }
        let wanted = self.wanted();
        self.facts.forget(|question| !wanted.contains(question));
        if self.facts.wait() {
            self.home.due = None;
            return;
        }
        match self.home.due {
            Some(due) if self.now.mono >= due => {
                self.home.looks = self.home.looks.saturating_add(1);
                self.home.due = None;
                self.facts.refresh(is_shown);
            }
            Some(_) => {}
            None => {
                let times = if self.home.looks < SOON { 1 } else { RARELY };
                self.home.seen = Some(self.now);
                self.home.due = Some(self.now.mono + HOME_REFRESH_MS * times);
            }
        }
    }
}

/// Whether Home's rows are read from the answer.
fn is_shown(question: &Question) -> bool {
    match question {
        Question::Site { .. }
        | Question::Profiles { .. }
        | Question::Staged { .. }
        | Question::Ready { .. }
        | Question::Tasks { .. }
        | Question::Identity { .. }
        | Question::Topics { .. }
        | Question::Topic { .. }
        | Question::Subscription { .. }
        | Question::TargetsStand { .. } => true,
        Question::Daemon { .. }
        | Question::Halyards
        | Question::Cluster { .. }
        | Question::Rendered { .. }
        | Question::Repository { .. }
        | Question::Pending { .. }
        | Question::Endpoint { .. }
        | Question::Gate { .. }
        | Question::TargetsPlan { .. }
        | Question::TargetsProgress { .. }
        | Question::Probe { .. } => false,
    }
}
