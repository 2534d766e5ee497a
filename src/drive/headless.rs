//! The stage of the stand-ins: the same process, the script's own clock, so an hour passes in no
//! time and the same bytes come out each time.

use std::cell::Cell;
use std::collections::VecDeque;
use std::io;
use std::rc::Rc;
use std::sync::Arc;

use ecw_actions::open::opening;
use ecw_actions::perform::perform;
use ecw_actions::target_session::Sessions;
use ecw_host::record::Recorder;
use ecw_ports::LockAnswer;
use ecw_rehearsal::in_process::InProcess;
use ecw_wizard::messages::keymap::KeyPress;
use ecw_wizard::messages::opening::Opening;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::state::Session;
use ecw_wizard::state::setup::Setup;
use ecw_wizard::update;
use ecw_wizard::values::answers::{Key, Provenance};
use ecw_wizard::values::time::Now;
use ecw_wizard::{Effect, Event, Exit};

use crate::play::{ScriptedSkin, Stage};
use crate::pump::{Cause, Input, Pump, Skin};

pub use ecw_rehearsal::in_process::REHEARSAL_START;
/// A key lets this much time pass, so that guards against held keys do not bite.
const KEY_MS: u64 = 1_000;
const STEP_MS: u64 = 500;

/// The wizard on the rehearsal world.
pub struct Headless {
    world: InProcess,
    setup: Setup,
    given: Vec<(Key, String, Provenance)>,
    size: (u16, u16),
    /// The script's clock, whether a wizard runs or not.
    clock: Rc<Cell<Now>>,
}

impl Headless {
    /// Returns a stage on which nothing runs yet.
    #[must_use]
    pub fn new(
        world: InProcess,
        setup: Setup,
        given: Vec<(Key, String, Provenance)>,
        size: (u16, u16),
    ) -> Self {
        let begin = Now { mono: 0, wall: REHEARSAL_START };
        Self { world, setup, given, size, clock: Rc::new(Cell::new(begin)) }
    }
}

impl Stage for Headless {
    type Skin = InProcessSkin;

    fn start(&mut self) -> Result<Pump<InProcessSkin>, String> {
        let ports = self.world.ports(Arc::new(Sessions::default()));
        let mut setup = self.setup.clone();
        let holder = match ports.store.lock(&setup.actor) {
            LockAnswer::By(holder) => Some(holder),
            _ => None,
        };
        if holder.is_some() {
            setup.mode = Mode::Watch;
        }
        let opening = opening(&*ports.store, &setup, &self.given)
            .map_err(|trouble| format!("{}\n{}", trouble.what, trouble.fix))?;
        let opening = Opening { holder, size: self.size, ..opening };
        let session = update::open(opening, setup, self.clock.get());
        let skin = InProcessSkin {
            world: self.world.clone(),
            clock: self.clock.clone(),
            until: self.clock.get().mono,
            come: VecDeque::new(),
        };
        let recorder = Recorder::new(None, &self.setup.run);
        Ok(Pump::new(session, skin, recorder))
    }

    fn before(&self, _key: KeyPress) -> u64 {
        KEY_MS
    }

    fn step(&self) -> u64 {
        STEP_MS
    }

    fn sleep(&mut self, millis: u64) {
        self.clock.set(self.clock.get().plus(millis));
    }

    fn kill(&mut self, pump: Pump<InProcessSkin>) {
        drop(pump);
    }

    fn size(&mut self, width: u16, height: u16) {
        self.size = (width, height);
    }
}

/// A skin without a screen: effects are performed at once, on the script's own clock.
pub struct InProcessSkin {
    world: InProcess,
    clock: Rc<Cell<Now>>,
    until: u64,
    /// What effects came to, in order.
    come: VecDeque<Event>,
}

impl ScriptedSkin for InProcessSkin {
    fn until(&mut self, moment: u64) {
        self.until = moment;
    }
}

impl Skin for InProcessSkin {
    fn now(&self) -> Now {
        self.clock.get()
    }

    fn show(&mut self, _session: &Session, _cause: Cause) -> io::Result<()> {
        Ok(())
    }

    fn wait(&mut self, session: &Session) -> Input {
        if let Some(event) = self.come.pop_front() {
            return Input::Event(Box::new(event));
        }
        let now = self.clock.get();
        if now.mono >= self.until {
            return Input::Pause;
        }
        // It is woken when the core asked for it.
        let wake = session.next_wake().unwrap_or(self.until);
        let to = wake.clamp(now.mono + 1, self.until);
        self.clock.set(now.plus(to - now.mono));
        if wake <= to { Input::Tick } else { Input::Pause }
    }

    fn begin(&mut self, effect: Effect) {
        self.world.set_now(self.clock.get().mono);
        self.come.extend(perform(&self.world.ports(Arc::new(Sessions::default())), effect));
    }

    fn leave(&mut self, _exit: Exit) {}
}
