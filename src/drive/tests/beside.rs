//! The screens that stand beside the flow, at 80x24, at 120x40, and in ASCII.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use ecw_rehearsal::in_process::InProcess;
use ecw_wizard::model::choice::Choice;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::question::Question;
use ecw_wizard::model::screen::Screen;
use ecw_wizard::state::Session;
use ecw_wizard::steps::{Intent, WriteProfile};
use ecw_wizard::ui::page::{Action, ItemId};
use ecw_wizard::values::answers::Key;
use ecw_wizard::{Cmd, Effect, Event};
use ecw_world::Fault;
use support::flows::{HAL, JOURNAL, WHOLE, finished, profile, split_frames};
use support::stepper::{Moment, Stepper, press};

/// One frame a file, so that a label that changes shows up where it stands and nowhere else.
fn each_frame(of: &str, text: &str) {
    for (title, frame) in split_frames(text) {
        insta::assert_snapshot!(format!("{of}__{title}"), frame);
    }
}

/// A session's frame in every skin.
fn frames(session: &Session) -> String {
    let mut out = String::new();
    for (width, height, ascii) in [(80, 24, false), (120, 40, false), (200, 50, false), (80, 24, true)] {
        let mut shown = session.clone();
        let now = shown.now();
        shown.update(Event::Resized { width, height }, now);
        if ascii != shown.view().ascii() {
            shown.update(Event::Cmd { cmd: Cmd::ToggleAscii }, now);
        }
        let frame = ecw_tui::text_of(&shown);
        assert!(!ascii || frame.is_ascii(), "{frame}");
        out += &format!("=== {width}x{height}{}\n{frame}\n", if ascii { " ASCII" } else { "" });
    }
    out
}

/// Plays as an operator by `decide`, until `shows` holds with nothing under way; returns the frames.
fn seen(
    stepper: &mut Stepper,
    mode: Mode,
    shows: impl Fn(&Session) -> bool,
    mut decide: impl FnMut(&Session) -> Option<Cmd>,
) -> String {
    let mut found = None;
    stepper.run_as(mode, None, |session| {
        if found.is_none() && shows(session) && session.facts().in_flight().next().is_none() {
            found = Some(frames(session));
        }
        if found.is_some() {
            // Twice: it leaves at once.
            return Some(Cmd::Interrupt);
        }
        decide(session)
    });
    found.unwrap()
}

fn on(screen: Screen) -> impl Fn(&Session) -> bool {
    move |session| session.screen() == screen
}

fn from_home(action: Action) -> impl FnMut(&Session) -> Option<Cmd> {
    move |session| (session.screen() == Screen::Home).then(|| press(action)).flatten()
}

/// A run that died before or after the first effect that `which` picks.
fn died(moment: Moment, back: usize, which: impl Fn(&Intent) -> bool) -> Stepper {
    let whole = finished(WHOLE);
    let begins = |effect: &Effect| matches!(effect, Effect::Execute { intent, .. } if which(intent));
    let at = whole.performed.iter().position(begins).unwrap() - back;
    let mut stepper = Stepper::new(InProcess::new([]), WHOLE);
    assert!(stepper.run(Some((at, moment))).is_none());
    stepper
}

#[test]
fn home() {
    each_frame("home", &seen(&mut finished(WHOLE), Mode::Operator, on(Screen::Home), |_| None));
}

#[test]
fn home_where_something_is_missing_leads_to_what_fixes_it() {
    let mut stepper = finished(WHOLE);
    stepper.world.put_file(&profile("gate-local.yml"), b"other: 1\n");
    each_frame("home_with_a_gap", &seen(&mut stepper, Mode::Operator, on(Screen::Home), |_| None));
    let mut led = None;
    stepper.run_as(Mode::Operator, None, |session| {
        if session.facts().in_flight().next().is_some() {
            return None;
        }
        match session.screen() {
            Screen::Home => Some(Cmd::Press(ItemId::Row(0))),
            screen => {
                led.get_or_insert(screen);
                Some(Cmd::Interrupt)
            }
        }
    });
    assert_eq!(led, Some(Screen::Prerequisites), "all of it, through Review");
}

#[test]
fn home_looks_at_everything_again_every_minute_and_shows_what_it_knows_meanwhile() {
    let mut stepper = finished(WHOLE);
    stepper.performed.clear();
    let begun = stepper.now.mono;
    stepper.run_as(Mode::Operator, None, |session| {
        let late = session.now().mono > begun + 150_000;
        late.then_some(Cmd::Interrupt)
    });
    let asked = |which: fn(&Question) -> bool| {
        let asks = stepper.performed.iter();
        asks.filter(|effect| matches!(effect, Effect::Ask(question) if which(question))).count()
    };
    // At once, after one, two and three minutes.
    assert_eq!(asked(|question| matches!(question, Question::Site { .. })), 4);
    assert_eq!(asked(|question| matches!(question, Question::Topics { .. })), 4);
    assert_eq!(asked(|question| matches!(question, Question::Pending { .. })), 1, "Home does not show it");
}

/// How often a question was asked while Home was left alone for ten minutes.
fn asked_in_ten_minutes(stepper: &mut Stepper, first: Option<Cmd>) -> usize {
    stepper.performed.clear();
    let begun = stepper.now.mono;
    let mut first = first;
    stepper.run_as(Mode::Operator, None, |session| {
        let ready = session.screen() == Screen::Home && session.facts().in_flight().next().is_none();
        if ready && first.is_some() {
            return first.take();
        }
        (session.now().mono > begun + 600_000).then_some(Cmd::Interrupt)
    });
    stepper.performed.iter().filter(|effect| matches!(effect, Effect::Ask(_))).count()
}

