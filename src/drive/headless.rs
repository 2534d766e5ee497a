//! The stage of the stand-ins: the same process, the script's own clock, so an hour passes in no
//! time and the same bytes come out each time.

use std::collections::VecDeque;

use ecw_core::answers::{Key, Provenance};
use ecw_core::keymap::KeyPress;
use ecw_core::session::{Session, Setup};
use ecw_core::time::Now;
use ecw_core::{Effect, Event};

use super::open::open;
use super::play::Stage;
use crate::perform::perform;
use crate::ports::in_process::InProcess;

/// Wall time at the begin of every rehearsal: 2026-11-22 12:00 UTC.
pub const REHEARSAL_START: u64 = 1_795_348_800_000;
/// A key lets this much time pass, so that guards against held keys do not bite.
const KEY_MS: u64 = 1_000;
const STEP_MS: u64 = 500;

/// The wizard on the rehearsal world.
pub struct Headless {
    world: InProcess,
    setup: Setup,
    given: Vec<(Key, String, Provenance)>,
    session: Option<Session>,
    now: Now,
    size: (u16, u16),
    queue: VecDeque<Effect>,
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
        let now = Now { mono: 0, wall: REHEARSAL_START };
        Self { world, setup, given, session: None, now, size, queue: VecDeque::new() }
    }

    fn work(&mut self) {
        let ports = self.world.ports();
        self.world.set_now(self.now.mono);
        while let Some(effect) = self.queue.pop_front() {
            let Some(session) = &mut self.session else { return };
            if let Some(event) = perform(&ports, effect) {
                self.queue.extend(session.update(event, self.now));
            }
        }
    }
}

impl Stage for Headless {
    fn start(&mut self) -> Option<String> {
        let ports = self.world.ports();
        let mut setup = self.setup.clone();
        let holder = ports.store.lock(&setup.actor).err().and_then(|_| ports.store.holder());
        if holder.is_some() {
            setup.mode = ecw_core::session::Mode::Watch;
        }
        match open(&*ports.store, setup, &self.given, self.now) {
            Ok(mut session) => {
                session.holder = holder;
                (session.view.width, session.view.height) = self.size;
                self.queue.extend(session.start(self.now));
                self.session = Some(session);
                self.work();
                None
            }
            Err(trouble) => Some(format!("{}\n{}", trouble.what, trouble.fix)),
        }
    }

    fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    fn feed(&mut self, event: Event) {
        if let Some(session) = &mut self.session {
            self.queue.extend(session.update(event, self.now));
            self.work();
        }
    }

    fn pass(&mut self, millis: u64) {
        let end = self.now.plus(millis);
        while self.now.mono < end.mono {
            // It is woken when the core asked for it.
            let wake = self.session.as_ref().and_then(Session::next_wake).unwrap_or(end.mono);
            let to = wake.clamp(self.now.mono + 1, end.mono);
            self.now = self.now.plus(to - self.now.mono);
            if wake <= self.now.mono {
                self.feed(Event::Tick);
            }
        }
    }

    fn before(&mut self, _key: KeyPress) {
        self.pass(KEY_MS);
    }

    fn clock(&self) -> u64 {
        self.now.mono
    }

    fn step(&self) -> u64 {
        STEP_MS
    }

    fn kill(&mut self) {
        self.session = None;
        self.queue.clear();
    }

    fn size(&mut self, width: u16, height: u16) {
        self.size = (width, height);
    }
}
