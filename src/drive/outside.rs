//! The real outside of a skin: the wall clock, workers that perform effects, and the channel on which
//! everything comes back.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use ecw_host::clock::Clock;
use ecw_ports::{Ports, Store};
use ecw_wizard::state::Session;
use ecw_wizard::values::time::Now;
use ecw_wizard::{Effect, Event};
use tokio::runtime::Handle;

use crate::pump::Input;
use crate::signals;
use crate::workers::Workers;

/// The real outside.
pub struct Outside {
    clock: Clock,
    workers: Option<Workers>,
    sender: Sender<Input>,
    receiver: Receiver<Input>,
}

impl Outside {
    /// Returns the outside behind these ports.
    #[must_use]
    pub fn new(ports: Ports, clock: Clock) -> Self {
        let (sender, receiver) = channel();
        Self { clock, workers: Some(Workers::new(ports, sender.clone())), sender, receiver }
    }

    /// Turns signals into events from now on; `interrupt` is what SIGINT means.
    pub fn listen(&self, runtime: &Handle, store: &std::sync::Arc<dyn Store>, interrupt: Event) {
        signals::listen(runtime, &self.sender, store, interrupt);
    }

    /// Returns a sender for what comes by other ways, such as keys.
    pub fn sender(&self) -> Sender<Input> {
        self.sender.clone()
    }

    /// Returns the moment.
    pub fn now(&self) -> Now {
        self.clock.now()
    }

    /// Begins to perform an effect.
    pub fn begin(&self, effect: Effect) {
        if let Some(workers) = &self.workers {
            workers.begin(effect);
        }
    }

    /// Returns how long the core sleeps, if it wants to be woken at all.
    pub fn sleep(&self, session: &Session) -> Option<Duration> {
        let now = self.now().mono;
        session.next_wake().map(|at| Duration::from_millis(at.saturating_sub(now)))
    }

    /// Waits for what comes, at most so long; for ever without a limit: an idle wizard costs nothing.
    pub fn wait(&self, limit: Option<Duration>) -> Input {
        let come = match limit {
            Some(limit) => self.receiver.recv_timeout(limit).ok(),
            None => self.receiver.recv().ok(),
        };
        come.unwrap_or(Input::Tick)
    }

    /// Returns what has come within a moment, if anything has.
    pub fn within(&self, limit: Duration) -> Option<Input> {
        self.receiver.recv_timeout(limit).ok()
    }

    /// Waits until everything that goes to disk is there.
    pub fn flush(&mut self) {
        if let Some(workers) = self.workers.take() {
            workers.flush();
        }
    }
}
