//! What stands in our own state is its owner's word: as root nothing of it is run, followed or believed.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::PathBuf;

use support::mark::{Mark, TREASURE, files_below};
use support::site::{HAL, exits, give, said, within};

#[test]
fn what_is_noted_in_the_user_s_own_state_is_not_written_through_links() {
    let mark = Mark::new();
    let local = mark.site.path(".local/state");
    fs::create_dir_all(&local).unwrap();
    symlink(&mark.vault, local.join("event-cache-wizard")).unwrap();
    give(&mark.site.path(".local"), HAL);
    let output = mark.apply(&["--only", "configure"]);
    mark.holds(&said(&output));
}

#[test]
fn the_hal_command_is_never_given_to_a_shell_and_no_memory_is_dumped() {
    let mark = Mark::new();
    let flag = mark.site.path("ran");
    let hal = format!("hal; touch {0} $(touch {0}) `touch {0}` | touch {0}", flag.display());
    let _ = mark.apply(&["--hal", &hal]);
    assert!(!flag.exists(), "a shell read the hal command");
    // While it works, and in everything that it starts.
    let script = format!(
        "ulimit -c unlimited; {} status >/dev/null; exec {0} rehearse --dir {1} --speed 240",
        support::program(),
        mark.site.text("limits")
    );
    let mut child = std::process::Command::new("dash")
        .args(["-c", &script])
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let limits = || fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap_or_default();
    let core = |text: &str| {
        text.lines()
            .find(|line| line.starts_with("Max core file size"))
            .map(|line| line.split_whitespace().nth(4).unwrap_or_default().to_owned())
    };
    support::site::until("no core is dumped", || core(&limits()).as_deref() == Some("0"));
    child.wait().unwrap();
}

#[test]
fn the_supervisor_s_command_is_of_no_use_to_anybody_else() {
    let mark = Mark::new();
    let flag = mark.site.path("ran");
    let output = within(
        60,
        &mut mark.site.command(&[
            "supervise",
            "--dir",
            &mark.site.text("x"),
            "--",
            "touch",
            flag.to_str().unwrap(),
        ]),
    );
    assert_ne!(output.status.code(), Some(0), "{}", said(&output));
    assert!(!flag.exists() && said(&output).contains("for the wizard alone"), "{}", said(&output));
}

/// A program of the attacker's that would tell that it ran, and as whom.
fn evil(mark: &Mark) -> (PathBuf, PathBuf) {
    let (program, ran) = (mark.site.path("evil.sh"), mark.site.path("ran"));
    fs::write(&program, format!("#!/bin/sh\nid -u >> {}\n", ran.display())).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    (program, ran)
}

#[test]
fn what_stands_in_our_own_state_is_its_owner_s_word_and_is_never_run() {
    let mark = Mark::new();
    exits(&mark.apply(&["--only", "configure"]), 0);
    let (program, ran) = evil(&mark);
    // The answers of the last visit name another hal.
    let session = mark.site.state().join("session.yml");
    let text = fs::read_to_string(&session).unwrap();
    let key = "  hal-command:\n    value: ";
    let forged = match text.find(key) {
        Some(at) => format!("{}{key}{}\n    from: typed\n", &text[..at], program.display()),
        None => text.replacen(
            "answers:\n",
            &format!("answers:\n{key}{}\n    from: typed\n", program.display()),
            1,
        ),
    };
    fs::write(&session, forged).unwrap();
    for arguments in [&["status"][..], &["plan"], &["apply", "--yes"]] {
        let mut command = mark.site.command(arguments);
        within(60, command.env_remove("EVENT_CACHE_WIZARD_HAL"));
    }
    assert!(!ran.exists(), "the saved hal command was run");

    // A run that was cut off, whose journal names another command.
    let mark = Mark::new();
    let (program, ran) = evil(&mark);
    let mut first = mark.site.command(&["apply", "--answers", "answers.yml", "--yes"]);
    let first = first.env("EVENT_CACHE_WIZARD_TEST_DIE", "wizard:DeployPrepared");
    within(60, first);
    let real =
        mark.site.environment().into_iter().find(|(key, _)| key == "EVENT_CACHE_WIZARD_HAL").unwrap().1;
    let words: Vec<String> = real.split(' ').map(|word| format!("\"{word}\"")).collect();
    let journal = mark.site.state().join("journal.jsonl");
    let text = fs::read_to_string(&journal).unwrap();
    assert!(text.contains(&words.join(",")), "{text}");
    fs::write(&journal, text.replace(&words.join(","), &format!("\"{}\"", program.display()))).unwrap();
    exits(&mark.apply(&[]), 0);
    assert!(!ran.exists(), "the journal's command was run");
}

