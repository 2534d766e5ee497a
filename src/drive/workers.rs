//! Performs effects away from the screen. What writes our own state goes through one worker, in
//! order; everything else gets a thread of its own, so that nothing waits for a slow answer.

use std::sync::mpsc::{Sender, channel};
use std::thread;

use ecw_wizard::Effect;

use ecw_actions::perform::perform;
use ecw_ports::Ports;

use crate::pump::Input;

/// The workers.
pub struct Workers {
    ports: Ports,
    events: Sender<Input>,
    ordered: Sender<Effect>,
    writer: Option<thread::JoinHandle<()>>,
}

impl Workers {
    /// Returns workers that report to `events`.
    #[must_use]
    pub fn new(ports: Ports, events: Sender<Input>) -> Self {
        let (ordered, queue) = channel::<Effect>();
        let (writer_ports, writer_events) = (ports.clone(), events.clone());
        let writer = thread::spawn(move || {
            for effect in queue {
                if let Some(event) = perform(&writer_ports, effect) {
                    let _ = writer_events.send(Input::Event(Box::new(event)));
                }
            }
        });
        Self { ports, events, ordered, writer: Some(writer) }
    }

    /// Begins to perform an effect; its event comes later.
    pub fn begin(&self, effect: Effect) {
        match effect {
            Effect::Journal(_)
            | Effect::Save(_)
            | Effect::WriteState { .. }
            | Effect::WritePatch(_)
            | Effect::Settle { .. } => {
                let _ = self.ordered.send(effect);
            }
            Effect::Copy(_) | Effect::Redraw | Effect::Suspend | Effect::Quit(_) => {}
            Effect::Ask(_)
            | Effect::ReadAlong
            | Effect::TakeOver(_)
            | Effect::Execute { .. }
            | Effect::ReadDeploy { .. }
            | Effect::ReadLog(_)
            | Effect::CancelDeploy { .. }
            | Effect::Prove(_) => {
                let (ports, events) = (self.ports.clone(), self.events.clone());
                thread::spawn(move || {
                    if let Some(event) = perform(&ports, effect) {
                        // The loop may be gone; then nobody waits for this.
                        let _ = events.send(Input::Event(Box::new(event)));
                    }
                });
            }
        }
    }

    /// Waits until everything that goes to disk is there.
    pub fn flush(mut self) {
        drop(self.ordered);
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}
