//! What the screen costs, on a pty: the first frame, a key, silence, a job that runs. `cargo bench --bench screen`.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a bench prints figures"
)]

#[path = "../support/mod.rs"]
mod support;

use std::path::Path;
use std::time::{Duration, Instant};

use support::pty::Pty;
use support::walk::{begin, to_review};

const TAB: &str = "\t";

fn figure(name: &str, value: f64, unit: &str, bar: f64) {
    let word = if value <= bar { "met" } else { "NOT MET" };
    println!("{name}: {value:.1} {unit} (bar {bar:.0}: {word})");
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The real wizard on a hal directory of its own; AWS and the daemon are not there.
fn wizard(dir: &Path) -> Pty {
    let hal = dir.join("hal");
    std::fs::create_dir_all(hal.join("default/profiles")).unwrap();
    std::fs::write(hal.join("config"), include_str!("../../assets/rehearsal/config.yml")).unwrap();
    let at = hal.display().to_string();
    Pty::start(&["--hal-dir", &at], &[("AWS_ACCESS_KEY_ID", "x"), ("AWS_SECRET_ACCESS_KEY", "y")], (80, 24))
}

fn first_frames() -> f64 {
    let one = || {
        let dir = tempfile::tempdir().unwrap();
        let from = Instant::now();
        let mut pty = wizard(dir.path());
        pty.until_that("a frame", |pty| pty.screen().contains("AWS Event Cache wizard"));
        let took = from.elapsed().as_secs_f64() * 1_000.0;
        pty.child.kill().unwrap();
        took
    };
    median((0..15).map(|_| one()).collect())
}

fn resident(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1_024.0
}

fn silence(pty: &Pty, seconds: u64) -> f64 {
    let before = pty.written();
    std::thread::sleep(Duration::from_secs(seconds));
    (pty.written() - before) as f64 / seconds as f64
}

fn main() {
    figure("first frame, median of 15", first_frames(), "ms", 10.0);

    let dir = tempfile::tempdir().unwrap();
    let pty = wizard(dir.path());
    pty.wait("Is this the Spinnaker to work on?");
    pty.settled();
    figure("resident, first screen", resident(pty.child.process_id().unwrap()), "MB", 12.0);
    drop(pty);

    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().display().to_string();
    let mut pty = Pty::start(&["rehearse", "--dir", &at, "--speed", "2"], &[], (80, 24));
    pty.wait("Halyard daemon: answers");
    pty.settled();
    figure("idle", silence(&pty, 5), "B/s", 0.0);
    let (mut bytes, mut times) = (Vec::new(), Vec::new());
    for key in [TAB, "\u{1b}[Z"].into_iter().cycle().take(40) {
        let (before, from) = (pty.written(), Instant::now());
        pty.send(key);
        pty.until_that("an answer", |pty| pty.written() > before);
        times.push(from.elapsed().as_secs_f64() * 1_000.0);
        pty.settled();
        bytes.push((pty.written() - before) as f64);
    }
    figure("a key, answered in, median of 40", median(times), "ms", 16.0);
    figure("a key, written, median of 40", median(bytes), "B", 200.0);
    to_review(&mut pty);
    begin(&mut pty);
    pty.wait("Deploy spin-gate");
    figure("a job that runs", silence(&pty, 15), "B/s", 200.0);
    pty.child.kill().unwrap();
}
