//! Several accounts and regions, by the real program on LocalStack, which keeps accounts apart and gives out
//! the credentials of roles.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

mod support;

use std::process::{Command, Output};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::python;
use support::site::{Site, said};
use support::stage::{Stage, environment};

const OTHER: &str = "210987654321";
const HOME: &str = "123456789012";
/// Account and region of each target.
const TARGETS: [(&str, &str); 3] = [(HOME, "us-west-2"), (HOME, "eu-west-1"), (OTHER, "us-west-2")];

/// The real aws command in an account and region.
fn aws(stage: &Stage, (account, region): (&str, &str), arguments: &[&str]) -> Value {
    let output = Command::new(python::aws_command().join("aws"))
        .args(arguments)
        .args(["--region", region, "--output", "json"])
        .envs(environment(stage.dir.path(), &stage.world, &stage.gate, &stage.stack))
        .env("AWS_ACCESS_KEY_ID", account)
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}\n{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}

/// A stage on which AWS Config records at every target.
fn stage() -> Stage {
    let stage = Stage::set();
    stage.gate.has_plugin.store(true, Ordering::SeqCst);
    for target in TARGETS {
        let recorder = format!(r#"{{"name":"default","roleARN":"arn:aws:iam::{}:role/config"}}"#, target.0);
        let put = ["configservice", "put-configuration-recorder", "--configuration-recorder", &recorder];
        aws(&stage, target, &put);
        let channel = r#"{"name":"default","s3BucketName":"config-bucket","s3KeyPrefix":"logs"}"#;
        aws(&stage, target, &["configservice", "put-delivery-channel", "--delivery-channel", channel]);
        let start = ["start-configuration-recorder", "--configuration-recorder-name", "default"];
        aws(&stage, target, &[&["configservice"], &start[..]].concat());
    }
    stage
}

fn answers(stage: &Stage, more: &str) -> String {
    let path = stage.dir.path().join("answers.yml");
    let endpoint = stage.gate.url("/aws/notify");
    let text = format!(
        "version: 1
sns:
  endpoint: '{endpoint}'
  config_delivery: point-at-topic
{more}  targets:
  - {{account: '{HOME}', region: us-west-2}}
  - {{account: '{HOME}', region: eu-west-1, topic: {{name: ireland}}}}
  - {{region: us-west-2, role_arn: 'arn:aws:iam::{OTHER}:role/spinnaker', external_id: 'agreed-1'}}
"
    );
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn exits(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}", said(output));
}

/// The topic that AWS Config delivers to, and the endpoints that are confirmed there.
fn world(stage: &Stage, target: (&str, &str)) -> (Value, Vec<String>) {
    let channels = aws(stage, target, &["configservice", "describe-delivery-channels"]);
    let subscriptions = aws(stage, target, &["sns", "list-subscriptions"]);
    let confirmed = subscriptions["Subscriptions"].as_array().unwrap().iter();
    let confirmed = confirmed.filter(|each| each["SubscriptionArn"].as_str().unwrap().starts_with("arn:"));
    (
        channels["DeliveryChannels"][0]["snsTopicARN"].clone(),
        confirmed.map(|each| each["Endpoint"].as_str().unwrap().to_owned()).collect(),
    )
}

#[test]
fn each_account_and_region_is_planned_set_up_looked_at_reported_and_taken_back() {
    let stage = stage();
    let answers = answers(&stage, "");
    let before: Vec<_> = TARGETS.map(|target| world(&stage, target)).to_vec();
    let out = stage.dir.path().join("agreed").display().to_string();
    let plan = stage.command(&["plan", "--answers", &answers, "--out", &out]);
    exits(&plan, 13);
    let text = std::fs::read_to_string(format!("{out}/plan.md")).unwrap();
    for (account, region) in TARGETS {
        assert!(text.contains(&format!("### Target {account} {region}")), "{text}");
    }
    assert_eq!(text.matches("config:PutDeliveryChannel").count(), 6, "{text}");

    let applied =
        stage.command(&["apply", "--plan", &format!("{out}/plan.json"), "--yes", "--format", "json"]);
    exits(&applied, 0);
    let value: Value = serde_json::from_slice(&applied.stdout).unwrap();
    let phases: Vec<&str> =
        value["targets"].as_array().unwrap().iter().map(|each| each["phase"].as_str().unwrap()).collect();
    assert_eq!((phases, value["changed"].as_bool()), (vec!["done"; 3], Some(true)));
    let endpoint = stage.gate.url("/aws/notify");
    for ((account, region), name) in
        TARGETS.iter().zip(["spinnaker-event-cache", "ireland", "spinnaker-event-cache"])
    {
        let topic = format!("arn:aws:sns:{region}:{account}:{name}");
        assert_eq!(world(&stage, (account, region)), (topic.into(), vec![endpoint.clone()]));
    }
    // One log for all, with the role that was taken.
    let state = stage.dir.path().join("hal/.event-cache-wizard/default");
    let log = std::fs::read_to_string(state.join("aws.log")).unwrap();
    assert!(log.contains(&format!("us-west-2 profile=- role=arn:aws:iam::{OTHER}:role/spinnaker")), "{log}");
    for (account, region) in TARGETS {
        assert!(state.join(format!("targets/{account}-{region}/journal.jsonl")).exists());
    }

    let again = stage.command(&["apply", "--answers", &answers, "--yes"]);
    exits(&again, 0);
    assert!(said(&again).contains("Unchanged"), "{}", said(&again));
    let status = stage.command(&["status"]);
    exits(&status, 0);
    for (account, region) in TARGETS {
        assert!(
            said(&status).contains(&format!("there    SNS {account} {region}: Topic: ")),
            "{}",
            said(&status)
        );
    }
    let waited = stage.command(&["wait", "--for", "confirmed", "--timeout", "10s"]);
    exits(&waited, 0);
    let report = stage.command(&["report"]);
    exits(&report, 0);
    assert_eq!(said(&report).matches("## Target ").count(), 3, "{}", said(&report));
    assert!(said(&report).contains("Create the topic ireland: Changed"), "{}", said(&report));

    let undone = stage.command(&["undo", "--only", "sns", "--yes"]);
    exits(&undone, 0);
    for (target, before) in TARGETS.iter().zip(before) {
        assert_eq!(world(&stage, *target).1, before.1, "{target:?}");
    }
    let status = stage.command(&["status"]);
    exits(&status, 8);
}

#[test]
fn one_topic_a_region_takes_what_both_accounts_record_there() {
    let stage = stage();
    let answers = answers(&stage, "  topology: topic-per-region\n");
    let applied = stage.command(&["apply", "--answers", &answers, "--yes", "--only", "sns"]);
    exits(&applied, 0);
    let topic = format!("arn:aws:sns:us-west-2:{HOME}:spinnaker-event-cache");
    assert_eq!(world(&stage, TARGETS[0]).0, topic.as_str());
    assert_eq!(world(&stage, TARGETS[2]), (topic.as_str().into(), Vec::new()));
    let attributes = aws(&stage, TARGETS[0], &["sns", "get-topic-attributes", "--topic-arn", &topic]);
    let policy: Value = serde_json::from_str(attributes["Attributes"]["Policy"].as_str().unwrap()).unwrap();
    let ours = policy["Statement"].as_array().unwrap().last().unwrap();
    assert_eq!(ours["Condition"]["StringEquals"]["AWS:SourceAccount"], serde_json::json!([HOME, OTHER]));
}

#[test]
fn killed_in_the_middle_of_its_targets_the_next_run_ends_each_and_doubles_nothing() {
    let stage = stage();
    let answers = answers(&stage, "");
    let state = stage.dir.path().join("hal/.event-cache-wizard/default");
    // Killed when the second of them has begun, then when the third has ended its first step, and so on.
    for lines in [1, 4, 9] {
        let mut command = Command::new(support::program());
        command
            .args(["apply", "--answers", &answers, "--yes", "--only", "sns"])
            .envs(environment(stage.dir.path(), &stage.world, &stage.gate, &stage.stack))
            .env("NO_PROXY", "127.0.0.1")
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null());
        let mut child = command.spawn().unwrap();
        let end = Instant::now() + Duration::from_secs(60);
        let written = || {
            TARGETS
                .iter()
                .map(|(account, region)| {
                    let path = state.join(format!("targets/{account}-{region}/journal.jsonl"));
                    std::fs::read_to_string(path).map_or(0, |text| text.lines().count())
                })
                .sum::<usize>()
        };
        while written() < lines && child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < end, "the targets were never begun");
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let applied = stage.command(&["apply", "--answers", &answers, "--yes", "--only", "sns"]);
    exits(&applied, 0);
    let endpoint = stage.gate.url("/aws/notify");
    for target in TARGETS {
        let (topic, confirmed) = world(&stage, target);
        let topic = topic.as_str().unwrap().to_owned();
        assert_eq!(confirmed, vec![endpoint.clone()], "{target:?}");
        let attributes = aws(&stage, target, &["sns", "get-topic-attributes", "--topic-arn", &topic]);
        let policy = attributes["Attributes"]["Policy"].as_str().unwrap();
        assert_eq!(policy.matches("config.amazonaws.com").count(), 1, "{policy}");
    }
    exits(&stage.command(&["undo", "--only", "sns", "--yes"]), 0);
    for target in TARGETS {
        assert!(world(&stage, target).1.is_empty(), "{target:?}");
    }
}

