//! What the real Halyard printed and wrote (`tests/fixtures/hal-real`, whose README says how each was taken).
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests read fixtures from disk")]

use ecw_halyard::{DeployDiff, HalOutcome, PendingChange, Transcript, pending_changes, read_deploy_diff};

fn read(path: &str) -> String {
    std::fs::read_to_string(format!("{}/../../tests/fixtures/hal-real/{path}", env!("CARGO_MANIFEST_DIR")))
        .unwrap()
}

fn change(path: &str, before: &str, after: &str) -> PendingChange {
    let side = |text: &str| Some(text.to_owned()).filter(|text| text != "nothing");
    PendingChange { path: path.to_owned(), before: side(before), after: side(after) }
}

/// A hand-kept hal config beside Halyard's full form, after one edit of the hand-kept one.
fn after_edit(from: &str, to: &str) -> Vec<PendingChange> {
    let hand = read("hal-directory/config.hand.yml");
    assert!(hand.contains(from), "{from}");
    let changes =
        pending_changes(&read("hal-directory/backup-config.yml"), &hand.replacen(from, to, 1), "default");
    let mut changes = changes.unwrap();
    for was in was_there() {
        let at = changes.iter().position(|each| *each == was).unwrap();
        changes.remove(at);
    }
    changes
}

/// The two fixtures were taken in two runs: these two differ in truth.
fn was_there() -> Vec<PendingChange> {
    vec![
        change(
            "providers.kubernetes.accounts[k8s].kubeconfigFile",
            "/nope/kubeconfig",
            "/home/spinnaker/kubeconfig",
        ),
        change(
            "security.uiSecurity.overrideBaseUrl",
            "https://spinnaker2.example.com",
            "https://spinnaker.example.com",
        ),
    ]
}

#[test]
fn a_hand_kept_hal_config_beside_halyards_full_form_shows_what_truly_differs_and_no_default() {
    let changes = pending_changes(
        &read("hal-directory/backup-config.yml"),
        &read("hal-directory/config.hand.yml"),
        "default",
    );
    assert_eq!(changes.unwrap(), was_there());
}

#[test]
fn the_changes_that_a_halyard_admin_would_name_are_shown_and_nothing_else() {
    let table: &[(&str, &str, &[PendingChange])] = &[
        ("chaos: false", "chaos: true", &[change("features.chaos", "false", "true")]),
        ("local:1.31.2", "1.32.0", &[change("version", "local:1.31.2", "1.32.0")]),
        ("size: SMALL", "size: MEDIUM", &[change("deploymentEnvironment.size", "SMALL", "MEDIUM")]),
        ("  timezone: America/Los_Angeles\n", "", &[]),
        (
            "  timezone: America/Los_Angeles",
            "  timezone: UTC",
            &[change("timezone", "America/Los_Angeles", "UTC")],
        ),
        (
            "  providers:\n",
            "  providers:\n    aws:\n      enabled: true\n",
            &[change("providers.aws.enabled", "false", "true")],
        ),
        ("  providers:\n", "  providers:\n    aws:\n      enabled: false\n      accounts: []\n", &[]),
        ("  providers:\n", "  providers:\n    google: null\n", &[]),
        (
            "        enabled: false\n",
            "        enabled: true\n",
            &[change("security.apiSecurity.ssl.enabled", "false", "true")],
        ),
        ("  security:\n", "  stats:\n    instanceId: 01M8801R4Z4WS8YAJSNK2THAK0\n  security:\n", &[]),
        (
            "  security:\n",
            "  stats:\n    enabled: false\n  security:\n",
            &[change("stats.enabled", "true", "false")],
        ),
    ];
    for (from, to, expected) in table {
        assert_eq!(after_edit(from, to), *expected, "{from} -> {to}");
    }
}

#[test]
fn a_config_that_hal_wrote_itself_last_is_compared_byte_for_meaning() {
    let full = read("hal-directory/config-written-by-hal.yml");
    assert_eq!(pending_changes(&full, &full, "default").unwrap(), Vec::new());
}

