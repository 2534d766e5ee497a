//! Where Halyard runs, as it is answered: what is found is offered where there is none here, and everything that is
//! asked and planned then bears the place.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use ecw_wizard::model::question::Question;
use ecw_wizard::model::report::SiteReport;
use ecw_wizard::ui::page::ItemId;
use ecw_wizard::values::answers::{Answers, Key, Provenance};
use ecw_wizard::values::trouble::Trouble;
use ecw_wizard::{Cmd, Effect, Event};
use support::{Desk, READ, World};

fn options(desk: &Desk) -> Vec<ItemId> {
    let page = desk.session.page();
    page.items()
        .filter(|item| matches!(item.id, ItemId::Option(Key::HalyardIn, _)))
        .map(|item| item.id.clone())
        .collect()
}

fn nothing_here() -> World {
    let mut world = World::good();
    world.site.config = Err(Trouble::new("There is none.", "Name another."));
    world
}

#[test]
fn what_looks_like_halyard_is_offered_only_where_there_is_none_here() {
    let found = [ItemId::Option(Key::HalyardIn, "docker:halyard".to_owned())];
    assert_eq!(options(&Desk::open(World::good(), READ)), []);
    assert_eq!(options(&Desk::open(nothing_here(), READ)), found);
    // Whoever cannot be asked does not have docker or kubectl called.
    let desk = Desk::open_as(ecw_wizard::model::mode::Mode::Unattended, nothing_here(), READ);
    assert!(desk.session.facts().halyards().is_none());
}

#[test]
fn a_place_that_is_chosen_is_looked_at_anew_and_all_that_is_asked_bears_it() {
    let mut desk = Desk::open(nothing_here(), READ);
    let now = desk.now.plus(1_000);
    let press = Cmd::Press(ItemId::Option(Key::HalyardIn, "docker:halyard".to_owned()));
    let asked = desk.session.update(Event::Cmd { cmd: press }, now);
    let site = asked.iter().find_map(|effect| match effect {
        Effect::Ask(site @ Question::Site { .. }) => Some(site.clone()),
        _ => None,
    });
    let site = site.unwrap();
    let Question::Site { hal_dir, .. } = &site else { panic!("{site:?}") };
    assert_eq!(hal_dir.as_deref(), Some("docker:halyard:"), "the directory is looked for there");
    let there = SiteReport { hal_dir: "docker:halyard:/home/spinnaker/.hal".into(), ..World::good().site };
    let report = Box::new(ecw_wizard::model::report::Report::Site(Box::new(there)));
    let event = Event::Answered { question: Box::new(site), report };
    let asked = desk.session.update(event, now);
    let questions: Vec<Question> = asked
        .into_iter()
        .filter_map(|effect| if let Effect::Ask(question) = effect { Some(question) } else { None })
        .collect();
    let text = serde_json::to_string(&questions).unwrap();
    for expected in [
        r#""endpoint":"docker:halyard:http://localhost:8064""#,
        r#""hal":["docker:halyard","hal"]"#,
        r#""hal_dir":"docker:halyard:/home/spinnaker/.hal""#,
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    // On the screen the directory stands without the place, which stands above it.
    assert_eq!(desk.session.answers().text(Key::HalDirectory), "/home/spinnaker/.hal");
    assert_eq!(desk.session.ready_target().cluster.unwrap().halyard_in.to_string(), "docker:halyard");
    assert_eq!(
        desk.session.command("event-cache-wizard status"),
        "event-cache-wizard status --halyard-in docker:halyard"
    );
    assert_eq!(desk.session.probe_url(), "https://gate.example.com", "not an address of that machine");
}

#[test]
fn another_road_has_no_use_for_the_place_and_loopback_is_where_halyard_runs() {
    let mut answers = Answers::default();
    answers.set(Key::HalyardIn, "docker:halyard", Provenance::AnswersFile);
    assert_eq!(answers.halyard_in().to_string(), "docker:halyard");
    answers.set(Key::Overlay, "/srv/overlay", Provenance::AnswersFile);
    assert!(answers.halyard_in().is_local());
    let desk =
        Desk::open(World::good(), &[(Key::HalyardIn, "ssh:far"), (Key::ProbeUrl, "http://127.0.0.1:8084")]);
    assert_eq!(desk.session.probe_url(), "ssh:far:http://127.0.0.1:8084");
}
