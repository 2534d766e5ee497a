//! Every screen at 80x24, 120x40, and in ASCII without colour; scripts of the main ways through.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use ecw_drive::headless::Headless;
use ecw_drive::play::{Finished, Frames, Player};
use ecw_drive::script;
use ecw_rehearsal::in_process::InProcess;
use ecw_wizard::Exit;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::values::answers::{Key, Provenance};
use ecw_world::Fault;
use support::flows::split_frames;

fn play(name: &str, size: (u16, u16), faults: &[Fault]) -> Finished {
    let text =
        std::fs::read_to_string(format!("{}/../../tests/scripts/{name}.txt", env!("CARGO_MANIFEST_DIR")))
            .unwrap();
    play_text(&text, size, faults)
}

fn play_text(text: &str, size: (u16, u16), faults: &[Fault]) -> Finished {
    play_given(text, size, faults, &[])
}

fn play_given(text: &str, size: (u16, u16), faults: &[Fault], given: &[(Key, &str)]) -> Finished {
    let world = InProcess::new(faults.iter().copied());
    let given = given.iter().map(|(key, value)| (*key, (*value).to_owned(), Provenance::AnswersFile));
    let stage = Headless::new(world, support::setup(Mode::Operator), given.collect(), size);
    Player::new(stage, Frames::Last).play(&script::parse(text).unwrap())
}

fn done(finished: &Finished) -> &str {
    assert_eq!(finished.exit, Exit::Done, "{}", finished.output);
    &finished.output
}

/// One frame a file, so that a label that changes shows up where it stands and nowhere else.
fn each_frame(of: &str, text: &str) {
    for (title, frame) in split_frames(text) {
        insta::assert_snapshot!(format!("{of}__{title}"), frame);
    }
}

#[test]
fn the_main_flow_at_80x24() {
    each_frame("main_flow_80x24", done(&play("main_flow", (80, 24), &[])));
}

#[test]
fn the_main_flow_at_120x40() {
    each_frame("main_flow_120x40", done(&play("main_flow", (120, 40), &[])));
}

#[test]
fn several_targets() {
    each_frame("targets_80x24", done(&play("targets", (80, 24), &[])));
    each_frame("targets_120x40", done(&play("targets", (120, 40), &[])));
}

#[test]
fn the_main_flow_in_ascii() {
    let text =
        std::fs::read_to_string(format!("{}/../../tests/scripts/main_flow.txt", env!("CARGO_MANIFEST_DIR")))
            .unwrap();
    let finished = play_text(&format!("<f4>\n{text}"), (80, 24), &[]);
    let output = done(&finished);
    assert!(output.is_ascii(), "{:?}", output.chars().find(|each| !each.is_ascii()));
    each_frame("main_flow_ascii", output);
}

#[test]
fn the_same_script_gives_the_same_bytes_twice() {
    assert_eq!(play("main_flow", (100, 30), &[]), play("main_flow", (100, 30), &[]));
}

#[test]
fn not_from_here() {
    each_frame("not_from_here", done(&play("not_from_here", (80, 24), &[Fault::Expired])));
}

#[test]
fn help_scrolls_to_its_end_and_esc_leads_from_no_run_to_its_review() {
    done(&play("esc_in_a_run", (80, 24), &[]));
}

#[test]
fn a_killed_run_is_resumed() {
    each_frame("resumed", done(&play("resume", (80, 24), &[])));
}

#[test]
fn back_and_forward_keeps_what_was_typed_even_if_it_is_wrong() {
    let finished = play("typing", (80, 24), &[]);
    assert_eq!(finished.exit, Exit::Interrupted, "{}", finished.output);
    each_frame("typing", &finished.output);
}

#[test]
fn each_failure_of_the_install_chapter_is_told_apart() {
    for (fault, wait) in [
        ("apply-invalid", "Failed to ensure the required bucket"),
        ("apply-kubectl", "Failed check for"),
        ("apply-timeout", "gave up"),
        ("apply-nothing", "says done, but"),
        ("zip-gone", "Plugin zip"),
        ("version-gone", "silently"),
        ("no-credentials", "No AWS credentials"),
        ("sns-denied", "does not allow"),
    ] {
        let text = include_str!("../../../tests/scripts/to_failure.txt").replace("WAIT", wait);
        // What becomes of delivery is decided already, so that Enter alone leads to the failure.
        let given = [(Key::ConfigDelivery, "check")];
        let finished = play_given(&text, (80, 24), &[Fault::parse(fault).unwrap()], &given);
        each_frame(&format!("failure_{}", fault.replace('-', "_")), done(&finished));
    }
}

#[test]
fn a_daemon_that_does_not_answer_stops_a_deploy_and_the_profiles_alone_are_offered() {
    let script = "wait \"does not answer\" within 30s\n<enter>\nsnapshot stopped\n<backtab*2> <space> <tab> <space>\nexpect \"[x] I have read this\"\nexpect \"[ ] Run hal deploy apply\"\nsnapshot files_alone\n<tab> <enter>\nexpect \"Which plugin version\"\n<enter*2>\nexpect \"hal deploy diff: could not be asked\"\n";
    let finished = play_text(script, (80, 24), &[Fault::DaemonDown]);
    each_frame("failure_daemon_down", done(&finished));
}

#[test]
fn a_pending_spinnaker_version_stops_the_plan_until_it_is_decided() {
    let script = "wait \"Halyard daemon: answers\" within 30s\n<enter>\n<space>\n<tab> <enter>\n<enter*2>\nexpect \"What is deployed\"\n<enter>\nexpect \"Decide that first\"\nexpect \"> [ ] Allow these changes to go out too\"\nsnapshot stopped\n";
    each_frame("pending_version", done(&play_text(script, (120, 40), &[Fault::PendingVersion])));
}

#[test]
fn a_small_terminal_says_so_and_keeps_state() {
    let script = "wait \"Halyard daemon: answers\"\nresize 60x15\nexpect \"Is this the Spinnaker\"\nresize 59x14\nexpect \"Terminal is 59x14, needs 60x15\"\nresize 0x0\nresize 1x1\nresize 80x24\nexpect \"Is this the Spinnaker\"\n";
    done(&play_text(script, (80, 24), &[]));
}
