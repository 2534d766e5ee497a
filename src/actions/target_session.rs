//! One target as a session of its own, run to its end by itself: the same core, asked and answered here, with
//! its own state below that of the whole. Several run side by side; one that fails fails alone.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use ecw_halyard::Compatibility;
use ecw_ports::Ports;
use ecw_wizard::messages::opening::{Opening, To};
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::target_job::{Extent, OnBehalf, TargetJob};
use ecw_wizard::state::Session;
use ecw_wizard::state::setup::Setup;
use ecw_wizard::values::trouble::Trouble;
use ecw_wizard::{Effect, Event, update};

use crate::open::opening;
use crate::perform::perform;

/// A target's session waits no longer than this for what it wants to be woken for, milliseconds.
const LOOK_UP_MS: u64 = 1_000;

/// Runs a target's session to its end and returns it.
///
/// # Errors
/// When its state cannot be used; nothing was touched then.
pub(crate) fn run(
    ports: &Ports,
    job: &TargetJob,
    by: &OnBehalf,
    mode: Mode,
    to: To,
) -> Result<Session, Trouble> {
    let ports = ports.at_target(&job.name);
    let setup = Setup {
        change: by.change.clone(),
        extent: Extent::Target(job.duty),
        ..Setup::new(mode, by.actor.clone(), by.run.clone(), Compatibility::default())
    };
    let opening = opening(&*ports.store, &setup, &job.given())?;
    // Its answers are all that was confirmed for it; those of an earlier visit have no say.
    let opening = Opening { saved: None, to, ..opening };
    Ok(to_its_end(&ports, update::open(opening, setup, ports.pace.now())))
}

fn to_its_end(ports: &Ports, mut session: Session) -> Session {
    let mut effects: VecDeque<Effect> = session.start(ports.pace.now()).into();
    loop {
        let event = match effects.pop_front() {
            Some(Effect::Quit(_)) => continue,
            Some(effect) => match perform(ports, effect) {
                Some(event) => event,
                None => continue,
            },
            None if session.exit().is_some() => return session,
            None => {
                let now = ports.pace.now().mono;
                let wake = session.next_wake().unwrap_or(now + LOOK_UP_MS);
                ports.pace.rest(wake.saturating_sub(now).clamp(1, LOOK_UP_MS));
                Event::Tick
            }
        };
        effects.extend(session.update(event, ports.pace.now()));
    }
}

/// Does something with each, so many side by side as the pace says, and returns what came of it in order.
pub(crate) fn side_by_side<T: Sync, R: Send>(
    ports: &Ports,
    all: &[T],
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(all.len()));
    let workers = ports.pace.side_by_side().clamp(1, all.len().max(1));
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::SeqCst);
                    let Some(each) = all.get(at) else { return };
                    let result = work(each);
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((at, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}
