//! The stage of the real world: real ports, the wall clock, no terminal.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use ecw_core::keymap::KeyPress;
use ecw_core::opening::Opening;
use ecw_core::session::{Session, Setup};
use ecw_core::trouble::Trouble;
use ecw_core::{Effect, Event};

use super::play::Stage;
use super::workers::{Message, Workers};
use crate::clock::Clock;
use crate::lock::Locked;
use crate::ports::Ports;

/// Longer than the guards against an Enter that comes with a screen or a question.
const ENTER_MS: u64 = 700;
const KEY_MS: u64 = 20;
const STEP_MS: u64 = 50;

/// The wizard on the real world.
pub struct Live<O> {
    ports: Ports,
    setup: Setup,
    opening: O,
    clock: Clock,
    size: (u16, u16),
    running: Option<Running>,
}

struct Running {
    session: Session,
    workers: Option<Workers>,
    events: Receiver<Message>,
}

impl<O: Fn() -> Result<Opening, Trouble>> Live<O> {
    /// Returns a stage on which nothing runs yet.
    #[must_use]
    pub fn new(ports: Ports, setup: Setup, opening: O, size: (u16, u16)) -> Self {
        Self { ports, setup, opening, clock: Clock::default(), size, running: None }
    }

    fn update(&mut self, event: Event) {
        let now = self.clock.now();
        let Some(running) = &mut self.running else { return };
        for effect in running.session.update(event, now) {
            if let (Some(workers), false) = (&running.workers, matches!(effect, Effect::Quit(_))) {
                workers.begin(effect);
            }
        }
        if running.session.exit.is_some()
            && let Some(workers) = running.workers.take()
        {
            workers.flush();
            self.ports.store.unlock();
        }
    }
}

impl<O: Fn() -> Result<Opening, Trouble>> Stage for Live<O> {
    fn start(&mut self) -> Option<String> {
        if let Err(Locked::By(holder)) = self.ports.store.lock(&self.setup.actor) {
            return Some(format!("Another event-cache-wizard works here: {holder}"));
        }
        let opening = match (self.opening)() {
            Ok(opening) => Opening { size: self.size, ..opening },
            Err(trouble) => return Some(format!("{}\n{}", trouble.what, trouble.fix)),
        };
        let (sender, events) = channel();
        let session = opening.open(self.setup.clone(), self.clock.now());
        let workers = Workers::new(self.ports.clone(), sender);
        self.running = Some(Running { session, workers: Some(workers), events });
        self.update(Event::Tick);
        None
    }

    fn session(&self) -> Option<&Session> {
        self.running.as_ref().map(|running| &running.session)
    }

    fn feed(&mut self, event: Event) {
        self.update(event);
    }

    fn pass(&mut self, millis: u64) {
        let end = self.clock.now().mono + millis;
        loop {
            let now = self.clock.now().mono;
            if now >= end {
                return;
            }
            let Some(running) = &self.running else {
                std::thread::sleep(Duration::from_millis(end - now));
                return;
            };
            let wake = running.session.next_wake().unwrap_or(end).clamp(now + 1, end.max(now + 1));
            let event = match running.events.recv_timeout(Duration::from_millis(wake - now)) {
                Ok(Message::Event(event)) => *event,
                Ok(Message::Key(_)) | Err(_) => Event::Tick,
            };
            self.update(event);
        }
    }

    fn before(&mut self, key: KeyPress) {
        self.pass(if key == KeyPress::Enter { ENTER_MS } else { KEY_MS });
    }

    fn clock(&self) -> u64 {
        self.clock.now().mono
    }

    fn step(&self) -> u64 {
        STEP_MS
    }

    fn kill(&mut self) {
        // Whatever is under way ends unheard; a deploy goes on under its supervisor.
        if let Some(workers) = self.running.take().and_then(|running| running.workers) {
            workers.flush();
        }
        self.ports.store.unlock();
    }

    fn size(&mut self, width: u16, height: u16) {
        self.size = (width, height);
    }
}
