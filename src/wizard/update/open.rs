//! A session at its begin: what its state on disk and its answers make of it.

use crate::messages::effect::Saved;
use crate::messages::opening::{Opening, To};
use crate::model::ledger::Ledger;
use crate::model::mode::Mode;
use crate::state::Session;
use crate::state::setup::Setup;
use crate::state::stage::Stage;
use crate::values::answers::Answers;
use crate::values::time::Now;

/// Returns the session that an opening leads to; `setup` says what the opening does not.
#[must_use]
pub fn open(opening: Opening, setup: Setup, now: Now) -> Session {
    let setup = Setup {
        actor: opening.actor,
        change: opening.change,
        mode: opening.mode,
        rehearsal: opening.rehearsal,
        come_back: opening.come_back,
        ..setup
    };
    let ledger = Ledger::fold(&opening.records);
    let mut session = begun(setup, opening.answers, opening.saved, ledger, now);
    session.head = opening.head;
    session.author = opening.author;
    session.holder = opening.holder;
    if let Some(message) = opening.message {
        session.view.say(message);
    }
    (session.view.width, session.view.height) = opening.size;
    session.view.ascii = opening.ascii;
    match opening.to {
        To::Usual => {}
        To::Deploy => session.attach(),
        To::Undo(part) => session.stage.move_to(Stage::UndoWhenSeen(part)),
    }
    session
}

/// Returns a session at its begin; `ledger` comes from the journal, `saved` from the last visit.
#[must_use]
pub fn begun(setup: Setup, answers: Answers, saved: Option<Saved>, ledger: Ledger, now: Now) -> Session {
    let mut session = Session::blank(setup, answers, ledger, now);
    if let Some(saved) = saved {
        session.recall(saved);
    }
    session.take_up();
    session
}

impl Session {
    /// Opens what the ledger calls for: Resume, Home, or the questions.
    pub(crate) fn take_up(&mut self) {
        let unfinished = self.ledger.unfinished();
        match (self.setup.mode, self.ledger.run.is_some()) {
            (Mode::Operator, true) if unfinished => self.stage.move_to(Stage::Resume),
            (Mode::Operator, true) => self.stage.move_to(Stage::Home),
            // Nobody is there to choose: an unfinished run goes on, a finished one is looked at anew.
            (Mode::Unattended, true) if unfinished => self.stage.move_to(Stage::Running),
            // An earlier run is history here: it must not go on.
            (Mode::Unattended | Mode::PlanOnly | Mode::Look, true) => self.stage.move_to(Stage::Asking),
            (Mode::Operator | Mode::Unattended | Mode::PlanOnly | Mode::Look, false) | (Mode::Watch, _) => {}
        }
    }
}
