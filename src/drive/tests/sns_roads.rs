//! The SNS chapter off the straight road: topics that are named twice, channels that are not there,
//! confirmations that do not come, subscriptions that Gate cannot read.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use ecw_rehearsal::in_process::InProcess;
use ecw_wizard::Effect;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::part::Part;
use ecw_wizard::model::question::Question;
use ecw_wizard::state::Session;
use ecw_wizard::values::answers::Key;
use ecw_world::{Channel, Fault, World};
use support::flows::{WHOLE, count};
use support::stepper::Stepper;

const OTHERS: &str = "arn:aws:sns:us-west-2:123456789012:others";
const GATE: &str = "https://gate.example.com/aws/notify";

fn code(session: &Session) -> u8 {
    session.exit().unwrap().code()
}

fn words(session: &Session) -> &str {
    session.exit_words().unwrap_or_default()
}

/// A world that was changed before the wizard comes.
fn world(change: fn(&mut World)) -> InProcess {
    let world = InProcess::new([]);
    world.meddle(change);
    world.meddle(|world| world.effects.clear());
    world
}

fn run(world: InProcess, given: &[(Key, &str)]) -> (Stepper, Session) {
    let mut stepper = Stepper::new(world, given);
    let session = stepper.run(None).unwrap();
    (stepper, session)
}

fn config_publishes_to_others(world: &mut World) {
    world.create_topic("others").unwrap();
    let channel = Channel { name: "default".into(), bucket: "b".into(), topic: Some(OTHERS.into()) };
    world.put_channel(channel).unwrap();
}

#[test]
fn a_topic_that_was_named_is_used_although_aws_config_names_another() {
    let (stepper, session) = run(world(config_publishes_to_others), &[(Key::TopicName, "mine")]);
    assert_eq!(code(&session), 0, "{}", words(&session));
    assert_eq!(count(&stepper.world.effects(), "sns create-topic mine"), 1);
    let (stepper, session) = run(world(config_publishes_to_others), &[]);
    assert_eq!(code(&session), 0, "{}", words(&session));
    assert_eq!(count(&stepper.world.effects(), "sns create-topic"), 0);
}

#[test]
fn a_name_and_an_arn_that_contradict_each_other_are_refused_with_both() {
    let given = [(Key::TopicName, "mine"), (Key::TopicArn, OTHERS)];
    let (stepper, session) = run(world(config_publishes_to_others), &given);
    assert_eq!(code(&session), 2);
    assert!(
        words(&session).contains("sns.topic.name names mine, and sns.topic.arn names others"),
        "{}",
        words(&session)
    );
    assert_eq!(stepper.world.effects(), Vec::<String>::new());
}

#[test]
fn pointing_a_channel_that_is_not_there_is_refused_before_anything_is_done() {
    let (stepper, session) = run(world(World::take_channel), WHOLE);
    assert_eq!(code(&session), 7, "{}", words(&session));
    assert!(words(&session).contains("has no delivery channel"), "{}", words(&session));
    assert_eq!(stepper.world.effects(), Vec::<String>::new());
}

#[test]
fn where_aws_keeps_the_topic_of_a_channel_undo_says_so_and_keeps_the_topic() {
    let mut stepper = Stepper::new(InProcess::new([Fault::ChannelKeepsTopic]), WHOLE);
    assert_eq!(code(&stepper.run(None).unwrap()), 0);
    stepper.give(&[(Key::ConfigDelivery, "point-at-topic"), (Key::DeleteTopic, "true")]);
    let session = stepper.undo(Part::All);
    assert_eq!(code(&session), 0, "{}", words(&session));
    assert_eq!(count(&stepper.world.effects(), "sns delete-topic"), 0);
    assert_eq!(count(&stepper.world.effects(), "sns unsubscribe"), 1);
    let rollback = String::from_utf8(
        stepper.world.file("/home/spinnaker/.hal/.event-cache-wizard/default/ROLLBACK.txt").unwrap(),
    );
    assert!(rollback.unwrap().contains("delete-delivery-channel"));
}

