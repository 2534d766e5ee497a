//! The real program on a real pseudo-terminal, with real signals, on the wire rehearsal.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::path::{Path, PathBuf};

use rustix::process::{Pid, Signal, kill_process};
use support::pty::Pty;

const ENTER: &str = "\r";
const TAB: &str = "\t";
const SPACE: &str = " ";
const RIGHT: &str = "\u{1b}[C";
const CTRL_C: &str = "\u{3}";

fn rehearse(dir: &Path, speed: &str) -> Pty {
    Pty::start(&["rehearse", "--dir", dir.to_str().unwrap(), "--speed", speed], &[], (80, 24))
}

/// Ends the world and whatever still runs in a directory.
struct Cleanup(PathBuf);

impl Drop for Cleanup {
    fn drop(&mut self) {
        let text = std::fs::read_to_string(self.0.join("world.json")).unwrap_or_default();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        if let Some(address) = value.get("address").and_then(serde_json::Value::as_str) {
            event_cache_wizard::rehearsal::world_process::stop(address);
        }
    }
}

/// Walks the questions up to the last one.
fn to_review(pty: &mut Pty) {
    pty.at("Halyard daemon: answers", ENTER);
    pty.at("> [ ] I have read this", SPACE);
    pty.at("> [x] I have read this", TAB);
    pty.at("> [ Next: Version ]", ENTER);
    pty.at("Plugin zip: answers", ENTER);
    pty.at("What the two profiles will say", ENTER);
    pty.at("Gate first, then Clouddriver", ENTER);
    pty.at("user/operator", ENTER);
    pty.at("does not exist yet", ENTER);
    pty.at("trusted authority", ENTER);
    pty.at("Delivery channel: publishes to no topic", ENTER);
    pty.wait("> [ Go ahead ]");
    pty.press_until(ENTER, "> [ Go back ]");
}

fn begin(pty: &mut Pty) {
    pty.send(RIGHT);
    pty.wait("> [ Begin ]");
    pty.press_until(ENTER, "Installing");
}

fn profile(dir: &Path, name: &str) -> String {
    std::fs::read_to_string(dir.join("hal/default/profiles").join(name)).unwrap()
}

fn no_signal_reached_hal(dir: &Path) {
    assert!(!dir.join("hal-signals.log").exists(), "a signal reached hal");
}

