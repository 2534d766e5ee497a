//! Lines that are cut and processes that are killed at random while Halyard runs elsewhere: a file is the former one or
//! the new one, a deploy goes on, and the next start leads to the same end.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::fs;
use std::process::Stdio;

use support::count;
use support::far::{FarSite, PLACES};
use support::random::Random;
use support::site::{exits, said, until};

/// How a call is broken: never made, cut on its way there or back, killed over there, or left alone
/// there, after so long.
const BREAKS: [(&str, u64); 5] =
    [("before", 1), ("sent", 3_000), ("answered", 3_000), ("killed", 10), ("left", 10)];
/// A run makes about this many calls, the kept line among them.
const CALLS: u64 = 24;
/// Rounds; `ECW_FAR_ROUNDS` for more.
const ROUNDS: u64 = 8;

#[test]
fn whatever_call_is_broken_files_are_whole_and_the_next_run_leads_to_the_same_end() {
    let rounds = std::env::var("ECW_FAR_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(ROUNDS);
    let seeds: Vec<u64> = (1..=rounds).collect();
    support::side_by_side(&seeds, |seed| {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let place = PLACES[usize::try_from(*seed).unwrap() % PLACES.len()];
        let far = FarSite::new(place);
        let before = far.files();
        let (how, most) = BREAKS[usize::try_from(random.below(5)).unwrap()];
        let which = usize::try_from(1 + random.below(CALLS)).unwrap();
        let bytes = random.below(most);
        let case = format!("seed {seed}: call {which} of {place} {how} {bytes}");
        far.break_call(which, how, bytes);
        let broken = far.apply(&[]);
        let code = broken.status.code();
        assert!(code.is_some_and(|code| code != 70), "{case}: {}", said(&broken));
        // Each file is the former one, or the one that the whole run leads to.
        let between = far.files();
        far.mend();
        let run = far.apply(&["--redo-unknown"]);
        assert_eq!(run.status.code(), Some(0), "{case}: {}\nafter {code:?} {}", said(&run), said(&broken));
        let after = far.files();
        for (at, file) in between.iter().enumerate() {
            assert!(*file == before[at] || *file == after[at], "{case}: {} is torn", file.0.display());
        }
        assert_eq!(count(&far.effects(), "TWO DEPLOYS"), 0, "{case}");
        let undo = far.flagged(&["undo", "--yes"]);
        assert_eq!(undo.status.code(), Some(0), "{case}: {}", said(&undo));
        assert_eq!(far.files(), before, "{case}");
        let left = fs::read_dir(far.hal_dir().join("default/profiles")).unwrap().flatten();
        let left: Vec<_> =
            left.filter(|entry| entry.file_name().to_string_lossy().contains(".ecw-")).collect();
        assert!(left.is_empty(), "{case}: {left:?}");
    });
}

#[test]
fn a_deploy_over_there_outlives_the_wizard_and_its_line_and_the_next_run_goes_on() {
    support::side_by_side(&PLACES, |place| {
        let far = FarSite::new(place);
        let mut first = far.command(&["apply", "--answers", "answers.yml", "--yes"]);
        let mut first = first.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        until("hal runs", || count(&far.effects(), "hal deploy apply") == 1);
        first.kill().unwrap();
        first.wait().unwrap();
        let ended = || {
            let deploys = fs::read_dir(far.home()).unwrap().flatten();
            let mut deploys =
                deploys.filter(|entry| entry.file_name().to_string_lossy().starts_with("deploy-"));
            deploys.any(|entry| entry.path().join("exit").exists())
        };
        until("hal ends, with nobody here", ended);
        let run = far.apply(&[]);
        exits(&run, 0);
        let effects = far.effects();
        assert_eq!(count(&effects, "hal deploy apply"), 2, "{place}: one for each stage: {effects:?}");
        assert_eq!(count(&effects, "TWO DEPLOYS"), 0);
        exits(&far.flagged(&["undo", "--yes"]), 0);
    });
}

#[test]
fn while_a_deploy_runs_over_there_no_second_one_begins_whoever_asks() {
    let far = FarSite::new("docker:halyard");
    let mut first = far.command(&["apply", "--answers", "answers.yml", "--yes"]);
    let first = first.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until("hal runs", || count(&far.effects(), "hal deploy apply") == 1);
    // A wizard on that machine itself, as Halyard's user: the note says where the state is, and the lock is held.
    let hal_dir = far.hal_dir().display().to_string();
    let own = far
        .site
        .run_as(support::site::HAL, &["apply", "--answers", "answers.yml", "--yes", "--hal-dir", &hal_dir]);
    assert!([Some(11), Some(12), Some(3)].contains(&own.status.code()), "{}", said(&own));
    exits(&first.wait_with_output().unwrap(), 0);
    assert_eq!(count(&far.effects(), "TWO DEPLOYS"), 0);
    assert_eq!(count(&far.effects(), "hal deploy apply"), 2);
}

#[test]
fn cancelling_reaches_our_own_hal_over_there_and_nobody_elses() {
    for place in ["docker:halyard", "ssh:far"] {
        let far = FarSite::with(place, &["apply-timeout"]);
        // A bystander over there with another deploy's mark, and one with none.
        let mut others: Vec<_> = ["EVENT_CACHE_WIZARD_DEPLOY=deploy-1-other", "X=y"]
            .iter()
            .map(|mark| {
                let mut command = support::site::as_user(support::site::HAL, "env");
                command.args([*mark, "sleep", "60"]).spawn().unwrap()
            })
            .collect();
        let run = far.apply(&["--press", "cancel-deploy"]);
        exits(&run, 6);
        let text = said(&run);
        assert!(text.contains("Told our own hal there (pid "), "{text}");
        assert_eq!(count(&far.effects(), "hal deploy apply"), 1, "{text}");
        for other in &mut others {
            assert!(other.try_wait().unwrap().is_none(), "it was not ours");
            other.kill().unwrap();
            other.wait().unwrap();
        }
    }
}