#[test]
fn after_a_timeout_apply_sends_a_new_confirmation_and_ends() {
    let mut stepper = Stepper::new(InProcess::new([Fault::GateSilent]), &[(Key::WaitForConfirmation, "90s")]);
    let session = stepper.run(None).unwrap();
    assert_eq!((code(&session), count(&stepper.world.effects(), "sns subscribe")), (124, 1));
    assert!(words(&session).contains("Run apply again: it sends a new confirmation"), "{}", words(&session));
    // Days later; SNS has long stopped trying.
    stepper.now = stepper.now.plus(20 * 3_600_000);
    stepper.world.set_faults([]);
    let session = stepper.run(None).unwrap();
    assert_eq!(
        (code(&session), count(&stepper.world.effects(), "sns subscribe")),
        (0, 2),
        "{}",
        words(&session)
    );
}

#[test]
fn a_pending_subscription_that_somebody_removed_is_asked_for_again() {
    let mut stepper = Stepper::new(InProcess::new([Fault::GateSilent]), &[(Key::WaitForConfirmation, "1m")]);
    assert_eq!(code(&stepper.run(None).unwrap()), 124);
    stepper.world.meddle(World::take_subscriptions);
    stepper.world.set_faults([]);
    let session = stepper.run(None).unwrap();
    assert_eq!(
        (code(&session), count(&stepper.world.effects(), "sns subscribe")),
        (0, 2),
        "{}",
        words(&session)
    );
}

#[test]
fn what_cannot_be_asked_about_a_confirmation_is_not_known_rather_than_no() {
    let mut stepper = Stepper::new(InProcess::new([Fault::GateSilent]), &[(Key::WaitForConfirmation, "1m")]);
    assert_eq!(code(&stepper.run(None).unwrap()), 124);
    stepper.world.set_faults([Fault::SnsDenied]);
    let session = stepper.run(None).unwrap();
    assert_eq!(code(&session), 14, "{}", words(&session));
    assert!(
        words(&session).starts_with("Whether Gate has confirmed is not known: AWS does not allow"),
        "{}",
        words(&session)
    );
}

fn gate_subscribes_raw(world: &mut World) {
    let topic = world.create_topic("spinnaker-event-cache").unwrap();
    world.subscribe(&topic, "https", GATE, 0).unwrap();
    world.confirm_all_raw();
}

#[test]
fn raw_delivery_is_asked_about_turned_off_and_turned_on_again_by_undo() {
    let (stepper, session) = run(world(gate_subscribes_raw), &[]);
    assert_eq!(code(&session), 2);
    assert!(words(&session).contains("raw message delivery"), "{}", words(&session));
    assert_eq!(stepper.world.effects(), Vec::<String>::new());
    let (stepper, session) = run(world(gate_subscribes_raw), &[(Key::RawDelivery, "leave")]);
    assert_eq!((code(&session), count(&stepper.world.effects(), "sns raw")), (0, 0), "{}", words(&session));
    let (mut stepper, session) = run(world(gate_subscribes_raw), &[(Key::RawDelivery, "turn-off")]);
    assert_eq!(code(&session), 0, "{}", words(&session));
    assert_eq!(count(&stepper.world.effects(), "sns raw-delivery false"), 1);
    assert_eq!(code(&stepper.undo(Part::Sns)), 0);
    assert_eq!(count(&stepper.world.effects(), "sns raw-delivery true"), 1);
    // Gate's subscription was there before.
    assert_eq!(count(&stepper.world.effects(), "sns unsubscribe"), 0);
}

