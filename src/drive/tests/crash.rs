//! The process dies before or after every single effect; the next start is right, and nothing is
//! done twice that was done once.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use ecw_actions::open::ledger;
use ecw_rehearsal::in_process::InProcess;
use ecw_wizard::model::journal_file::{Journal, JournalError};
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::part::Part;
use ecw_wizard::model::screen::Screen;
use ecw_wizard::ui::page::Action;
use ecw_wizard::values::answers::Key;
use ecw_wizard::{Effect, Exit};
use support::stepper::{Moment, Stepper, press};

const WHOLE: &[(Key, &str)] = &[(Key::ConfigDelivery, "point-at-topic")];
const HAL: &str = "/home/spinnaker/.hal";

/// What the world is like at the end of an undisturbed run.
fn undisturbed(given: &[(Key, &str)]) -> (Vec<String>, Vec<Effect>, Vec<u8>) {
    let mut stepper = Stepper::new(InProcess::new([]), given);
    let session = stepper.run(None).unwrap();
    assert_eq!(session.exit(), Some(Exit::Done), "{:?}", session.exit_words());
    let profile = stepper.world.file(&format!("{HAL}/default/profiles/clouddriver-local.yml")).unwrap();
    (stepper.world.effects(), stepper.performed, profile)
}

#[test]
fn an_undisturbed_run_changes_just_these_things_in_this_order() {
    let (effects, ..) = undisturbed(WHOLE);
    insta::assert_snapshot!(effects.join("\n"));
}

#[test]
fn dying_before_or_after_any_effect_loses_nothing_and_doubles_nothing() {
    for given in [WHOLE, &[(Key::SnsWhen, "later")], &[(Key::Stages, "all-at-once")]] {
        let (effects, performed, profile) = undisturbed(given);
        // Reading on in hal's log is the same effect a thousand times: every hundredth will do.
        let reading =
            |at: &usize| matches!(performed[*at], Effect::ReadDeploy { .. }) && !at.is_multiple_of(100);
        let cases: Vec<usize> = (0..performed.len()).filter(|at| !reading(at)).collect();
        let dies = |at: usize, moment: Moment| {
            let mut stepper = Stepper::new(InProcess::new([]), given);
            let died = stepper.run(Some((at, moment)));
            assert!(died.is_none(), "effect {at} was never reached");
            let session = stepper.run(None).unwrap();
            let where_ = format!("{given:?}, {moment:?} effect {at} ({:?})", performed[at]);
            assert_eq!(session.exit(), Some(Exit::Done), "{where_}: {:?}", session.exit_words());
            assert_eq!(stepper.world.effects(), effects, "{where_}");
            assert_eq!(
                stepper.world.file(&format!("{HAL}/default/profiles/clouddriver-local.yml")).unwrap(),
                profile
            );
        };
        std::thread::scope(|scope| {
            for moment in [Moment::Before, Moment::After] {
                let (cases, dies) = (&cases, &dies);
                scope.spawn(move || cases.iter().for_each(|at| dies(*at, moment)));
            }
        });
    }
}

#[test]
fn a_journal_cut_at_every_byte_of_its_last_record_leads_to_the_same_end() {
    let (effects, ..) = undisturbed(WHOLE);
    let journal = "/home/spinnaker/.hal/.event-cache-wizard/default/journal.jsonl";
    let mut whole = Stepper::new(InProcess::new([]), WHOLE);
    whole.run(None).unwrap();
    let bytes = whole.world.file(journal).unwrap();
    let last = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    for cut in last..bytes.len() {
        let mut stepper = Stepper::new(InProcess::new([]), WHOLE);
        stepper.run(None).unwrap();
        stepper.world.put_file(journal, &bytes[..cut]);
        // What was never acknowledged was never noted elsewhere either.
        stepper.world.forget_head();
        let session = stepper.run(None).unwrap();
        assert_eq!(session.exit(), Some(Exit::Done), "cut at {cut}: {:?}", session.exit_words());
        assert_eq!(stepper.world.effects(), effects, "cut at {cut}");
    }
}

#[test]
fn a_second_run_is_unchanged_and_does_nothing() {
    let mut stepper = Stepper::new(InProcess::new([]), WHOLE);
    stepper.run(None).unwrap();
    let before = stepper.world.effects();
    let session = stepper.run(None).unwrap();
    assert_eq!(session.exit_words(), Some("Unchanged: everything is as wanted."));
    assert_eq!((session.exit(), stepper.world.effects()), (Some(Exit::Done), before));
}

#[test]
fn nothing_changes_the_world_before_review_is_confirmed() {
    for given in [WHOLE, &[(Key::SnsWhen, "later")]] {
        let mut stepper = Stepper::new(InProcess::new([]), given);
        // An operator who goes through every screen, looks at Review, and leaves at the last question.
        let session =
            stepper.run_as(Mode::Operator, None, |session| match (session.screen(), &session.dialog()) {
                (_, Some(dialog)) if dialog.title == "Leave?" => press(Action::Leave),
                (Screen::Review, Some(_)) => Some(ecw_wizard::Cmd::Interrupt),
                (Screen::Prerequisites, None) if !session.answers().is_yes(Key::Acknowledged) => {
                    Some(ecw_wizard::Cmd::Press(ecw_wizard::ui::page::ItemId::Toggle(Key::Acknowledged)))
                }
                _ => press(Action::Next),
            });
        assert_eq!(session.unwrap().exit(), Some(Exit::Interrupted));
        assert!(stepper.performed.iter().all(|effect| !effect.changes_the_world()), "{given:?}");
        assert_eq!(stepper.world.effects(), Vec::<String>::new());
    }
}

