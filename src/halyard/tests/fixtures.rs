//! Every fixture hal config and transcript against the fixtures' own tables.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests read fixtures from disk")]

use ecw_halyard::{Compatibility, HalConfig, HalOutcome, Severity, TaskState, Transcript, services_of};

fn read(path: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../../tests/fixtures/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn describe(name: &str, deployment: Option<&str>) -> String {
    let config = HalConfig::parse(&String::from_utf8(read(&format!("halconfigs/{name}"))).unwrap()).unwrap();
    let chosen = config.deployment(deployment).unwrap();
    let table = include_str!("../../../assets/compatibility.yml");
    let verdict = Compatibility::parse(table).unwrap().verdict(chosen.spinnaker.line);
    let services: Vec<&str> = services_of(chosen).into_iter().map(ecw_halyard::ServiceName::as_str).collect();
    let line = chosen.spinnaker.line.map_or("unknown".to_owned(), |line| line.to_string());
    let remark = chosen.spinnaker.remark.map_or(String::new(), |remark| format!(" [{}]", remark.sentence()));
    let plugins: Vec<String> =
        chosen.own_plugins.iter().map(|each| format!("{:?} -> {}", each.version, each.remove)).collect();
    format!(
        "{} {} | {line}{remark} | {} | {} | {verdict:?} | aws {:?} | {plugins:?}",
        chosen.name,
        chosen.kind.as_str(),
        services.join(" "),
        chosen.gate_url.as_deref().unwrap_or("ask"),
        chosen.aws_enabled,
    )
}

#[test]
fn every_fixture_hal_config_gives_the_facts_of_the_fixtures_table() {
    let mut names: Vec<String> =
        std::fs::read_dir(format!("{}/../../tests/fixtures/halconfigs", env!("CARGO_MANIFEST_DIR")))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
    names.sort();
    let mut all: String =
        names.iter().map(|name| format!("{}: {}\n", &name[..3], describe(name, None))).collect();
    all += &format!("h14 staging: {}\n", describe("h14-two-deployments.yml", Some("staging")));
    insta::assert_snapshot!(all);
}

#[test]
fn a_hal_config_that_is_no_yaml_or_lacks_the_deployment_says_so() {
    assert!(HalConfig::parse("a: [").unwrap_err().to_string().starts_with("hal config is not valid YAML"));
    assert_eq!(
        HalConfig::parse("a: 1").unwrap_err().to_string(),
        "the file is YAML, but not a hal config: it has no deploymentConfigurations"
    );
    let config =
        HalConfig::parse(&String::from_utf8(read("halconfigs/h14-two-deployments.yml")).unwrap()).unwrap();
    assert_eq!(
        config.deployment(Some("prod")).unwrap_err().to_string(),
        "hal config has no deployment named prod; it has: default, staging"
    );
}

#[test]
fn every_fixture_transcript_reads_the_same_with_and_without_colour() {
    let mut all = String::new();
    for name in [
        "apply-kubectl-failure",
        "apply-localdebian-not-root",
        "apply-npe-broken-symlink-in-profiles",
        "apply-success-with-warnings",
        "apply-success",
        "apply-timeout",
        "apply-validation-error",
        "daemon-unreachable",
        "halconfig-parse-error",
    ] {
        let exit: i32 = String::from_utf8(read(&format!("hal-transcripts/{name}.nocolor.rc")))
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        let mut plain = Transcript::default();
        plain.feed(&read(&format!("hal-transcripts/{name}.nocolor.merged")));
        let mut coloured = Transcript::default();
        // A pipe may cut anywhere.
        for chunk in read(&format!("hal-transcripts/{name}.color.merged")).chunks(7) {
            coloured.feed(chunk);
        }
        assert_eq!(plain.tasks(), coloured.tasks(), "{name}");
        assert_eq!(plain.outcome(Some(exit)), coloured.outcome(Some(exit)), "{name}");
        all += &format!("==== {name}: exit {exit}, {:?}\n", plain.outcome(Some(exit)));
        for task in plain.tasks() {
            all += &format!("{:?} {}\n", task.state, task.name);
        }
        for problem in plain.problems() {
            all += &format!(
                "{:?} in {}: {} | {:?}\n",
                problem.severity, problem.location, problem.message, problem.remedy
            );
        }
    }
    insta::assert_snapshot!(all);
}

#[test]
fn only_exit_0_with_the_last_line_is_success() {
    let mut transcript = Transcript::default();
    transcript.feed(&read("hal-transcripts/apply-success.nocolor.merged"));
    assert_eq!(transcript.outcome(Some(0)), HalOutcome::Succeeded);
    assert!(transcript.tasks().iter().all(|task| task.state == TaskState::Succeeded));
    assert!(transcript.problems().iter().all(|problem| problem.severity < Severity::Error));
    for exit in [Some(7), Some(3), Some(130), Some(126), None] {
        assert!(matches!(transcript.outcome(exit), HalOutcome::Unknown(_)), "{exit:?}");
    }
    assert!(matches!(Transcript::default().outcome(Some(0)), HalOutcome::Unknown(_)));
}
