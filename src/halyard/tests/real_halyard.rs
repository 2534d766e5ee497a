//! What the real Halyard printed and wrote (`tests/fixtures/hal-real`, whose README says how each was taken).
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests read fixtures from disk")]

use ecw_halyard::{
    DeployDiff, HalOutcome, PendingChange, Transcript, pending_by_own_view, pending_changes, read_deploy_diff,
};

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
fn halyards_own_view_is_compared_where_it_is_one_of_this_file() {
    let (applied, view) =
        (read("hal-directory/backup-config.yml"), read("transcripts/config-json.nocolor.stdout"));
    let (full, hand) = (read("hal-directory/config.full.yml"), read("hal-directory/config.hand.yml"));
    let by_view = |current: &str, view: &str| pending_by_own_view(&applied, current, view, "default");
    // The view was taken of the hand-kept file; beside the other one it is a stranger's.
    assert_eq!((by_view(&hand, &view), by_view(&full, &view)), (Some(was_there()), None));
    // Another daemon's view, an error instead of a view.
    assert_eq!(by_view(&hand.replace("SMALL", "LARGE"), &view), None);
    assert_eq!(by_view(&hand, "! ERROR Unknown deployment"), None);
    // An edit shows, whatever defaults are known here.
    let chaos =
        (hand.replace("chaos: false", "chaos: true"), view.replace("\"chaos\":false", "\"chaos\":true"));
    let changes = by_view(&chaos.0, &chaos.1).unwrap();
    assert_eq!(changes[0], change("features.chaos", "false", "true"));
    assert_eq!(changes.len(), 3);
}

#[test]
fn any_two_of_the_real_files_differ_where_somebody_edited_and_nowhere_else() {
    let kubeconfig = was_there()[0].clone();
    let url = |before: &str, after: &str| change("security.uiSecurity.overrideBaseUrl", before, after);
    let (one, two) = ("https://spinnaker.example.com", "https://spinnaker2.example.com");
    let table = [
        ("backup-config.yml", "config.full.yml", vec![kubeconfig.clone()]),
        ("backup-config.yml", "config-written-by-hal.yml", vec![kubeconfig]),
        ("config.full.yml", "config-written-by-hal.yml", Vec::new()),
        ("config.full.yml", "config.hand.yml", vec![url(two, one)]),
        ("config.hand.yml", "config.full.yml", vec![url(one, two)]),
    ];
    for (applied, current, expected) in table {
        let file = |name: &str| read(&format!("hal-directory/{name}"));
        assert_eq!(
            pending_changes(&file(applied), &file(current), "default").unwrap(),
            expected,
            "{applied} {current}"
        );
    }
}

