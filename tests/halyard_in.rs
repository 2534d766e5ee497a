//! A Halyard that runs elsewhere: in a container, a pod, on another machine, as another user. Files, hal, its daemon
//! and kubectl are reached there; by answers, by keys, and back to the byte.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::fs;

use support::count;
use support::far::{FarSite, PLACES};
use support::site::{HAL, exits, said};
use support::walk::{ENTER, RIGHT, SPACE, TAB, endpoint_and_delivery};

#[test]
fn each_place_is_worked_in_by_answers_twice_changes_nothing_and_undo_gives_the_bytes_back() {
    support::side_by_side(&PLACES, |place| {
        let far = FarSite::new(place);
        let before = far.files();
        let plan = far.run(&["plan", "--answers", "answers.yml"]);
        exits(&plan, 13);
        let text = said(&plan);
        assert!(text.contains(&format!("good: Where Halyard runs: {place}, as 20002")), "{text}");
        assert!(text.contains("good: Halyard daemon: answers"), "{text}");
        assert!(text.contains("the daemon reads this one"), "{text}");
        assert_eq!(far.files(), before, "a plan changes nothing");
        assert!(!far.home().exists(), "a plan leaves nothing");
        exits(&far.apply(&[]), 0);
        let effects = far.effects();
        assert_eq!(count(&effects, "hal deploy apply"), 2, "{effects:?}");
        let changed: Vec<_> = far.files().into_iter().filter(|file| !before.contains(file)).collect();
        assert_eq!(changed.len(), 2, "{place}");
        for (path, _, mode, owner) in &changed {
            let former = before.iter().find(|file| file.0 == *path).map(|file| (file.2, file.3));
            assert_eq!(Some((*mode, *owner)), former, "{}", path.display());
        }
        // The journal is here; there, that it is.
        assert!(far.state().join("journal.jsonl").exists());
        assert!(!far.home().join("journal.jsonl").exists());
        let note = fs::read_to_string(far.home().join("state-dir")).unwrap();
        assert!(note.contains(&format!(":{} (user ", far.state().display())), "{note}");
        // By hand, as it stands there: a real shell, the same stand-ins.
        let rollback = fs::read_to_string(far.state().join("ROLLBACK.txt")).unwrap();
        assert!(
            rollback.contains(&format!("# With the wizard: event-cache-wizard undo --halyard-in {place}")),
            "{rollback}"
        );
        let written = far.files();
        let by_hand: Vec<&str> = rollback.lines().filter(|line| line.contains("sha256sum")).collect();
        assert_eq!(by_hand.len(), 2, "{rollback}");
        for line in by_hand {
            let mut shell = std::process::Command::new("sh");
            shell.args(["-c", line]).env_clear().envs(far.environment());
            exits(&shell.output().unwrap(), 0);
        }
        assert_eq!(far.files(), before, "{rollback}");
        for (path, bytes, ..) in &written {
            fs::write(path, bytes).unwrap();
        }
        let again = far.apply(&[]);
        exits(&again, 0);
        assert!(said(&again).contains("Unchanged"), "{}", said(&again));
        assert_eq!(far.effects(), effects);
        let status = far.flagged(&["status"]);
        assert!(said(&status).contains("enables the plugin"), "{}", said(&status));
        let undo = far.flagged(&["undo", "--yes"]);
        exits(&undo, 0);
        assert_eq!(far.files(), before, "{place}: {}", said(&undo));
        assert!(!far.site.path("there/pwned").exists() && !far.site.path("pwned").exists());
        // Whoever backs the hal directory up reads all of it.
        let mut theirs = support::site::as_user(HAL, "find");
        let unreadable = theirs.arg(far.hal_dir()).args(["!", "-readable"]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&unreadable.stdout), "");
    });
}

#[test]
fn a_place_that_cannot_be_reached_is_said_with_what_to_do_and_nothing_is_begun() {
    let far = FarSite::new("docker:gone");
    let before = far.files();
    for arguments in
        [&["plan", "--answers", "answers.yml"][..], &["apply", "--answers", "answers.yml", "--yes"]]
    {
        let run = far.run(arguments);
        exits(&run, 3);
        let text = said(&run);
        assert!(text.contains("the container gone cannot be reached"), "{text}");
        assert!(text.contains("No such container: gone") && text.contains("docker ps"), "{text}");
    }
    assert_eq!(far.files(), before);
    let wrong = far.run(&["status", "--halyard-in", "docker:-v /:/x"]);
    exits(&wrong, 3);
    assert!(said(&wrong).contains("Name the container"), "{}", said(&wrong));
}

#[test]
fn state_that_another_machine_or_a_wizard_over_there_keeps_is_not_begun_beside() {
    let far = FarSite::new("docker:halyard");
    fs::create_dir_all(far.home()).unwrap();
    fs::write(far.home().join("state-dir"), "laptop:/home/ann/x (user ann, 0123456789abcdef)\n").unwrap();
    let run = far.apply(&[]);
    exits(&run, 12);
    assert!(said(&run).contains("kept in laptop:/home/ann/x (user ann, 0123456789abcdef)"), "{}", said(&run));
    fs::remove_file(far.home().join("state-dir")).unwrap();
    fs::write(far.home().join("journal.jsonl"), "{}\n").unwrap();
    let run = far.apply(&[]);
    exits(&run, 12);
    assert!(said(&run).contains("by a wizard that ran there"), "{}", said(&run));
    assert_eq!(count(&far.effects(), "hal"), 0);
}

