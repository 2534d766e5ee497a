//! The run: what is journaled, done and waited for, and how it ends when something does not go well.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

mod support;

use ecw_wizard::Event;
use ecw_wizard::messages::event::{DeployRead, DeployState};
use ecw_wizard::model::aws_report::SubscriptionState;
use ecw_wizard::model::check::CheckVerdict;
use ecw_wizard::model::mode::Mode;
use ecw_wizard::model::question::Question;
use ecw_wizard::model::readiness::Readiness;
use ecw_wizard::model::report::Report;
use ecw_wizard::model::target_job::{TargetPhase, TargetProgress};
use ecw_wizard::steps::{Intent, Made, StepKind, StepOutcome};
use ecw_wizard::values::answers::Key;
use ecw_wizard::values::trouble::Trouble;
use support::runner::{ANSWERS, DONE, FAILED, Runner, Script, VANISHED, WELL, made};
use support::setup;

#[test]
fn every_step_is_journaled_before_it_begins_and_after_it_ended() {
    let runner = Runner::unattended(Script::good());
    assert_eq!(
        runner.entries(),
        [
            "begun 8",
            "started write-profile gate-local.yml #1",
            "finished write-profile gate-local.yml: done",
            "started write-profile clouddriver-local.yml #1",
            "finished write-profile clouddriver-local.yml: done",
            "started apply-deployment gate #1",
            "finished apply-deployment gate: done",
            "started apply-deployment clouddriver #1",
            "finished apply-deployment clouddriver: done",
            "started create-topic 123456789012 us-west-2 #1",
            "finished create-topic 123456789012 us-west-2: done",
            "started allow-publish 123456789012 us-west-2 #1",
            "finished allow-publish 123456789012 us-west-2: done",
            "started subscribe-gate 123456789012 us-west-2 #1",
            "finished subscribe-gate 123456789012 us-west-2: done",
            "started deliver-config 123456789012 us-west-2 #1",
            "finished deliver-config 123456789012 us-west-2: done",
            "ended done",
        ]
    );
    assert_eq!(runner.done.len(), 8);
    assert_eq!(runner.session.exit().map(|exit| exit.code()), Some(0));
}

fn fails(_: &Intent) -> StepOutcome {
    StepOutcome::Failed { trouble: Trouble::new("It went wrong.", "Fix it.") }
}

fn unknown(_: &Intent) -> StepOutcome {
    StepOutcome::Unknown { why: "no answer".into() }
}

macro_rules! at {
    ($kind:ident, $comes_to:ident) => {
        |intent: &Intent| match intent.step().kind {
            StepKind::$kind => $comes_to(intent),
            _ => StepOutcome::Done { evidence: "seen".into(), made: made(intent) },
        }
    };
}

#[test]
fn each_kind_of_step_has_its_own_exit_code_and_nothing_is_done_after_it() {
    type Case = (&'static str, fn(&Intent) -> StepOutcome, u8, usize);
    let cases: [Case; 10] = [
        ("profile failed", at!(WriteProfile, fails), 4, 1),
        ("profile unknown", at!(WriteProfile, unknown), 14, 1),
        ("topic failed", at!(CreateTopic, fails), 7, 5),
        ("topic unknown", at!(CreateTopic, unknown), 14, 5),
        ("policy failed", at!(AllowPublish, fails), 7, 6),
        ("policy unknown", at!(AllowPublish, unknown), 14, 6),
        ("subscription failed", at!(SubscribeGate, fails), 7, 7),
        ("subscription unknown", at!(SubscribeGate, unknown), 14, 7),
        ("delivery failed", at!(DeliverConfig, fails), 7, 8),
        ("delivery unknown", at!(DeliverConfig, unknown), 14, 8),
    ];
    for (name, outcome, exit, done) in cases {
        let runner = Runner::unattended(Script { outcome, ..Script::good() });
        assert_eq!(runner.session.exit().map(|exit| exit.code()), Some(exit), "{name}");
        assert_eq!(runner.done.len(), done, "{name}: {:?}", runner.done);
    }
}

#[test]
fn a_deploy_is_told_by_hal_and_by_what_arrived() {
    type Case = (&'static str, fn(u64) -> (&'static str, DeployState), CheckVerdict, u8);
    let cases: [Case; 5] = [
        ("hal says done and it arrived", |_| WELL, CheckVerdict::Good, 0),
        ("hal says done and nothing arrived", |_| WELL, CheckVerdict::Bad, 6),
        ("hal failed", |_| FAILED, CheckVerdict::Bad, 5),
        ("nobody saw the end, it arrived and the services run", |_| VANISHED, CheckVerdict::Good, 0),
        ("nobody saw the end and nothing arrived", |_| VANISHED, CheckVerdict::Bad, 6),
    ];
    for (name, deploy, staged, exit) in cases {
        let runner = Runner::unattended(Script { deploy, staged, ..Script::good() });
        assert_eq!(
            runner.session.exit().map(|exit| exit.code()),
            Some(exit),
            "{name}: {:?}",
            runner.session.exit_words()
        );
    }
}