#[test]
fn home_left_alone_asks_seldom_whatever_became_of_what_it_asked_before() {
    let alone = asked_in_ten_minutes(&mut finished(WHOLE), None);
    assert!(alone < 120, "{alone}");
    // Adopting changes what is asked; what is not asked any more is not asked in a circle.
    let mut foreign = finished(WHOLE);
    foreign.world.forget_state();
    let adopted = asked_in_ten_minutes(&mut foreign, Some(Cmd::Press(ItemId::Button(Action::Adopt))));
    assert!(adopted < 150, "{adopted}");
    let mut expired = finished(WHOLE);
    expired.world.set_faults([Fault::Expired]);
    let without = asked_in_ten_minutes(&mut expired, None);
    assert!(without < 120, "{without}");
}

#[test]
fn what_cannot_be_asked_any_more_is_unknown_on_home_and_no_old_word() {
    let mut stepper = finished(WHOLE);
    let mut last = String::new();
    let begun = stepper.now.mono;
    let world = stepper.world.clone();
    let mut failed = false;
    stepper.run_as(Mode::Operator, None, |session| {
        let shown = session.screen() == Screen::Home && session.dialog().is_none();
        if shown && session.facts().in_flight().next().is_none() {
            last = ecw_tui::text_of(session);
            if !std::mem::replace(&mut failed, true) {
                world.set_faults([Fault::Expired]);
            }
        }
        (session.now().mono > begun + 100_000).then_some(Cmd::Interrupt)
    });
    assert!(last.contains("expired") && !last.contains("\u{2713}  Topic"), "{last}");
}

#[test]
fn home_of_an_installation_that_is_not_ours() {
    let mut stepper = finished(WHOLE);
    stepper.world.forget_state();
    each_frame(
        "home_of_an_installation_that_is_not_ours",
        &seen(&mut stepper, Mode::Operator, on(Screen::Home), |_| None),
    );
}

#[test]
fn undo() {
    let mut stepper = finished(WHOLE);
    each_frame("undo", &seen(&mut stepper, Mode::Operator, on(Screen::Undo), from_home(Action::Undo)));
}

#[test]
fn spinnaker_upgrade() {
    let mut stepper = finished(WHOLE);
    let checked = |session: &Session| !session.answers().text(Key::NextSpinnaker).is_empty();
    let text = seen(&mut stepper, Mode::Operator, checked, |session| match session.screen() {
        Screen::Home => press(Action::CheckSpinnaker),
        _ => Some(Cmd::Set(Key::NextSpinnaker, "2025.4.0".to_owned())),
    });
    each_frame("spinnaker_upgrade", &text);
}

#[test]
fn resume_with_changes_to_decide() {
    let clouddriver = |intent: &Intent| matches!(intent, Intent::WriteProfile(WriteProfile { file, .. }) if file.starts_with("clouddriver"));
    let mut stepper = died(Moment::Before, 1, clouddriver);
    stepper.world.put_file(&profile("clouddriver-local.yml"), b"other: 1\n");
    let config = format!("{HAL}/config");
    let text = String::from_utf8(stepper.world.file(&config).unwrap()).unwrap();
    stepper.world.put_file(&config, text.replace("1.31.2", "1.31.3").as_bytes());
    let decided = |session: &Session| session.decided("file clouddriver-local.yml").is_some();
    each_frame(
        "resume_with_changes_to_decide",
        &seen(&mut stepper, Mode::Operator, decided, |_| {
            Some(Cmd::Press(ItemId::Decide("file clouddriver-local.yml".to_owned(), Choice::Redo)))
        }),
    );
}

#[test]
fn resume_while_hal_runs() {
    let mut stepper = died(Moment::After, 0, |intent| matches!(intent, Intent::ApplyDeployment(_)));
    stepper.now = stepper.now.plus(40_000);
    each_frame("resume_while_hal_runs", &seen(&mut stepper, Mode::Operator, Session::job_runs, |_| None));
}

#[test]
fn resume_of_a_journal_from_an_old_backup() {
    let clouddriver = |intent: &Intent| matches!(intent, Intent::WriteProfile(WriteProfile { file, .. }) if file.starts_with("clouddriver"));
    let early = died(Moment::Before, 1, clouddriver).world.file(JOURNAL).unwrap();
    let mut stepper = finished(WHOLE);
    stepper.world.put_file(JOURNAL, &early);
    each_frame(
        "resume_of_a_journal_from_an_old_backup",
        &seen(&mut stepper, Mode::Operator, on(Screen::Resume), |_| None),
    );
}

#[test]
fn reading_along_while_hal_runs() {
    let mut stepper = died(Moment::After, 0, |intent| matches!(intent, Intent::ApplyDeployment(_)));
    stepper.world.held_by(Some("alice on gate-host (/dev/pts/3) since 2026-11-22 11:58:00 UTC, pid 4711"));
    stepper.now = stepper.now.plus(40_000);
    each_frame("reading_along_while_hal_runs", &seen(&mut stepper, Mode::Watch, Session::job_runs, |_| None));
}

#[test]
fn a_deploy_whose_end_nobody_knows() {
    let mut stepper = died(Moment::After, 0, |intent| matches!(intent, Intent::ApplyDeployment(_)));
    stepper.world.interrupt();
    let known = |session: &Session| session.run().halt().is_some() && session.facts().tasks().is_some();
    each_frame(
        "a_deploy_whose_end_nobody_knows",
        &seen(&mut stepper, Mode::Operator, known, |session| {
            (session.screen() == Screen::Resume).then(|| press(Action::Resume)).flatten()
        }),
    );
}
