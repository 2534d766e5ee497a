//! What several tests share.
#![allow(dead_code, clippy::unwrap_used, reason = "each test uses a part of it")]

pub mod flows;
pub mod gate;
pub mod localstack;
pub mod pty;
pub mod python;
pub mod site;
pub mod stepper;
pub mod walk;

use ecw_core::journal::Actor;
use ecw_core::session::{Looking, Mode, Rehearsal, Setup, Unknown};
use ecw_halyard::Compatibility;

pub fn setup(mode: Mode) -> Setup {
    Setup {
        actor: Actor { user: "operator".into(), host: "rehearsal".into(), tty: None },
        compatibility: Compatibility::parse(include_str!("../../assets/compatibility.yml")).unwrap(),
        run: "r-1".into(),
        change: None,
        mode,
        rehearsal: Rehearsal::Yes,
        come_back: "event-cache-wizard attach".into(),
        state_dir: None,
        looking: Looking::default(),
        unknown: Unknown::default(),
        expected: None,
    }
}

/// The program under test.
pub fn program() -> &'static str {
    env!("CARGO_BIN_EXE_event-cache-wizard")
}
