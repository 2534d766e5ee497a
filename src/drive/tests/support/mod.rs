//! What the tests on the in-process world share.
#![allow(dead_code, clippy::unwrap_used, reason = "each test uses a part of it")]

pub mod flows;
pub mod stepper;

use ecw_halyard::Compatibility;
use ecw_wizard::model::journal::Actor;
use ecw_wizard::model::mode::{Changes, Looking, Mode, Rehearsal, Unknown};
use ecw_wizard::state::setup::Setup;

pub fn setup(mode: Mode) -> Setup {
    Setup {
        actor: Actor { user: "operator".into(), host: "rehearsal".into(), tty: None },
        compatibility: Compatibility::parse(include_str!("../../../../assets/compatibility.yml")).unwrap(),
        run: "r-1".into(),
        change: None,
        mode,
        rehearsal: Rehearsal::Yes,
        come_back: "event-cache-wizard attach".into(),
        state_dir: None,
        looking: Looking::default(),
        unknown: Unknown::default(),
        changes: Changes::default(),
        presses: Vec::new(),
        expected: None,
    }
}
