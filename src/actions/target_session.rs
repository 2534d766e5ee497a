//! One target as a session of its own, run to its end by itself: the same core, asked and answered here, with
//! its own state below that of the whole. Several run side by side; one that fails fails alone.

use std::collections::VecDeque;

use ecw_halyard::Compatibility;
use ecw_ports::{Ports, TargetSessions};
use ecw_wizard::messages::opening::{Opening, To};
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::target_job::{Extent, OnBehalf, TargetJob};
use ecw_wizard::state::Session;
use ecw_wizard::state::setup::Setup;
use ecw_wizard::values::trouble::Trouble;
use ecw_wizard::{Effect, Event, update};

use crate::fresh_looks::FreshLooks;
use crate::open::opening;
use crate::perform::perform;

/// A target's session waits no longer than this for what it wants to be woken for, milliseconds.
const LOOK_UP_MS: u64 = 1_000;

/// The sessions behind the port.
#[derive(Debug, Default)]
pub struct Sessions {
    looks: FreshLooks,
}

impl TargetSessions for Sessions {
    fn run(
        &self,
        ports: &Ports,
        job: &TargetJob,
        by: &OnBehalf,
        mode: Mode,
        to: To,
    ) -> Result<Box<Session>, Trouble> {
        let ports = ports.at_target(&job.name);
        let setup = Setup {
            change: by.change.clone(),
            extent: Extent::Target(job.duty),
            ..Setup::new(mode, by.actor.clone(), by.run.clone(), Compatibility::default())
        };
        let opening = opening(&*ports.store, &setup, &job.given())?;
        // Its answers are all that was confirmed for it; those of an earlier visit have no say.
        let opening = Opening { saved: None, to, ..opening };
        let looks = match (mode, to) {
            (Mode::PlanOnly, To::Usual) => Looks::Kept(&self.looks, job),
            (Mode::Unattended, To::Usual) => Looks::Used(&self.looks, job),
            _ => Looks::None,
        };
        Ok(Box::new(to_its_end(&ports, update::open(opening, setup, ports.pace.now()), looks)))
    }
}

/// What becomes of a session's questions.
#[derive(Clone, Copy, Debug)]
enum Looks<'a> {
    /// They are asked.
    None,
    /// Their answers are kept for the run that may follow.
    Kept(&'a FreshLooks, &'a TargetJob),
    /// They are answered by what the plan was told, while that is fresh.
    Used(&'a FreshLooks, &'a TargetJob),
}

fn answered(ports: &Ports, effect: Effect, looks: Looks<'_>) -> Option<Event> {
    if let (Looks::Used(looks, job), Effect::Ask(question)) = (looks, &effect)
        && let Some(report) = looks.take(job, question, ports.pace.now())
    {
        return Some(Event::Answered { question: Box::new(question.clone()), report: Box::new(report) });
    }
    let event = perform(ports, effect);
    if let (Looks::Kept(looks, job), Some(Event::Answered { question, report })) = (looks, &event) {
        looks.keep(job, question, report, ports.pace.now());
    }
    event
}

fn to_its_end(ports: &Ports, mut session: Session, looks: Looks<'_>) -> Session {
    let mut effects: VecDeque<Effect> = session.start(ports.pace.now()).into();
    loop {
        let event = match effects.pop_front() {
            Some(Effect::Quit(_)) => continue,
            Some(effect) => match answered(ports, effect, looks) {
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
