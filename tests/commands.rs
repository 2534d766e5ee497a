//! The commands that need no terminal, through the binary.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::process::{Command, Output, Stdio};

fn run(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let home = tempfile::tempdir().unwrap();
    Command::new(support::program())
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var("PATH").unwrap_or_default())
        .env("HOME", home.path())
        .env("NO_PROXY", "127.0.0.1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn bad_input_gets_a_clear_error_and_its_exit_code() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).display().to_string();
    std::fs::create_dir_all(dir.path().join("broken")).unwrap();
    std::fs::write(dir.path().join("broken/config"), "a: [\n").unwrap();
    std::fs::create_dir_all(dir.path().join("unknown")).unwrap();
    std::fs::write(
        dir.path().join("unknown/config"),
        "currentDeployment: prod\ndeploymentConfigurations:\n- name: default\n",
    )
    .unwrap();
    std::fs::write(dir.path().join("answers.yml"), "version: 1\nplugin: {versoin: 0.2.1}\n").unwrap();
    std::fs::write(
        dir.path().join("topic.yml"),
        "version: 1\nsns: {topic: {name: AWS Event Cache Plugin}}\n",
    )
    .unwrap();
    std::fs::write(
        dir.path().join("endpoint.yml"),
        "version: 1\nsns: {endpoint: gate.example.com/aws/notify}\n",
    )
    .unwrap();
    let daemon = [("EVENT_CACHE_WIZARD_DAEMON_ENDPOINT", "http://127.0.0.1:9")];
    std::fs::create_dir_all(dir.path().join("good/default/profiles")).unwrap();
    std::fs::write(dir.path().join("good/config"), include_str!("fixtures/halconfigs/h01-plain-1.31.2.yml"))
        .unwrap();
    let cases: [(&[&str], i32, &str); 8] = [
        (&["plan", "--hal-dir", &path("none")], 3, "There is no directory"),
        (&["plan", "--hal-dir", &path("broken")], 3, "hal config is not valid YAML"),
        (&["plan", "--hal-dir", &path("unknown")], 3, "no deployment named prod; it has: default"),
        (&["plan", "--hal-dir", &path("good")], 3, "Halyard daemon: http://127.0.0.1:9 does not answer"),
        (
            &["plan", "--answers", &path("answers.yml")],
            2,
            "unknown key plugin.versoin; did you mean plugin.version?",
        ),
        (&["plan", "--answers", &path("topic.yml")], 2, "SNS refuses a space"),
        (&["plan", "--answers", &path("endpoint.yml")], 2, "needs a scheme"),
        (&["plan", "--answers", &path("none.yml")], 2, "cannot be read"),
    ];
    for (arguments, code, words) in cases {
        let output = run(arguments, &daemon);
        assert!(text(&output).contains(words), "{arguments:?}: {}", text(&output));
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output));
    }
    assert!(!dir.path().join("none").exists(), "a hal directory that was not there was made");
}

#[test]
fn check_answers_by_its_exit_code() {
    for (version, code) in [
        ("1.31.2", 0),
        ("local:1.28.1", 0),
        ("1.27.3", 8),
        ("2025.4.0", 8),
        ("master-latest-unvalidated", 14),
    ] {
        let output = run(&["check", "--spinnaker", version], &[]);
        assert_eq!(output.status.code(), Some(code), "{version}: {}", text(&output));
    }
}

#[test]
fn help_man_completions_template_and_policy_are_printed() {
    for arguments in [
        ["--help"].as_slice(),
        &["man"],
        &["completions", "bash"],
        &["answers", "--template"],
        &["iam-policy", "--region", "eu-west-1"],
    ] {
        let output = run(arguments, &[]);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output));
        assert!(!output.stdout.is_empty(), "{arguments:?}");
    }
    assert_eq!(run(&["fly"], &[]).status.code(), Some(2));
    assert_eq!(run(&["iam-policy", "--region", "Mars"], &[]).status.code(), Some(2));
}