#[test]
fn a_journal_that_names_files_elsewhere_leads_undo_nowhere() {
    let mark = Mark::new();
    exits(&mark.apply(&["--only", "configure"]), 0);
    // The same tree once more, of root's, readable and not writable for others.
    let other = mark.site.path("roots");
    let profiles = other.join("default/profiles");
    fs::create_dir_all(&profiles).unwrap();
    for name in ["gate-local.yml", "clouddriver-local.yml"] {
        fs::copy(mark.site.hal_dir().join("default/profiles").join(name), profiles.join(name)).unwrap();
    }
    let before = fs::read(profiles.join("gate-local.yml")).unwrap();
    let journal = mark.site.state().join("journal.jsonl");
    let text = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, text.replace(mark.site.hal_dir().to_str().unwrap(), other.to_str().unwrap()))
        .unwrap();
    let undo = within(60, &mut mark.site.command(&["undo", "--yes"]));
    assert_ne!(undo.status.code(), Some(0), "{}", said(&undo));
    assert!(said(&undo).contains("is not the one that is worked on"), "{}", said(&undo));
    assert_eq!(fs::read(profiles.join("gate-local.yml")).unwrap(), before);
}

#[test]
fn on_another_user_s_word_nothing_is_taken_back_in_aws() {
    let mark = Mark::new();
    exits(&mark.apply(&[]), 0);
    let unsubscribed = || mark.site.effects().iter().any(|each| each.starts_with("sns unsubscribe"));
    // One record more than root wrote.
    let journal = mark.site.state().join("journal.jsonl");
    let mut text = fs::read_to_string(&journal).unwrap();
    let last = text.lines().last().unwrap().to_owned();
    let seq: serde_json::Value = serde_json::from_str(&last).unwrap();
    let number = seq["seq"].as_u64().unwrap();
    text.push_str(&last.replace(&format!("\"seq\":{number},"), &format!("\"seq\":{},", number + 1)));
    text.push('\n');
    fs::write(&journal, &text).unwrap();
    let undo = within(60, &mut mark.site.command(&["undo", "--yes", "--only", "sns"]));
    assert!(!unsubscribed(), "{}", said(&undo));
    let shown = within(60, &mut mark.site.command(&["undo"]));
    assert!(said(&shown).contains("--trust-journal"), "{}", said(&shown));
    exits(&within(60, &mut mark.site.command(&["undo", "--yes", "--only", "sns", "--trust-journal"])), 0);
    assert!(unsubscribed());
}

#[test]
fn a_file_of_root_s_that_was_moved_in_is_not_read_out() {
    let mark = Mark::new();
    let profile = mark.site.hal_dir().join("default/profiles/gate-local.yml");
    fs::remove_file(&profile).unwrap();
    fs::write(&profile, format!("# {TREASURE}server:\n  port: 1\n")).unwrap();
    fs::set_permissions(&profile, fs::Permissions::from_mode(0o600)).unwrap();
    std::os::unix::fs::chown(&profile, Some(0), Some(0)).unwrap();
    let output = mark.apply(&["--only", "configure"]);
    assert_ne!(output.status.code(), Some(0), "{}", said(&output));
    for path in files_below(&mark.site.hal_dir()).into_iter().filter(|path| *path != profile) {
        let text = fs::read(&path).unwrap();
        assert!(
            !text.windows(TREASURE.len()).any(|window| window == TREASURE.as_bytes()),
            "{}",
            path.display()
        );
    }
    let meta = fs::metadata(&profile).unwrap();
    assert_eq!((meta.uid(), meta.mode() & 0o777), (0, 0o600));
}

#[test]
fn a_directory_is_given_a_mode_only_where_it_was_just_made() {
    let mark = Mark::new();
    let sticky = mark.site.path("sticky");
    fs::create_dir(&sticky).unwrap();
    fs::set_permissions(&sticky, fs::Permissions::from_mode(0o1777)).unwrap();
    let profiles = mark.site.hal_dir().join("default/profiles");
    fs::remove_dir_all(&profiles).unwrap();
    fs::set_permissions(profiles.parent().unwrap(), fs::Permissions::from_mode(0o777)).unwrap();
    symlink("nope/../../../sticky", &profiles).unwrap();
    std::os::unix::fs::lchown(&profiles, Some(HAL.0), Some(HAL.1)).unwrap();
    let output = mark.apply(&["--only", "configure"]);
    assert_ne!(output.status.code(), Some(0), "{}", said(&output));
    let meta = fs::metadata(&sticky).unwrap();
    assert_eq!((meta.uid(), meta.mode() & 0o7777, fs::read_dir(&sticky).unwrap().count()), (0, 0o1777, 0));
}
