//! The only code that changes a session: [`open`] begins it, [`Session::start`](crate::Session::start) and
//! [`Session::update`](crate::Session::update) take events in and give effects out.
//!
//! ```
//! use ecw_halyard::Compatibility;
//! use ecw_wizard::model::journal::Actor;
//! use ecw_wizard::model::ledger::Ledger;
//! use ecw_wizard::model::mode::Mode;
//! use ecw_wizard::model::question::Question;
//! use ecw_wizard::model::screen::Screen;
//! use ecw_wizard::state::setup::Setup;
//! use ecw_wizard::values::answers::Answers;
//! use ecw_wizard::values::time::Now;
//! use ecw_wizard::{Cmd, Effect, Event, update};
//!
//! # let table = include_str!("../../../assets/compatibility.yml");
//! let actor = Actor { user: "operator".into(), host: "bastion".into(), tty: None };
//! let setup = Setup::new(Mode::Operator, actor, "r-1".into(), Compatibility::parse(table)?);
//! let now = Now::default();
//! let mut session = update::begun(setup, Answers::default(), None, Ledger::default(), now);
//! // It begins by asking what stands here; a driver performs that and says what came of it.
//! let effects = session.start(now);
//! assert!(matches!(effects.as_slice(), [Effect::Ask(Question::Site { .. })]));
//! assert_eq!(session.screen(), Screen::Prerequisites);
//! // Ctrl-C asks first.
//! session.update(Event::Cmd { cmd: Cmd::Interrupt }, now.plus(1_000));
//! assert_eq!(session.dialog().map(|dialog| dialog.title.as_str()), Some("Leave?"));
//! # Ok::<(), ecw_halyard::CompatibilityError>(())
//! ```

mod buttons;
mod deploy_end;
mod drive;
mod expected_plan;
mod home_look;
mod input;
mod kubectl_end;
mod log_view;
mod moving;
mod offers;
mod open;
mod resume;
mod run_events;
mod settle;
mod slow_down;
mod targets;
mod unattended;
mod watch;

pub use open::{begun, open};