#[test]
fn the_template_is_a_valid_answers_file() {
    let template = include_str!("../assets/answers-template.yml");
    ecw_wizard::values::answers_file::read(template).unwrap();
}

#[test]
fn rehearse_without_a_terminal_plays_the_job_through() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().display().to_string();
    let _cleanup = support::walk::Cleanup(dir.path().to_path_buf());
    // Whatever the environment says, nothing real is asked.
    let environment = [
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
        ("AWS_PROFILE", "nobody"),
        ("HTTPS_PROXY", "http://127.0.0.1:9"),
    ];
    let output = run(&["rehearse", "--dir", &at, "--speed", "100"], &environment);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    for words in
        ["Deploy gate: done", "Subscribe Gate to the topic: done", "delivery channel default", "Done."]
    {
        assert!(text(&output).contains(words), "{words}: {}", text(&output));
    }
}

#[test]
fn headless_prints_the_frame_and_exits_15_when_an_expectation_fails() {
    let dir = tempfile::tempdir().unwrap();
    let script = dir.path().join("script.txt");
    std::fs::write(&script, "wait \"Halyard daemon: answers\" within 30s\nexpect \"no such words\"\n")
        .unwrap();
    let output = run(&["headless", "--rehearse", "--script", script.to_str().unwrap()], &[]);
    assert_eq!(output.status.code(), Some(15), "{}", text(&output));
    assert!(
        text(&output).contains("script line 2: the frame does not hold \"no such words\""),
        "{}",
        text(&output)
    );
    assert!(text(&output).contains("Is this the Spinnaker to work on?"));
}

#[test]
fn a_hal_directory_kept_in_git_gets_a_patch_that_applies_and_then_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let program = support::program();
    let world = ecw_wire::world_process::ensure(
        std::path::Path::new(program),
        dir.path(),
        60,
        &[],
        ecw_wizard::values::road::Road::Halyard,
    )
    .unwrap();
    let gate = support::gate::Gate::start();
    let hal_dir = dir.path().join("hal");
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).current_dir(&hal_dir).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
    };
    git(&["init", "-q"]);
    let hal = format!("{program} stand-in-hal --world {world} --dir {} --", hal_dir.display());
    let (daemon, repository, at) =
        (gate.url(""), gate.url("/repository/plugins.json"), hal_dir.display().to_string());
    let environment = [
        ("EVENT_CACHE_WIZARD_HAL_DIR", at.as_str()),
        ("EVENT_CACHE_WIZARD_HAL", &hal),
        ("EVENT_CACHE_WIZARD_DAEMON_ENDPOINT", &daemon),
        ("EVENT_CACHE_WIZARD_PROBE_URL", &daemon),
        ("EVENT_CACHE_WIZARD_REPOSITORY_URL", &repository),
    ];
    let answers = dir.path().join("answers.yml");
    std::fs::write(&answers, "version: 1\nconfigure: {patch_only: true}\nsns: {when: later}\n").unwrap();
    let arguments = ["apply", "--yes", "--only", "configure", "--answers", answers.to_str().unwrap()];
    let before = std::fs::read(hal_dir.join("default/profiles/gate-local.yml")).unwrap();
    let first = run(&arguments, &environment);
    assert_eq!(first.status.code(), Some(4), "{}", text(&first));
    assert!(text(&first).contains("profiles.patch in the state directory"), "{}", text(&first));
    assert_eq!(std::fs::read(hal_dir.join("default/profiles/gate-local.yml")).unwrap(), before);
    git(&["apply", "-p1", ".event-cache-wizard/default/profiles.patch"]);
    let second = run(&arguments, &environment);
    assert_eq!(
        (second.status.code(), text(&second).contains("Unchanged")),
        (Some(0), true),
        "{}",
        text(&second)
    );
    ecw_wire::world_process::stop(&world);
}
