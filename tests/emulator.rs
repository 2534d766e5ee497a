//! From the first screen to the summary against the pinned SNS emulator, a local Gate that confirms
//! by itself, and hal as a real child process.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::path::Path;
use std::sync::atomic::Ordering;

use support::stage::{Stage, aws, environment};

const ENTER: &str = "\r";
const TAB: &str = "\t";
const RIGHT: &str = "\u{1b}[C";
const TOPIC: &str = "arn:aws:sns:us-west-2:123456789012:spinnaker-event-cache";

#[test]
fn the_wizard_ends_with_a_confirmed_subscription_and_undo_takes_it_back() {
    let stage = Stage::set();
    let mut pty = stage.start(&[]);
    pty.at("Directory: the daemon reads this one", ENTER);
    pty.at("> [ ] I have read this", " ");
    pty.at("> [x] I have read this", TAB);
    pty.at("> [ Next: Version ]", ENTER);
    pty.at("Plugin zip: answers", ENTER);
    pty.at("What the two profiles will say", ENTER);
    pty.at("What is deployed", ENTER);
    pty.at("123456789012", ENTER);
    pty.at("does not exist yet", ENTER);
    // hal config knows a public address; SNS here reaches loopback only.
    pty.wait("Where does SNS reach Gate?");
    pty.send("\u{1b}[Z\u{1b}[Z\u{1b}[Z");
    pty.until("the endpoint has the focus", |screen| {
        screen.contains("> Endpoint") || screen.contains("> Gate, seen")
    });
    pty.until("the endpoint has the focus", |screen| screen.contains("> Endpoint"));
    pty.send("\u{15}");
    pty.send(&stage.gate.url("/aws/notify"));
    pty.send(TAB);
    pty.wait("unencrypted");
    pty.send(TAB);
    pty.wait("> [ Next: Delivery ]");
    pty.press_until(ENTER, "Does AWS Config deliver");
    pty.at("there is none in this region", ENTER);
    pty.wait("> [ Go ahead ]");
    let before = ["gate-local.yml", "clouddriver-local.yml"].map(|name| stage.profile(name));
    assert_eq!(before[1], include_str!("../assets/rehearsal/clouddriver-local.yml"), "changed before Review");
    pty.press_until(ENTER, "> [ Go back ]");
    pty.send(RIGHT);
    pty.wait("> [ Begin ]");
    pty.press_until(ENTER, "Installing");
    // Gate answers with the plugin once it was deployed with it.
    pty.wait("Deploy clouddriver");
    pty.wait("Waiting for gate");
    stage.gate.has_plugin.store(true, Ordering::SeqCst);
    pty.wait("Gate has confirmed its SNS subscription");
    pty.at("> [ Finish ]", ENTER);
    assert_eq!(pty.exit(), 0);
    assert!(pty.screen().contains(TOPIC), "{}", pty.screen());
    assert!(stage.gate.posts.load(Ordering::SeqCst) >= 1);
    assert!(stage.profile("clouddriver-local.yml").starts_with(&before[1]));

    let status = stage.command(&["status", "--format", "json"]);
    let text = String::from_utf8_lossy(&status.stdout).into_owned();
    assert!(text.contains("\"confirmed, arn:aws:sns"), "{text}");
    // The emulator has no delivery channel, so nothing would arrive: that, and that alone, is missing.
    assert_eq!(text.matches("\"missing\"").count(), 1, "{text}");
    assert_eq!(status.status.code(), Some(8), "{text}");

    // A second run, unattended, has nothing to do.
    let again = stage.command(&["apply", "--yes"]);
    assert_eq!(
        (again.status.code(), String::from_utf8_lossy(&again.stdout).contains("Unchanged")),
        (Some(0), true),
        "{again:?}"
    );

    let undo = stage.command(&["undo", "--yes"]);
    assert_eq!(undo.status.code(), Some(0), "{undo:?}");
    assert_eq!(["gate-local.yml", "clouddriver-local.yml"].map(|name| stage.profile(name)), before);
    let status = stage.command(&["status"]);
    assert_eq!(status.status.code(), Some(8), "{status:?}");
    no_secret_in(stage.dir.path());
}

