//! Never twice: two operators, two state directories, two hal directories, and state that belongs to the
//! hal directory wherever its name came from.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::fs;
use std::process::Stdio;

use support::count;
use support::site::{Site, exits, said, until, within};

#[test]
fn two_state_directories_on_one_hal_directory_are_one_lock_and_one_journal() {
    let site = Site::new();
    let elsewhere = site.text("elsewhere");
    let mut first = site.command(&["apply", "--answers", "answers.yml", "--yes"]);
    let first = first.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until("hal runs", || count(&site.effects(), "hal deploy apply") == 1);
    // At the same time: refused, whatever is named.
    let second = site.apply(&["--state-dir", &elsewhere]);
    assert!([Some(11), Some(12)].contains(&second.status.code()), "{}", said(&second));
    exits(&first.wait_with_output().unwrap(), 0);
    // And afterwards: the other journal would know of nothing.
    for arguments in [&["apply", "--answers", "answers.yml", "--yes"][..], &["undo", "--yes"], &["status"]] {
        let mut arguments = arguments.to_vec();
        arguments.extend(["--state-dir", &elsewhere]);
        let output = site.run(&arguments);
        exits(&output, 12);
        assert!(said(&output).contains("leave --state-dir out"), "{}", said(&output));
    }
    let effects = site.effects();
    assert_eq!(
        (count(&effects, "hal deploy apply"), count(&effects, "sns unsubscribe")),
        (2, 0),
        "{effects:?}"
    );
    assert!(!site.path("elsewhere").join("journal.jsonl").exists());
}

#[test]
fn state_that_was_put_elsewhere_is_found_there_and_nowhere_else() {
    let site = Site::new();
    let elsewhere = site.text("elsewhere");
    let other = site.text("other");
    exits(&site.apply(&["--state-dir", &elsewhere]), 0);
    for more in [&[][..], &["--state-dir", &other]] {
        let output = site.apply(more);
        exits(&output, 12);
        assert!(said(&output).contains(&format!("use --state-dir {elsewhere}")), "{}", said(&output));
    }
    exits(&site.run(&["undo", "--yes", "--state-dir", &elsewhere]), 0);
    assert_eq!(count(&site.effects(), "TWO DEPLOYS"), 0);
}

