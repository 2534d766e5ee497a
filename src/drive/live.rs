//! The stage of the real world: real ports, the wall clock, no terminal. What happens is recorded as in
//! every other skin.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use ecw_host::clock::Clock;
use ecw_host::record::Recorder;
use ecw_host::state_place::PlaceCell;
use ecw_ports::{LockAnswer, Ports};
use ecw_wizard::messages::keymap::KeyPress;
use ecw_wizard::messages::opening::Opening;
use ecw_wizard::state::Session;
use ecw_wizard::state::setup::Setup;
use ecw_wizard::update;
use ecw_wizard::values::time::Now;
use ecw_wizard::values::trouble::Trouble;
use ecw_wizard::{Effect, Exit};

use crate::outside::Outside;
use crate::play::{ScriptedSkin, Stage};
use crate::pump::{Cause, Input, Pump, Skin};

/// Longer than the guards against an Enter that comes with a screen or a question.
const ENTER_MS: u64 = 700;
const KEY_MS: u64 = 20;
const STEP_MS: u64 = 50;

/// The wizard on the real world.
pub struct Live<O> {
    ports: Ports,
    place: Arc<PlaceCell>,
    setup: Setup,
    opening: O,
    clock: Clock,
    size: (u16, u16),
}

impl<O: Fn() -> Result<Opening, Trouble>> Live<O> {
    /// Returns a stage on which nothing runs yet.
    #[must_use]
    pub fn new(ports: Ports, place: Arc<PlaceCell>, setup: Setup, opening: O, size: (u16, u16)) -> Self {
        Self { ports, place, setup, opening, clock: Clock::default(), size }
    }
}

impl<O: Fn() -> Result<Opening, Trouble>> Stage for Live<O> {
    type Skin = LiveSkin;

    fn start(&mut self) -> Result<Pump<LiveSkin>, String> {
        if let LockAnswer::By(holder) = self.ports.store.lock(&self.setup.actor) {
            return Err(format!("Another event-cache-wizard works here: {holder}"));
        }
        let opening = (self.opening)().map_err(|trouble| format!("{}\n{}", trouble.what, trouble.fix))?;
        let opening = Opening { size: self.size, ..opening };
        let mut recorder = Recorder::new(Some(self.place.clone()), &self.setup.run);
        recorder.opened(&opening, self.clock.now());
        let session = update::open(opening, self.setup.clone(), self.clock.now());
        let outside = Outside::new(self.ports.clone(), self.clock);
        let skin = LiveSkin { outside, ports: self.ports.clone(), until: 0 };
        Ok(Pump::new(session, skin, recorder))
    }

    fn before(&self, key: KeyPress) -> u64 {
        if key == KeyPress::Enter { ENTER_MS } else { KEY_MS }
    }

    fn step(&self) -> u64 {
        STEP_MS
    }

    fn sleep(&mut self, millis: u64) {
        std::thread::sleep(Duration::from_millis(millis));
    }

    fn kill(&mut self, mut pump: Pump<LiveSkin>) {
        // Whatever is under way ends unheard; a deploy goes on under its supervisor.
        pump.skin().end();
    }

    fn size(&mut self, width: u16, height: u16) {
        self.size = (width, height);
    }
}

/// A skin without a screen on the real world.
pub struct LiveSkin {
    outside: Outside,
    ports: Ports,
    until: u64,
}

impl LiveSkin {
    fn end(&mut self) {
        self.outside.flush();
        self.ports.store.unlock();
    }
}

impl ScriptedSkin for LiveSkin {
    fn until(&mut self, moment: u64) {
        self.until = moment;
    }
}

impl Skin for LiveSkin {
    fn now(&self) -> Now {
        self.outside.now()
    }

    fn show(&mut self, _session: &Session, _cause: Cause) -> io::Result<()> {
        Ok(())
    }

    fn wait(&mut self, session: &Session) -> Input {
        let now = self.now().mono;
        if now >= self.until {
            return Input::Pause;
        }
        let wake = session.next_wake().unwrap_or(self.until).clamp(now + 1, self.until.max(now + 1));
        self.outside.wait(Some(Duration::from_millis(wake - now)))
    }

    fn begin(&mut self, effect: Effect) {
        self.outside.begin(effect);
    }

    fn leave(&mut self, _exit: Exit) {
        self.end();
    }
}
