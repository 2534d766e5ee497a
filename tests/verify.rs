//! `verify`: a snapshot is asked for on purpose alone, and what it does not prove is said.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::process::Command;

use serde_json::Value;
use support::count;
use support::localstack::LocalStack;
use support::python;
use support::site::{Site, exits, said};

#[test]
fn a_snapshot_is_asked_for_on_a_yes_alone_and_what_it_does_not_prove_is_said() {
    let site = Site::new();
    let early = site.run(&["verify", "--yes"]);
    exits(&early, 8);
    assert!(said(&early).contains("Nothing was asked for"), "{}", said(&early));
    exits(&site.apply(&[]), 0);

    let asked = site.run(&["verify"]);
    exits(&asked, 13);
    assert!(
        said(&asked).contains("snapshot of channel default, which goes to bucket config-bucket-123456789012"),
        "{}",
        said(&asked)
    );
    assert_eq!(count(&site.effects(), "config deliver-snapshot"), 0);

    for _ in 0..2 {
        let proved = site.run(&["verify", "--yes"]);
        exits(&proved, 0);
        let said = said(&proved);
        for part in [
            "there    Snapshot: before: ",
            "; after: SUCCESS at ",
            "there    Stream to the topic: before: ",
            "SNS to its subscribers: ",
            "unknown  Gate and Clouddriver: not proved from here",
            "Asked AWS Config for a snapshot: snapshot-",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
    assert_eq!(count(&site.effects(), "config deliver-snapshot"), 2);
    let json = site.run(&["verify", "--yes", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((value["exit"].as_u64(), value["checks"].as_array().unwrap().len()), (Some(0), 4));
}

/// The real aws command at an address.
fn aws(url: &str, arguments: &[&str]) -> Value {
    let output = Command::new(python::aws_command().join("aws"))
        .args(arguments)
        .args(["--region", "us-west-2", "--output", "json", "--endpoint-url", url])
        .envs([
            ("AWS_ACCESS_KEY_ID", "123456789012"),
            ("AWS_SECRET_ACCESS_KEY", "x"),
            ("NO_PROXY", "127.0.0.1"),
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?} {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}

#[test]
fn what_sns_counted_and_what_waits_for_gate_are_read_where_they_may_be() {
    let site = Site::new();
    exits(&site.apply(&[]), 0);
    let stack = LocalStack::start();
    let queue = aws(&stack.url, &["sqs", "create-queue", "--queue-name", "dead-letters"]);
    let queue = queue["QueueUrl"].as_str().unwrap();
    aws(&stack.url, &["sqs", "send-message", "--queue-url", queue, "--message-body", "lost"]);
    let world = format!("{}/aws", site.world);
    let topic = "arn:aws:sns:us-west-2:123456789012:spinnaker-event-cache";
    let listed = aws(&world, &["sns", "list-subscriptions-by-topic", "--topic-arn", topic]);
    let subscription = listed["Subscriptions"][0]["SubscriptionArn"].as_str().unwrap();
    let redrive = r#"{"deadLetterTargetArn":"arn:aws:sqs:us-west-2:123456789012:dead-letters"}"#;
    let set = ["--attribute-name", "RedrivePolicy", "--attribute-value", redrive];
    let subscribed = ["sns", "set-subscription-attributes", "--subscription-arn", subscription];
    aws(&world, &[&subscribed[..], &set].concat());

    let verify = |arguments: &[&str]| {
        let mut command = site.command(arguments);
        command.env("AWS_ACCESS_KEY_ID", "123456789012");
        command.env("AWS_ENDPOINT_URL_CLOUDWATCH", &stack.url).env("AWS_ENDPOINT_URL_SQS", &stack.url);
        command.output().unwrap()
    };
    let proved = verify(&["verify", "--yes"]);
    exits(&proved, 0);
    for part in [
        "unknown  SNS to its subscribers: in the last hour 0 delivered, 0 failed",
        "missing  Dead-letter queue: 1 messages that Gate did not take",
    ] {
        assert!(said(&proved).contains(part), "{part}: {}", said(&proved));
    }
    for (metric, value) in [("NumberOfNotificationsDelivered", "3"), ("NumberOfNotificationsFailed", "1")] {
        let of_topic = ["--dimensions", "TopicName=spinnaker-event-cache", "--value", value];
        let put = ["cloudwatch", "put-metric-data", "--namespace", "AWS/SNS", "--metric-name", metric];
        aws(&stack.url, &[&put[..], &of_topic].concat());
    }
    let proved = verify(&["verify", "--yes"]);
    exits(&proved, 0);
    let counted = "missing  SNS to its subscribers: in the last hour 3 delivered, 1 failed, to all";
    assert!(said(&proved).contains(counted), "{}", said(&proved));
}
