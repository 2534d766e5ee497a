//! Plays a recorded session again: the same fold over the same events shows what the operator saw.
//! Nothing is performed.

use std::fmt::Write as _;

use ecw_wizard::messages::event::Logged;
use ecw_wizard::model::journal::Record;
use ecw_wizard::state::setup::Setup;
use ecw_wizard::values::time::{Now, utc};
use ecw_wizard::{Event, update};

use super::play::Frames;

/// Returns the run ids of the sessions that can be played, oldest first.
#[must_use]
pub fn runs(events: &[Logged]) -> Vec<String> {
    let begins = events.iter().filter(|each| matches!(each.event, Event::Opened { .. }));
    begins.map(|each| each.run.clone()).collect()
}

/// Plays one session again; `None` when it is not there or its begin was not recorded.
#[must_use]
pub fn replay(
    events: &[Logged],
    journal: &[Record],
    run: &str,
    setup: &Setup,
    frames: Frames,
) -> Option<String> {
    let mut session = None;
    let mut out = String::new();
    let mut last = String::new();
    for each in events.iter().filter(|each| each.run == run) {
        let now = Now { mono: each.mono, wall: each.at };
        match (&each.event, &mut session) {
            (Event::Opened { opening }, _) => {
                let mut opening = (**opening).clone();
                if let Some(last) = opening.records_to {
                    opening.records = journal.iter().filter(|record| record.seq <= last).cloned().collect();
                }
                session = Some(update::open(opening, setup.clone(), now));
            }
            (event, Some(session)) => drop(session.update(event.clone(), now)),
            (_, None) => continue,
        }
        let Some(session) = &session else { continue };
        let frame = ecw_tui::text_of(session);
        let shown = match frames {
            Frames::Last => false,
            Frames::Changed => frame != last,
            Frames::All => true,
        };
        if shown {
            let _ = writeln!(out, "=== {} #{}\n{frame}", utc(each.at), each.seq);
        }
        last = frame;
    }
    let session = session?;
    if frames == Frames::Last {
        out.push_str(&last);
    }
    if session.exit().is_some() {
        let _ = writeln!(out, "{}", ecw_wizard::rules::summary::after_exit(&session).join("\n"));
    }
    Some(out)
}