/// The secret key stands in no file that the wizard wrote.
fn no_secret_in(dir: &Path) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        if entry.path().is_dir() {
            no_secret_in(&entry.path());
        } else {
            let text = String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap_or_default()).into_owned();
            assert!(!text.contains("canary-secret-7f3a"), "{} holds the secret", entry.path().display());
        }
    }
}

/// The commands of ROLLBACK.txt, one after the other, as an operator without the wizard would run them.
fn roll_back_by_hand(stage: &Stage) {
    let text = std::fs::read_to_string(stage.dir.path().join("hal/.event-cache-wizard/default/ROLLBACK.txt"))
        .unwrap();
    let path = format!("{}:{}", support::python::aws_command().display(), std::env::var("PATH").unwrap());
    let commands: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(commands.len() >= 7, "{text}");
    for command in commands {
        let output = std::process::Command::new("dash")
            .args(["-c", command])
            .envs(environment(stage.dir.path(), &stage.world, &stage.gate, &stage.stack))
            .env("PATH", &path)
            .env("NO_PROXY", "127.0.0.1")
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        assert!(output.status.success(), "{command}\n{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// What stands in AWS: the topic's statements by their ids, its subscriptions, the delivery channel.
fn aws_world(stage: &Stage) -> (Vec<String>, usize, serde_json::Value) {
    let attributes = aws(stage, &["sns", "get-topic-attributes", "--topic-arn", TOPIC]);
    let policy: serde_json::Value =
        serde_json::from_str(attributes["Attributes"]["Policy"].as_str().unwrap()).unwrap();
    let sids =
        policy["Statement"].as_array().unwrap().iter().map(|each| each["Sid"].as_str().unwrap().to_owned());
    let subscriptions = aws(stage, &["sns", "list-subscriptions-by-topic", "--topic-arn", TOPIC]);
    let channels = aws(stage, &["configservice", "describe-delivery-channels"]);
    (
        sids.collect(),
        subscriptions["Subscriptions"].as_array().unwrap().len(),
        channels["DeliveryChannels"].clone(),
    )
}

#[test]
fn rollback_by_hand_line_by_line_gives_the_original_world_back() {
    for former in [None, Some("arn:aws:sns:us-west-2:123456789012:somebody-else")] {
        let stage = Stage::set();
        stage.gate.has_plugin.store(true, Ordering::SeqCst);
        // The topic was there before, with a statement of somebody else's under the name that we would take.
        aws(&stage, &["sns", "create-topic", "--name", "spinnaker-event-cache"]);
        aws(
            &stage,
            &[
                "sns",
                "add-permission",
                "--topic-arn",
                TOPIC,
                "--label",
                "AWSConfigSNSPolicy",
                "--aws-account-id",
                "123456789012",
                "--action-name",
                "Publish",
            ],
        );
        let recorder = r#"{"name":"default","roleARN":"arn:aws:iam::123456789012:role/config"}"#;
        aws(&stage, &["configservice", "put-configuration-recorder", "--configuration-recorder", recorder]);
        let topic = former.map(|topic| format!(r#","snsTopicARN":"{topic}""#)).unwrap_or_default();
        let channel =
            format!(r#"{{"name":"default","s3BucketName":"config-bucket","s3KeyPrefix":"logs"{topic}}}"#);
        aws(&stage, &["configservice", "put-delivery-channel", "--delivery-channel", &channel]);
        aws(
            &stage,
            &["configservice", "start-configuration-recorder", "--configuration-recorder-name", "default"],
        );
        let profiles = ["gate-local.yml", "clouddriver-local.yml"].map(|name| stage.profile(name));
        let before = aws_world(&stage);
        let replace = former.map(|topic| format!(", replace_topic_arn: '{topic}'")).unwrap_or_default();
        let answers = stage.dir.path().join("answers.yml");
        let text = format!(
            "version: 1\naws: {{region: us-west-2}}\nsns: {{endpoint: '{}', topic: {{arn: '{TOPIC}'}}, config_delivery: point-at-topic{replace}}}\n",
            stage.gate.url("/aws/notify")
        );
        std::fs::write(&answers, text).unwrap();
        let apply = stage.command(&["apply", "--answers", answers.to_str().unwrap(), "--yes"]);
        assert_eq!(apply.status.code(), Some(0), "{apply:?}");
        assert_ne!(aws_world(&stage), before);
        roll_back_by_hand(&stage);
        assert_eq!(aws_world(&stage), before);
        assert_eq!(["gate-local.yml", "clouddriver-local.yml"].map(|name| stage.profile(name)), profiles);
    }
}

#[test]
fn what_others_left_behind_is_seen_dealt_with_and_given_back_to_the_byte() {
    let stage = Stage::set();
    stage.gate.has_plugin.store(true, Ordering::SeqCst);
    aws(&stage, &["sns", "create-topic", "--name", "spinnaker-event-cache"]);
    // The statement of the plugin's page, pasted as it is.
    let pasted = r#"{"Version":"2008-10-17","Odd":12345678901234567890,"Statement":[{"Sid":"AWSConfigSNSPolicy","Effect":"Allow","Principal":{"Service":"config.amazonaws.com"},"Action":"sns:Publish","Resource":"arn:aws:sns:us-west-2:568975057762:config-topic-568975057762"}]}"#;
    let set = ["--attribute-name", "Policy", "--attribute-value", pasted];
    aws(&stage, &[&["sns", "set-topic-attributes", "--topic-arn", TOPIC], &set[..]].concat());
    let policy = || {
        let found = aws(&stage, &["sns", "get-topic-attributes", "--topic-arn", TOPIC]);
        found["Attributes"]["Policy"].as_str().unwrap().to_owned()
    };
    let before = policy();
    // Gate's endpoint subscribes already, raw.
    let endpoint = stage.gate.url("/aws/notify");
    let subscribe = [
        "--protocol",
        "http",
        "--notification-endpoint",
        &endpoint,
        "--attributes",
        "RawMessageDelivery=true",
    ];
    aws(&stage, &[&["sns", "subscribe", "--topic-arn", TOPIC], &subscribe[..]].concat());
    let raw = || {
        let list = aws(&stage, &["sns", "list-subscriptions-by-topic", "--topic-arn", TOPIC]);
        let arn = list["Subscriptions"][0]["SubscriptionArn"].as_str().unwrap().to_owned();
        let found = aws(&stage, &["sns", "get-subscription-attributes", "--subscription-arn", &arn]);
        let of = |name: &str| found["Attributes"][name].as_str().unwrap_or_default().to_owned();
        (of("PendingConfirmation"), of("RawMessageDelivery"))
    };
    let end = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while raw().0 != "false" {
        assert!(std::time::Instant::now() < end, "Gate has not confirmed");
    }
    // AWS Config records one type, once a day.
    let recorder = r#"{"name":"default","roleARN":"arn:aws:iam::123456789012:role/config","recordingGroup":{"allSupported":false,"includeGlobalResourceTypes":false,"resourceTypes":["AWS::EC2::Instance"]}}"#;
    aws(&stage, &["configservice", "put-configuration-recorder", "--configuration-recorder", recorder]);

    let answers = |more: &str| {
        let text = format!(
            "version: 1\naws: {{region: us-west-2}}\nsns: {{endpoint: '{endpoint}', topic: {{name: spinnaker-event-cache, sample_statement: replace}}{more}}}\n"
        );
        std::fs::write(stage.dir.path().join("answers.yml"), text).unwrap();
        stage.dir.path().join("answers.yml").display().to_string()
    };
    let undecided = stage.command(&["apply", "--answers", &answers(""), "--yes"]);
    assert_eq!(undecided.status.code(), Some(2), "{undecided:?}");
    let plan = stage.command(&["plan", "--answers", &answers(", raw_delivery: turn-off")]);
    let said = String::from_utf8_lossy(&plan.stdout).into_owned();
    for part in [
        "left out, so no events come of: AutoScaling::AutoScalingGroup",
        "Turn raw message delivery off",
        "-       \"Resource\": \"arn:aws:sns:us-west-2:568975057762",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let apply = stage.command(&["apply", "--answers", &answers(", raw_delivery: turn-off"), "--yes"]);
    assert_eq!(apply.status.code(), Some(0), "{apply:?}");
    assert_eq!(raw().1, "false");
    assert!(!policy().contains("568975057762"));
    let undo = stage.command(&["undo", "--yes"]);
    assert_eq!(undo.status.code(), Some(0), "{undo:?}");
    assert_eq!((policy(), raw().1.as_str()), (before, "true"));
}
