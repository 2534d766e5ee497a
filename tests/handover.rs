//! What whoever has the AWS rights gets: the script run by the real aws command against the SNS emulator, the
//! templates read by their own tools, and the receipt that comes back.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::Ordering;

use serde_json::Value;
use support::python;
use support::stage::{Stage, aws, environment};

const TOPIC: &str = "arn:aws:sns:us-west-2:123456789012:spinnaker-event-cache";
const OTHERS: &str = "arn:aws:sns:us-west-2:123456789012:others";

/// The script as an AWS admin runs it: in a directory of their own, in the shell that knows least.
fn script(stage: &Stage, arguments: &[&str]) -> Output {
    let place = stage.dir.path().join("admin");
    std::fs::create_dir_all(&place).unwrap();
    let path = format!("{}:{}", python::aws_command().display(), std::env::var("PATH").unwrap());
    Command::new("dash")
        .arg(handed(stage).join("set-up-sns.sh"))
        .args(arguments)
        .current_dir(place)
        .envs(environment(stage.dir.path(), &stage.world, &stage.gate, &stage.stack))
        .env("PATH", path)
        .env("NO_PROXY", "127.0.0.1")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap()
}

fn handed(stage: &Stage) -> PathBuf {
    stage.dir.path().join("hal/.event-cache-wizard/default/handover")
}

fn well(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    said
}

fn policy(stage: &Stage) -> String {
    let attributes = aws(stage, &["sns", "get-topic-attributes", "--topic-arn", TOPIC]);
    attributes["Attributes"]["Policy"].as_str().unwrap().to_owned()
}

fn channel(stage: &Stage) -> Value {
    aws(stage, &["configservice", "describe-delivery-channels"])["DeliveryChannels"][0].clone()
}

/// AWS as somebody uses it already: a topic with a policy of theirs, AWS Config that publishes elsewhere.
fn in_use(stage: &Stage) -> String {
    aws(stage, &["sns", "create-topic", "--name", "spinnaker-event-cache"]);
    let theirs = format!(
        r#"{{ "Version": "2012-10-17", "Odd": "\"Statement\":[", "Statement": [ {{"Sid": "Theirs", "Effect": "Allow", "Principal": {{"AWS": "123456789012"}}, "Action": "SNS:Publish", "Resource": "{TOPIC}"}} ] }}"#
    );
    let set = ["--attribute-name", "Policy", "--attribute-value", &theirs];
    aws(stage, &[&["sns", "set-topic-attributes", "--topic-arn", TOPIC], &set[..]].concat());
    let recorder = r#"{"name":"default","roleARN":"arn:aws:iam::123456789012:role/config"}"#;
    aws(stage, &["configservice", "put-configuration-recorder", "--configuration-recorder", recorder]);
    let names = format!(
        r#"{{"name":"default","s3BucketName":"bucket","s3KeyPrefix":"logs","snsTopicARN":"{OTHERS}"}}"#
    );
    aws(stage, &["configservice", "put-delivery-channel", "--delivery-channel", &names]);
    let started = ["start-configuration-recorder", "--configuration-recorder-name", "default"];
    aws(stage, &[&["configservice"], &started[..]].concat());
    policy(stage)
}

fn not_from_here(stage: &Stage) -> Output {
    let answers = stage.dir.path().join("answers.yml");
    let text = format!(
        "version: 1\naws: {{region: us-west-2, account: '123456789012'}}\nsns: {{when: later, endpoint: '{}', topic: {{name: spinnaker-event-cache}}}}\n",
        stage.gate.url("/aws/notify")
    );
    std::fs::write(&answers, text).unwrap();
    stage.gate.has_plugin.store(true, Ordering::SeqCst);
    stage.command(&["apply", "--answers", answers.to_str().unwrap(), "--yes"])
}

