//! A topic's access policy while others change it too: nothing of theirs is lost, and undo gives back what
//! stood there, to the byte.
#![allow(clippy::unwrap_used, reason = "tests")]

use ecw_actions::steps::execute;
use ecw_ports::Ports;
use ecw_rehearsal::in_process::InProcess;
use ecw_wizard::model::place::AwsPlace;
use ecw_wizard::steps::{AllowPublish, DisallowPublish, Intent, Made, StepOutcome};
use ecw_wizard::values::choices::SampleStatement;
use ecw_wizard::values::names::{AccountId, Region, TopicArn};
use ecw_world::World;

const TOPIC: &str = "arn:aws:sns:us-west-2:123456789012:events";
const THEIRS: &str = r#"{"Sid":"Theirs","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"SNS:Publish","Resource":"*"}"#;
const PLAIN: &str = r#"{"Version":"2008-10-17","Statement":[]}"#;

fn place() -> AwsPlace {
    AwsPlace { profile: None, region: Region::parse("us-west-2").unwrap(), role: None }
}

fn arn() -> TopicArn {
    TopicArn::parse(TOPIC).unwrap()
}

fn allow(sources: &[&str], sample: SampleStatement) -> Intent {
    let sources = sources.iter().map(|each| AccountId::parse(each).unwrap()).collect();
    Intent::AllowPublish(AllowPublish { aws: place(), arn: arn(), sources, sample })
}

fn disallow(sid: Option<&str>) -> Intent {
    let sid = sid.map(str::to_owned);
    Intent::DisallowPublish(DisallowPublish {
        aws: place(),
        arn: arn(),
        sid,
        sources: Vec::new(),
        also: Vec::new(),
    })
}

fn world(policy: &str) -> (InProcess, Ports) {
    let world = InProcess::new([]);
    world.meddle(|world| {
        world.create_topic("events").unwrap();
        world.set_policy(TOPIC, policy).unwrap();
        world.effects.clear();
    });
    let ports = world.ports(std::sync::Arc::new(ecw_actions::target_session::Sessions::default()));
    (world, ports)
}

fn policy(world: &InProcess) -> String {
    let mut policy = String::new();
    world.meddle(|world| policy = world.topic(TOPIC).unwrap().policy);
    policy
}

