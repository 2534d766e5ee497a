//! Undo: what is taken back, in which order, and what stays.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

mod support;

use ecw_wizard::messages::opening::{Opening, To};
use ecw_wizard::model::aws_report::{Subscriber, TopicReport};
use ecw_wizard::model::journal::{Author, Record};
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::part::Part;
use ecw_wizard::rules::undo;
use ecw_wizard::steps::{Direction, Intent, StepKind, StepOutcome};
use ecw_wizard::update;
use ecw_wizard::values::answers::{Answers, Key, Provenance};
use ecw_wizard::values::trouble::Trouble;
use support::runner::{ANSWERS, Runner, Script};
use support::{World, setup, topic};

fn whole() -> Vec<Record> {
    Runner::unattended(Script::good()).journal
}

/// An undo of a part to its end.
fn taken_back(
    part: Part,
    given: &[(Key, &str)],
    author: Author,
    script: Script,
    change: fn(&mut World),
) -> Runner {
    let records = whole();
    let mut runner = Runner::open(setup(Mode::Unattended), records.clone(), ANSWERS, script);
    let mut answers = Answers::default();
    for (key, value) in ANSWERS.iter().chain(given) {
        answers.set(*key, *value, Provenance::AnswersFile);
    }
    let opening = Opening {
        program: "test".into(),
        actor: setup(Mode::Unattended).actor,
        change: None,
        mode: Mode::Unattended,
        rehearsal: ecw_wizard::model::mode::Rehearsal::No,
        come_back: "event-cache-wizard attach".into(),
        answers,
        saved: None,
        records,
        records_to: None,
        author,
        head: None,
        holder: None,
        message: None,
        size: (80, 24),
        ascii: false,
        to: To::Undo(part),
    };
    change(&mut runner.world);
    runner.session = update::open(opening, setup(Mode::Unattended), runner.now);
    runner.run();
    runner
}

fn there(world: &mut World, others: &[&str]) {
    let mut subscriptions = vec!["https://gate.example.com/aws/notify"];
    subscriptions.extend(others);
    let subscriber = |endpoint: &&str| Subscriber {
        protocol: "https".into(),
        endpoint: (*endpoint).into(),
        attributes: None,
        arn: "arn:aws:sns:us-west-2:1:t:s".into(),
    };
    world.topic = Ok(TopicReport {
        arn: topic(support::TOPIC),
        exists: true,
        encrypted: false,
        kms_key: None,
        policy_diff: Vec::new(),
        policy_trouble: None,
        policy_doubt: None,
        sample: None,
        subscriptions_missing: None,
        subscriptions: subscriptions.iter().map(subscriber).collect(),
    });
}

const EVENTS: [&str; 3] = [
    "Give AWS Config's delivery channel its former topic back",
    "Remove Gate's subscription",
    "Take our statement out of the topic's policy",
];
const CLOUDDRIVER: [&str; 2] = ["Take our block out of clouddriver-local.yml", "Deploy clouddriver"];
const GATE: [&str; 2] = ["Take our block out of gate-local.yml", "Deploy gate"];

#[test]
fn each_part_takes_back_its_own_events_first_and_each_file_with_its_deploy() {
    let all = [&EVENTS[..], &CLOUDDRIVER, &GATE].concat();
    let with_topic = [&EVENTS[..], &["Delete the topic spinnaker-event-cache"], &CLOUDDRIVER, &GATE].concat();
    let delete: &[(Key, &str)] = &[(Key::DeleteTopic, "true")];
    type Case<'a> = (&'a str, Part, &'a [(Key, &'a str)], fn(&mut World), Vec<&'a str>);
    let cases: Vec<Case<'_>> = vec![
        ("events", Part::Sns, &[], |world| there(world, &[]), EVENTS.to_vec()),
        ("Gate", Part::Gate, &[], |world| there(world, &[]), GATE.to_vec()),
        ("Clouddriver", Part::Clouddriver, &[], |world| there(world, &[]), CLOUDDRIVER.to_vec()),
        ("all", Part::All, &[], |world| there(world, &[]), all.clone()),
        ("all and the topic", Part::All, delete, |world| there(world, &[]), with_topic),
        ("the topic has others", Part::All, delete, |world| there(world, &["https://other"]), all),
    ];
    for (name, part, given, change, done) in cases {
        let runner = taken_back(part, given, Author::Own, Script::good(), change);
        assert_eq!(runner.done, done, "{name}");
        assert_eq!(runner.session.exit().map(|exit| exit.code()), Some(0), "{name}");
    }
}