#[test]
fn the_changes_that_a_halyard_admin_would_name_are_shown_and_nothing_else() {
    let table: &[(&str, &str, &[PendingChange])] = &[
        ("chaos: false", "chaos: true", &[change("features.chaos", "false", "true")]),
        ("local:1.31.2", "1.32.0", &[change("version", "local:1.31.2", "1.32.0")]),
        ("size: SMALL", "size: MEDIUM", &[change("deploymentEnvironment.size", "SMALL", "MEDIUM")]),
        ("  timezone: America/Los_Angeles\n", "", &[]),
        ("    type: Distributed\n", "", &[change("deploymentEnvironment.type", "Distributed", "nothing")]),
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

/// What was applied beside what stands there now, below `providers` of one deployment each.
fn between(applied: &str, current: &str) -> Vec<PendingChange> {
    let whole = |text: &str| format!("deploymentConfigurations:\n- name: default\n{text}");
    pending_changes(&whole(applied), &whole(current), "default").unwrap()
}

#[test]
fn an_element_that_goes_is_a_change_though_it_is_there_by_default() {
    let regions = |text: &str| format!("  providers:\n    aws:\n      defaultRegions: {text}\n");
    let gone = [change("providers.aws.defaultRegions[us-west-2].name", "us-west-2", "nothing")];
    let both = regions("[{name: us-west-2}, {name: eu-west-1}]");
    assert_eq!(between(&both, &regions("[{name: eu-west-1}]")), gone);
    assert_eq!(between(&regions("[{name: us-west-2}]"), &regions("[]")), gone);
    assert_eq!(between(&regions("[{name: us-west-2}]"), "  version: ''\n").len(), 1, "the version alone");
    assert_eq!(between(&both, &regions("[{name: eu-west-1}, {name: us-west-2}]")), []);
}

#[test]
fn the_order_of_what_runs_in_turn_is_a_change_and_a_plugins_extension_is_on_where_nothing_is_said() {
    let containers = |one: &str, two: &str| {
        format!(
            "  deploymentEnvironment:\n    initContainers:\n      spin-gate:\n      - name: {one}\n      - name: {two}\n"
        )
    };
    assert_eq!(between(&containers("a", "b"), &containers("b", "a")).len(), 4);
    let plugin = |text: &str| {
        format!(
            "  spinnaker:\n    extensibility:\n      plugins:\n        P:\n          enabled: true\n          extensions:\n            e:\n              a: b\n{text}"
        )
    };
    let path = "spinnaker.extensibility.plugins.P.extensions.e.enabled";
    assert_eq!(
        between(&plugin("              enabled: false\n"), &plugin("")),
        [change(path, "false", "nothing")]
    );
    assert_eq!(between(&plugin("              enabled: true\n"), &plugin("")), []);
}

#[test]
fn what_halyard_computes_or_fills_in_with_a_provider_is_no_change() {
    let registry = |text: &str| {
        format!(
            "  providers:\n    dockerRegistry:\n      enabled: true\n      accounts:\n      - name: hub\n        address: https://h\n{text}"
        )
    };
    let full =
        "        cacheIntervalSeconds: 30\n        clientTimeoutMillis: 60000\n        paginateSize: 100\n";
    assert_eq!(between(&registry(full), &registry("")), []);
    let metrics = "  metricStores:\n    prometheus:\n      enabled: true\n";
    assert_eq!(between(&format!("{metrics}    enabled: true\n"), metrics), []);
    let oauth =
        |text: &str| format!("  security:\n    authn:\n      oauth2:\n        provider: GITHUB\n{text}");
    let filled =
        "        client:\n          scope: user:email\n        userInfoMapping:\n          username: login\n";
    assert_eq!(between(&oauth(filled), &oauth("")), []);
    let other = oauth("        client:\n          scope: openid\n");
    assert_eq!(
        between(&oauth(filled), &other),
        [change("security.authn.oauth2.client.scope", "user:email", "openid")]
    );
}

#[test]
fn a_config_that_hal_wrote_itself_last_is_compared_byte_for_meaning() {
    let full = read("hal-directory/config-written-by-hal.yml");
    assert_eq!(pending_changes(&full, &full, "default").unwrap(), Vec::new());
}

#[test]
fn hal_deploy_diff_is_read_as_its_changes_without_validation_text_and_known_noise() {
    for colour in ["color", "nocolor"] {
        let none = read_deploy_diff(&read(&format!("transcripts/diff-none.{colour}.stdout")), "default");
        assert_eq!(none, DeployDiff { folded: 2, ..DeployDiff::default() }, "{colour}");
        let changed =
            read_deploy_diff(&read(&format!("transcripts/diff-changed.{colour}.stdout")), "default");
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
    let diff = read_deploy_diff("~ EDITED\nfeatures\n- chaos was switched\nSomething new\n", "default");
    assert_eq!(diff.others, ["features: chaos was switched Something new"]);
    let diff = read_deploy_diff("Something new\n\n~ EDITED\nfeatures\n- token abcdef123456\n", "default");
    assert_eq!(diff.others, ["Something new", "features: token (hidden)"]);
}

#[test]
fn a_field_of_hal_deploy_diff_is_joined_where_it_was_wrapped_and_a_secret_is_hidden_by_its_name() {
    let text = "~ EDITED\ndefault.providers.dockerRegistry.hub\n- password hunter2 -> hunter3\n- address\nhttps://one.example.com ->\nhttps://two.example.com\n\n~ EDITED\ndefault\n- version 1.31.2 -> 1.32.0\n\n+ ADDED\ndefault.providers.aws.prod\n";
    let diff = read_deploy_diff(text, "default");
    let expected = [
        change("version", "1.31.2", "1.32.0"),
        change("providers.aws.prod", "nothing", "there"),
        change("providers.dockerRegistry.hub.address", "https://one.example.com", "https://two.example.com"),
        change("providers.dockerRegistry.hub.password", "(hidden)", "(hidden)"),
    ];
    assert_eq!(diff, DeployDiff { changes: expected.to_vec(), ..DeployDiff::default() });
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

#[test]
fn an_interrupt_is_told_from_hals_own_deadline_by_its_own_words_alone() {
    let end = |text: &str| {
        let mut transcript = Transcript::default();
        transcript.feed(text.as_bytes());
        transcript.outcome(Some(1))
    };
    let interrupted = "! ERROR Unexpected exception:\n  DaemonTaskInterrupted(message=sleep interrupted)\n\n";
    let stopped = HalOutcome::Stopped("DaemonTaskInterrupted".to_owned());
    assert_eq!(end(&format!("! ERROR Failed check: connection timed out\n\n{interrupted}")), stopped);
    let late = "! ERROR Unexpected exception:\n  DaemonTaskInterrupted(message=Child task timed out)\n\n- Failed to deploy Spinnaker. Task killed because it was taking too long.\n";
    assert!(matches!(end(late), HalOutcome::Failed(_)));
}

#[test]
fn the_error_that_decides_is_kept_however_many_warnings_come_before_it() {
    let mut transcript = Transcript::default();
    for turn in 0..5_000 {
        transcript.feed(format!("- WARNING number {turn}\n\n").as_bytes());
        transcript.feed(format!("\r- Task {turn}\n\r  Success\n").as_bytes());
    }
    transcript.feed(b"! ERROR The bucket\n  is gone.\n\n- Failed to deploy Spinnaker.\n");
    assert_eq!(transcript.outcome(Some(1)), HalOutcome::Failed("The bucket is gone.".to_owned()));
    assert_eq!((transcript.problems().len(), transcript.tasks().len()), (200, 100));
}
