//! This user's defaults, and commands that are played on a rehearsal.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

use support::count;
use support::site::{Site, effects_of, exits, said};

#[test]
fn a_default_holds_where_nothing_was_said_and_what_is_wrong_with_the_file_is_named() {
    let site = Site::new();
    let dir = site.path(".config/event-cache-wizard");
    fs::create_dir_all(&dir).unwrap();
    let file = dir.join("config.yml");
    let region = |more: &[&str]| {
        let mut arguments = vec!["answers"];
        arguments.extend(more);
        said(&site.run(&arguments))
    };
    fs::write(&file, "region: eu-central-1\n").unwrap();
    assert!(region(&[]).contains("eu-central-1'  # from"), "{}", region(&[]));
    assert!(region(&["--region", "us-east-2"]).contains("us-east-2'  # from"), "a flag is stronger");
    let output = site.command(&["answers"]).env("AWS_REGION", "us-east-1").output().unwrap();
    assert!(said(&output).contains("us-east-1'  # from"), "so is the environment: {}", said(&output));

    let refused = |text: &str, mode: u32, code: i32| {
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let output = site.run(&["answers"]);
        exits(&output, code);
        let said = said(&output);
        assert!(said.contains(&file.display().to_string()), "{said}");
        said
    };
    assert!(refused("regoin: eu-west-1\n", 0o600, 2).contains("did you mean region?"));
    assert!(refused("region: Mars\n", 0o600, 12).contains("AWS region"));
    assert!(refused("hal: my-hal\n", 0o666, 2).contains("others may write to it"));
    // HOME may be another user's: sudo keeps it.
    if rustix::process::geteuid().is_root() {
        fs::write(&file, "region: eu-central-1\n").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        std::os::unix::fs::chown(&file, Some(20_003), Some(20_003)).unwrap();
        assert!(
            region(&[]).contains("is another user's") && !region(&[]).contains("eu-central-1"),
            "{}",
            region(&[])
        );
    }
    let elsewhere = site.path("other.yml");
    fs::write(&elsewhere, "region: eu-north-1\n").unwrap();
    let output = site.command(&["answers"]).env("EVENT_CACHE_WIZARD_CONFIG", &elsewhere).output().unwrap();
    assert!(said(&output).contains("eu-north-1'  # from"), "{}", said(&output));
}

#[test]
fn commands_are_played_on_a_rehearsal_that_is_named_from_the_plan_to_the_undo() {
    let dir = tempfile::tempdir().unwrap();
    let rehearsal = dir.path().join("first").display().to_string();
    let play = |words: &[&str]| -> Output {
        let mut command = Command::new(support::program());
        command.args(["rehearse", "--dir", &rehearsal, "--speed", "240"]).args(words);
        // Nothing of Halyard and AWS is there.
        command.env_clear().env("HOME", dir.path()).env("PATH", "/nowhere").output().unwrap()
    };
    exits(&play(&["plan"]), 13);
    exits(&play(&["status"]), 8);
    exits(&play(&["apply", "--yes"]), 0);
    let again = play(&["apply", "--yes"]);
    exits(&again, 0);
    assert!(said(&again).contains("Unchanged"), "{}", said(&again));
    exits(&play(&["plan"]), 0);
    exits(&play(&["status"]), 0);
    exits(&play(&["undo"]), 13);
    exits(&play(&["undo", "--yes"]), 0);
    exits(&play(&["status"]), 8);
    let world = fs::read_to_string(dir.path().join("first/world.json")).unwrap();
    let world: serde_json::Value = serde_json::from_str(&world).unwrap();
    let address = world["address"].as_str().unwrap();
    assert_eq!(count(&effects_of(address), "hal deploy apply"), 4);
    ecw_wire::world_process::stop(address);

    for (words, why) in [(&["schema"][..], "is not played on stand-ins"), (&["pla"], "is not played")] {
        let output = play(words);
        exits(&output, 2);
        assert!(said(&output).contains(why), "{}", said(&output));
    }
    let nowhere = Command::new(support::program()).args(["rehearse", "plan"]).output().unwrap();
    exits(&nowhere, 2);
    assert!(said(&nowhere).contains("rehearse --dir rehearsal plan"), "{}", said(&nowhere));
}