#[test]
fn on_anothers_word_nothing_is_taken_back_in_aws() {
    let runner = taken_back(Part::All, &[], Author::Other, Script::good(), |world| there(world, &[]));
    assert_eq!(runner.done, [&CLOUDDRIVER[..], &GATE].concat());
    let stays = undo::stays(&runner.session, Part::All);
    assert!(stays.iter().any(|line| line.contains("--trust-journal")), "{stays:?}");
}

#[test]
fn a_part_that_fails_holds_up_nothing_but_what_hangs_on_it() {
    let script = Script {
        outcome: |intent| {
            let stuck =
                intent.unwrite_profile().is_some_and(|unwrite| unwrite.file.starts_with("clouddriver"));
            if stuck {
                return StepOutcome::Failed { trouble: Trouble::new("Edited.", "Take it out by hand.") };
            }
            StepOutcome::Done { evidence: "seen".into(), made: support::runner::made(intent) }
        },
        ..Script::good()
    };
    let runner = taken_back(Part::All, &[], Author::Own, script, |world| there(world, &[]));
    let expected = [&EVENTS[..], &CLOUDDRIVER[..1], &GATE].concat();
    assert_eq!(runner.done, expected);
    assert_eq!(runner.session.exit().map(|exit| exit.code()), Some(4));
}

#[test]
fn every_step_that_makes_has_its_way_back_by_hand_and_every_action_is_declared() {
    let runner = Runner::unattended(Script::good());
    let text = ecw_wizard::rules::rollback::rollback(&runner.session);
    for words in [
        "aws sns unsubscribe --region us-west-2",
        "aws sns remove-permission --region us-west-2",
        "--label AWSConfigSNSPolicy2",
        "aws configservice put-delivery-channel --region us-west-2",
        "cp /b/gate-local.yml /p/gate-local.yml",
        "--service-names gate",
        "# aws sns delete-topic --region us-west-2",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    for row in &runner.session.ledger().rows {
        assert_eq!(row.intent.direction(), Direction::Makes, "{}", row.intent.describe());
    }
    for step in Intent::DECLARED {
        let in_aws =
            !matches!(step.kind, StepKind::WriteProfile | StepKind::ApplyDeployment | StepKind::AwaitRollout);
        assert_eq!(!step.actions.is_empty(), in_aws, "{step:?}");
    }
}

#[test]
fn after_an_undo_the_output_says_what_is_left_after_an_undo_and_asks_for_nothing_of_an_install() {
    use ecw_wizard::rules::summary::after_exit;
    let later: &[(Key, &str)] = &[(Key::SnsWhen, "later"), (Key::DeleteTopic, "true")];
    let runner = taken_back(Part::All, &[], Author::Own, Script::good(), |world| there(world, &[]));
    let lines = after_exit(&runner.session);
    assert_eq!(
        lines,
        [
            "Done. What you chose is taken back.",
            "Still there:",
            "arn:aws:sns:us-west-2:123456789012:spinnaker-event-cache",
            "Left as it is:",
            "topic arn:aws:sns:us-west-2:123456789012:spinnaker-event-cache (it costs nothing; deleted only if you ask)",
            "Check with:",
            "event-cache-wizard status",
            "Undo with:",
            "event-cache-wizard undo",
        ]
    );
    let runner = taken_back(Part::All, later, Author::Own, Script::good(), |world| there(world, &[]));
    assert_eq!(
        after_exit(&runner.session),
        [
            "Done. What the wizard had made is taken back.",
            "Left as it is:",
            "whatever was set up in AWS by hand",
            "Check with:",
            "event-cache-wizard status",
        ]
    );
}
