//! The printed policy before an AWS that asks for rights: it is enough, and nothing of it is spare. And ARNs
//! of other partitions.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests read the log")]

mod support;

use std::collections::BTreeSet;
use std::process::{Command, Output};
use std::sync::atomic::Ordering;

use serde_json::Value;
use support::emulators::{Emulator, ROOT};
use support::python;
use support::site::{Site, exits, said};

/// The real aws command, as MiniStack's root user.
fn root(aws: &Emulator, arguments: &[&str]) -> Value {
    let output = Command::new(python::aws_command().join("aws"))
        .args(arguments)
        .args(["--region", "us-west-2", "--output", "json", "--endpoint-url", &aws.url])
        .envs(ROOT)
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?} {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}

struct Operator<'a> {
    aws: &'a Emulator,
    keys: [String; 2],
    site: Site,
}

impl<'a> Operator<'a> {
    /// A user who may do just what is printed with these options.
    fn with(aws: &'a Emulator, name: &str, options: &[&str]) -> (Self, BTreeSet<String>) {
        let site = Site::new();
        site.gate.has_plugin.store(true, Ordering::SeqCst);
        let topic = ["--topic", name];
        let printed = site.run(&[&["iam-policy", "--region", "us-west-2"], &topic[..], options].concat());
        let policy: Value = serde_json::from_slice(&printed.stdout).unwrap();
        let statements = policy["Statement"].as_array().unwrap();
        let actions = statements.iter().flat_map(|each| each["Action"].as_array().unwrap());
        let actions = actions.map(|action| action.as_str().unwrap().to_owned()).collect();
        root(aws, &["iam", "create-user", "--user-name", name]);
        let put = ["iam", "put-user-policy", "--user-name", name, "--policy-name", "p", "--policy-document"];
        root(aws, &[&put[..], &[&policy.to_string()]].concat());
        let key = root(aws, &["iam", "create-access-key", "--user-name", name])["AccessKey"].clone();
        let keys = ["AccessKeyId", "SecretAccessKey"].map(|part| key[part].as_str().unwrap().to_owned());
        (Self { aws, keys, site }, actions)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = self.site.command(arguments);
        command.env("AWS_ENDPOINT_URL", &self.aws.url);
        command.env("AWS_ACCESS_KEY_ID", &self.keys[0]).env("AWS_SECRET_ACCESS_KEY", &self.keys[1]);
        command.output().unwrap()
    }

    fn answers(&self, sns: &str) {
        let endpoint = self.site.gate.url("/aws/notify");
        let text =
            format!("version: 1\naws: {{region: us-west-2}}\nsns: {{endpoint: '{endpoint}', {sns}}}\n");
        std::fs::write(self.site.path("answers.yml"), text).unwrap();
    }

    /// What was called, by the log.
    fn called(&self) -> BTreeSet<String> {
        let log = std::fs::read_to_string(self.site.state().join("aws.log")).unwrap();
        assert!(!log.contains(&self.keys[1]), "the secret key is in the log");
        let action = |line: &str| line.split(" ms ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
        log.lines().map(action).collect()
    }
}

const APPLY: [&str; 6] = ["apply", "--answers", "answers.yml", "--yes", "--change", "CHG1"];

#[test]
fn the_printed_policy_is_enough_and_nothing_of_it_is_spare() {
    let aws = Emulator::that_asks_for_rights();
    let recorder = r#"{"name":"default","roleARN":"arn:aws:iam::000000000000:role/config"}"#;
    root(&aws, &["configservice", "put-configuration-recorder", "--configuration-recorder", recorder]);
    let started = ["start-configuration-recorder", "--configuration-recorder-name", "default"];
    root(&aws, &[&["configservice"], &started[..]].concat());
    let channel = r#"{"name":"default","s3BucketName":"bucket"}"#;
    root(&aws, &["configservice", "put-delivery-channel", "--delivery-channel", channel]);

    for (name, options, sns, undo) in [
        ("plain", &[][..], "topic: {name: plain}", &["undo", "--yes"][..]),
        (
            "delivers",
            &["--with-delivery"],
            "topic: {name: delivers}, config_delivery: point-at-topic",
            &["undo", "--yes"],
        ),
        (
            "deletes",
            &["--with-topic-deletion"],
            "topic: {name: deletes}",
            &["undo", "--yes", "--delete-topic"],
        ),
    ] {
        let (operator, printed) = Operator::with(&aws, name, options);
        operator.answers(sns);
        let replaced = operator.run(&APPLY);
        exits(&replaced, 0);
        assert!(!said(&replaced).contains("not tagged"), "{}", said(&replaced));
        exits(&operator.run(undo), 0);
        assert_eq!(operator.called(), printed, "{name}");
        // The next one finds the channel as it was.
        root(&aws, &["configservice", "put-delivery-channel", "--delivery-channel", channel]);
    }
}

#[test]
fn without_the_rights_it_is_said_which_are_missing_and_nothing_is_half_done() {
    let aws = Emulator::that_asks_for_rights();
    let (operator, _) = Operator::with(&aws, "nobody", &[]);
    root(&aws, &["iam", "delete-user-policy", "--user-name", "nobody", "--policy-name", "p"]);
    operator.answers("topic: {name: nobody}");
    let refused = operator.run(&APPLY);
    exits(&refused, 7);
    assert!(said(&refused).contains("not authorized to perform"), "{}", said(&refused));
    assert!(said(&refused).contains("event-cache-wizard iam-policy"), "{}", said(&refused));
    assert_eq!(operator.site.effects(), Vec::<String>::new());
}

#[test]
fn topics_of_other_partitions_are_made_allowed_and_taken_back_by_their_own_arns() {
    let aws = Emulator::that_knows_partitions();
    for (region, partition) in [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")] {
        let site = Site::new();
        site.gate.has_plugin.store(true, Ordering::SeqCst);
        let endpoint = site.gate.url("/aws/notify");
        let text = format!("version: 1\naws: {{region: {region}}}\nsns: {{endpoint: '{endpoint}'}}\n");
        std::fs::write(site.path("answers.yml"), text).unwrap();
        let run =
            |arguments: &[&str]| site.command(arguments).env("AWS_ENDPOINT_URL", &aws.url).output().unwrap();
        let topic = format!("arn:{partition}:sns:{region}:123456789012:spinnaker-event-cache");
        let applied = run(&APPLY);
        exits(&applied, 0);
        assert!(said(&applied).contains(&topic), "{}", said(&applied));
        let rollback = std::fs::read_to_string(site.state().join("ROLLBACK.txt")).unwrap();
        assert!(rollback.contains(&topic) && !rollback.contains("arn:aws:"), "{rollback}");
        exits(&run(&["undo", "--yes", "--delete-topic"]), 0);
        let printed = site.run(&["iam-policy", "--region", region]);
        assert!(said(&printed).contains(&format!("arn:{partition}:sns:{region}:")), "{}", said(&printed));
    }
}
