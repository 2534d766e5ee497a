//! The real program on a real pseudo-terminal, with real signals, on the wire rehearsal.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use rustix::process::{Pid, Signal, kill_process};
use support::pty::Pty;
use support::walk::*;

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
    pty.resize(59, 14);
    pty.wait("needs 60x15. Enlarge it");
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
    profiles_are_as_wanted(dir.path());
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
fn not_from_here_ends_with_what_somebody_else_needs() {
    let dir = tempfile::tempdir().unwrap();
    let _cleanup = Cleanup(dir.path().to_path_buf());
    let mut pty = Pty::start(
        &["rehearse", "--dir", dir.path().to_str().unwrap(), "--speed", "60", "--fault", "expired"],
        &[("NO_COLOR", "1"), ("LANG", "C")],
        (120, 40),
    );
    to_aws(&mut pty);
    pty.wait("The AWS session has expired");
    for _ in 0..5 {
        pty.send(TAB);
    }
    pty.at("> [ Not from here ]", ENTER);
    pty.wait("> [ Go ahead ]");
    pty.press_until(ENTER, "> [ Go back ]");
    begin(&mut pty);
    pty.wait("No events will arrive yet: SNS is still to be set up.");
    pty.wait("event-cache-wizard resume --receipt receipt.json");
    pty.at("> [ Finish ]", ENTER);
    assert_eq!(pty.exit(), 0);
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

    let mut again = rehearse(dir.path(), "10");
    again.wait("An installation is unfinished");
    let pid = Pid::from_raw(i32::try_from(again.child.process_id().unwrap()).unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    assert_eq!(again.exit(), 143);
    assert!(!again.alternate(), "SIGTERM left the alternate screen up");
    no_signal_reached_hal(dir.path());
}

#[test]
fn a_second_operator_reads_along_live_and_takes_over_after_being_asked() {
    let dir = tempfile::tempdir().unwrap();
    let _cleanup = Cleanup(dir.path().to_path_buf());
    let mut first = rehearse(dir.path(), "10");
    to_review(&mut first);
    let mut second =
        Pty::start(&["rehearse", "--dir", dir.path().to_str().unwrap(), "--speed", "10"], &[], (120, 40));
    second.wait("Somebody else works here");
    second.wait("they are answering the questions");
    begin(&mut first);
    // What the first one does is seen as it is done.
    second.wait(" ✓  Write the plugin block into gate-local.yml");
    second.wait("Deploy spin-gate");
    second.at("> [ Leave ]", TAB);
    second.wait("> [ Take over ]");
    second.press_until(ENTER, "That wizard is asked to leave at once");
    second.at("> [ Keep reading along ]", RIGHT);
    second.wait("> [ Take over ]");
    second.press_until(ENTER, "An installation is unfinished");
    assert_eq!(first.exit(), 11);
    assert!(first.screen().contains("Taken over by"), "{}", first.screen());
    assert!(!first.alternate());
    second.wait("hal runs. Safe to disconnect");
    second.press_until(ENTER, "Installing");
    second.at("Deploy spin-gate", CTRL_C);
    second.at("> [ Detach ]", ENTER);
    assert_eq!(second.exit(), 10);
    no_signal_reached_hal(dir.path());
}

#[test]
fn an_idle_screen_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let _cleanup = Cleanup(dir.path().to_path_buf());
    let mut pty = rehearse(dir.path(), "10");
    pty.wait("Halyard daemon: answers");
    pty.at("> [ Next: Version ]", TAB);
    pty.wait("> [ Refresh ]");
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

#[test]
fn cancelling_names_its_consequence_asks_once_more_and_says_what_is_known() {
    let dir = tempfile::tempdir().unwrap();
    let _cleanup = Cleanup(dir.path().to_path_buf());
    let mut pty = rehearse(dir.path(), "10");
    to_review(&mut pty);
    begin(&mut pty);
    pty.at("Deploy spin-gate", CTRL_C);
    pty.wait("services may be left on mixed");
    pty.wait("> [ Detach ]");
    pty.send(RIGHT);
    pty.wait("> [ Stay ]");
    pty.send(RIGHT);
    pty.at("> [ Cancel the deploy ]", ENTER);
    pty.at("> [ Let it run ]", RIGHT);
    pty.wait("> [ Cancel the deploy ]");
    // Our own hal is told to stop, which asks the daemon to stop its own task, and nobody else's.
    pty.press_until(ENTER, "Deploy gate: nobody knows how it ended");
    pty.wait("What is known");
    pty.wait("> [ Apply again ]");
    pty.press_until(ENTER, "hal gives up");
    pty.at("Deploy spin-gate", CTRL_C);
    pty.at("> [ Detach ]", ENTER);
    assert_eq!(pty.exit(), 10);
    assert!(pty.screen().contains("all later steps wait until you come back"), "{}", pty.screen());
    let signals = std::fs::read_to_string(dir.path().join("hal-signals.log")).unwrap();
    assert_eq!(signals, "SignalKind(15)\n", "one signal, to our own hal");
}

#[test]
fn line_mode_asks_the_same_questions_one_after_the_other() {
    let dir = tempfile::tempdir().unwrap();
    let _cleanup = Cleanup(dir.path().to_path_buf());
    let at = dir.path().to_str().unwrap();
    let mut pty =
        Pty::start(&["rehearse", "--plain", "--dir", at, "--speed", "240"], &[("TERM", "dumb")], (100, 200));
    pty.wait("Step 1 of 13, Prerequisites: Is this the Spinnaker to work on?");
    pty.at("3) I have read this - no", "3\r");
    pty.at("3) I have read this - yes", "\r");
    for question in [
        "Step 2 of 13, Version",
        "Step 3 of 13, Profiles",
        "Step 4 of 13, Install plan",
        "Step 5 of 13, AWS identity",
        "Step 6 of 13, Topic",
        "Step 7 of 13, Endpoint",
        "Step 8 of 13, Delivery",
        "Step 9 of 13, Review",
    ] {
        pty.at(question, "");
        pty.settled();
        if question.ends_with("Delivery") {
            // It has no default: Enter alone says so, once, and without the page again.
            pty.send("\r");
            pty.wait("! Point the delivery channel at the topic, or leave it?");
            pty.settled();
            assert_eq!(pty.screen().matches(question).count(), 1, "{}", pty.screen());
            pty.send("2\r");
            pty.wait("2) Leave it as it is - chosen");
            pty.settled();
        }
        pty.send("\r");
    }
    pty.at("2) Begin", "2\r");
    pty.wait("Deploy gate: done");
    pty.wait("Step 13 of 13, Summary");
    pty.settled();
    pty.send("q\r");
    pty.at("2) Leave", "2\r");
    assert_eq!(pty.exit(), 0);
    profiles_are_as_wanted(dir.path());
    no_signal_reached_hal(dir.path());
}
