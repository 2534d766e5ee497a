//! Proof of delivery from the screen: asked once more, and what came of it stands on the page.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use ecw_rehearsal::in_process::InProcess;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::screen::Screen;
use ecw_wizard::ui::page::Action;
use support::flows::{WHOLE, count, go_through, offers};
use support::stepper::{Stepper, press};

#[test]
fn a_button_asks_once_more_and_then_shows_what_was_proved_and_what_was_not() {
    let mut stepper = Stepper::new(InProcess::new([]), WHOLE);
    let (mut asked, mut shown) = (String::new(), String::new());
    stepper.run_as(Mode::Operator, None, |session| match (session.screen(), session.dialog()) {
        (Screen::Summary, Some(dialog)) => {
            asked = format!("{}\n{}", dialog.title, dialog.text.join("\n"));
            press(Action::ProveNow)
        }
        (Screen::Summary, None) if asked.is_empty() && offers(session, Action::Prove) => press(Action::Prove),
        (Screen::Summary, None) => {
            shown = ecw_tui::text_of(session);
            press(Action::Leave)
        }
        _ => go_through(session),
    });
    insta::assert_snapshot!("asked", asked);
    insta::assert_snapshot!("shown", shown);
    assert_eq!(count(&stepper.world.effects(), "config deliver-snapshot"), 1);
}
