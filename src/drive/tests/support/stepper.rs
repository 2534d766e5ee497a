//! Runs the core on the in-process world effect by effect, and dies where it is told to.

use std::collections::VecDeque;
use std::sync::Arc;

use ecw_actions::open::opening;
use ecw_actions::perform::perform;
use ecw_actions::target_session::Sessions;
use ecw_drive::headless::REHEARSAL_START;
use ecw_rehearsal::in_process::InProcess;
use ecw_wizard::messages::opening::{Opening, To};
use ecw_wizard::model::mode::{Changes, Mode};
use ecw_wizard::model::part::Part;
use ecw_wizard::model::press::Press;
use ecw_wizard::state::Session;
use ecw_wizard::state::setup::Setup;
use ecw_wizard::ui::page::{Action, ItemId};
use ecw_wizard::values::answers::{Key, Provenance};
use ecw_wizard::values::time::Now;
use ecw_wizard::{Cmd, Effect, Event};

/// Where the process dies, relative to an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The effect was not begun.
    Before,
    /// The effect was done, but nobody heard of it.
    After,
}

pub struct Stepper {
    pub world: InProcess,
    pub now: Now,
    pub performed: Vec<Effect>,
    /// Buttons that an unattended run presses.
    pub presses: Vec<Press>,
    /// What becomes of changes since.
    pub changes: Changes,
    given: Vec<(Key, String, Provenance)>,
    to: To,
}

impl Stepper {
    pub fn new(world: InProcess, given: &[(Key, &str)]) -> Self {
        let given =
            given.iter().map(|(key, value)| (*key, (*value).to_owned(), Provenance::AnswersFile)).collect();
        Self {
            world,
            now: Now { mono: 0, wall: REHEARSAL_START },
            performed: Vec::new(),
            presses: Vec::new(),
            changes: Changes::default(),
            given,
            to: To::Usual,
        }
    }

    /// Gives other answers from now on.
    pub fn give(&mut self, given: &[(Key, &str)]) {
        self.given =
            given.iter().map(|(key, value)| (*key, (*value).to_owned(), Provenance::AnswersFile)).collect();
    }

    /// Takes a part back, unattended, to the end.
    pub fn undo(&mut self, part: Part) -> Session {
        self.undo_until(part, None).unwrap()
    }

    /// Takes a part back, until it is done or the process dies.
    pub fn undo_until(&mut self, part: Part, die: Option<(usize, Moment)>) -> Option<Session> {
        self.to = To::Undo(part);
        let session = self.run(die);
        self.to = To::Usual;
        session
    }

    /// Runs unattended until the session ends (returns it) or the process dies (returns none).
    pub fn run(&mut self, die: Option<(usize, Moment)>) -> Option<Session> {
        self.run_as(Mode::Unattended, die, |_| None)
    }

    /// Runs, asking `decide` for a command whenever nothing else is to be done.
    pub fn run_as(
        &mut self,
        mode: Mode,
        die: Option<(usize, Moment)>,
        mut decide: impl FnMut(&Session) -> Option<Cmd>,
    ) -> Option<Session> {
        let ports = self.world.ports(Arc::new(Sessions::default()));
        self.world.set_now(self.now.mono);
        let setup = Setup { presses: self.presses.clone(), changes: self.changes, ..super::setup(mode) };
        let opening = opening(&*ports.store, &setup, &self.given).unwrap();
        let opening = Opening { holder: ports.store.holder(), to: self.to, ..opening };
        let mut session = ecw_wizard::update::open(opening, setup, self.now);
        let mut queue: VecDeque<Effect> = session.start(self.now).into();
        let mut count = 0;
        for _ in 0..200_000 {
            let event = match queue.pop_front() {
                Some(Effect::Quit(_)) => None,
                Some(effect) => {
                    if die == Some((count, Moment::Before)) {
                        return None;
                    }
                    self.performed.push(effect.clone());
                    let event = perform(&ports, effect);
                    if die == Some((count, Moment::After)) {
                        return None;
                    }
                    count += 1;
                    event
                }
                None if session.exit().is_some() => return Some(session),
                None => match decide(&session) {
                    Some(cmd) => {
                        self.now = self.now.plus(1_000);
                        Some(Event::Cmd { cmd })
                    }
                    None => {
                        let wake = session.next_wake().unwrap_or(self.now.mono + 1_000);
                        self.now = self.now.plus(wake.saturating_sub(self.now.mono).max(1));
                        self.world.set_now(self.now.mono);
                        Some(Event::Tick)
                    }
                },
            };
            if let Some(event) = event {
                queue.extend(session.update(event, self.now));
            }
        }
        panic!("the session never ended; it shows\n{}", ecw_tui::text_of(&session));
    }
}

pub fn press(action: Action) -> Option<Cmd> {
    Some(Cmd::Press(ItemId::Button(action)))
}
