//! The flows that the crash tests play, and what an operator does in them.

use ecw_rehearsal::in_process::InProcess;
use ecw_wizard::model::screen::Screen;
use ecw_wizard::state::Session;
use ecw_wizard::ui::page::{Action, ItemId};
use ecw_wizard::values::answers::Key;
use ecw_wizard::{Cmd, Exit};

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
    assert_eq!(session.exit(), Some(Exit::Done), "{:?}", session.exit_words());
    stepper
}

/// Goes through the questions with Enter, and says yes at the end.
pub fn go_through(session: &Session) -> Option<Cmd> {
    match (session.screen(), &session.dialog()) {
        (Screen::Review, Some(_)) => press(Action::Begin),
        (Screen::Prerequisites, None) if !session.answers().is_yes(Key::Acknowledged) => {
            Some(Cmd::Press(ItemId::Toggle(Key::Acknowledged)))
        }
        (Screen::Delivery, None) if session.answers().text(Key::ConfigDelivery).is_empty() => {
            Some(Cmd::Press(ItemId::Option(Key::ConfigDelivery, "check".to_owned())))
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

/// Splits what a script printed, or a screen in every skin, into its frames: title and rows.
pub fn split_frames(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("=== ") {
            Some(title) => found.push((title.replace(' ', "_"), String::new())),
            None => {
                if found.is_empty() {
                    found.push(("before".to_owned(), String::new()));
                }
                // The last frame of a script has no title of its own.
                let begins = line.starts_with(" AWS Event Cache wizard");
                if begins && found.last().is_some_and(|(_, frame)| !frame.is_empty()) {
                    found.push(("end".to_owned(), String::new()));
                }
                if let Some((_, frame)) = found.last_mut() {
                    frame.push_str(line);
                    frame.push('\n');
                }
            }
        }
    }
    found
}
