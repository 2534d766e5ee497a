//! The rail: all steps by chapter, where each stands, and what was chosen there.

use super::flow;
use crate::model::screen::Screen;
use crate::rules::chosen::chosen;
use crate::rules::needed::skipped;
use crate::state::Session;
use crate::ui::page::Mark;

/// A row of the rail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RailRow {
    /// A chapter, with how many of its steps are done.
    Chapter {
        name: &'static str,
        /** steps that are done */
        done: usize,
        /** its steps */
        of: usize,
    },
    /// An empty row.
    Gap,
    /// A step.
    Step(RailStep),
}

/// A step of the rail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RailStep {
    pub screen: Screen,
    /// Where it stands.
    pub mark: Mark,
    /// What was chosen there, in a few characters; empty when there is nothing to say.
    pub chosen: String,
}

/// Returns the steps of the flow. Targets and Topic are one: no run has both.
#[must_use]
pub fn steps(session: &Session) -> Vec<RailStep> {
    let shown = session.screen();
    let first_open = flow::resolve(session);
    let unused = if session.answers.sns_by_targets() { Screen::Topic } else { Screen::Targets };
    let step = |screen| {
        let mark = mark(session, screen, shown, first_open);
        let chosen = if mark == Mark::Done { chosen(session, screen) } else { String::new() };
        RailStep { screen, mark, chosen }
    };
    Screen::FLOW.into_iter().filter(|screen| *screen != unused).map(step).collect()
}

/// Returns the rows of the rail.
#[must_use]
pub fn rows(session: &Session) -> Vec<RailRow> {
    let steps = steps(session);
    let mut rows = Vec::new();
    let mut chapter = "";
    for step in &steps {
        let name = step.screen.chapter();
        if step.screen.asks() && name != chapter {
            let mine = || steps.iter().filter(|each| each.screen.asks() && each.screen.chapter() == name);
            let settled = |mark: Mark| matches!(mark, Mark::Done | Mark::NotRun);
            let done = mine().filter(|each| settled(each.mark)).count();
            rows.push(RailRow::Chapter { name, done, of: mine().count() });
        } else if matches!(step.screen, Screen::Review | Screen::Install) {
            // Asking, reviewing and doing are told apart by a gap.
            rows.push(RailRow::Gap);
        }
        chapter = name;
        rows.push(RailRow::Step(step.clone()));
    }
    rows
}

fn mark(session: &Session, screen: Screen, shown: Screen, first_open: Screen) -> Mark {
    if screen == shown {
        return if session.run.halt.is_some() && !screen.asks() { Mark::Failed } else { Mark::Now };
    }
    if skipped(session, screen) {
        return Mark::NotRun;
    }
    if screen < first_open && flow::complete(session, screen) { Mark::Done } else { Mark::ToDo }
}
