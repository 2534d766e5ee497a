//! Every tail that a journal can have, with the world not begun, done and half done behind it.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use ecw_rehearsal::in_process::InProcess;
use ecw_wizard::model::journal_file::Journal;
use ecw_wizard::model::ledger::StepState;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::steps::{AllowPublish, CreateTopic, Intent, WriteProfile};
use ecw_wizard::{Effect, Exit};
use ecw_world::Fault;
use support::flows::{FLOWS, JOURNAL, LATER, WHOLE, count, finished, profile};
use support::stepper::{Moment, Stepper};

#[test]
fn a_journal_cut_at_any_byte_reads_as_the_whole_records_before_the_cut() {
    for given in FLOWS {
        let bytes = finished(given).world.file(JOURNAL).unwrap();
        let whole = Journal::parse(&bytes).unwrap();
        let ends: Vec<usize> =
            bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1).collect();
        assert_eq!(ends.len(), whole.records.len());
        for cut in 0..=bytes.len() {
            let read = Journal::parse(&bytes[..cut]).unwrap();
            let before = ends.iter().filter(|end| **end <= cut).count();
            let sound = if before == 0 { 0 } else { ends[before - 1] };
            assert_eq!((read.records.len(), read.sound_len), (before, sound), "{given:?} cut at {cut}");
            assert_eq!(read.records, whole.records[..before]);
        }
    }
}

/// Where in a flow each step is begun: the number of its effect, and what it does.
fn begins(given: &[(ecw_wizard::values::answers::Key, &str)]) -> Vec<(usize, Intent)> {
    let stepper = finished(given);
    let begun = |(at, effect): (usize, &Effect)| match effect {
        Effect::Execute { intent, .. } => Some((at, intent.clone())),
        _ => None,
    };
    stepper.performed.iter().enumerate().filter_map(begun).collect()
}

/// Leaves the world half way into a step that was begun there.
fn half_done(world: &InProcess, intent: &Intent) {
    match intent {
        // The file is replaced at once or not at all: half way there is a temporary file beside it.
        Intent::WriteProfile(WriteProfile { file, .. }) => world.put_file(&profile(&format!(".{file}.ecw-4711")), b"spin"),
        // The daemon gave up in the middle.
        Intent::ApplyDeployment(_) => world.interrupt(),
        // Made, but its policy is not what it was: somebody else added a statement of theirs.
        Intent::CreateTopic(CreateTopic { arn, .. }) | Intent::AllowPublish(AllowPublish { arn, .. }) => world.meddle(|world| {
            let arn = arn.to_string();
            let policy = world.topic(&arn).map(|topic| topic.policy).unwrap_or_default();
            let theirs = policy.replacen(
                "\"Statement\":[",
                "\"Statement\":[{\"Sid\":\"Theirs\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"123456789012\"},\"Action\":\"SNS:Publish\",\"Resource\":\"*\"},",
                1,
            );
            if !policy.is_empty() {
                world.set_policy(&arn, &theirs).unwrap();
                world.effects.pop();
            }
        }),
        // SNS knows of it, and Gate has not confirmed: as it is right after the call.
        Intent::SubscribeGate(_) | Intent::DeliverConfig(_) => {}
        other => panic!("not a step of a flow: {other:?}"),
    }
}

#[test]
fn from_every_step_that_was_begun_the_same_end_is_reached_and_nothing_is_doubled() {
    for given in FLOWS {
        let ended = finished(given);
        let (effects, wanted) = (ended.world.effects(), ended.world.file(&profile("gate-local.yml")));
        for (at, intent) in begins(given) {
            for (moment, half) in [
                (Moment::Before, false),
                (Moment::After, false),
                (Moment::Before, true),
                (Moment::After, true),
            ] {
                let where_ = format!("{given:?}, {moment:?} {}, half {half}", intent.step());
                if half && moment == Moment::Before && matches!(intent, Intent::ApplyDeployment(_)) {
                    // A deploy that was never started cannot be half done.
                    continue;
                }
                let mut stepper = Stepper::new(InProcess::new([]), given);
                assert!(stepper.run(Some((at, moment))).is_none(), "{where_}: never reached");
                if half {
                    half_done(&stepper.world, &intent);
                }
                let broken = half && moment == Moment::After && matches!(intent, Intent::ApplyDeployment(_));
                if broken {
                    // Nobody can know how far it came: that is said, and nothing is done by itself.
                    let session = stepper.run(None).unwrap();
                    assert_eq!(
                        session.exit(),
                        Some(Exit::DeployUnknown),
                        "{where_}: {:?}",
                        session.exit_words()
                    );
                }
                let session = stepper.run(None).unwrap();
                assert_eq!(session.exit(), Some(Exit::Done), "{where_}: {:?}", session.exit_words());
                assert_eq!(stepper.world.file(&profile("gate-local.yml")), wanted, "{where_}");
                let mut now = stepper.world.effects();
                if broken {
                    // The interruption, and the deploy that the operator asked for again.
                    let applies = count(&now, "hal deploy apply");
                    assert_eq!(applies, count(&effects, "hal deploy apply") + 1, "{where_}");
                    let interrupted = now.iter().position(|each| each.starts_with("daemon")).unwrap();
                    now.drain(interrupted..=interrupted + 1);
                }
                assert_eq!(now, effects, "{where_}");
            }
        }
    }
}

