//! Several accounts and regions: each set up by a session and a journal of its own; one that fails fails alone.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use ecw_rehearsal::in_process::InProcess;
use ecw_wizard::model::goal::Goal;
use ecw_wizard::model::journal_file::Journal;
use ecw_wizard::model::ledger::Ledger;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::part::Part;
use ecw_wizard::state::Session;
use ecw_wizard::values::answers::Key;
use ecw_world::{Channel, Fault, World};
use support::stepper::{Moment, Stepper};

const STATE: &str = "/home/spinnaker/.hal/.event-cache-wizard/default";
/// Two regions of the world's account, and another account by its role.
const THREE: &str = r#"[{"account":"123456789012","region":"us-west-2"},{"account":"123456789012","region":"eu-west-1"},{"account":"210987654321","region":"us-west-2","role_arn":"arn:aws:iam::210987654321:role/spinnaker"}]"#;
const NAMES: [&str; 3] = ["123456789012-us-west-2", "123456789012-eu-west-1", "210987654321-us-west-2"];
const POINTS: (Key, &str) = (Key::ConfigDelivery, "point-at-topic");

fn run(stepper: &mut Stepper) -> (u8, String) {
    let session = stepper.run(None).unwrap();
    (session.exit().unwrap().code(), session.exit_words().unwrap_or_default().to_owned())
}

fn ledger(world: &InProcess, target: &str) -> Ledger {
    let bytes = world.file(&format!("{STATE}/targets/{target}/journal.jsonl")).unwrap_or_default();
    Ledger::fold(&Journal::parse(&bytes).unwrap().records)
}

/// What was done at AWS, in order, without files and deploys.
fn in_aws(world: &InProcess) -> Vec<String> {
    let of_aws = |effect: &String| effect.contains("sns ") || effect.contains("config ");
    world.effects().into_iter().filter(of_aws).collect()
}

/// A channel in Ireland that names somebody else's topic.
fn ireland_publishes_to_others(world: &mut World) {
    world.call("123456789012", "eu-west-1");
    let topic = world.create_topic("others").unwrap();
    let channel = Channel { name: "default".into(), bucket: "b".into(), topic: Some(topic) };
    world.put_channel(channel).unwrap();
    world.effects.clear();
}

#[test]
fn each_target_gets_topic_policy_subscription_and_delivery_and_a_journal_of_its_own() {
    let mut stepper = Stepper::new(InProcess::new([]), &[POINTS, (Key::Targets, THREE)]);
    assert_eq!(run(&mut stepper), (0, String::new()));
    insta::assert_snapshot!(in_aws(&stepper.world).join("\n"));
    for name in NAMES {
        let ledger = ledger(&stepper.world, name);
        assert_eq!((ledger.all_done(), ledger.rows.len(), ledger.made.len()), (true, 4, 4), "{name}");
    }
    let rollback = |name: &str| {
        let path = format!("{STATE}/targets/{name}/ROLLBACK.txt");
        String::from_utf8(stepper.world.file(&path).unwrap()).unwrap()
    };
    let take = "# aws sts assume-role --role-arn arn:aws:iam::210987654321:role/spinnaker --role-session-name rollback";
    assert!(rollback(NAMES[2]).contains(take), "{}", rollback(NAMES[2]));
    assert!(!rollback(NAMES[0]).contains("assume-role"), "{}", rollback(NAMES[0]));
    let before = stepper.world.effects();
    assert_eq!(run(&mut stepper), (0, "Unchanged: everything is as wanted.".to_owned()));
    assert_eq!(stepper.world.effects(), before);
}

#[test]
fn undo_takes_back_each_target_by_its_own_journal_and_nothing_of_the_services() {
    let mut stepper = Stepper::new(InProcess::new([]), &[POINTS, (Key::Targets, THREE)]);
    run(&mut stepper);
    let done = stepper.world.effects().len();
    let session = stepper.undo(Part::Sns);
    assert_eq!(session.exit().unwrap().code(), 0, "{:?}", session.exit_words());
    insta::assert_snapshot!(stepper.world.effects()[done..].join("\n"));
    for name in NAMES {
        // The topics stay: they cost nothing.
        assert_eq!(ledger(&stepper.world, name).made.len(), 1, "{name}");
    }
    let again = stepper.undo(Part::Sns);
    assert_eq!(again.exit().unwrap().code(), 0, "{:?}", again.exit_words());
}

