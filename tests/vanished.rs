//! A terminal that vanishes: the process is gone at once and has not spun. A test of its own process,
//! because the CPU time of all children is counted.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, set_child_subreaper, waitpid};
use support::pty::Pty;
use support::walk::{Cleanup, begin, to_review, wizard_of};

/// CPU time of the children that were waited for.
fn of_children() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let span = |time: nix::sys::time::TimeVal| {
        Duration::new(u64::try_from(time.tv_sec()).unwrap(), u32::try_from(time.tv_usec()).unwrap() * 1_000)
    };
    span(usage.user_time()) + span(usage.system_time())
}

/// CPU time of a running process so far, by the kernel's ticks of 10 ms, rounded down.
fn of_process(pid: Pid) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap();
    let fields: Vec<&str> = stat[stat.rfind(')').unwrap() + 2..].split(' ').collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

#[test]
fn a_wizard_whose_terminal_vanishes_is_gone_with_exit_129_and_under_50_ms_of_cpu() {
    // Orphans come to this process, so that their CPU time can be asked for.
    set_child_subreaper(Some(rustix::process::getpid())).unwrap();
    for deploying in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let _cleanup = Cleanup(dir.path().to_path_buf());
        let arguments = format!("rehearse --dir {} --speed 10", dir.path().display());
        let mut pty = Pty::behind_a_line(&arguments, (80, 24));
        if deploying {
            to_review(&mut pty);
            begin(&mut pty);
            pty.wait("Deploy spin-gate");
        } else {
            pty.wait("Halyard daemon: answers");
        }
        let wizard = wizard_of(dir.path());
        let line = Pid::from_raw(i32::try_from(pty.child.process_id().unwrap()).unwrap()).unwrap();
        let waited_before = of_children();
        let used_before = of_process(wizard);
        kill_process(line, Signal::KILL).unwrap();
        let end = Instant::now() + Duration::from_secs(10);
        let status = loop {
            // It is ours only once the line between is dead.
            if let Ok(Some((_, status))) = waitpid(Some(wizard), WaitOptions::NOHANG) {
                break status;
            }
            assert!(Instant::now() < end, "the wizard outlives its terminal");
            std::thread::sleep(Duration::from_millis(1));
        };
        assert_eq!(status.exit_status(), Some(129));
        let spent = of_children().saturating_sub(waited_before).saturating_sub(used_before);
        assert!(spent < Duration::from_millis(50), "{spent:?} of CPU after its terminal was gone");
    }
}