fn resume(stage: &Stage, receipt: &Path, aws: &str) -> (Option<i32>, String) {
    let environment = environment(stage.dir.path(), &stage.world, &stage.gate, &stage.stack);
    let output = Command::new(support::program())
        .args(["resume", "--receipt", receipt.to_str().unwrap()])
        .envs(environment)
        .env("AWS_ENDPOINT_URL", aws)
        .env("NO_PROXY", "127.0.0.1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let said = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn the_script_sets_sns_up_loses_nothing_of_others_and_its_receipt_is_seen_in_aws() {
    let stage = Stage::set();
    let theirs = in_use(&stage);
    let applied = not_from_here(&stage);
    let said = String::from_utf8_lossy(&applied.stdout).into_owned();
    assert_eq!(applied.status.code(), Some(0), "{applied:?}");
    assert!(said.contains(&format!("\n{}\n", handed(&stage).display())), "{said}");

    assert!(well(&script(&stage, &["before"])).contains("was added"));
    let ours = policy(&stage);
    let read: Value = serde_json::from_str(&ours).unwrap();
    let sids: Vec<&str> =
        read["Statement"].as_array().unwrap().iter().map(|each| each["Sid"].as_str().unwrap()).collect();
    assert_eq!(sids, ["SpinnakerEventCache123456789012", "Theirs"]);
    assert_eq!(ours.replacen(&read["Statement"][0].to_string(), "", 1).replacen("[,", "[", 1), theirs);
    assert!(well(&script(&stage, &["after"])).contains("confirmed"));
    let refused = script(&stage, &["deliver"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains(&format!("deliver --replace {OTHERS}")));
    well(&script(&stage, &["deliver", "--replace", OTHERS]));
    let expected = serde_json::json!({"name": "default", "s3BucketName": "bucket", "s3KeyPrefix": "logs", "snsTopicARN": TOPIC});
    assert_eq!(channel(&stage), expected);

    // Once more, nothing changes.
    let posts = stage.gate.posts.load(Ordering::SeqCst);
    for each in [&["before"][..], &["after"], &["deliver"], &["receipt"]] {
        well(&script(&stage, each));
    }
    assert_eq!((policy(&stage), channel(&stage)), (ours, expected));
    assert_eq!(stage.gate.posts.load(Ordering::SeqCst), posts);

    let receipt = stage.dir.path().join("hal/.event-cache-wizard/default/handover/receipt.json");
    let (exit, said) = resume(&stage, &receipt, &stage.stack.url);
    assert!(exit == Some(0) && said.contains("Noted: SNS is set up, as seen in AWS."), "{exit:?} {said}");
    let report = stage.command(&["report"]);
    let said = String::from_utf8_lossy(&report.stdout).into_owned();
    assert!(said.contains("SNS set up by hand, seen in AWS: topic"), "{said}");

    // What the receipt names must be of its topic, and what cannot be looked at is on its word.
    let (exit, said) = resume(&stage, &receipt, "http://127.0.0.1:1");
    assert!(exit == Some(0) && said.contains("Noted on the receipt's word"), "{exit:?} {said}");
    let text = std::fs::read_to_string(&receipt).unwrap();
    let forged = stage.dir.path().join("forged.json");
    std::fs::write(&forged, text.replacen("123456789012", "210987654321", 1)).unwrap();
    let (exit, said) = resume(&stage, &forged, &stage.stack.url);
    assert!(exit == Some(2) && said.contains("is not of account 210987654321"), "{exit:?} {said}");
    // Another Spinnaker's is not taken for this one's.
    let other = text.replacen("/aws/notify", "/other/aws/notify", 1);
    std::fs::write(&forged, other).unwrap();
    let (exit, said) = resume(&stage, &forged, &stage.stack.url);
    assert!(exit == Some(2) && said.contains("it is of endpoint"), "{exit:?} {said}");
    // One that was written before Gate confirmed says less than AWS shows.
    std::fs::write(&forged, text.replacen("\"confirmed\":true", "\"confirmed\":false", 1)).unwrap();
    let (exit, said) = resume(&stage, &forged, &stage.stack.url);
    assert!(exit == Some(0) && !said.contains("No events"), "{exit:?} {said}");
    // What AWS does not show is not noted.
    aws(&stage, &["sns", "delete-topic", "--topic-arn", TOPIC]);
    let (exit, said) = resume(&stage, &receipt, &stage.stack.url);
    assert!(exit == Some(8) && said.contains("Not noted"), "{exit:?} {said}");
}

#[test]
fn a_new_topic_a_policy_that_is_no_list_and_no_channel_are_each_dealt_with() {
    let stage = Stage::set();
    assert_eq!(not_from_here(&stage).status.code(), Some(0));
    assert!(well(&script(&stage, &["before"])).contains("was made"));
    assert!(policy(&stage).contains("SpinnakerEventCache123456789012"));
    let refused = script(&stage, &["deliver"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("no delivery channel in us-west-2"));
    let bare = r#"{"Statement":{"Sid":"Theirs","Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"SNS:Publish","Resource":"*"}}"#;
    aws(
        &stage,
        &[
            "sns",
            "set-topic-attributes",
            "--topic-arn",
            TOPIC,
            "--attribute-name",
            "Policy",
            "--attribute-value",
            bare,
        ],
    );
    let refused = script(&stage, &["before"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("add this one by hand"), "{refused:?}");
    assert_eq!(policy(&stage), bare);
}

#[test]
fn the_templates_are_what_cloudformation_and_terraform_read() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("handed");
    let answers = dir.path().join("answers.yml");
    std::fs::write(
        &answers,
        "version: 1\naws: {region: cn-north-1, account: '123456789012'}\nsns: {endpoint: 'https://gate.example.com/it''s/aws/notify', topic: {name: t_1, source_accounts: ['123456789012', '210987654321'], tags: {owner: 'the platform team'}}}\n",
    )
    .unwrap();
    let written = Command::new(support::program())
        .args(["handover", "--answers", answers.to_str().unwrap(), "--dir", place.to_str().unwrap()])
        .env("HOME", dir.path())
        .output()
        .unwrap();
    assert!(written.status.success(), "{written:?}");
    let tools = python::template_readers();
    let lint = Command::new(tools.join("cfn-lint"))
        .args(["--regions", "us-east-1", "--"])
        .arg(place.join("event-cache.cfn.yml"))
        .output()
        .unwrap();
    assert!(lint.status.success(), "{}", String::from_utf8_lossy(&lint.stdout));
    let reads = "import hcl2, json, sys; print(json.dumps(hcl2.load(open(sys.argv[1]))))";
    let read = Command::new(tools.join("python"))
        .args(["-c", reads])
        .arg(place.join("event-cache.tf"))
        .output()
        .unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let terraform = String::from_utf8(read.stdout).unwrap();
    for part in ["aws_sns_topic_policy", "aws_sns_topic_subscription", "210987654321", "it's/aws/notify"] {
        assert!(terraform.contains(part), "{part}: {terraform}");
    }
    let policy: Value =
        serde_json::from_str(&std::fs::read_to_string(place.join("iam-policy.json")).unwrap()).unwrap();
    assert_eq!(policy["Statement"][0]["Resource"], "arn:aws-cn:sns:cn-north-1:123456789012:t_1");
    let text = std::fs::read_to_string(place.join("set-up-sns.sh")).unwrap();
    assert!(text.contains("--tags 'Key=owner,Value=the platform team' "), "{text}");
    for (name, text) in std::fs::read_dir(&place)
        .unwrap()
        .flatten()
        .map(|entry| (entry.file_name(), std::fs::read_to_string(entry.path()).unwrap()))
    {
        assert!(!text.contains("{{"), "{name:?} has a place that nothing filled");
    }
    // Without answers nothing is guessed: the account that records is the stack's own, the script asks.
    let bare = dir.path().join("bare");
    let written = Command::new(support::program())
        .args(["handover", "--dir", bare.to_str().unwrap()])
        .env("HOME", dir.path())
        .output()
        .unwrap();
    assert!(written.status.success(), "{written:?}");
    let lint = Command::new(tools.join("cfn-lint")).arg(bare.join("event-cache.cfn.yml")).output().unwrap();
    assert!(lint.status.success(), "{}", String::from_utf8_lossy(&lint.stdout));
    let asks = Command::new("dash").arg(bare.join("set-up-sns.sh")).arg("before").output().unwrap();
    assert!(String::from_utf8_lossy(&asks.stderr).contains("REGION is not known yet"), "{asks:?}");
    let text = std::fs::read_to_string(bare.join("set-up-sns.sh")).unwrap();
    assert!(!text.contains("gate.example.com"), "{text}");
    assert!(Command::new("dash").arg("-n").arg(place.join("set-up-sns.sh")).status().unwrap().success());
}