#[test]
fn where_aws_asks_to_slow_down_the_same_call_is_made_again_for_a_while() {
    let asks = |stepper: &Stepper| {
        let topic = |effect: &&Effect| matches!(effect, Effect::Ask(Question::Topic { .. }));
        stepper.performed.iter().filter(topic).count()
    };
    let mut stepper = Stepper::new(InProcess::new([Fault::Throttled]), WHOLE);
    let session = stepper.run(None).unwrap();
    assert_eq!((code(&session), asks(&stepper)), (7, 7), "{}", words(&session));
    assert!(words(&session).contains("AWS asks to slow down"), "{}", words(&session));

    // While looking, and while a step is done.
    let mut stepper = Stepper::new(InProcess::new([Fault::Throttled]), WHOLE);
    let world = stepper.world.clone();
    let (mut idle, mut said) = (0, Vec::new());
    let session = stepper.run_as(Mode::Unattended, None, |session| {
        idle += 1;
        said.extend(session.view().message().map(str::to_owned));
        let calls = world.effects().len();
        world.set_faults(if idle < 4 || (4..7).contains(&calls) && idle % 2 == 0 {
            vec![Fault::Throttled]
        } else {
            Vec::new()
        });
        None
    });
    let session = session.unwrap();
    assert_eq!(code(&session), 0, "{}", words(&session));
    assert_eq!(count(&world.effects(), "sns set-policy"), 1);
    assert!(said.iter().any(|words| words.starts_with("AWS asks to slow down: tried again in ")), "{said:?}");
}

#[test]
fn one_endpoint_in_two_spellings_is_one_subscription() {
    fn spelled(world: &mut World) {
        let topic = world.create_topic("spinnaker-event-cache").unwrap();
        world.subscribe(&topic, "https", "https://GATE.example.com:443/aws/notify/", 0).unwrap();
        world.confirm_all();
    }
    let (stepper, session) = run(world(spelled), &[]);
    assert_eq!(
        (code(&session), count(&stepper.world.effects(), "sns subscribe")),
        (0, 0),
        "{}",
        words(&session)
    );
}

#[test]
fn statements_of_two_runs_are_both_made_and_both_taken_back() {
    let mut stepper = Stepper::new(InProcess::new([]), &[(Key::SourceAccounts, "111122223333")]);
    assert_eq!(code(&stepper.run(None).unwrap()), 0);
    let policy = |stepper: &Stepper| {
        let mut policy = String::new();
        let arn = "arn:aws:sns:us-west-2:123456789012:spinnaker-event-cache";
        stepper.world.meddle(|world| policy = world.topic(arn).unwrap().policy);
        policy
    };
    stepper.give(&[(Key::SourceAccounts, "111122223333,210987654321")]);
    assert_eq!(code(&stepper.run(None).unwrap()), 0);
    assert!(policy(&stepper).contains("AWSConfigSNSPolicy2"), "{}", policy(&stepper));
    let rollback = "/home/spinnaker/.hal/.event-cache-wizard/default/ROLLBACK.txt";
    let rollback = String::from_utf8(stepper.world.file(rollback).unwrap()).unwrap();
    assert_eq!(rollback.matches("remove-permission").count(), 2, "{rollback}");
    assert_eq!(code(&stepper.undo(Part::All)), 0);
    assert!(!policy(&stepper).contains("config.amazonaws.com"), "{}", policy(&stepper));
}

#[test]
fn undo_removes_the_subscription_that_was_made_and_no_other_spelling_of_it() {
    let mut stepper = Stepper::new(InProcess::new([]), &[]);
    assert_eq!(code(&stepper.run(None).unwrap()), 0);
    stepper.world.meddle(|world| {
        let topic = "arn:aws:sns:us-west-2:123456789012:spinnaker-event-cache";
        world.subscribe(topic, "https", "https://gate.example.com/aws/notify/", 0).unwrap();
        world.confirm_all();
        world.list_the_last_first();
    });
    assert_eq!(code(&stepper.undo(Part::Sns)), 0);
    let mut left = Vec::new();
    stepper.world.meddle(|world| {
        let topic = "arn:aws:sns:us-west-2:123456789012:spinnaker-event-cache";
        left = world.subscriptions(topic, 0).unwrap().into_iter().map(|each| each.endpoint).collect();
    });
    assert_eq!(left, ["https://gate.example.com/aws/notify/"]);
}