/// hal got a signal; somebody asked the daemon (words of the real ones, `tests/fixtures/hal-real`).
const SIGNALLED: (&str, DeployState) = (
    "- Failed to deploy Spinnaker. Task killed by interrupt\n",
    DeployState::Ended { exit: Some(143), at: None },
);
const INTERRUPTED: (&str, DeployState) = (
    "\r- Apply deployment\n\r  Failure\n\rValidation in Global:\n! ERROR Unexpected exception:\n  DaemonTaskInterrupted(interruptedTime=1795567119663, message=Task interrupted at\n  Wed Nov 25 00:38:39 UTC 2026: sleep interrupted)\n\n- Failed to deploy Spinnaker.\n",
    DeployState::Ended { exit: Some(1), at: None },
);

#[test]
fn a_deploy_that_somebody_stopped_is_unknown_and_never_a_plain_failure() {
    type Case = (fn(u64) -> (&'static str, DeployState), &'static str);
    let cases: [Case; 2] = [
        (|_| SIGNALLED, "somebody stopped it, and not in this session (hal: Task killed by interrupt; "),
        (|_| INTERRUPTED, "somebody stopped it, and not in this session (hal: DaemonTaskInterrupted; "),
    ];
    for (deploy, words) in cases {
        let runner = Runner::unattended(Script { deploy, staged: CheckVerdict::Bad, ..Script::good() });
        assert_eq!(runner.session.exit().map(|exit| exit.code()), Some(6), "{words}");
        let said = runner.session.exit_words().unwrap_or_default().to_owned();
        assert!(said.contains(words), "{said}");
        assert_eq!(
            runner.entries().last().map(String::as_str),
            Some("finished apply-deployment gate: unknown")
        );
    }
    // Whoever stopped hal: where the services run with the plugin all the same, the deploy was done.
    let ran = Runner::unattended(Script { deploy: |_| SIGNALLED, ..Script::good() });
    assert_eq!(ran.session.exit().map(|exit| exit.code()), Some(0), "{:?}", ran.session.exit_words());
}

#[test]
fn what_is_waited_for_has_a_limit_and_its_own_end() {
    let cases = [
        ("services that do not come up in time", Readiness::Waiting, confirmed(), 124),
        ("a service that is broken", Readiness::Failed, confirmed(), 5),
        ("services that nobody can look at", Readiness::CannotTell, confirmed(), 0),
        ("a subscription that Gate does not confirm", Readiness::Ready, SubscriptionState::Missing, 124),
    ];
    for (name, ready, subscription, exit) in cases {
        let runner = Runner::unattended(Script { ready, subscription, ..Script::good() });
        assert_eq!(runner.session.exit().map(|exit| exit.code()), Some(exit), "{name}");
    }
    let unchecked = Runner::unattended(Script { ready: Readiness::CannotTell, ..Script::good() });
    let attested: Vec<String> =
        unchecked.entries().into_iter().filter(|entry| entry.starts_with("attested")).collect();
    assert_eq!(attested, ["attested ready gate unchecked", "attested ready clouddriver unchecked"]);
}

fn confirmed() -> SubscriptionState {
    SubscriptionState::Confirmed { arn: "arn:aws:sns:us-west-2:1:t:s".into() }
}

#[test]
fn a_journal_that_cannot_be_written_stops_everything() {
    let mut runner = Runner::open(setup(Mode::Unattended), Vec::new(), ANSWERS, Script::good());
    let effects = runner.session.start(runner.now);
    assert!(!effects.is_empty());
    runner
        .feed(Event::StoreFailed { seq: Some(1), trouble: Trouble::new("The disk is full.", "Make room.") });
    assert_eq!(runner.done, Vec::<String>::new());
}

#[test]
fn what_a_step_made_is_what_undo_will_know() {
    let runner = Runner::unattended(Script::good());
    let made: Vec<&Made> = runner.session.ledger().made.iter().map(|work| &work.made).collect();
    // Deploys are not kept: each profile that is taken back brings its own.
    assert_eq!(made.len(), 6, "{made:?}");
    assert!(made.iter().all(|made| !matches!(made, Made::Deploy { .. } | Made::Nothing)));
}

#[test]
fn an_answer_about_a_deploys_log_that_comes_late_neither_ends_it_nor_is_asked_for_twice() {
    let mut runner = Runner::open(setup(Mode::Unattended), Vec::new(), ANSWERS, Script::good());
    runner.withheld = Some(Vec::new());
    let effects = runner.session.start(runner.now);
    runner.perform(effects);
    // A line to somewhere takes a while: nothing is asked meanwhile, and nobody spins.
    let mut ticks = 0;
    let until = runner.now.mono + 20_000;
    while runner.now.mono < until {
        let wake = runner.session.next_wake().unwrap();
        runner.now = runner.now.plus(wake.saturating_sub(runner.now.mono).max(1));
        runner.feed(Event::Tick);
        ticks += 1;
    }
    assert!(ticks < 200, "{ticks}");
    let asked = runner.withheld.clone().unwrap();
    let [(number, 0)] = asked.as_slice() else { panic!("{asked:?}") };
    let read = |offset, text: &str, state| {
        let end = offset + text.len() as u64;
        Event::DeployRead(DeployRead {
            number: *number,
            offset,
            end,
            text: text.to_owned(),
            state,
            down: None,
        })
    };
    let ended = DeployState::Ended { exit: Some(0), at: None };
    runner.feed(read(0, "+ Apply dep", DeployState::Running));
    // One from where the log was read before: what it leaves out would be missed.
    runner.feed(read(0, "", ended));
    assert!(!runner.entries().iter().any(|entry| entry.starts_with("finished apply-deployment")));
    runner.now = runner.now.plus(5_000);
    runner.feed(Event::Tick);
    assert_eq!(runner.withheld.take().unwrap().last(), Some(&(*number, 11)));
    runner.feed(read(11, &DONE[11..], ended));
    runner.run();
    assert_eq!(runner.session.exit().map(|exit| exit.code()), Some(0));
}

#[test]
fn a_line_that_is_down_is_said_and_after_hals_own_limit_what_became_of_the_deploy_is_looked_for() {
    let mut runner = Runner::open(setup(Mode::Unattended), Vec::new(), ANSWERS, Script::good());
    runner.withheld = Some(Vec::new());
    let effects = runner.session.start(runner.now);
    runner.perform(effects);
    let down = |number| {
        let (text, state) = (String::new(), DeployState::Running);
        Event::DeployRead(DeployRead {
            number,
            offset: 0,
            end: 0,
            text,
            state,
            down: Some("no route".into()),
        })
    };
    let mut minutes = 0;
    while runner.withheld.is_some() && minutes < 60 {
        runner.now = runner.now.plus(60_000);
        runner.feed(Event::Tick);
        let (number, _) = *runner.withheld.as_ref().unwrap().last().unwrap();
        runner.feed(down(number));
        if minutes == 3 {
            let line = runner.session.at_work().unwrap().line();
            assert!(
                line.starts_with("Deploy gate, ") && line.contains("nothing is heard from local: no route"),
                "{line}"
            );
        }
        minutes += 1;
        if runner.session.at_work().is_none_or(|work| !work.what.starts_with("Deploy gate")) {
            // Its files arrived and Gate came up with the plugin, so it was done; the rest goes on.
            runner.withheld = None;
        }
    }
    assert_eq!(minutes, 46, "not before hal itself would have given up");
    runner.run();
    assert_eq!(runner.session.exit().map(|exit| exit.code()), Some(0), "{:?}", runner.entries());
}

#[test]
fn how_targets_ended_is_asked_after_they_ended_whatever_was_on_its_way_before() {
    let mut given = ANSWERS.to_vec();
    given.push((Key::Targets, r#"[{"account":"123456789012","region":"us-west-2"}]"#));
    let mut runner = Runner::open(setup(Mode::Unattended), Vec::new(), &given, Script::good());
    let effects = runner.session.start(runner.now);
    runner.perform(effects);
    for _ in 0..100 {
        runner.now = runner.now.plus(1_000);
        runner.feed(Event::Tick);
    }
    assert!(runner.entries().contains(&"finished set-up-targets: done".to_owned()), "{:?}", runner.entries());
    let answer = |runner: &mut Runner, phase: TargetPhase| {
        let question = runner.progress.last().unwrap().clone();
        let Question::TargetsProgress { names, .. } = &question else { panic!("{question:?}") };
        let progress = TargetProgress {
            name: names[0].clone(),
            phase,
            done: 0,
            of: 4,
            words: String::new(),
            made: Vec::new(),
        };
        let report = Box::new(Report::TargetsProgress(vec![progress]));
        runner.feed(Event::Answered { question: Box::new(question), report });
    };
    assert_eq!(runner.progress.len(), 1, "one at a time");
    answer(&mut runner, TargetPhase::ToDo);
    assert_eq!((runner.progress.len(), runner.session.exit()), (2, None));
    answer(&mut runner, TargetPhase::Done);
    runner.feed(Event::Tick);
    assert_eq!(runner.session.exit().map(|exit| exit.code()), Some(0));
    let phases: Vec<TargetPhase> = runner.session.run().targets().iter().map(|each| each.phase).collect();
    assert_eq!(phases, [TargetPhase::Done]);
}
