//! Every screen, dialog and failure, cell by cell: 80x24, 120x40 and 200x50, each in colour, in ASCII and without
//! colour. One file a state.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::collections::BTreeMap;

use ecw_rehearsal::in_process::InProcess;
use ecw_tui::{Colour, Still, Theme};
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::part::Part;
use ecw_wizard::model::screen::Screen;
use ecw_wizard::state::Session;
use ecw_wizard::ui::page::{Action, ItemId};
use ecw_wizard::{Cmd, Effect, Event};
use ecw_world::Fault;
use support::flows::{WHOLE, finished, go_through};
use support::stepper::{Moment, Stepper};

/// What was seen, by name.
#[derive(Default)]
struct Seen(BTreeMap<String, String>);

impl Seen {
    /// Keeps a state that was not seen yet and waits for nothing.
    fn keep(&mut self, session: &Session, of: &str) {
        let rests = session.facts().in_flight().next().is_none() || session.run_active();
        if !rests || session.exit().is_some() {
            return;
        }
        let dialog = session.dialog().map(|dialog| dialog.title.chars().take(24).collect::<String>());
        let words = format!("{} {} {}", session.screen().name(), dialog.unwrap_or_default(), of);
        let letters = words.to_lowercase().replace(|each: char| !each.is_ascii_alphanumeric(), " ");
        let name = letters.split_whitespace().collect::<Vec<_>>().join("_");
        self.0.entry(name).or_insert_with(|| nine(session));
    }

    /// Keeps what a state becomes by commands, without going on from there.
    fn keep_after(&mut self, session: &Session, cmds: &[Cmd], of: &str) {
        let mut after = session.clone();
        for cmd in cmds {
            let now = after.now().plus(1_000);
            after.update(Event::Cmd { cmd: cmd.clone() }, now);
        }
        self.keep(&after, of);
    }

    fn check(self, least: usize) {
        assert!(self.0.len() >= least, "{:?}", self.0.keys());
        for (name, text) in self.0 {
            insta::assert_snapshot!(name, text);
        }
    }
}

/// A state in each size, alphabet and colour.
fn nine(session: &Session) -> String {
    let mut out = String::new();
    for (width, height) in [(80, 24), (120, 40), (200, 50)] {
        for (look, ascii, colour) in [
            ("colour", false, Colour::Ansi),
            ("ASCII", true, Colour::Ansi),
            ("without colour", false, Colour::None),
        ] {
            let mut shown = session.clone();
            let now = shown.now();
            shown.update(Event::Resized { width, height }, now);
            if ascii != shown.view().ascii() {
                shown.update(Event::Cmd { cmd: Cmd::ToggleAscii }, now);
            }
            let styled = Still::of(&shown, Theme { colour }).styled();
            assert!(!ascii || styled.is_ascii(), "{styled}");
            out += &format!("=== {width}x{height} {look}\n{styled}\n");
        }
    }
    out
}

fn press(action: Action) -> Cmd {
    Cmd::Press(ItemId::Button(action))
}

#[test]
fn the_whole_way_with_its_dialogs() {
    let mut seen = Seen::default();
    let mut stepper = Stepper::new(InProcess::new([]), WHOLE);
    stepper.run_as(Mode::Operator, None, |session| {
        seen.keep(session, "");
        if session.dialog().is_none() {
            seen.keep_after(session, &[Cmd::Interrupt], "");
            seen.keep_after(session, &[Cmd::Help], "help");
            if session.can_cancel() {
                seen.keep_after(session, &[press(Action::CancelDeploy)], "");
            }
        }
        go_through(session)
    });
    seen.check(30);
}

#[test]
fn home_with_its_dialogs() {
    let mut seen = Seen::default();
    finished(WHOLE).run_as(Mode::Operator, None, |session| {
        if session.screen() != Screen::Home || session.facts().in_flight().next().is_some() {
            return None;
        }
        seen.keep(session, "");
        seen.keep_after(session, &[press(Action::Undo)], "");
        seen.keep_after(session, &[press(Action::Undo), press(Action::UndoPart(Part::All))], "");
        seen.keep_after(session, &[press(Action::Prove)], "");
        seen.keep_after(session, &[press(Action::CheckSpinnaker)], "");
        Some(Cmd::Interrupt)
    });
    seen.check(5);
}

#[test]
fn an_unfinished_run_and_somebody_elses() {
    let whole = finished(WHOLE);
    let begins = |effect: &Effect| matches!(effect, Effect::Execute { intent, .. } if intent.apply_deployment().is_some());
    let at = whole.performed.iter().position(begins).unwrap();
    let mut seen = Seen::default();
    let mut stepper = Stepper::new(InProcess::new([]), WHOLE);
    assert!(stepper.run(Some((at, Moment::After))).is_none());
    stepper.run_as(Mode::Operator, None, |session| {
        seen.keep(session, "");
        Some(Cmd::Interrupt)
    });
    stepper.world.held_by(Some("alice on gate-host (/dev/pts/3) since 2026-11-22 11:58:00 UTC, pid 4711"));
    stepper.run_as(Mode::Watch, None, |session| {
        seen.keep(session, "");
        seen.keep_after(session, &[press(Action::TakeOver)], "");
        Some(Cmd::Interrupt)
    });
    seen.check(3);
}

#[test]
fn every_failure() {
    let mut seen = Seen::default();
    for name in [
        "apply-invalid",
        "apply-kubectl",
        "apply-timeout",
        "apply-nothing",
        "zip-gone",
        "version-gone",
        "no-credentials",
        "sns-denied",
        "daemon-down",
    ] {
        let mut stepper = Stepper::new(InProcess::new([Fault::parse(name).unwrap()]), WHOLE);
        let mut stood = 0;
        let mut last = None;
        stepper.run_as(Mode::Operator, None, |session| {
            let page = (session.screen(), session.ledger().rows.len());
            stood = if last == Some(page) { stood + 1 } else { 0 };
            last = Some(page);
            if session.dialog().is_some_and(|dialog| dialog.title == "Leave?") {
                return Some(Cmd::Interrupt);
            }
            if session.run().halt().is_some() {
                seen.keep(session, name);
                seen.keep_after(session, &[press(Action::Bundle)], "");
                return Some(Cmd::Interrupt);
            }
            if stood > 20 && session.screen().asks() {
                // Enter leads no further: what it says stands there.
                seen.keep_after(session, &[press(Action::Next)], name);
                return Some(Cmd::Interrupt);
            }
            go_through(session)
        });
    }
    seen.check(9);
}
