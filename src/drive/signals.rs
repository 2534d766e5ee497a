//! Signals as events. Nothing hangs on them: whatever is done is on disk before they come.

use std::sync::Arc;
use std::sync::mpsc::Sender;

use ecw_wizard::Event;
use tokio::runtime::Handle;
use tokio::signal::unix::{SignalKind, signal};

use crate::pump::Input;
use ecw_ports::Store;

/// Turns signals into events from now on. `SIGUSR1` says that somebody takes this wizard's place;
/// `interrupt` is what SIGINT means (where a terminal is not in raw mode, it is Ctrl-C).
pub fn listen(runtime: &Handle, sender: &Sender<Input>, store: &Arc<dyn Store>, interrupt: Event) {
    let list = [
        (SignalKind::hangup(), Event::HangUp),
        (SignalKind::terminate(), Event::Terminate),
        (SignalKind::interrupt(), interrupt),
        (SignalKind::quit(), Event::Terminate),
        (SignalKind::user_defined1(), Event::TakenOver { by: String::new() }),
    ];
    for (kind, event) in list {
        let (sender, store) = (sender.clone(), store.clone());
        // Registered before this returns: a signal that comes at once is not missed.
        let guard = runtime.enter();
        let registered = signal(kind);
        drop(guard);
        let Ok(mut signal) = registered else { continue };
        runtime.spawn(async move {
            while signal.recv().await.is_some() {
                let event = match &event {
                    Event::TakenOver { .. } => Event::TakenOver { by: store.who_takes_over() },
                    other => other.clone(),
                };
                let _ = sender.send(Input::Event(Box::new(event)));
            }
        });
    }
}