/// Answers for the stand-in world: these targets, everything pointed.
fn on_the_stand_in(site: &Site, sns: &str) {
    let endpoint = site.gate.url("/aws/notify");
    let text =
        format!("version: 1\nsns:\n  endpoint: '{endpoint}'\n  config_delivery: point-at-topic\n{sns}");
    std::fs::write(site.path("answers.yml"), text).unwrap();
}

fn two() -> String {
    format!(
        "  targets:\n  - {{account: '{HOME}', region: us-west-2}}\n  - {{region: us-west-2, role_arn: 'arn:aws:iam::{OTHER}:role/x'}}\n"
    )
}

#[test]
fn a_target_whose_journal_is_gone_is_not_called_taken_back() {
    let site = Site::new();
    on_the_stand_in(&site, &two());
    exits(&site.apply(&[]), 0);
    let journal = site.state().join(format!("targets/{OTHER}-us-west-2/journal.jsonl"));
    let kept = std::fs::read(&journal).unwrap();
    std::fs::remove_file(&journal).unwrap();
    let undone = site.run(&["undo", "--only", "sns", "--yes"]);
    exits(&undone, 7);
    assert!(
        said(&undone).contains(&format!("{OTHER} us-west-2: its journal ends before")),
        "{}",
        said(&undone)
    );
    // Nothing was forgotten: with the journal back it is taken back.
    std::fs::write(&journal, kept).unwrap();
    exits(&site.run(&["undo", "--only", "sns", "--yes"]), 0);
    assert_eq!(support::count(&site.effects(), &format!("{OTHER} us-west-2 sns unsubscribe")), 1);
}