#[test]
fn a_target_that_fails_fails_alone_and_the_next_run_does_what_is_left() {
    let world = InProcess::new([]);
    world.meddle(ireland_publishes_to_others);
    let mut stepper = Stepper::new(world, &[POINTS, (Key::Targets, THREE)]);
    let (code, words) = run(&mut stepper);
    assert_eq!(code, 7, "{words}");
    assert!(
        words.contains("1 of 3 targets failed; the others are set up. 123456789012 eu-west-1: Delivery: Confirm that others stops"),
        "{words}"
    );
    assert_eq!(ledger(&stepper.world, NAMES[0]).made.len(), 4);
    assert_eq!(ledger(&stepper.world, NAMES[1]).made.len(), 0);
    assert_eq!(ledger(&stepper.world, NAMES[2]).made.len(), 4);
    let before = in_aws(&stepper.world);
    let mended = THREE.replace(
        r#""region":"eu-west-1""#,
        r#""region":"eu-west-1","replace_topic_arn":"arn:aws:sns:eu-west-1:123456789012:others""#,
    );
    stepper.give(&[POINTS, (Key::Targets, &mended)]);
    assert_eq!(run(&mut stepper), (0, String::new()));
    let after = in_aws(&stepper.world);
    assert!(
        after[before.len()..].iter().all(|effect| effect.starts_with("123456789012 eu-west-1 ")),
        "{after:?}"
    );
    assert_eq!(ledger(&stepper.world, NAMES[1]).made.len(), 4);
    // What both runs made is taken back.
    let session = stepper.undo(Part::Sns);
    assert_eq!(session.exit().unwrap().code(), 0, "{:?}", session.exit_words());
    for name in NAMES {
        assert_eq!(ledger(&stepper.world, name).made.len(), 1, "{name}");
    }
}

