//! Going on: what an unfinished run's journal leads to.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

mod support;

use ecw_wizard::messages::event::DeployState;
use ecw_wizard::model::check::CheckVerdict;
use ecw_wizard::model::journal::Record;
use ecw_wizard::model::mode::{Mode, Unknown};
use ecw_wizard::model::report::Probed;
use ecw_wizard::model::screen::Screen;
use ecw_wizard::state::setup::Setup;
use ecw_wizard::state::stage::{Stage, Then};
use ecw_wizard::ui::page::{Action, ItemId};
use ecw_wizard::{Cmd, Event};
use support::runner::{ANSWERS, Runner, Script, VANISHED, WELL, made};
use support::setup;

/// The journal of a run that died after this many records.
fn died_after(records: usize) -> Vec<Record> {
    let mut journal = Runner::unattended(Script::good()).journal;
    journal.truncate(records);
    journal
}

fn again(records: Vec<Record>, script: Script) -> Runner {
    let mut runner = Runner::open(setup(Mode::Unattended), records, ANSWERS, script);
    runner.run();
    runner
}

#[test]
fn whatever_record_was_the_last_the_run_ends_with_every_step_done_once() {
    let whole = Runner::unattended(Script::good()).journal.len();
    for last in 1..whole {
        let records = died_after(last);
        let before = records
            .iter()
            .filter(|record| matches!(record.entry, ecw_wizard::model::journal::Entry::Finished { .. }))
            .count();
        let runner = again(records, Script::good());
        assert_eq!(runner.session.exit().map(|exit| exit.code()), Some(0), "after {last}");
        // A deploy in doubt is told by its log, and not done again.
        let in_doubt = usize::from(last == 6 || last == 8);
        assert_eq!(runner.done.len(), 8 - before - in_doubt, "after {last}: {:?}", runner.done);
    }
}

#[test]
fn a_step_in_doubt_is_looked_at_and_done_only_where_it_is_not_done() {
    // Begun, and nobody knows how it ended: the topic.
    let records = died_after(10);
    let done = again(
        records.clone(),
        Script {
            probed: |intent| Probed::Done { evidence: "it is there".into(), made: Some(made(intent)) },
            ..Script::good()
        },
    );
    assert!(!done.done.iter().any(|each| each.starts_with("Create the topic")), "{:?}", done.done);
    let not_done = again(records.clone(), Script::good());
    assert!(not_done.done.iter().any(|each| each.starts_with("Create the topic")));
    assert!(
        not_done.entries().contains(&"reopened create-topic 123456789012 us-west-2 ToDo NotDone".to_owned()),
        "{:?}",
        not_done.entries()
    );
    let cannot_tell =
        again(records, Script { probed: |_| Probed::CannotTell { why: "denied".into() }, ..Script::good() });
    assert_eq!(cannot_tell.session.exit().map(|exit| exit.code()), Some(14));
    assert_eq!(cannot_tell.done, Vec::<String>::new());
}

/// A deploy in doubt, by what is seen of it.
struct Doubt {
    name: &'static str,
    deploy: fn(u64) -> (&'static str, DeployState),
    staged: CheckVerdict,
    tasks: &'static [&'static str],
    unknown: Unknown,
    /// How the run ends, and how often Gate is deployed by it.
    ends: (u8, usize),
}

#[test]
fn a_deploy_that_ended_unknown_is_repeated_only_where_it_was_not_done() {
    let (bad, good) = (CheckVerdict::Bad, CheckVerdict::Good);
    let (look, redo) = (Unknown::LookedAt, Unknown::Redo);
    const WORKS: &[&str] = &["a Apply deployment RUNNING"];
    // The deploy in doubt is the one that record 6 began.
    let cases = [
        Doubt {
            name: "arrived, and the services run",
            deploy: |number| if number == 6 { VANISHED } else { WELL },
            staged: good,
            tasks: &[],
            unknown: look,
            ends: (0, 0),
        },
        Doubt {
            name: "nothing arrived, and the daemon works on something",
            deploy: |_| VANISHED,
            staged: bad,
            tasks: WORKS,
            unknown: look,
            ends: (6, 0),
        },
        Doubt {
            name: "it was never started",
            deploy: |number| if number == 6 { ("", DeployState::Absent) } else { WELL },
            staged: good,
            tasks: &[],
            unknown: look,
            ends: (0, 1),
        },
        Doubt {
            name: "--redo-unknown deploys again whatever was",
            deploy: |number| if number == 6 { VANISHED } else { WELL },
            staged: good,
            tasks: WORKS,
            unknown: redo,
            ends: (0, 1),
        },
    ];
    // Ended unknown at the first attempt, then run again.
    let first = Runner::unattended(Script { deploy: |_| VANISHED, staged: bad, ..Script::good() });
    assert_eq!(first.session.exit().map(|exit| exit.code()), Some(6));
    for case in cases {
        let script = Script {
            deploy: case.deploy,
            staged: case.staged,
            tasks: case.tasks.iter().map(|task| (*task).to_owned()).collect(),
            ..Script::good()
        };
        let setup = Setup { unknown: case.unknown, ..setup(Mode::Unattended) };
        let mut runner = Runner::open(setup, first.journal.clone(), ANSWERS, script);
        runner.run();
        let gate = runner.done.iter().filter(|each| *each == "Deploy gate").count();
        let ends = (runner.session.exit().unwrap().code(), gate);
        assert_eq!(ends, case.ends, "{}: {:?}", case.name, runner.entries());
    }
}

#[test]
fn an_operator_is_asked_and_nothing_happens_before_the_answer() {
    let mut runner = Runner::open(setup(Mode::Operator), died_after(9), ANSWERS, Script::good());
    runner.feed(Event::Tick);
    assert_eq!((runner.session.screen(), runner.session.stage()), (Screen::Resume, &Stage::Resume));
    assert_eq!(runner.done, Vec::<String>::new());
    runner.feed(Event::Cmd { cmd: Cmd::Press(ItemId::Button(Action::Resume)) });
    assert_eq!(runner.session.stage(), &Stage::Running);
    assert!(
        runner.done.iter().any(|each| each == "Create the topic spinnaker-event-cache"),
        "{:?}",
        runner.done
    );
}

#[test]
fn starting_over_first_finds_out_how_the_step_in_doubt_ended() {
    let mut runner = Runner::open(setup(Mode::Operator), died_after(10), ANSWERS, Script::good());
    runner.script.probed = |_| Probed::CannotTell { why: "denied".into() };
    runner.feed(Event::Tick);
    let effects =
        runner.session.update(Event::Cmd { cmd: Cmd::Press(ItemId::Button(Action::StartOver)) }, runner.now);
    assert_eq!(runner.session.stage(), &Stage::FindingOut(Then::Replan));
    assert!(!effects.iter().any(ecw_wizard::Effect::changes_the_world), "{effects:?}");
}

#[test]
fn a_finished_installation_opens_on_home_and_a_plan_of_it_asks_anew() {
    let whole = Runner::unattended(Script::good()).journal;
    let operator = Runner::open(setup(Mode::Operator), whole.clone(), ANSWERS, Script::good());
    assert_eq!(operator.session.stage(), &Stage::Home);
    for mode in [Mode::PlanOnly, Mode::Look, Mode::Unattended] {
        let runner = Runner::open(setup(mode), whole.clone(), ANSWERS, Script::good());
        assert_eq!(runner.session.stage(), &Stage::Asking, "{mode:?}");
    }
}
