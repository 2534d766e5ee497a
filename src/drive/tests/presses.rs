//! All that a button can do, a run without a screen can do: it is decided beforehand which are pressed.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use ecw_rehearsal::in_process::InProcess;
use ecw_wizard::model::choice::Choice;
use ecw_wizard::model::journal::{Attestation, Entry};
use ecw_wizard::model::journal_file::Journal;
use ecw_wizard::model::mode::{Changes, Mode};
use ecw_wizard::model::press::Press;
use ecw_wizard::state::Session;
use ecw_wizard::ui::page::{Action, ItemId};
use ecw_world::Fault;
use support::flows::{JOURNAL, WHOLE, count, finished, profile};
use support::stepper::{Moment, Stepper};

fn pressing(presses: &[Press], faults: &[Fault]) -> Stepper {
    let mut stepper = Stepper::new(InProcess::new(faults.iter().copied()), WHOLE);
    stepper.presses = presses.to_vec();
    stepper
}

fn entries(stepper: &Stepper) -> Vec<Entry> {
    let journal = Journal::parse(&stepper.world.file(JOURNAL).unwrap()).unwrap();
    journal.records.into_iter().map(|record| record.entry).collect()
}

fn code(session: &Session) -> u8 {
    session.exit().unwrap().code()
}

#[test]
fn attest_vouches_for_services_that_are_still_starting() {
    let mut stepper = pressing(&[Press::Attest], &[]);
    let session = stepper.run(None).unwrap();
    assert_eq!(code(&session), 0, "{:?}", session.exit_words());
    let vouched = entries(&stepper).into_iter().filter_map(|entry| match entry {
        Entry::Attested { what: Attestation::Ready { services, .. } } => Some(services.len()),
        _ => None,
    });
    assert_eq!(vouched.sum::<usize>(), 2);
}

#[test]
fn a_confirmation_is_sent_again_or_left_for_later() {
    let subscribes = |presses: &[Press]| {
        let mut stepper = pressing(presses, &[Fault::GateSilent]);
        let session = stepper.run(None).unwrap();
        (code(&session), count(&stepper.world.effects(), "sns subscribe"))
    };
    // Within five minutes SNS stops trying twice, and is asked again each time, by itself or told to.
    assert_eq!(subscribes(&[]), (124, 3));
    assert_eq!(subscribes(&[Press::SendConfirmation]), (124, 3));
    assert_eq!(subscribes(&[Press::ConfirmLater]), (0, 1));
}

#[test]
fn cancel_deploy_tells_our_own_hal_to_stop_and_nothing_is_deployed_after_it() {
    let mut stepper = pressing(&[Press::CancelDeploy], &[]);
    let session = stepper.run(None).unwrap();
    let words = session.exit_words().unwrap_or_default();
    assert!(
        words.contains("it was cancelled from here, and hal stopped (hal: Task killed by interrupt;"),
        "{words}"
    );
    assert_eq!(code(&session), 6);
    assert_eq!(count(&stepper.world.effects(), "hal deploy apply"), 1);
}

#[test]
fn adopt_notes_what_others_installed_and_changes_nothing() {
    let mut stepper = finished(WHOLE);
    stepper.world.forget_state();
    stepper.give(&[]);
    stepper.presses = vec![Press::Adopt];
    let before = stepper.world.effects();
    let session = stepper.run(None).unwrap();
    assert_eq!((code(&session), stepper.world.effects()), (0, before));
    assert!(matches!(entries(&stepper).as_slice(), [Entry::Adopted { .. }]), "{:?}", entries(&stepper));
}

#[test]
fn changes_since_are_kept_on_the_operators_word() {
    let whole = finished(WHOLE);
    let begins = |effect: &ecw_wizard::Effect| {
        matches!(effect, ecw_wizard::Effect::Execute { intent, .. }
            if intent.write_profile().is_some_and(|write| write.file.starts_with("clouddriver")))
    };
    let at = whole.performed.iter().position(begins).unwrap();
    let mut stepper = Stepper::new(InProcess::new([]), WHOLE);
    assert!(stepper.run(Some((at - 1, Moment::Before))).is_none());
    let edited = b"# edited by somebody else\nserver:\n  port: 7002\n";
    stepper.world.put_file(&profile("clouddriver-local.yml"), edited);
    stepper.changes = Changes::Kept;
    let session = stepper.run(None).unwrap();
    assert_eq!(code(&session), 0, "{:?}", session.exit_words());
    assert_eq!(stepper.world.file(&profile("clouddriver-local.yml")).unwrap(), edited);
    assert!(entries(&stepper).iter().any(|entry| matches!(entry, Entry::Kept { .. })));
}

/// What each button of any screen is without a screen: the compiler asks for a new one.
fn without_a_screen(action: Action) -> &'static str {
    match action {
        Action::Next | Action::Begin => "apply --yes",
        Action::CheckAgain => "each run looks afresh",
        Action::NotFromHere | Action::FromHere | Action::AwsPart => "the answer sns.when",
        Action::SeveralTargets | Action::OneTarget | Action::AddTarget => "the answer sns.targets",
        Action::Prove | Action::ProveNow => "verify --yes",
        Action::ViewLog => "the log's path, in the report",
        Action::Bundle | Action::CopyBundle => "bundle",
        Action::GoBack | Action::Stay | Action::GoTo(_) => "nothing: it only leads somewhere",
        Action::Retry | Action::Resume => "apply, run again",
        Action::Change | Action::StartOver | Action::UpgradePlugin => "other answers",
        Action::Attest => "apply --press attest",
        Action::SendConfirmation => "apply --press send-confirmation",
        Action::ConfirmLater => "apply --press confirm-later",
        Action::Undo | Action::UndoPart(_) | Action::UndoNow(_) => "undo --only PART --yes",
        Action::Leave | Action::Detach => "a signal: the run ends, a deploy goes on",
        Action::CancelDeploy | Action::CancelNow => "apply --press cancel-deploy",
        Action::CheckSpinnaker => "check --spinnaker VERSION",
        Action::Adopt => "apply --press adopt",
        Action::TakeOver | Action::TakeOverNow => "apply --take-over",
    }
}

#[test]
fn every_button_that_a_screen_offers_has_its_way_without_one() {
    let mut seen = std::collections::BTreeSet::new();
    let mut stepper = Stepper::new(InProcess::new([Fault::GateSilent]), WHOLE);
    stepper.run_as(Mode::Operator, None, |session| {
        for item in session.page().items() {
            if let ItemId::Button(action) = item.id {
                seen.insert(without_a_screen(action));
            }
        }
        support::flows::go_through(session).or_else(|| {
            let later = support::flows::offers(session, Action::ConfirmLater);
            later.then_some(ecw_wizard::Cmd::Press(ItemId::Button(Action::ConfirmLater)))
        })
    });
    assert!(seen.len() >= 8, "{seen:?}");
    // What is decided item by item on the screen is one word without it.
    assert_eq!(Choice::ALL.len(), 3);
}
