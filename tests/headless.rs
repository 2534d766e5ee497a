//! Headless scripts on the in-process stand-ins.
#![allow(clippy::unwrap_used, reason = "tests")]

use ecw_core::Exit;
use ecw_core::journal::Actor;
use ecw_core::session::{Mode, Rehearsal, Setup};
use ecw_halyard::Compatibility;
use ecw_world::Fault;
use event_cache_wizard::drive::headless::{Finished, Frames, Headless};
use event_cache_wizard::drive::script;
use event_cache_wizard::ports::in_process::InProcess;

fn setup() -> Setup {
    Setup {
        actor: Actor { user: "operator".into(), host: "rehearsal".into(), tty: None },
        compatibility: Compatibility::parse(include_str!("../assets/compatibility.yml")).unwrap(),
        run: "r-1".into(),
        change: None,
        mode: Mode::Operator,
        rehearsal: Rehearsal::Yes,
        come_back: "event-cache-wizard attach".into(),
    }
}

fn play(name: &str, size: (u16, u16), faults: &[Fault]) -> (Finished, InProcess) {
    let text =
        std::fs::read_to_string(format!("{}/tests/scripts/{name}.txt", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let world = InProcess::new(faults.iter().copied());
    let headless = Headless::new(world.clone(), setup(), Vec::new(), size, Frames::Last);
    (headless.play(&script::parse(&text).unwrap()), world)
}

#[test]
fn the_whole_job_is_walked_by_keys() {
    let (finished, world) = play("main_flow", (80, 24), &[]);
    println!("{}", finished.output);
    assert_eq!(finished.exit, Exit::Done);
    println!("{:?}", world.effects());
}