#[test]
fn of_three_operators_with_two_state_directories_one_works() {
    let site = Site::new();
    let elsewhere = site.text("elsewhere");
    let start = |more: &[&str]| {
        let mut arguments = vec!["apply", "--answers", "answers.yml", "--yes"];
        arguments.extend(more);
        let mut command = site.command(&arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let started = [start(&[]), start(&["--state-dir", &elsewhere]), start(&[])];
    let outputs = started.map(|child| child.wait_with_output().unwrap());
    let done = outputs.iter().filter(|output| output.status.code() == Some(0)).count();
    let refused =
        outputs.iter().filter(|output| [Some(11), Some(12)].contains(&output.status.code())).count();
    assert_eq!((done, refused), (1, 2), "{:?}", outputs.each_ref().map(said));
    let effects = site.effects();
    assert_eq!((count(&effects, "hal deploy apply"), count(&effects, "TWO DEPLOYS")), (2, 0), "{effects:?}");
}

/// The site's environment without the hal directory: only the answers name it.
fn by_answers(site: &Site, hal_dir: &std::path::Path, more: &[&str]) -> std::process::Output {
    let name = format!("{}.yml", hal_dir.file_name().unwrap().to_string_lossy());
    let text =
        format!("version: 1\nhalyard: {{directory: '{}'}}\naws: {{region: us-west-2}}\n", hal_dir.display());
    fs::write(site.path(&name), text).unwrap();
    let mut arguments = vec!["apply", "--answers", &name, "--yes", "--only", "configure"];
    arguments.extend(more);
    let mut command = site.command(&arguments);
    within(60, command.env_remove("EVENT_CACHE_WIZARD_HAL_DIR"))
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_hal_directory_that_only_the_answers_name_keeps_its_own_state() {
    let site = Site::new();
    let other = site.path("second");
    copy(&site.hal_dir(), &other);
    let before = site.profile("gate-local.yml");
    exits(&by_answers(&site, &site.hal_dir(), &[]), 0);
    exits(&by_answers(&site, &other, &[]), 0);
    for dir in [site.hal_dir(), other.clone()] {
        let journal = fs::read_to_string(dir.join(".event-cache-wizard/default/journal.jsonl")).unwrap();
        let profiles = format!("{}/default/profiles", dir.display());
        assert!(journal.contains(&profiles), "{journal}");
        let foreign = if dir == other { site.hal_dir() } else { other.clone() };
        assert!(!journal.contains(&format!("{}/default/profiles", foreign.display())), "{journal}");
    }
    assert!(!site.path(".local/state/event-cache-wizard/journal.jsonl").exists());
    // Undo of one leaves the other alone.
    let mut undo = site.command(&["undo", "--yes", "--hal-dir", other.to_str().unwrap()]);
    exits(&within(60, &mut undo), 0);
    assert_ne!(site.profile("gate-local.yml"), before);
    assert_eq!(fs::read_to_string(other.join("default/profiles/gate-local.yml")).unwrap(), before);
}

#[test]
fn state_of_an_earlier_version_in_the_old_place_is_recognised_and_never_mixed() {
    let site = Site::new();
    let before = site.profile("gate-local.yml");
    exits(&site.apply(&["--only", "configure"]), 0);
    let old = site.path(".local/state/event-cache-wizard");
    fs::create_dir_all(old.parent().unwrap()).unwrap();
    let _ = fs::remove_dir_all(&old);
    fs::rename(site.state(), &old).unwrap();
    for arguments in [&["status"][..], &["apply", "--answers", "answers.yml", "--yes"], &["undo", "--yes"]] {
        let output = site.run(arguments);
        exits(&output, 12);
        assert!(
            said(&output).contains("An earlier version kept the journal") && said(&output).contains("cp -a"),
            "{}",
            said(&output)
        );
    }
    // As it is told there.
    copy(&old, &site.state());
    fs::remove_dir_all(&old).unwrap();
    exits(&site.run(&["undo", "--yes"]), 0);
    assert_eq!(site.profile("gate-local.yml"), before);
}

#[test]
fn a_hal_directory_named_on_the_screen_brings_its_own_state() {
    let site = Site::new();
    exits(&site.apply(&["--only", "configure"]), 0);
    let other = site.path("second");
    copy(&site.hal_dir(), &other);
    fs::remove_dir_all(other.join(".event-cache-wizard")).unwrap();
    let environment = site.environment();
    let pairs: Vec<(&str, &str)> = environment
        .iter()
        .filter(|(key, _)| key != "EVENT_CACHE_WIZARD_HAL_DIR")
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .chain([("HALYARD_HALCONFIG_DIRECTORY", other.to_str().unwrap())])
        .collect();
    let mut pty = support::pty::Pty::start(&[], &pairs, (120, 40));
    pty.until("it looks at the second one", |screen| screen.contains("/second"));
    support::walk::past_home_to_hal_directory(&mut pty);
    for _ in 0..other.to_str().unwrap().len() {
        pty.send("\u{7f}");
    }
    pty.send(site.hal_dir().to_str().unwrap());
    pty.send("\t");
    // The journal there knows of a finished run: its Home comes.
    pty.wait("How the installation stands");
    pty.send("\u{3}");
    pty.until("it asks or ends", |screen| screen.contains("Leave?") || screen.contains("State and log"));
    pty.send("\u{3}");
    pty.exit();
    assert!(pty.everything().contains(site.state().to_str().unwrap()), "{}", pty.everything());
    let events = fs::read_to_string(site.state().join("events.jsonl")).unwrap();
    assert!(events.contains("\"event\":\"settled\""), "the session goes on being recorded there");
}

#[test]
fn hal_that_outlives_wizard_and_supervisor_still_holds_the_lock() {
    let site = Site::new();
    let mut first = site.command(&["apply", "--answers", "answers.yml", "--yes"]);
    first
        .env("EVENT_CACHE_WIZARD_TEST_DIE", "supervisor:Spawned")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut first = first.spawn().unwrap();
    until("hal runs", || count(&site.effects(), "hal deploy apply") == 1);
    first.kill().unwrap();
    first.wait().unwrap();
    // Without the journal nobody knows of that deploy but the lock.
    fs::rename(site.state().join("journal.jsonl"), site.path("journal")).unwrap();
    let second = site.apply(&[]);
    let refused = said(&second).contains("Another deploy still runs here");
    let effects = site.effects();
    assert_eq!(count(&effects, "TWO DEPLOYS"), 0, "{effects:?}");
    assert!(refused || second.status.code() == Some(0), "{}", said(&second));
}

#[test]
fn a_deploy_whose_end_nobody_can_tell_is_repeated_only_on_the_operator_s_word() {
    let site = Site::with(&["apply-timeout"]);
    let apply = |more: &[&str]| {
        let mut arguments = vec!["apply", "--answers", "answers.yml", "--yes"];
        arguments.extend(more);
        let mut command = site.command(&arguments);
        // Neither the cluster nor Gate can be asked.
        command
            .env("EVENT_CACHE_WIZARD_KUBECTL", "false")
            .env("EVENT_CACHE_WIZARD_PROBE_URL", "http://127.0.0.1:1");
        within(120, &mut command)
    };
    for (more, deploys) in [(&[][..], 1), (&[][..], 1), (&["--redo-unknown"][..], 2)] {
        let output = apply(more);
        exits(&output, 6);
        assert!(said(&output).contains("--redo-unknown"), "{}", said(&output));
        assert_eq!(count(&site.effects(), "hal deploy apply"), deploys, "{more:?}: {}", said(&output));
    }
}

#[test]
fn a_run_without_a_screen_takes_over_only_when_it_is_told_to() {
    let site = Site::new();
    let first = site.command(&["apply", "--answers", "answers.yml", "--yes"]);
    let mut first = first_of(first);
    until("hal runs", || count(&site.effects(), "hal deploy apply") == 1);
    exits(&site.apply(&[]), 11);
    let second = site.apply(&["--take-over"]);
    exits(&second, 0);
    // The first one left; the deploy it had begun was gone on with, not repeated.
    assert_eq!(first.wait().unwrap().code(), Some(11));
    assert_eq!(count(&site.effects(), "hal deploy apply"), 2, "{:?}", site.effects());
    assert_eq!(count(&site.effects(), "TWO DEPLOYS"), 0);
}

fn first_of(mut command: std::process::Command) -> std::process::Child {
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}
