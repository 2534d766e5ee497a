//! How the screens look: styles, wide terminals, themes; and what the key line promises.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use ecw_drive::headless::Headless;
use ecw_drive::play::{Finished, Frames, Player};
use ecw_drive::script;
use ecw_drive::script::Instruction;
use ecw_rehearsal::in_process::InProcess;
use ecw_tui::{Colour, Still, Theme, film, text_of};
use ecw_wizard::messages::keymap::{BINDINGS, InLine, KeyPlace, command, shown};
use ecw_wizard::model::mode::Mode;
use ecw_wizard::navigation::hints::hints;
use ecw_wizard::state::Session;
use ecw_wizard::values::answers::{Key, Provenance};
use ecw_wizard::{Event, Exit, screens};
use ecw_world::Fault;
use support::flows::{WHOLE, go_through};
use support::stepper::Stepper;

fn text(name: &str) -> String {
    std::fs::read_to_string(format!("{}/../../tests/scripts/{name}.txt", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Plays a script and returns what each of its snapshots looked like.
fn stills(script: &str, size: (u16, u16), faults: &[Fault], colour: Colour) -> Vec<(String, Still)> {
    let world = InProcess::new(faults.iter().copied());
    let given = vec![(Key::ConfigDelivery, "check".to_owned(), Provenance::AnswersFile)];
    let given = if faults.is_empty() { Vec::new() } else { given };
    let stage = Headless::new(world, support::setup(Mode::Operator), given, size);
    played(Player::new(stage, Frames::Last).themed(Theme { colour }), script).stills
}

fn played(player: Player<Headless>, script: &str) -> Finished {
    let finished = player.play(&script::parse(script).unwrap());
    assert_eq!(finished.exit, Exit::Done, "{}", finished.output);
    finished
}

fn each(of: &str, stills: &[(String, Still)]) {
    for (name, still) in stills {
        insta::assert_snapshot!(format!("{of}__{}", name.replace(' ', "_")), still.styled());
    }
}

#[test]
fn the_main_flow_in_colour_at_80x24_and_at_200x50() {
    each("colour_80x24", &stills(&text("main_flow"), (80, 24), &[], Colour::Ansi));
    each("colour_200x50", &stills(&text("main_flow"), (200, 50), &[], Colour::Ansi));
}

#[test]
fn the_main_flow_in_the_light_theme_and_in_high_contrast() {
    each("light_120x40", &stills(&text("main_flow"), (120, 40), &[], Colour::Light));
    each("contrast_80x24", &stills(&text("main_flow"), (80, 24), &[], Colour::HighContrast));
}

#[test]
fn failures_and_the_log_in_colour() {
    let failure = text("to_failure").replace("WAIT", "Failed to ensure the required bucket");
    let apply_invalid = [Fault::parse("apply-invalid").unwrap()];
    each("failure_80x24", &stills(&failure, (80, 24), &apply_invalid, Colour::Ansi));
    each("failure_200x50", &stills(&failure, (200, 50), &apply_invalid, Colour::Ansi));
    each("log_80x24", &stills(&text("log"), (80, 24), &[], Colour::Ansi));
}

#[test]
fn every_failure_on_wide_terminals() {
    for (fault, wait) in [
        ("apply-kubectl", "Failed check for"),
        ("apply-timeout", "gave up"),
        ("zip-gone", "Plugin zip"),
        ("no-credentials", "No AWS credentials"),
        ("sns-denied", "does not allow"),
    ] {
        let script = text("to_failure").replace("WAIT", wait);
        let of = |size: &str| format!("failure_{}_{size}", fault.replace('-', "_"));
        let fault = Fault::parse(fault).unwrap();
        each(&of("120x40"), &stills(&script, (120, 40), &[fault], Colour::Ansi));
        each(&of("200x50"), &stills(&script, (200, 50), &[fault], Colour::Light));
    }
}

#[test]
fn a_small_terminal_shows_every_screen_of_the_main_flow() {
    each("small_60x15", &stills(&text("small"), (60, 15), &[], Colour::None));
}

#[test]
fn nine_keys_lead_from_the_first_screen_to_begin_on_defaults() {
    let script = text("nine_keys");
    let keys = script::parse(&script).unwrap();
    let keys = keys.iter().map(|(_, each)| if let Instruction::Keys(keys) = each { keys.len() } else { 0 });
    assert!(keys.sum::<usize>() <= 9);
    assert!(stills(&script, (80, 24), &[], Colour::None).is_empty());
}

/// What a key changes: what is shown, what is done, or how it ends.
fn does_something(session: &Session, binding: &ecw_wizard::messages::keymap::Binding) -> bool {
    let mut after = session.clone();
    let now = session.now().plus(1_000);
    let before = {
        let mut same = session.clone();
        let effects = same.update(Event::Tick, now);
        (text_of(&same), format!("{effects:?}"))
    };
    let effects = after.update(Event::Cmd { cmd: binding.cmd.clone() }, now);
    (text_of(&after), format!("{effects:?}")) != before || after.exit() != session.exit()
}

#[test]
fn every_key_that_is_shown_does_something_and_every_other_key_stands_in_the_help() {
    let mut looked_at = 0;
    let mut stepper = Stepper::new(InProcess::new([]), WHOLE);
    stepper.run_as(Mode::Operator, None, |session| {
        let names: Vec<&str> = hints(session).into_iter().map(|(name, _)| name).collect();
        for binding in shown(session.place(), InLine::Yes).filter(|each| names.contains(&each.name)) {
            looked_at += 1;
            assert!(
                does_something(session, binding),
                "{} does nothing on\n{}",
                binding.name,
                text_of(session)
            );
        }
        go_through(session)
    });
    assert!(looked_at > 100, "{looked_at}");
    let help = screens::help_lines(
        ecw_wizard::model::screen::Screen::Version,
        ecw_wizard::values::road::Road::Halyard,
        200,
    );
    let help: String = help.into_iter().map(|(line, _)| line + "\n").collect();
    for binding in BINDINGS {
        for place in binding.places {
            assert_eq!(
                command(binding.key, *place),
                Some(binding.cmd.clone()),
                "{} is shadowed",
                binding.name
            );
        }
        let of_pages = binding.places.iter().any(|each| matches!(each, KeyPlace::Items | KeyPlace::Text));
        if of_pages && !binding.words.is_empty() {
            assert!(help.contains(binding.name) && help.contains(binding.words), "{}", binding.name);
        }
    }
}

#[test]
fn the_pictures_in_the_readme_are_what_the_program_shows() {
    for (script, dir) in [("gallery", "gallery"), ("main_flow", "gallery/all")] {
        for (name, still) in stills(&text(script), (120, 36), &[], Colour::Ansi) {
            let name = name.replace(' ', "-");
            let path = format!("{}/../../assets/{dir}/{name}.svg", env!("CARGO_MANIFEST_DIR"));
            let kept = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(kept == still.svg(), "{path} is not what is shown now; the README has the command");
        }
    }
}

#[test]
fn the_film_in_the_readme_is_what_the_program_shows() {
    let setup = support::setup(Mode::Operator);
    let stage = Headless::new(InProcess::new(std::iter::empty()), setup, Vec::new(), (100, 32));
    let finished = played(Player::new(stage, Frames::Changed), &text("main_flow"));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/gallery/flow.svg");
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == film(&finished.film), "{path} is not what is shown now; the README has the command");
    assert!(finished.film.len() > 15, "{}", finished.film.len());
}
