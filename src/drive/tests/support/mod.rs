//! What the tests on the in-process world share.
#![allow(dead_code, clippy::unwrap_used, reason = "each test uses a part of it")]

pub mod flows;
pub mod stepper;

use ecw_halyard::Compatibility;
use ecw_wizard::model::journal::Actor;
use ecw_wizard::model::mode::{Mode, Rehearsal};
use ecw_wizard::state::setup::Setup;

pub fn setup(mode: Mode) -> Setup {
    let actor = Actor { user: "operator".into(), host: "rehearsal".into(), tty: None };
    let compatibility = Compatibility::parse(include_str!("../../../../assets/compatibility.yml")).unwrap();
    Setup { rehearsal: Rehearsal::Yes, ..Setup::new(mode, actor, "r-1".into(), compatibility) }
}
