//! A terminal that vanishes: the process is gone at once and has not spun. A test of its own process,
//! because orphans come to it.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::time::{Duration, Instant};

use nix::time::ClockId;
use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, WaitOptions, kill_process, set_child_subreaper, waitid, waitpid,
};
use support::pty::Pty;
use support::walk::{Cleanup, begin, to_review, wizard_of};

/// CPU time of a process alone, all its threads, to the nanosecond. Of one that has ended, too, until
/// it is waited for.
fn of_process(pid: Pid) -> Duration {
    let clock = ClockId::pid_cpu_clock_id(nix::unistd::Pid::from_raw(pid.as_raw_nonzero().get())).unwrap();
    Duration::from(clock.now().unwrap())
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
        let used_before = of_process(wizard);
        kill_process(line, Signal::KILL).unwrap();
        let end = Instant::now() + Duration::from_secs(10);
        let ended = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        loop {
            // It is ours only once the line between is dead.
            if let Ok(Some(_)) = waitid(WaitId::Pid(wizard), ended) {
                break;
            }
            assert!(Instant::now() < end, "the wizard outlives its terminal");
            std::thread::sleep(Duration::from_millis(1));
        }
        let spent = of_process(wizard).saturating_sub(used_before);
        let (_, status) = waitpid(Some(wizard), WaitOptions::empty()).unwrap().unwrap();
        assert_eq!(status.exit_status(), Some(129));
        assert!(spent < Duration::from_millis(50), "{spent:?} of CPU after its terminal was gone");
    }
}
