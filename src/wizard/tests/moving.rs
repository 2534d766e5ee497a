//! From screen to screen with as few keys as can be: past what is settled, from Review to a screen and back.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use ecw_wizard::model::screen::Screen;
use ecw_wizard::ui::page::{Action, ItemId};
use ecw_wizard::values::answers::Key;
use ecw_wizard::{Cmd, Effect, Event};
use support::{DECIDED, Desk, READ, World, config};

#[test]
fn a_step_of_review_leads_to_where_it_is_decided_and_back() {
    let mut desk = Desk::open(World::good(), DECIDED);
    while desk.session.screen() != Screen::Review {
        desk.next();
    }
    let page = desk.session.page();
    let rows: Vec<ItemId> =
        page.items().filter(|item| matches!(item.id, ItemId::Step(_))).map(|item| item.id.clone()).collect();
    let mut led = Vec::new();
    for row in rows {
        desk.press(row.clone());
        let screen = desk.session.screen();
        led.push(screen);
        desk.next();
        assert_eq!(desk.session.screen(), Screen::Review, "on from {screen:?}");
        desk.press(row);
        assert_eq!(desk.session.screen(), screen);
        desk.cmd(Cmd::Back);
        assert_eq!(desk.session.screen(), Screen::Review, "back from {screen:?}");
    }
    use Screen::{Endpoint, InstallPlan, Topic};
    assert_eq!(led, [InstallPlan, InstallPlan, Topic, Topic, Endpoint]);
}

#[test]
fn what_is_settled_is_passed_with_one_key_up_to_what_is_open() {
    let mut desk = Desk::open(World::good(), READ);
    desk.cmd(Cmd::PassSettled);
    assert_eq!(desk.session.screen(), Screen::Delivery, "which has no default");
    let words = desk.session.view().message().unwrap_or_default().to_owned();
    assert!(!words.is_empty(), "it says what is to be decided");
    desk.press(ItemId::Option(Key::ConfigDelivery, "point-at-topic".to_owned()));
    desk.cmd(Cmd::PassSettled);
    assert_eq!(desk.session.screen(), Screen::Review);
    desk.cmd(Cmd::PassSettled);
    assert_eq!(desk.session.screen(), Screen::Review, "what changes the world is never passed");
    // Nothing is passed that was not read.
    let mut desk = Desk::open(World::good(), &[]);
    desk.cmd(Cmd::PassSettled);
    assert_eq!(desk.session.screen(), Screen::Prerequisites);
}

#[test]
fn a_wrong_text_in_a_field_that_is_gone_holds_nobody_up() {
    let mut world = World::good();
    world.site.config = Ok(config("h08-master-latest-unvalidated.yml"));
    let mut desk = Desk::open(world, READ);
    desk.next();
    assert_eq!(desk.session.screen(), Screen::Version);
    desk.cmd(Cmd::Set(Key::SpinnakerLine, "nonsense".to_owned()));
    desk.next();
    assert_eq!(desk.session.screen(), Screen::Version, "the field is there, and its text is wrong");
    // Now hal config names a version, so nobody is asked for the line any more.
    desk.world.site.config = World::good().site.config;
    desk.cmd(Cmd::Back).press(ItemId::Button(Action::CheckAgain)).next().next();
    assert_eq!(desk.session.screen(), Screen::Configure);
}

#[test]
fn nobody_goes_on_before_it_is_known_what_was_done_at_this_place() {
    let mut desk = Desk::open(World { opens: false, ..World::good() }, READ);
    desk.next();
    assert_eq!(desk.session.screen(), Screen::Prerequisites, "what its journal says may lead elsewhere");
    assert_eq!(
        desk.session.view().message(),
        Some("Still looking: what was done here before. Press Enter again in a moment.")
    );
    desk.session.update(Event::Stayed, desk.now);
    desk.next();
    assert_eq!(desk.session.screen(), Screen::Version);
}

#[test]
fn whoever_says_begin_twice_begins_once_and_is_asked_no_more() {
    let mut desk = Desk::open(World::good(), DECIDED);
    while desk.session.screen() != Screen::Review {
        desk.next();
    }
    desk.press(ItemId::Button(Action::Next));
    assert!(desk.session.dialog().is_some());
    // The journal is slow: nothing comes of what is to be written.
    let begun =
        |effects: &[Effect]| effects.iter().filter(|effect| matches!(effect, Effect::Journal(_))).count();
    let press = |desk: &mut Desk, action| {
        desk.now = desk.now.plus(1_000);
        let cmd = Cmd::Press(ItemId::Button(action));
        desk.session.update(Event::Cmd { cmd }, desk.now)
    };
    assert_eq!(begun(&press(&mut desk, Action::Begin)), 1);
    let again = press(&mut desk, Action::Next);
    assert_eq!((begun(&again), desk.session.dialog().is_some()), (0, false), "it is begun already");
    assert_eq!(begun(&press(&mut desk, Action::Begin)), 0);
}