/// Somebody else sets the policy to theirs alone.
fn theirs_alone(world: &mut World) {
    world.set_policy(TOPIC, &format!(r#"{{"Statement":[{THEIRS}]}}"#)).unwrap();
    world.effects.pop();
}

/// Somebody else adds one more statement.
fn one_more(world: &mut World) {
    let policy = world.topic(TOPIC).unwrap().policy;
    let more = policy.replacen("[", &format!("[{THEIRS},"), 1).replace(",]", "]");
    world.set_policy(TOPIC, &more).unwrap();
    world.effects.pop();
}

fn nothing(_: &mut World) {}

fn statement(outcome: &StepOutcome) -> (&str, &str) {
    match outcome {
        StepOutcome::Done { evidence, made: Made::Statement { sid } } => (evidence, sid),
        other => panic!("{other:?}"),
    }
}

fn done(outcome: &StepOutcome) {
    assert!(matches!(outcome, StepOutcome::Done { .. }), "{outcome:?}");
}

#[test]
fn what_others_set_between_our_look_and_our_write_is_kept() {
    let (world, ports) = world(PLAIN);
    world.after_looks([one_more as fn(&mut World), nothing]);
    let outcome = execute(&ports, &allow(&[], SampleStatement::Leave));
    assert_eq!(statement(&outcome).1, "AWSConfigSNSPolicy");
    assert!(policy(&world).contains(THEIRS), "{}", policy(&world));
    assert!(policy(&world).contains("config.amazonaws.com"));
    assert_eq!(world.effects(), ["sns set-policy"]);
}

#[test]
fn a_policy_that_never_rests_is_left_alone() {
    let (world, ports) = world(PLAIN);
    world.after_looks([one_more as fn(&mut World); 20]);
    let outcome = execute(&ports, &allow(&[], SampleStatement::Leave));
    let StepOutcome::Failed { trouble } = outcome else { panic!("{outcome:?}") };
    assert!(trouble.what.contains("changed by somebody else right now"), "{}", trouble.what);
    assert_eq!(world.effects(), Vec::<String>::new());
    assert!(!policy(&world).contains("config.amazonaws.com"));
}

#[test]
fn what_others_set_over_ours_is_told_and_not_overwritten() {
    let (world, ports) = world(PLAIN);
    // Theirs lands right after ours, before we read back.
    world.set_policies_over(theirs_alone);
    let ours = allow(&[], SampleStatement::Leave);
    let outcome = execute(&ports, &ours);
    let StepOutcome::Unknown { why } = outcome else { panic!("{outcome:?}") };
    assert!(why.contains("Nothing was set a second time"), "{why}");
    assert_eq!(policy(&world), format!(r#"{{"Statement":[{THEIRS}]}}"#));
    assert_eq!(world.effects(), ["sns set-policy"]);
    // Looked at again, it was not done; done again, both stand there.
    let outcome = execute(&ports, &ours);
    assert_eq!(statement(&outcome).1, "AWSConfigSNSPolicy");
    assert!(policy(&world).contains(THEIRS));
}

#[test]
fn what_others_add_to_ours_at_the_same_moment_is_told_and_stays() {
    let (world, ports) = world(PLAIN);
    world.set_policies_over(one_more);
    let outcome = execute(&ports, &allow(&[], SampleStatement::Leave));
    assert!(statement(&outcome).0.contains("Somebody changed other parts"), "{outcome:?}");
    assert!(policy(&world).contains(THEIRS));
}

#[test]
fn every_policy_comes_back_to_the_byte() {
    let odd = "{ \"Version\" : \"2012-10-17\",\n  \"Statement\" : {\"Sid\":\"x\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"123456789012\"},\"Action\":\"SNS:Publish\",\"Resource\":\"*\",\"Odd\":1234567890123456789012.50} , \"Unknown\" : [1e2, null] }\n";
    let sample = r#"{"Statement": [{"Sid":"AWSConfigSNSPolicy","Effect":"Allow","Principal":{"Service":"config.amazonaws.com"},"Action":"sns:Publish","Resource":"arn:aws:sns:us-west-2:568975057762:config-topic-568975057762"}]}"#;
    for before in [PLAIN, odd, sample] {
        for choice in [SampleStatement::Leave, SampleStatement::Replace] {
            let (world, ports) = world(before);
            let outcome = execute(&ports, &allow(&[], choice));
            let sid = statement(&outcome).1.to_owned();
            assert_ne!(policy(&world), before);
            let undo = execute(&ports, &disallow(Some(&sid)));
            assert!(matches!(undo, StepOutcome::Done { made: Made::TakenBack { .. }, .. }), "{undo:?}");
            assert_eq!(policy(&world), before, "{choice:?}");
        }
    }
}

#[test]
fn a_statement_that_nobody_saw_set_is_ours_all_the_same_and_is_taken_back() {
    // The plain name is somebody else's, so ours has a number.
    let theirs = r#"{"Statement":[{"Sid":"AWSConfigSNSPolicy","Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"SNS:Subscribe","Resource":"*"}]}"#;
    let (world, ports) = world(theirs);
    done(&execute(&ports, &allow(&[], SampleStatement::Leave)));
    // The process died before it could write that down: it is done again.
    let again = execute(&ports, &allow(&[], SampleStatement::Leave));
    assert_eq!(statement(&again).1, "AWSConfigSNSPolicy2");
    // Or it is taken back without anybody knowing its name.
    done(&execute(&ports, &disallow(None)));
    assert_eq!(policy(&world), theirs);
}

#[test]
fn a_statement_that_somebody_wrote_like_ours_is_not_ours() {
    let (mine, mine_ports) = world(PLAIN);
    done(&execute(&mine_ports, &allow(&[], SampleStatement::Leave)));
    let alike = policy(&mine);
    let (world, ports) = world(&alike);
    let outcome = execute(&ports, &allow(&[], SampleStatement::Leave));
    assert!(matches!(outcome, StepOutcome::Done { made: Made::Nothing, .. }), "{outcome:?}");
    done(&execute(&ports, &disallow(None)));
    assert_eq!(policy(&world), alike);
}

#[test]
fn the_accounts_that_record_are_named_not_the_topics_own() {
    let (world, ports) = world(PLAIN);
    done(&execute(&ports, &allow(&["210987654321", "111122223333"], SampleStatement::Leave)));
    assert!(policy(&world).contains(r#""AWS:SourceAccount":["210987654321","111122223333"]"#));
    assert!(!policy(&world).contains(r#""AWS:SourceAccount":"123456789012""#));
}