#[test]
fn undo_gives_the_original_bytes_back_and_takes_only_ours() {
    let profiles =
        ["gate-local.yml", "clouddriver-local.yml"].map(|name| format!("{HAL}/default/profiles/{name}"));
    let mut stepper = Stepper::new(InProcess::new([]), WHOLE);
    let original = profiles.clone().map(|path| stepper.world.file(&path).unwrap());
    stepper.run(None).unwrap();
    assert_ne!(profiles.clone().map(|path| stepper.world.file(&path).unwrap()), original);
    let done = stepper.world.effects().len();
    let session =
        stepper.run_as(Mode::Operator, None, |session| match (session.screen(), &session.dialog()) {
            (_, Some(_)) => press(Action::UndoNow(Part::All)),
            (Screen::Undo, None) => press(Action::UndoPart(Part::All)),
            (Screen::Summary, None) if session.ledger().rows.iter().any(|row| row.intent.takes_back()) => {
                press(Action::Leave)
            }
            (Screen::Home, None) => press(Action::Undo),
            _ => None,
        });
    assert_eq!(session.unwrap().exit(), Some(Exit::Done));
    assert_eq!(profiles.map(|path| stepper.world.file(&path).unwrap()), original);
    insta::assert_snapshot!(stepper.world.effects()[done..].join("\n"));
}

#[test]
fn what_was_done_twice_is_taken_back_once_and_undo_ends() {
    let profile = format!("{HAL}/default/profiles/gate-local.yml");
    let mut stepper = Stepper::new(InProcess::new([ecw_world::Fault::GateSilent]), &[]);
    let original = stepper.world.file(&profile).unwrap();
    let offers = |session: &ecw_wizard::Session, action| {
        session.page().items().any(|item| item.id == ecw_wizard::ui::page::ItemId::Button(action))
    };
    let mut sent = 0;
    let session =
        stepper.run_as(Mode::Operator, None, |session| match (session.screen(), &session.dialog()) {
            (Screen::Review, Some(_)) => press(Action::Begin),
            (_, Some(_)) => press(Action::UndoNow(Part::All)),
            (Screen::Undo, None) => press(Action::UndoPart(Part::All)),
            (Screen::Prerequisites, None) if !session.answers().is_yes(Key::Acknowledged) => {
                Some(ecw_wizard::Cmd::Press(ecw_wizard::ui::page::ItemId::Toggle(Key::Acknowledged)))
            }
            (Screen::Sns, None) if sent == 2 => press(Action::ConfirmLater),
            (Screen::Sns, None) if offers(session, Action::SendConfirmation) => {
                sent += 1;
                press(Action::SendConfirmation)
            }
            (Screen::Summary, None) if session.ledger().rows.iter().any(|row| row.intent.takes_back()) => {
                press(Action::Leave)
            }
            (Screen::Summary, None) => press(Action::Undo),
            (Screen::Delivery, None) if session.answers().text(Key::ConfigDelivery).is_empty() => {
                let check = ecw_wizard::ui::page::ItemId::Option(Key::ConfigDelivery, "check".to_owned());
                Some(ecw_wizard::Cmd::Press(check))
            }
            (screen, None) if screen.asks() || screen == Screen::Review => press(Action::Next),
            _ => None,
        });
    let session = session.unwrap();
    let undone: Vec<String> = session.ledger().rows.iter().map(|row| row.intent.step().to_string()).collect();
    assert_eq!(
        undone,
        [
            "subscribe-gate 123456789012 us-west-2",
            "allow-publish 123456789012 us-west-2",
            "write-profile clouddriver-local.yml",
            "apply-deployment clouddriver",
            "write-profile gate-local.yml",
            "apply-deployment gate",
        ]
    );
    assert_eq!((session.exit(), session.ledger().all_done()), (Some(Exit::Done), true));
    assert_eq!(stepper.world.file(&profile).unwrap(), original);
}

#[test]
fn a_journal_of_a_newer_program_is_refused_untouched() {
    let world = InProcess::new([]);
    let journal = "/home/spinnaker/.hal/.event-cache-wizard/default/journal.jsonl";
    let newer = b"{\"v\":99,\"seq\":1,\"run\":\"x\",\"at\":0,\"entry\":\"marvel\"}\n";
    world.put_file(journal, newer);
    let error =
        ledger(&*world.ports(std::sync::Arc::new(ecw_actions::target_session::Sessions::default())).store)
            .unwrap_err();
    assert!(error.what.contains("newer event-cache-wizard (format 99"), "{error:?}");
    assert_eq!(world.file(journal).unwrap(), newer);
    let damaged = Journal::parse(b"nonsense\n").unwrap_err();
    assert!(matches!(damaged, JournalError::Damaged { line: 1, .. }), "{damaged:?}");
}
