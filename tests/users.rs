//! Two operators, several users, and a disk that does not take what is written.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use support::site::{HAL, OTHER, Site, as_user, exits, give, open_to_all, said, until};

#[test]
fn of_two_processes_that_start_at_once_one_works_and_the_other_says_who_does() {
    let site = Site::new();
    let start = || {
        let mut command = site.command(&["apply", "--answers", "answers.yml", "--yes"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let outputs = [start(), start()].map(|child| child.wait_with_output().unwrap());
    let mut codes = outputs.each_ref().map(|output| output.status.code());
    codes.sort_unstable();
    assert_eq!(codes, [Some(0), Some(11)], "{} {}", said(&outputs[0]), said(&outputs[1]));
    let loser = outputs.iter().find(|output| output.status.code() == Some(11)).unwrap();
    assert!(said(loser).contains("Another event-cache-wizard works here: root on"), "{}", said(loser));
    let applies = site.effects().into_iter().filter(|each| each.starts_with("hal deploy apply")).count();
    assert_eq!(applies, 2, "each stage once");
}

/// Begins an installation and kills it as soon as hal runs.
fn killed_while_hal_runs(site: &Site) {
    let mut first = site.command(&["apply", "--answers", "answers.yml", "--yes"]);
    let mut first = first.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until("hal runs", || site.effects().iter().any(|each| each.starts_with("hal deploy apply")));
    kill_process(Pid::from_child(&first), Signal::KILL).unwrap();
    first.wait().unwrap();
}

#[test]
fn a_holder_that_was_killed_is_told_by_name_and_does_not_hold_anybody_up() {
    let site = Site::new();
    killed_while_hal_runs(&site);
    let second = site.apply(&[]);
    exits(&second, 0);
    assert!(
        said(&second).contains("ended without leaving; its journal says what was done."),
        "{}",
        said(&second)
    );
    let third = site.apply(&[]);
    exits(&third, 0);
    assert!(!said(&third).contains("ended without leaving"), "{}", said(&third));
    let applies = site.effects().into_iter().filter(|each| each.starts_with("hal deploy apply")).count();
    assert_eq!(applies, 2, "each stage once");
}

#[test]
fn halyards_user_can_walk_everything_and_go_on_with_what_root_began() {
    let site = Site::new();
    open_to_all(site.path("").as_path());
    give(&site.hal_dir(), HAL);
    let before = site.profile("clouddriver-local.yml");
    exits(&site.apply(&[]), 0);
    // `hal backup create` walks the whole directory as Halyard's user.
    let hal_dir = site.hal_dir().display().to_string();
    let walk = as_user(HAL, "tar").args(["-cf", "/dev/null", &hal_dir]).output().unwrap();
    exits(&walk, 0);
    let owners = |dir: &Path| {
        let mut found: Vec<(PathBuf, u32, u32)> = Vec::new();
        for entry in std::fs::read_dir(dir).unwrap().flatten() {
            let meta = entry.metadata().unwrap();
            found.push((entry.path(), meta.uid(), meta.gid()));
        }
        found
    };
    for (path, user, group) in owners(&site.state()) {
        assert_eq!((user, group), HAL, "{}", path.display());
    }
    let meta = std::fs::metadata(site.hal_dir().join("default/profiles/gate-local.yml")).unwrap();
    assert_eq!((meta.uid(), meta.gid()), HAL);
    // The daemon writes these, whoever calls hal.
    give(&site.hal_dir().join("default"), HAL);
    // A colleague, as Halyard's user, takes back what root did.
    exits(&site.run_as(HAL, &["undo", "--yes"]), 0);
    assert_eq!(site.profile("clouddriver-local.yml"), before);
    exits(&site.run(&["undo", "--yes"]), 0);
}

#[test]
fn a_second_user_resumes_what_another_one_began_and_lost() {
    let site = Site::new();
    open_to_all(site.path("").as_path());
    give(&site.hal_dir(), HAL);
    let mut first = as_user(HAL, support::program());
    first.args(["apply", "--answers", "answers.yml", "--yes"]).env_clear().envs(site.environment());
    first.current_dir(site.path("")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut first = first.spawn().unwrap();
    until("hal runs", || site.effects().iter().any(|each| each.starts_with("hal deploy apply")));
    kill_process(Pid::from_child(&first), Signal::KILL).unwrap();
    first.wait().unwrap();
    exits(&site.apply(&[]), 0);
    let applies = site.effects().into_iter().filter(|each| each.starts_with("hal deploy apply")).count();
    assert_eq!(applies, 2, "each stage once");
    exits(&site.run_as(HAL, &["apply", "--answers", "answers.yml", "--yes"]), 0);
}

#[test]
fn state_that_belongs_to_somebody_else_is_a_clear_message_and_nothing_is_changed() {
    let site = Site::new();
    open_to_all(site.path("").as_path());
    exits(&site.run(&["apply", "--answers", "answers.yml", "--yes", "--only", "configure"]), 0);
    let before = (site.profile("gate-local.yml"), site.effects());
    let apply = site.run_as(OTHER, &["apply", "--answers", "answers.yml", "--yes"]);
    exits(&apply, 12);
    assert!(
        said(&apply).contains("State cannot be written") && said(&apply).contains("--state-dir"),
        "{}",
        said(&apply)
    );
    let status = site.run_as(OTHER, &["status"]);
    exits(&status, 12);
    assert!(said(&status).contains("Permission denied"), "{}", said(&status));
    assert_eq!((site.profile("gate-local.yml"), site.effects()), before);
}

#[test]
fn read_only_state_can_be_looked_at_and_stops_what_would_write() {
    let site = Site::new();
    open_to_all(site.path("").as_path());
    give(&site.hal_dir(), HAL);
    exits(&site.apply(&["--only", "configure"]), 0);
    for entry in std::fs::read_dir(site.state()).unwrap().flatten() {
        let mode = if entry.path().is_dir() { 0o555 } else { 0o444 };
        std::fs::set_permissions(entry.path(), std::fs::Permissions::from_mode(mode)).unwrap();
    }
    for dir in [site.state(), site.state().parent().unwrap().to_path_buf()] {
        std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o555)).unwrap();
    }
    let journal = std::fs::read(site.state().join("journal.jsonl")).unwrap();
    let status = site.run_as(OTHER, &["status", "--format", "json"]);
    assert!(said(&status).contains("enables the plugin"), "{}", said(&status));
    let apply = site.run_as(OTHER, &["apply", "--answers", "answers.yml", "--yes"]);
    exits(&apply, 12);
    assert!(said(&apply).contains("State cannot be written"), "{}", said(&apply));
    assert_eq!(std::fs::read(site.state().join("journal.jsonl")).unwrap(), journal);
}

/// A file may grow to this many blocks of 512 bytes and no further, as on a disk that is full.
fn apply_with_room_for(site: &Site, blocks: u32) -> std::process::Output {
    let program = support::program();
    let script = format!(
        "trap '' XFSZ; ulimit -f {blocks}; exec {program} apply --answers answers.yml --yes --only configure"
    );
    let mut command = std::process::Command::new("dash");
    command.args(["-c", &script]).env_clear().envs(site.environment()).stdin(Stdio::null());
    command.current_dir(site.path("")).output().unwrap()
}

#[test]
fn a_full_disk_stops_before_the_change_and_the_next_run_goes_on() {
    let site = Site::new();
    let before = ["gate-local.yml", "clouddriver-local.yml"].map(|name| site.profile(name));
    // The first record of the journal does not fit: no half of it stays, and nothing was begun.
    let full = apply_with_room_for(&site, 2);
    exits(&full, 12);
    assert!(said(&full).contains("could not be written: File too large"), "{}", said(&full));
    assert!(said(&full).contains("Make room"), "{}", said(&full));
    assert_eq!(std::fs::read(site.state().join("journal.jsonl")).unwrap(), b"");
    assert_eq!(["gate-local.yml", "clouddriver-local.yml"].map(|name| site.profile(name)), before);
    let after = site.apply(&["--only", "configure"]);
    exits(&after, 0);
    assert!(site.profile("gate-local.yml").contains("Armory.AWSCATsOnEvent"));
    exits(&site.run(&["undo", "--yes"]), 0);
    assert_eq!(["gate-local.yml", "clouddriver-local.yml"].map(|name| site.profile(name)), before);
}

#[test]
fn attach_shows_the_running_deploy_at_once_and_resume_asks_first() {
    let site = Site::new();
    killed_while_hal_runs(&site);
    let mut resume = site.pty(&["resume"], (80, 24));
    resume.wait("An installation is unfinished");
    resume.send("\u{3}");
    resume.until("it asks", |screen| screen.contains("Leave?") || screen.contains("The deploy runs"));
    resume.send("\u{3}");
    resume.exit();
    let mut attach = site.pty(&["attach"], (80, 24));
    attach.until("the run, without a question first", |screen| {
        assert!(!screen.contains("An installation is unfinished"), "{screen}");
        screen.contains("Installing") || screen.contains("> [ Finish ]")
    });
    attach.wait("> [ Finish ]");
    attach.press_until("\r", "Done.");
    assert_eq!(attach.exit(), 0);
}
