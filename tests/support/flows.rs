//! The flows that the crash tests play, and what an operator does in them.

use ecw_core::answers::Key;
use ecw_core::flow::Screen;
use ecw_core::page::{Action, ItemId};
use ecw_core::session::Session;
use ecw_core::{Cmd, Exit};
use event_cache_wizard::ports::in_process::InProcess;

use super::stepper::{Stepper, press};

pub const WHOLE: &[(Key, &str)] = &[(Key::ConfigDelivery, "point-at-topic")];
pub const LATER: &[(Key, &str)] = &[(Key::SnsWhen, "later")];
pub const AT_ONCE: &[(Key, &str)] = &[(Key::Stages, "all-at-once")];
pub const FLOWS: [&[(Key, &str)]; 3] = [WHOLE, LATER, AT_ONCE];
pub const HAL: &str = "/home/spinnaker/.hal";
pub const JOURNAL: &str = "/home/spinnaker/.hal/.event-cache-wizard/default/journal.jsonl";

pub fn profile(name: &str) -> String {
    format!("{HAL}/default/profiles/{name}")
}

/// A world in which a run has ended well.
pub fn finished(given: &[(Key, &str)]) -> Stepper {
    let mut stepper = Stepper::new(InProcess::new([]), given);
    let session = stepper.run(None).unwrap();
    assert_eq!(session.exit, Some(Exit::Done), "{:?}", session.exit_words);
    stepper
}

/// Goes through the questions with Enter, and says yes at the end.
pub fn go_through(session: &Session) -> Option<Cmd> {
    match (session.screen(), &session.dialog) {
        (Screen::Review, Some(_)) => press(Action::Begin),
        (Screen::Prerequisites, None) if !session.answers.is_yes(Key::Acknowledged) => {
            Some(Cmd::Press(ItemId::Toggle(Key::Acknowledged)))
        }
        (Screen::Summary, None) => press(Action::Leave),
        (screen, None) if screen.asks() || screen == Screen::Review => press(Action::Next),
        _ => None,
    }
}

/// How often an effect is in a list.
pub fn count(effects: &[String], prefix: &str) -> usize {
    effects.iter().filter(|each| each.starts_with(prefix)).count()
}

/// Whether the page offers a button.
pub fn offers(session: &Session, action: Action) -> bool {
    session.page().items().any(|item| item.id == ItemId::Button(action))
}
