//! The real program, with the n-th system call failing for every n, a disk that is full from the n-th on,
//! and every process killed at every named point. The next start leads to the same end; nothing is lost,
//! nothing done twice, nothing left behind.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::process::Output;

use ecw_host::fail::Point;
use support::site::{Site, exits, said, within};
use support::{count, side_by_side};

const ENOSPC: i32 = 28;
const EIO: i32 = 5;
const PROFILES: [&str; 2] = ["gate-local.yml", "clouddriver-local.yml"];

/// `apply` with a fault; returns whether it came to it.
fn apply(site: &Site, name: &str, fault: &str, more: &[&str]) -> (Output, bool) {
    let note = site.path("note");
    let _ = std::fs::remove_file(&note);
    let mut arguments = vec!["apply", "--answers", "answers.yml", "--yes"];
    arguments.extend(more);
    let mut command = site.command(&arguments);
    command.env(format!("EVENT_CACHE_WIZARD_TEST_{name}"), fault).env("EVENT_CACHE_WIZARD_TEST_NOTE", &note);
    let output = within(120, &mut command);
    (output, note.exists())
}

/// Applies until it is done; an unknown end is told once and then looked at.
fn to_the_end(site: &Site, what: &str) {
    let mut last = String::new();
    for _ in 0..4 {
        let output = site.apply(&[]);
        if output.status.code() == Some(0) {
            return;
        }
        assert_eq!(output.status.code(), Some(6), "{what}: {}", said(&output));
        last = said(&output);
    }
    panic!("{what} does not end: {last}");
}

/// Nothing of ours is left under a staging name, in the profiles or in our own directory.
fn nothing_is_left(site: &Site, what: &str) {
    for dir in [site.hal_dir().join("default/profiles"), site.state(), site.state().join("backups")] {
        for entry in std::fs::read_dir(&dir).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            assert!(!name.contains(".ecw-"), "{what}: {}/{name}", dir.display());
        }
    }
}

fn once_each(site: &Site, what: &str) {
    let effects = site.effects();
    for (effect, times) in [
        ("hal deploy apply", 2),
        ("sns create-topic", 1),
        ("sns set-policy", 1),
        ("config put-delivery-channel", 1),
        ("TWO DEPLOYS", 0),
    ] {
        assert_eq!(count(&effects, effect), times, "{what}: {effects:?}");
    }
}

#[test]
fn dying_at_every_named_point_is_gone_on_from_and_nothing_is_done_twice() {
    let mut cases: Vec<(Point, u32)> = Vec::new();
    for point in Point::ALL {
        let times: &[u32] = match point {
            Point::RecordWritten | Point::RecordSynced => &[1, 2, 3, 6, 7, 11, 14, 17],
            Point::FileStaged | Point::FileReplaced => &[1, 2, 3, 4, 6, 8],
            Point::BackedUp | Point::DeployPrepared | Point::SupervisorStarted => &[1, 2],
            // In the first deploy: of every process the first time.
            Point::Locked
            | Point::Named
            | Point::Spawned
            | Point::HalNamed
            | Point::HalEnded
            | Point::ExitStaged => &[1],
        };
        cases.extend(times.iter().map(|nth| (point, *nth)));
    }
    side_by_side(&cases, |(point, nth)| {
        let site = Site::new();
        let before = PROFILES.map(|name| site.profile(name));
        let what = format!("{point:?}, time {nth}");
        let (output, came) = apply(&site, "DIE", &format!("{}:{point:?}:{nth}", point.role()), &[]);
        assert!(came, "{what} was never reached: {}", said(&output));
        to_the_end(&site, &what);
        once_each(&site, &what);
        nothing_is_left(&site, &what);
        exits(&site.run(&["undo", "--yes"]), 0);
        assert_eq!(PROFILES.map(|name| site.profile(name)), before, "{what}");
    });
}

/// The calls of a run, by number, until one is never reached; `stride` passes some over.
fn every_call(
    role: &str,
    errno: &str,
    more: &[&str],
    stride: usize,
    check: impl Fn(&Site, &Output, &str) + Sync,
) {
    // How many there are is found first, by doubling.
    let reached = |number: usize| {
        let site = Site::new();
        apply(&site, "FAIL", &format!("{role}:{number}:{ENOSPC}"), more).1
    };
    let (mut low, mut high) = (1, 2);
    while reached(high) {
        (low, high) = (high, high * 2);
    }
    while high - low > 1 {
        let middle = usize::midpoint(low, high);
        if reached(middle) { low = middle } else { high = middle }
    }
    assert!(low > 5, "only {low} calls of the {role} can fail");
    let cases: Vec<usize> = (1..=low).step_by(stride).collect();
    side_by_side(&cases, |number| {
        let site = Site::new();
        let (output, _) = apply(&site, "FAIL", &format!("{role}:{number}{errno}"), more);
        let what = format!("{role}, call {number}{errno} of {low}: {}", said(&output));
        assert!(!said(&output).contains("has a bug"), "{what}");
        assert!(!said(&output).contains("could not be started: ."), "{what}");
        check(&site, &output, &what);
    });
}

#[test]
fn whichever_call_fails_while_profiles_are_written_each_is_whole_and_the_next_run_ends_it() {
    // The repository's port is another one at each site.
    let text =
        |site: &Site, name: &str| site.profile(name).replace(&format!(":{}/", site.gate.port), ":PORT/");
    let wanted = {
        let site = Site::new();
        exits(&site.apply(&["--only", "configure"]), 0);
        PROFILES.map(|name| text(&site, name))
    };
    for (errno, stride) in [(ENOSPC, 1), (EIO, 4)] {
        every_call("wizard", &format!(":{errno}"), &["--only", "configure"], stride, |site, _, what| {
            let original = {
                let fresh = Site::new();
                PROFILES.map(|name| fresh.profile(name))
            };
            for (at, name) in PROFILES.iter().enumerate() {
                let now = text(site, name);
                assert!(now == original[at] || now == wanted[at], "{what}: {name} is neither old nor new");
            }
            exits(&site.apply(&["--only", "configure"]), 0);
            assert_eq!(PROFILES.map(|name| text(site, name)), wanted, "{what}");
            nothing_is_left(site, what);
            exits(&site.run(&["undo", "--yes"]), 0);
            assert_eq!(PROFILES.map(|name| site.profile(name)), original, "{what}");
        });
    }
}

#[test]
fn whichever_call_of_the_supervisor_fails_a_deploy_is_started_once_or_not_at_all() {
    every_call("supervisor", &format!(":{ENOSPC}"), &[], 1, |site, _, what| {
        to_the_end_after_failure(site, what);
        once_each(site, what);
    });
}

#[test]
fn a_disk_that_is_full_from_some_call_on_never_makes_a_done_deploy_be_done_again() {
    every_call("wizard", &format!("+:{ENOSPC}"), &[], 13, |site, _, what| {
        to_the_end_after_failure(site, what);
        once_each(site, what);
        nothing_is_left(site, what);
    });
}

/// As [`to_the_end`]; a step may also have failed with nothing done, and is then tried again.
fn to_the_end_after_failure(site: &Site, what: &str) {
    let mut last = String::new();
    for _ in 0..5 {
        let output = site.apply(&[]);
        if output.status.code() == Some(0) {
            return;
        }
        last = said(&output);
    }
    panic!("{what} does not end: {last}");
}