#[test]
fn a_file_that_speaks_of_one_place_means_that_one_whatever_the_last_visit_was_about() {
    let site = Site::new();
    on_the_stand_in(&site, &two());
    exits(&site.apply(&[]), 0);
    on_the_stand_in(&site, "aws: {region: ap-south-1}\n");
    exits(&site.apply(&[]), 0);
    let made = format!("{HOME} ap-south-1 sns create-topic");
    assert_eq!(support::count(&site.effects(), &made), 1, "{:?}", site.effects());
    // A role of the last visit is of the place that was meant then.
    let single = format!("  targets:\n  - {{region: eu-west-1, role_arn: 'arn:aws:iam::{OTHER}:role/x'}}\n");
    on_the_stand_in(&site, &single);
    exits(&site.apply(&[]), 0);
    assert_eq!(support::count(&site.effects(), &format!("{OTHER} eu-west-1 sns create-topic")), 1);
    on_the_stand_in(&site, &format!("aws: {{region: eu-central-1, account: '{HOME}'}}\n"));
    exits(&site.apply(&[]), 0);
    assert_eq!(support::count(&site.effects(), &format!("{HOME} eu-central-1 sns create-topic")), 1);
}

#[test]
fn with_a_state_directory_of_their_own_targets_are_set_up_and_taken_back() {
    let site = Site::new();
    on_the_stand_in(&site, &two());
    let state = site.text("elsewhere");
    let run = |arguments: &[&str]| site.run(&[&["--state-dir", &state], arguments].concat());
    exits(&run(&["apply", "--answers", "answers.yml", "--yes"]), 0);
    assert!(site.path(&format!("elsewhere/targets/{OTHER}-us-west-2/journal.jsonl")).exists());
    exits(&run(&["status"]), 0);
    exits(&run(&["undo", "--only", "sns", "--yes"]), 0);
}

#[test]
fn one_of_several_is_verified_by_its_name_and_what_failed_is_reported_as_failed() {
    let site = Site::new();
    on_the_stand_in(&site, &two());
    exits(&site.apply(&[]), 0);
    let asked = site.run(&["verify", "--yes"]);
    exits(&asked, 2);
    assert!(
        said(&asked).contains(&format!("--target, one of \"{HOME} us-west-2\", \"{OTHER} us-west-2\"")),
        "{}",
        said(&asked)
    );
    exits(&site.run(&["verify", "--yes", "--target", &format!("{OTHER} us-west-2")]), 0);
    // Set up before, and refused now: a role of another account, which no call of this run reaches.
    let wrong = two().replace("us-west-2, role_arn", "us-west-2, topic: {name: other}, role_arn");
    on_the_stand_in(&site, &wrong);
    let failed = site.apply(&["--format", "json"]);
    exits(&failed, 7);
    let value: Value = serde_json::from_slice(&failed.stdout).unwrap();
    let phases: Vec<&str> =
        value["targets"].as_array().unwrap().iter().map(|each| each["phase"].as_str().unwrap()).collect();
    assert_eq!(phases, ["failed"], "{value}");
    assert!(value["targets"][0]["detail"].as_str().unwrap().contains("sns.replace_topic_arn"), "{value}");
}