#[test]
fn hal_deploy_diff_is_read_as_its_changes_without_validation_text_and_known_noise() {
    for colour in ["color", "nocolor"] {
        let none = read_deploy_diff(&read(&format!("transcripts/diff-none.{colour}.stdout")));
        assert_eq!(none, DeployDiff { folded: 2, ..DeployDiff::default() }, "{colour}");
        let changed = read_deploy_diff(&read(&format!("transcripts/diff-changed.{colour}.stdout")));
        let chaos = DeployDiff {
            changes: vec![change("features.chaos", "false", "true")],
            others: Vec::new(),
            folded: 2,
        };
        assert_eq!(changed, chaos, "{colour}");
    }
}

#[test]
fn a_line_of_hal_deploy_diff_that_nobody_knows_is_shown_as_it_is() {
    let diff = read_deploy_diff("~ EDITED\nfeatures\n- chaos was switched\nSomething new\n");
    assert_eq!(diff.others, ["features: chaos was switched", "Something new"]);
}

/// Returns what a transcript says: stdout and stderr as they stand in the wizard's one log, in pieces, since
/// a pipe may cut anywhere.
fn transcript(stdout: &str, stderr: &str) -> Transcript {
    let mut transcript = Transcript::default();
    for chunk in (read(stdout) + "\n" + &stderr_of(stderr)).as_bytes().chunks(7) {
        transcript.feed(chunk);
    }
    transcript
}

fn stderr_of(path: &str) -> String {
    if path.is_empty() { String::new() } else { read(path) }
}

#[test]
fn every_transcript_of_the_real_halyard_is_read_as_an_admin_would_read_it() {
    let mut all = String::new();
    let cases = [
        ("apply-gate.color", Some(0)),
        ("apply-gate.nocolor", Some(0)),
        ("apply-validation.nocolor", Some(1)),
        ("apply-kubectl-fail.nocolor", Some(1)),
    ];
    for (name, exit) in cases {
        let file = |end: &str| format!("transcripts/{name}.{end}");
        all += &told(name, exit, &transcript(&file("stdout"), &file("stderr")));
    }
    for (name, exit) in [("signal-int", 130), ("signal-term", 143), ("signal-hup", 129)] {
        let file = |end: &str| format!("transcripts/{name}.{end}");
        all += &told(name, Some(exit), &transcript(&file("out"), &file("err")));
    }
    // hal ran on to its end; what was captured is cut.
    let name = "signal-int-debian-wrapper";
    all += &told(
        name,
        None,
        &transcript(&format!("transcripts/{name}.out"), &format!("transcripts/{name}.err")),
    );
    let name = "interrupted-by-another";
    all += &told(name, Some(1), &transcript(&format!("transcripts/{name}.out"), ""));
    insta::assert_snapshot!(all);
}

/// A transcript's meaning, and each line that a screen would show.
fn told(name: &str, exit: Option<i32>, transcript: &Transcript) -> String {
    let mut text = format!("==== {name}: exit {exit:?}, {:?}\n", transcript.outcome(exit));
    for task in transcript.tasks() {
        text += &format!("task {:?} {}: {}\n", task.state, task.name, task.stage);
    }
    for problem in transcript.problems() {
        text += &format!(
            "{:?} in {}: {} | {:?}\n",
            problem.severity, problem.location, problem.message, problem.remedy
        );
    }
    for line in transcript.tail() {
        text += &format!("> {line}\n");
    }
    text
}

#[test]
fn success_is_exit_0_and_hals_last_words_and_neither_alone() {
    let whole = transcript("transcripts/apply-gate.nocolor.stdout", "transcripts/apply-gate.nocolor.stderr");
    assert_eq!(whole.outcome(Some(0)), HalOutcome::Succeeded);
    assert!(matches!(whole.outcome(Some(1)), HalOutcome::Unknown(_) | HalOutcome::Failed(_)));
    let text = read("transcripts/apply-gate.nocolor.stdout").replace("hal deploy connect", "hal deploy");
    let mut cut = Transcript::default();
    cut.feed(text.as_bytes());
    assert!(matches!(cut.outcome(Some(0)), HalOutcome::Unknown(_)));
}