#[test]
fn what_is_found_running_is_chosen_by_keys_and_worked_in_to_the_end() {
    support::side_by_side(
        &["docker:halyard", "pod:spinnaker/halyard-0@prod", "ssh:far", "sudo:spinnaker"],
        |place| {
            let far = FarSite::new(place);
            let before = far.files();
            let mut pty = far.pty(&["--region", "us-west-2"], (100, 40));
            pty.wait("( ) docker:halyard");
            pty.wait("( ) pod:spinnaker/halyard-0@prod");
            assert!(!pty.screen().contains("redis"), "{}", pty.screen());
            if place.starts_with("docker") || place.starts_with("pod") {
                pty.move_until("\u{1b}[Z", &format!("> ( ) {place}"));
                pty.send(SPACE);
            } else {
                // What cannot be found is typed.
                pty.move_until("\u{1b}[Z", "> Halyard runs in");
                pty.send(place);
                pty.send(ENTER);
            }
            pty.wait(&format!("Where Halyard runs: {place}"));
            pty.wait("Halyard daemon: answers");
            pty.move_until(TAB, "> [ ] I have read this");
            // Opening the state of this place takes a moment, and puts the focus back where it begins.
            pty.press_until(SPACE, "> [x] I have read this");
            pty.move_until(TAB, "> [ Next: Version ]");
            pty.insist(ENTER, "Which plugin version fits");
            // Over a line everything takes its time: nothing is pressed before it is there.
            pty.wait("Plugin zip: answers");
            pty.insist(ENTER, "What the two profiles will say");
            pty.wait("lines to insert");
            pty.insist(ENTER, "Gate first, then Clouddriver");
            let line = match place.split(':').next() {
                Some("docker") => "docker exec -i halyard",
                Some("pod") => "kubectl --context prod exec -i",
                Some("ssh") => "ssh -T -o",
                _ => "sudo -n -H -u spinnaker --",
            };
            pty.wait(line);
            pty.send(ENTER);
            pty.at("user/operator", ENTER);
            pty.at("does not exist yet", ENTER);
            endpoint_and_delivery(&mut pty, &far.site.gate.url("/aws/notify"));
            pty.press_until(ENTER, "> [ Go back ]");
            pty.send(RIGHT);
            pty.wait("> [ Begin ]");
            pty.leave(ENTER, "> [ Begin ]");
            pty.wait("> [ Finish ]");
            // What comes back here names the place.
            pty.wait(&format!("--halyard-in {}", if place.contains('@') { "" } else { place }));
            pty.send(ENTER);
            assert_eq!(pty.exit(), 0);
            assert_eq!(count(&far.effects(), "hal deploy apply"), 2);
            assert_ne!(far.files(), before);
            let undo = far.flagged(&["undo", "--yes"]);
            exits(&undo, 0);
            assert_eq!(far.files(), before, "{}", said(&undo));
        },
    );
}

#[test]
fn a_pod_that_took_the_former_ones_place_is_gone_on_with_by_the_state_that_is_named() {
    let far = FarSite::new("docker:halyard");
    let before = far.files();
    exits(&far.apply(&[]), 0);
    let state = far.state().display().to_string();
    // The same Halyard under another name: sudo leads to the same directory.
    let other = ["--halyard-in", "sudo:spinnaker", "--region", "us-west-2"];
    let with = |more: &[&'static str]| more.iter().chain(&other).copied().collect::<Vec<_>>();
    let refused = far.run(&with(&["undo", "--yes"]));
    exits(&refused, 12);
    assert!(said(&refused).contains(&format!("--state-dir '{state}'")), "{}", said(&refused));
    let mut undo = vec!["undo", "--yes", "--state-dir", state.as_str()];
    undo.extend(other);
    let undo = far.run(&undo);
    exits(&undo, 0);
    assert_eq!(far.files(), before, "{}", said(&undo));
}

#[test]
fn a_wizard_over_there_is_told_where_the_state_is_and_cannot_be_sent_there_by_its_name() {
    let far = FarSite::new("docker:halyard");
    exits(&far.apply(&[]), 0);
    let hal_dir = far.hal_dir().display().to_string();
    let note = fs::read_to_string(far.home().join("state-dir")).unwrap();
    for more in [&[][..], &["--state-dir", note.trim()]] {
        let mut arguments = vec!["status", "--hal-dir", hal_dir.as_str()];
        arguments.extend(more);
        let own = far.site.run(&arguments);
        exits(&own, 12);
        assert!(said(&own).contains("go on there"), "{}", said(&own));
    }
}

#[test]
fn a_bundle_holds_the_logs_that_stand_over_there() {
    let far = FarSite::new("ssh:far");
    exits(&far.apply(&[]), 0);
    exits(&far.flagged(&["bundle", "--out", "bundle.json"]), 0);
    let text = fs::read_to_string(far.site.path("bundle.json")).unwrap();
    let bundle: serde_json::Value = serde_json::from_str(&text).unwrap();
    let logs = bundle["logs"].as_array().unwrap();
    assert_eq!(logs.len(), 2, "{logs:?}");
    assert!(logs.iter().all(|log| log[1].to_string().contains("Apply deployment")), "{logs:?}");
}
