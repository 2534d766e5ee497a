//! AWS asks to slow down: the same call again after a while, longer each time, a bounded number of times.

use crate::messages::effect::Effect;
use crate::messages::event::Event;
use crate::model::report::Report;
use crate::rules::limits::{SLOW_FIRST_MS, SLOW_MOST_MS, SLOW_TIMES};
use crate::state::Session;
use crate::state::slowed::Slowed;
use crate::steps::StepOutcome;
use crate::values::aws_trouble::AwsTrouble;
use crate::values::time::span;
use crate::values::trouble::Trouble;

impl Session {
    /// Keeps an answer back that only says that AWS is asked too often. Returns whether it did: what asked
    /// then waits on.
    pub(crate) fn slow_down(&mut self, event: &Event) -> bool {
        let Some(effect) = self.asked_by(event) else { return false };
        let known = self.slowed.iter().position(|each| each.effect == effect);
        if !throttled(event) {
            if let Some(known) = known {
                self.slowed.remove(known);
            }
            return false;
        }
        let times = known.map_or(0, |known| self.slowed[known].times) + 1;
        if let Some(known) = known {
            self.slowed.remove(known);
        }
        if times > SLOW_TIMES {
            return false;
        }
        let wait = self.wait(times);
        self.view.say(format!(
            "AWS asks to slow down: tried again in {} ({times} of {SLOW_TIMES}).",
            span(wait.max(1_000))
        ));
        self.slowed.push(Slowed { effect, at: Some(self.now.mono + wait), times });
        true
    }

    /// Makes again what is due.
    pub(crate) fn speed_up(&mut self, effects: &mut Vec<Effect>) {
        for each in &mut self.slowed {
            if each.at.is_some_and(|at| at <= self.now.mono) {
                each.at = None;
                effects.push(each.effect.clone());
            }
        }
    }

    /// Twice as long each time, and never just as long as another wizard waits.
    fn wait(&self, times: u32) -> u64 {
        let whole = (SLOW_FIRST_MS << (times - 1)).min(SLOW_MOST_MS);
        // The core has no dice: the wall clock's odd milliseconds differ from process to process.
        let jitter = (self.now.wall.wrapping_mul(6_364_136_223_846_793_005) >> 33) % (whole / 2 + 1);
        whole / 2 + jitter
    }

    /// The effect that an event answers, if it is one that can be had again.
    fn asked_by(&self, event: &Event) -> Option<Effect> {
        match event {
            Event::Answered { question, .. } => Some(Effect::Ask((**question).clone())),
            Event::Executed { step, .. } => {
                let row = self.ledger.row(step)?;
                Some(Effect::Execute { number: row.started_seq?, intent: row.intent.clone() })
            }
            _ => None,
        }
    }
}

fn throttled(event: &Event) -> bool {
    let is = |trouble: &Trouble| trouble.aws == Some(AwsTrouble::Throttled);
    match event {
        Event::Executed { outcome: StepOutcome::Failed { trouble }, .. } => is(trouble),
        Event::Answered { report, .. } => match &**report {
            Report::Identity(Err(trouble))
            | Report::Topics(Err(trouble))
            | Report::Topic(Err(trouble))
            | Report::Subscription(Err(trouble)) => is(trouble),
            Report::Topics(Ok(topics)) => topics.config.as_ref().is_err_and(is),
            _ => false,
        },
        _ => false,
    }
}
