//! Screen and supervisor are killed, and lines are dropped, at random points of a rehearsal; the next
//! start leads to the same end. `ECW_KILL_ROUNDS` and `ECW_KILL_SEED` give more of it.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use support::count;
use support::pty::Pty;
use support::random::Random;
use support::walk::*;

/// Rounds of one test run.
const ROUNDS: u64 = 20;
/// Rounds that are played at once; `ECW_KILL_AT_ONCE` for another number.
const AT_ONCE: u64 = 4;
/// A run draws about this many bytes after it was begun.
const DRAWN: u64 = 24_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Blow {
    Screen,
    Supervisor,
    Both,
    Line,
    HangUp,
}

const BLOWS: [Blow; 5] = [Blow::Screen, Blow::Supervisor, Blow::Both, Blow::Line, Blow::HangUp];

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn pid_of(pty: &Pty) -> Pid {
    Pid::from_raw(i32::try_from(pty.child.process_id().unwrap()).unwrap()).unwrap()
}

/// Kills the supervisors that are there; returns how many.
fn kill_supervisors(dir: &Path) -> usize {
    let mut killed = 0;
    for entry in std::fs::read_dir(dir.join("hal/.event-cache-wizard/default")).unwrap().flatten() {
        let Ok(text) = std::fs::read_to_string(entry.path().join("owner")) else { continue };
        let process: ecw_host::supervisor::Process = serde_json::from_str(&text).unwrap();
        if process.alive() == ecw_host::supervisor::Alive::Yes {
            let _ = kill_process(Pid::from_raw(process.pid).unwrap(), Signal::KILL);
            killed += 1;
        }
    }
    killed
}

fn gone(pid: Pid) {
    let end = Instant::now() + Duration::from_secs(10);
    let gone = || {
        let stat =
            std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap_or_default();
        stat.is_empty() || stat.contains(") Z ")
    };
    while !gone() {
        assert!(Instant::now() < end, "the wizard outlives its terminal");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Answers whatever comes until everything is done.
fn to_the_end(pty: &mut Pty, round: &str) {
    let end = Instant::now() + Duration::from_secs(60);
    let mut pressed = Instant::now();
    loop {
        let screen = pty.screen();
        if screen.contains("> [ Finish ]") || screen.contains("How the installation stands") {
            return;
        }
        let asks = ["An installation is unfinished", "> [ Apply again ]", "> [ Do it again ]"];
        if asks.iter().any(|text| screen.contains(text)) && pressed.elapsed() > Duration::from_millis(400) {
            pty.send(ENTER);
            pressed = Instant::now();
        }
        assert!(Instant::now() < end, "{round} does not end\n{screen}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn effects(dir: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(dir.join("world.json")).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let agent = ureq::Agent::config_builder().proxy(None).build().new_agent();
    let url = format!("{}/effects", value["address"].as_str().unwrap());
    serde_json::from_str(&agent.get(url).call().unwrap().body_mut().read_to_string().unwrap()).unwrap()
}

/// No copy under a staging name is left.
fn nothing_is_left(dir: &Path, name: &str) {
    for below in ["default/profiles", ".event-cache-wizard/default", ".event-cache-wizard/default/backups"] {
        for entry in std::fs::read_dir(dir.join("hal").join(below)).into_iter().flatten().flatten() {
            let left = entry.file_name().to_string_lossy().into_owned();
            assert!(!left.contains(".ecw-"), "{name}: {below}/{left}");
        }
    }
}

fn round(number: u64, random: &mut Random) {
    let blow = BLOWS[usize::try_from(random.below(5)).unwrap()];
    let point = random.below(DRAWN);
    let name = format!("round {number}: {blow:?} after {point} bytes");
    let dir = tempfile::tempdir().unwrap();
    let _cleanup = Cleanup(dir.path().to_path_buf());
    let mut pty = if blow == Blow::Line {
        Pty::behind_a_line(&format!("rehearse --dir {} --speed 240", dir.path().display()), (80, 24))
    } else {
        rehearse(dir.path(), "240")
    };
    to_review(&mut pty);
    let begun = pty.written() as u64;
    begin(&mut pty);
    pty.until_that(&name, |pty| {
        pty.written() as u64 >= begun + point || pty.screen().contains("> [ Finish ]")
    });
    let wizard = wizard_of(dir.path());
    let mut killed = 0;
    match blow {
        Blow::Screen => kill_process(wizard, Signal::KILL).unwrap(),
        Blow::Supervisor => killed = kill_supervisors(dir.path()),
        Blow::Both => {
            kill_process(wizard, Signal::KILL).unwrap();
            killed = kill_supervisors(dir.path());
        }
        Blow::Line => kill_process(pid_of(&pty), Signal::KILL).unwrap(),
        Blow::HangUp => kill_process(wizard, Signal::HUP).unwrap(),
    }
    if blow != Blow::Supervisor {
        gone(wizard);
        pty = rehearse(dir.path(), "240");
    }
    to_the_end(&mut pty, &name);
    let effects = effects(dir.path());
    for (effect, times) in [("sns create-topic", 1), ("sns set-policy", 1)] {
        assert_eq!(count(&effects, effect), times, "{name}: {effects:?}");
    }
    let applies = count(&effects, "hal deploy apply");
    assert!(applies >= 2 && applies <= 2 + killed, "{name}: {effects:?}");
    assert_eq!(count(&effects, "TWO DEPLOYS"), 0, "{name}: {effects:?}");
    nothing_is_left(dir.path(), &name);
    profiles_are_as_wanted(dir.path());
    no_signal_reached_hal(dir.path());
    pty.send(CTRL_C);
    pty.wait("Leave?");
    pty.send(CTRL_C);
    pty.exit();
}

#[test]
fn whatever_is_killed_at_whatever_point_the_end_is_the_same() {
    let seed = setting("ECW_KILL_SEED", 0x9e37_79b9_7f4a_7c15);
    let rounds = setting("ECW_KILL_ROUNDS", ROUNDS);
    // Rounds wait more than they work, so several are played at once.
    let next = AtomicU64::new(1);
    std::thread::scope(|scope| {
        for _ in 0..setting("ECW_KILL_AT_ONCE", AT_ONCE) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    if number > rounds {
                        break;
                    }
                    let mut random = Random(seed.wrapping_mul(2 * number + 1) | 1);
                    for _ in 0..8 {
                        random.below(2);
                    }
                    round(number, &mut random);
                }
            });
        }
    });
}