#[test]
fn the_whole_job_by_keys_from_the_first_screen_to_the_summary() {
    let dir = tempfile::tempdir().unwrap();
    let _cleanup = Cleanup(dir.path().to_path_buf());
    let mut pty = rehearse(dir.path(), "60");
    to_review(&mut pty);
    assert_eq!(
        profile(dir.path(), "clouddriver-local.yml"),
        include_str!("../assets/rehearsal/clouddriver-local.yml")
    );
    begin(&mut pty);
    pty.wait("Safe to disconnect");
    // Smaller than it can draw, and back, while the job runs.
    pty.resize(60, 15);
    pty.wait("needs 80x24. Enlarge it");
    pty.resize(80, 24);
    pty.wait("Installing");
    pty.wait("Gate has confirmed its SNS subscription");
    pty.at("> [ Finish ]", ENTER);
    assert_eq!(pty.exit(), 0);
    assert!(!pty.alternate(), "the terminal was not given back");
    assert!(
        pty.screen().contains("arn:aws:sns:us-west-2:123456789012:spinnaker-event-cache"),
        "{}",
        pty.screen()
    );
    let expected = format!(
        "{}spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        enabled: true\n        version: 0.2.1\n    repositories:\n      awsEventCache:\n        enabled: true\n        url: https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/repositories.json\n",
        include_str!("../assets/rehearsal/clouddriver-local.yml")
    );
    assert_eq!(profile(dir.path(), "clouddriver-local.yml"), expected);
    assert_eq!(
        profile(dir.path(), "gate-local.yml"),
        include_str!("../assets/rehearsal/gate-local.yml")
            .replace("      Armory.Integration:", "      Armory.AWSCATsOnEvent:")
    );
    let mut names: Vec<_> = std::fs::read_dir(dir.path().join("hal/default/profiles"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["clouddriver-local.yml", "gate-local.yml", "orca-local.yml"],
        "something was left in profiles/"
    );
    no_signal_reached_hal(dir.path());
}

#[test]
fn not_from_here_ends_with_the_exact_commands_for_somebody_else() {
    let dir = tempfile::tempdir().unwrap();
    let _cleanup = Cleanup(dir.path().to_path_buf());
    let mut pty = Pty::start(
        &["rehearse", "--dir", dir.path().to_str().unwrap(), "--speed", "60", "--fault", "expired"],
        &[("NO_COLOR", "1"), ("LANG", "C")],
        (120, 40),
    );
    pty.at("Halyard daemon: answers", ENTER);
    pty.at("> [ ] I have read this", SPACE);
    pty.at("> [x] I have read this", TAB);
    pty.at("> [ Next: Version ]", ENTER);
    pty.at("Plugin zip: answers", ENTER);
    pty.at("What the two profiles will say", ENTER);
    pty.at("Gate first, then Clouddriver", ENTER);
    pty.wait("The AWS session has expired");
    for _ in 0..4 {
        pty.send(TAB);
    }
    pty.at("> [ Not from here ]", ENTER);
    pty.wait("> [ Go ahead ]");
    pty.press_until(ENTER, "> [ Go back ]");
    begin(&mut pty);
    pty.wait("aws sns subscribe --region us-west-2");
    pty.wait("/aws/notify");
    pty.at("> [ Finish ]", ENTER);
    assert_eq!(pty.exit(), 0);
}

/// Returns the wizard that works in a directory.
fn wizard_of(dir: &Path) -> Pid {
    let text = std::fs::read_to_string(dir.join("hal/.event-cache-wizard/default/lock")).unwrap();
    let holder: serde_json::Value = serde_json::from_str(&text).unwrap();
    Pid::from_raw(i32::try_from(holder["process"]["pid"].as_i64().unwrap()).unwrap()).unwrap()
}

#[test]
fn a_dropped_line_during_the_deploy_ends_the_screen_at_once_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let _cleanup = Cleanup(dir.path().to_path_buf());
    let arguments = format!("rehearse --dir {} --speed 20", dir.path().display());
    let mut pty = Pty::behind_a_line(&arguments, (80, 24));
    to_review(&mut pty);
    begin(&mut pty);
    pty.wait("Deploy spin-gate");
    let wizard = wizard_of(dir.path());
    let line = Pid::from_raw(i32::try_from(pty.child.process_id().unwrap()).unwrap()).unwrap();
    kill_process(line, Signal::KILL).unwrap();
    let gone = || std::fs::metadata(format!("/proc/{}", wizard.as_raw_nonzero())).is_err();
    let end = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while !gone() {
        assert!(std::time::Instant::now() < end, "the wizard outlives its terminal");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    // Another terminal: the unfinished run comes first, nothing goes on silently.
    let mut pty = rehearse(dir.path(), "20");
    pty.wait("An installation is unfinished");
    pty.wait("> [ Attach");
    pty.press_until(ENTER, "Installing");
    pty.at("> [ Finish ]", ENTER);
    assert_eq!(pty.exit(), 0);
    no_signal_reached_hal(dir.path());
}

#[test]
fn kill_9_of_screen_and_supervisor_at_odd_moments_leads_to_the_same_end() {
    let rounds = std::env::var("ECW_KILL_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(4);
    for round in 0..rounds {
        let dir = tempfile::tempdir().unwrap();
        let _cleanup = Cleanup(dir.path().to_path_buf());
        let mut pty = rehearse(dir.path(), "60");
        to_review(&mut pty);
        begin(&mut pty);
        let moments =
            ["Deploy spin-gate", "Waiting for gate", "Deploy spin-clouddriver", "Safe to disconnect"];
        pty.wait(moments[round % moments.len()]);
        if round % 3 == 2 {
            kill_supervisor(dir.path());
        }
        let pid = Pid::from_raw(i32::try_from(pty.child.process_id().unwrap()).unwrap()).unwrap();
        kill_process(pid, Signal::KILL).unwrap();
        pty.exit();
        let mut pty = rehearse(dir.path(), "60");
        pty.wait("An installation is unfinished");
        pty.until("it goes on", |screen| !screen.is_empty());
        while pty.screen().contains("An installation is unfinished") {
            pty.send(ENTER);
            std::thread::sleep(std::time::Duration::from_millis(400));
        }
        pty.until("the summary, or a question about a deploy that nobody saw end", |screen| {
            screen.contains("Gate has confirmed")
                || screen.contains("> [ Apply again ]")
                || screen.contains("Nobody knows")
        });
        if pty.screen().contains("Nobody knows") {
            // The supervisor was killed, so nobody saw hal end: applying again is offered, and safe.
            pty.wait("> [ Apply again ]");
            pty.press_until(ENTER, "Running for");
        }
        pty.at("> [ Finish ]", ENTER);
        assert_eq!(pty.exit(), 0, "round {round}");
        no_signal_reached_hal(dir.path());
    }
}

fn kill_supervisor(dir: &Path) {
    let state = dir.join("hal/.event-cache-wizard/default");
    for entry in std::fs::read_dir(state).unwrap().flatten() {
        let Ok(text) = std::fs::read_to_string(entry.path().join("owner")) else { continue };
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let pid = i32::try_from(value["pid"].as_i64().unwrap()).unwrap();
        let _ = kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL);
    }
}

#[test]
fn ctrl_c_asks_while_asking_and_detaches_while_the_job_runs() {
    let dir = tempfile::tempdir().unwrap();
    let _cleanup = Cleanup(dir.path().to_path_buf());
    let mut pty = rehearse(dir.path(), "10");
    pty.at("Next: Version", CTRL_C);
    pty.wait("Nothing has been changed yet");
    pty.send(CTRL_C);
    assert_eq!(pty.exit(), 130);
    assert!(!pty.alternate());

    let mut pty = rehearse(dir.path(), "10");
    to_review(&mut pty);
    begin(&mut pty);
    pty.at("Deploy spin-gate", CTRL_C);
    pty.at("> [ Detach ]", ENTER);
    assert_eq!(pty.exit(), 10);
    assert!(pty.screen().contains("The deploy goes on"), "{}", pty.screen());

    // A second one who looks in while somebody works is told who does.
    let mut first = rehearse(dir.path(), "10");
    first.wait("An installation is unfinished");
    let mut second = rehearse(dir.path(), "10");
    assert_eq!(second.exit(), 11);
    assert!(second.screen().contains("Another event-cache-wizard works here"), "{}", second.screen());
    let pid = Pid::from_raw(i32::try_from(first.child.process_id().unwrap()).unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    assert_eq!(first.exit(), 143);
    assert!(!first.alternate(), "SIGTERM left the alternate screen up");
    no_signal_reached_hal(dir.path());
}

#[test]
fn an_idle_screen_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let _cleanup = Cleanup(dir.path().to_path_buf());
    let mut pty = rehearse(dir.path(), "10");
    pty.wait("Halyard daemon: answers");
    pty.at("> [ Next: Version ]", TAB);
    pty.wait("> [ Check again ]");
    let (before, begin) = (pty.written(), std::time::Instant::now());
    // Not a wait for something: the time in which nothing may be written.
    while begin.elapsed() < std::time::Duration::from_secs(3) {
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert_eq!(pty.written(), before);
    pty.send(CTRL_C);
    pty.wait("Leave?");
    pty.send(CTRL_C);
    pty.exit();
}