#[test]
fn one_topic_a_region_names_the_accounts_that_publish_and_the_others_deliver_there() {
    let given = [POINTS, (Key::Targets, THREE), (Key::Topology, "topic-per-region")];
    let mut stepper = Stepper::new(InProcess::new([]), &given);
    assert_eq!(run(&mut stepper), (0, String::new()));
    insta::assert_snapshot!(in_aws(&stepper.world).join("\n"));
    let mut policy = String::new();
    stepper.world.meddle(|world| {
        policy = world.topic("arn:aws:sns:us-west-2:123456789012:spinnaker-event-cache").unwrap().policy;
    });
    assert!(policy.contains(r#""AWS:SourceAccount":["123456789012","210987654321"]"#), "{policy}");
}

#[test]
fn where_a_regions_topic_cannot_be_made_those_that_would_publish_to_it_are_not_begun() {
    let world = InProcess::new([Fault::SnsDenied]);
    let given = [POINTS, (Key::Targets, THREE), (Key::Topology, "topic-per-region")];
    let mut stepper = Stepper::new(world, &given);
    let (code, words) = run(&mut stepper);
    assert_eq!(code, 7, "{words}");
    assert!(in_aws(&stepper.world).is_empty(), "{words}");
}

#[test]
fn a_region_in_which_the_topics_account_is_no_target_is_refused_by_name() {
    let given = [
        POINTS,
        (Key::Targets, THREE),
        (Key::Topology, "topic-per-region"),
        (Key::HubAccount, "210987654321"),
    ];
    let mut stepper = Stepper::new(InProcess::new([]), &given);
    let (code, words) = run(&mut stepper);
    assert_eq!(code, 2, "{words}");
    assert!(
        words.contains("eu-west-1: its topic is to stand in account 210987654321, which is no target there"),
        "{words}"
    );
    assert!(stepper.world.effects().is_empty());
}

fn looked(stepper: &mut Stepper) -> Session {
    stepper.run_as(Mode::Look, None, |_| None).unwrap()
}

#[test]
fn status_has_one_row_a_target_and_says_what_is_missing_there() {
    let mut stepper = Stepper::new(InProcess::new([]), &[POINTS, (Key::Targets, THREE)]);
    run(&mut stepper);
    let rows = |session: &Session| {
        let rows = ecw_wizard::rules::status::sns(session);
        rows.iter()
            .map(|row| format!("{:?} {}: {}", row.verdict, row.label, row.detail))
            .collect::<Vec<_>>()
            .join("\n")
    };
    insta::assert_snapshot!("status_all_there", rows(&looked(&mut stepper)));
    stepper.world.meddle(|world| {
        world.call("210987654321", "us-west-2");
        world.take_channel();
    });
    insta::assert_snapshot!("status_one_missing", rows(&looked(&mut stepper)));
}

#[test]
fn dying_before_or_after_any_effect_of_a_second_run_never_calls_undone_what_was_not_done() {
    for moment in [Moment::Before, Moment::After] {
        let mut stepper = Stepper::new(InProcess::new([]), &[(Key::Targets, THREE)]);
        assert_eq!(run(&mut stepper).0, 0);
        stepper.give(&[POINTS, (Key::Targets, THREE)]);
        // It dies a little later each time, until nothing is left to die before.
        let mut at = 0;
        while stepper.run(Some((at, moment))).is_none() {
            at += 1;
        }
        assert!(at > 10, "{at}");
        let effects = in_aws(&stepper.world);
        let pointed = effects.iter().filter(|effect| effect.contains("config put-delivery-channel arn:"));
        assert_eq!(pointed.count(), 3, "{moment:?}: {effects:?}");
        for name in NAMES {
            assert_eq!(ledger(&stepper.world, name).made.len(), 4, "{name}");
        }
    }
}

#[test]
fn topics_that_an_undo_left_are_known_and_deleted_on_a_later_word() {
    let mut stepper = Stepper::new(InProcess::new([]), &[POINTS, (Key::Targets, THREE)]);
    run(&mut stepper);
    let session = stepper.undo(Part::Sns);
    let stays = ecw_wizard::rules::undo::stays(&session, Part::Sns);
    assert!(stays[0].starts_with("topics of ours at 123456789012 us-west-2"), "{stays:?}");
    let session = stepper.undo(Part::Sns);
    assert!(session.exit_words().unwrap().starts_with("The journal knows of nothing to take back."));
    stepper.give(&[POINTS, (Key::Targets, THREE), (Key::DeleteTopic, "true")]);
    let session = stepper.undo(Part::Sns);
    assert_eq!(session.exit().unwrap().code(), 0, "{:?}", session.exit_words());
    let deleted = in_aws(&stepper.world).iter().filter(|effect| effect.ends_with("sns delete-topic")).count();
    assert_eq!(
        (deleted, session.ledger().made.iter().any(|work| work.intent.set_up_targets().is_some())),
        (3, false)
    );
}

#[test]
fn a_sixth_account_does_not_turn_five_topics_of_their_own_into_one() {
    let target = |at: u32| {
        format!(
            r#"{{"account":"10000000000{at}","region":"us-west-2","role_arn":"arn:aws:iam::10000000000{at}:role/x"}}"#
        )
    };
    let list = |count: u32| format!("[{}]", (0..count).map(target).collect::<Vec<_>>().join(","));
    let mut stepper = Stepper::new(InProcess::new([]), &[POINTS, (Key::Targets, &list(5))]);
    assert_eq!(run(&mut stepper).0, 0);
    stepper.give(&[POINTS, (Key::Targets, &list(6))]);
    assert_eq!(run(&mut stepper), (0, String::new()));
    let made = in_aws(&stepper.world).iter().filter(|effect| effect.contains("sns create-topic")).count();
    assert_eq!(made, 6);
    let mut fresh = Stepper::new(InProcess::new([]), &[POINTS, (Key::Targets, &list(6))]);
    assert_eq!(run(&mut fresh).0, 0);
    assert_eq!(in_aws(&fresh.world).iter().filter(|effect| effect.contains("sns create-topic")).count(), 1);
}

#[test]
fn a_confirmation_is_waited_for_by_itself_whatever_becomes_of_delivery() {
    let given = [POINTS, (Key::Targets, THREE), (Key::Topology, "topic-per-region")];
    let mut stepper = Stepper::new(InProcess::new([]), &given);
    run(&mut stepper);
    stepper.world.meddle(|world| {
        world.call("123456789012", "us-west-2");
        world.take_channel();
    });
    let session = looked(&mut stepper);
    let exit =
        |goal| ecw_wizard::rules::status::exit(&ecw_wizard::rules::status::rows(&session, goal)).code();
    assert_eq!((exit(Goal::Confirmed), exit(Goal::Events)), (0, 8));
}