#[test]
fn what_failed_is_tried_again_when_apply_is_run_again() {
    for (fault, exit) in [
        (Fault::ApplyInvalid, Exit::DeployFailed),
        (Fault::ApplyKubectl, Exit::DeployFailed),
        (Fault::ApplyTimeout, Exit::DeployUnknown),
        (Fault::ApplyNothing, Exit::DeployUnknown),
        (Fault::GateSilent, Exit::Timeout),
    ] {
        let mut stepper = Stepper::new(InProcess::new([fault]), WHOLE);
        let session = stepper.run(None).unwrap();
        assert_eq!(session.exit(), Some(exit), "{fault:?}: {:?}", session.exit_words());
        let stuck = stepper.world.effects();
        let again = stepper.run(None).unwrap();
        assert_eq!(again.exit(), Some(exit), "{fault:?} still there: {:?}", again.exit_words());
        stepper.world.set_faults([]);
        let session = stepper.run(None).unwrap();
        assert_eq!(session.exit(), Some(Exit::Done), "{fault:?} fixed: {:?}", session.exit_words());
        let effects = stepper.world.effects();
        assert!(effects.starts_with(&stuck), "{fault:?}");
        for once in ["sns create-topic", "sns set-policy", "config put-delivery-channel"] {
            assert_eq!(count(&effects, once), 1, "{fault:?}: {once}");
        }
        assert_eq!(count(&effects, "write"), 2, "{fault:?}");
    }
}

#[test]
fn an_undo_goes_on_past_a_deploy_whose_end_nobody_knows() {
    for fault in [Fault::ApplyTimeout, Fault::ApplyNothing] {
        let mut stepper = Stepper::new(InProcess::new([fault]), WHOLE);
        let original = stepper.world.file(&profile("gate-local.yml"));
        let session = stepper.run(None).unwrap();
        assert_eq!(session.exit(), Some(Exit::DeployUnknown), "{fault:?}: {:?}", session.exit_words());
        assert_ne!(stepper.world.file(&profile("gate-local.yml")), original);
        stepper.world.set_faults([]);
        let session = stepper.undo(ecw_wizard::model::part::Part::All);
        assert_eq!(session.exit(), Some(Exit::Done), "{fault:?}: {:?}", session.exit_words());
        assert_eq!(stepper.world.file(&profile("gate-local.yml")), original, "{fault:?}");
    }
}

#[test]
fn a_clock_that_goes_backwards_loses_nothing() {
    let (at, _) =
        begins(LATER).into_iter().find(|(_, intent)| matches!(intent, Intent::ApplyDeployment(_))).unwrap();
    let mut stepper = Stepper::new(InProcess::new([]), LATER);
    assert!(stepper.run(Some((at, Moment::After))).is_none());
    // An hour back, while hal runs.
    stepper.now.wall -= 3_600_000;
    let mut seen = String::new();
    let shown = stepper.run_as(Mode::Operator, None, |session| {
        seen = ecw_tui::text_of(session);
        support::stepper::press(ecw_wizard::ui::page::Action::Leave)
    });
    assert_eq!(shown.unwrap().exit(), Some(Exit::Detached));
    assert!(seen.contains("in the future by this clock"), "{seen}");
    let session = stepper.run(None).unwrap();
    assert_eq!(session.exit(), Some(Exit::Done), "{:?}", session.exit_words());
    assert_eq!(stepper.world.effects(), finished(LATER).world.effects());
    assert!(session.ledger().rows.iter().all(|row| matches!(row.state, StepState::Done(_))));
}

#[test]
fn a_plan_or_a_look_at_an_unfinished_run_does_nothing() {
    let (at, _) = begins(WHOLE)[1];
    for mode in [Mode::PlanOnly, Mode::Look] {
        let mut stepper = Stepper::new(InProcess::new([]), WHOLE);
        assert!(stepper.run(Some((at, Moment::After))).is_none());
        let (effects, journal) = (stepper.world.effects(), stepper.world.file(JOURNAL));
        stepper.performed.clear();
        let session = stepper.run_as(mode, None, |_| None).unwrap();
        assert_eq!(session.exit(), Some(if mode == Mode::Look { Exit::NotThere } else { Exit::Pending }));
        let only_asks = stepper.performed.iter().all(|effect| matches!(effect, Effect::Ask(_)));
        assert!(only_asks, "{mode:?}: {:?}", stepper.performed);
        assert_eq!((stepper.world.effects(), stepper.world.file(JOURNAL)), (effects, journal));
    }
}
