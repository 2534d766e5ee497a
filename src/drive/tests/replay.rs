//! A recorded session is played again from a bundle of an earlier format and shows what was seen.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use ecw_drive::play::Frames;
use ecw_drive::replay::{replay, runs};
use ecw_wizard::messages::event::{EVENTS_VERSION, Logged};
use ecw_wizard::model::journal::Record;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::{Event, values::time::Now};

fn bundle() -> (Vec<Logged>, Vec<Record>) {
    let text = include_str!("../../../tests/fixtures/formats/2/events.jsonl");
    let events = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let text = include_str!("../../../tests/fixtures/formats/2/journal.jsonl");
    (events, text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

#[test]
fn sessions_of_format_2_play_to_the_end_that_their_operators_saw() {
    let (events, journal) = bundle();
    let found = runs(&events);
    assert_eq!(found.len(), 2);
    // The first installed, the second took it back. Records had no number of their own then, and were lost.
    for (run, words) in found.iter().zip(["The plugin is configured and installed.", "Taken back"]) {
        let shown = replay(&events, &journal, run, &support::setup(Mode::Operator), Frames::Last).unwrap();
        assert!(shown.contains(words), "{words}: {shown}");
        assert!(shown.contains("Done."), "{shown}");
    }
}

#[test]
fn every_kind_of_event_is_read_as_it_was_written() {
    let (events, _) = bundle();
    let now = Now::default();
    let journaled = Logged {
        v: EVENTS_VERSION,
        seq: 7,
        run: "r".into(),
        at: now.wall,
        mono: now.mono,
        event: Event::Journaled { seq: 3 },
    };
    for event in events.iter().chain([&journaled]) {
        // As the recorder writes it: through a value, in which a name stands once.
        let value = serde_json::to_value(Logged { v: EVENTS_VERSION, ..event.clone() }).unwrap();
        let read: Logged = serde_json::from_value(value).unwrap();
        assert_eq!(read, Logged { v: EVENTS_VERSION, ..event.clone() });
    }
}
