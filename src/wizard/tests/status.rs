//! Status: what was looked at, and the exit code that it comes to.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

mod support;

use ecw_wizard::model::aws_report::{SubscriptionState, TopicReport};
use ecw_wizard::model::check::{Check, CheckVerdict};
use ecw_wizard::model::goal::Goal;
use ecw_wizard::model::mode::{Looking, Mode};
use ecw_wizard::model::readiness::Readiness;
use ecw_wizard::model::report::ProfileOutcome;
use ecw_wizard::rules::status;
use ecw_wizard::state::setup::Setup;
use ecw_wizard::values::aws_trouble::AwsTrouble;
use support::runner::{ANSWERS, Runner, Script};
use support::{World, setup, topic};

fn looked(goal: Goal, wait: Option<u64>, script: Script, change: fn(&mut World)) -> Runner {
    let looking = Looking { goal, wait };
    let setup = Setup { looking, ..setup(Mode::Look) };
    let mut runner = Runner::open(setup, Vec::new(), ANSWERS, script);
    runner.world.outcome = ProfileOutcome::Unchanged { findings: Vec::new() };
    runner.world.topic = Ok(TopicReport {
        arn: topic(support::TOPIC),
        exists: true,
        encrypted: false,
        kms_key: None,
        policy_diff: Vec::new(),
        policy_trouble: None,
        policy_doubt: None,
        sample: None,
        subscriptions: Vec::new(),
        subscriptions_missing: None,
    });
    if let Ok(topics) = &mut runner.world.topics
        && let Ok(config) = &mut topics.config
        && let Some(channel) = &mut config.channel
    {
        channel.topic = Some(topic(support::TOPIC));
    }
    change(&mut runner.world);
    runner.run();
    runner
}

#[test]
fn what_is_missing_is_8_what_cannot_be_told_is_14_and_all_there_is_0() {
    type Case = (&'static str, Script, fn(&mut World), u8);
    let good = Script::good;
    let cases: Vec<Case> = vec![
        ("all there", good(), |_| {}, 0),
        ("no plugin block", good(), |world| world.outcome = ProfileOutcome::Edit { findings: Vec::new() }, 8),
        ("a service waits", Script { ready: Readiness::Waiting, ..good() }, |_| {}, 8),
        ("a service cannot be looked at", Script { ready: Readiness::CannotTell, ..good() }, |_| {}, 14),
        ("not subscribed", Script { subscription: SubscriptionState::Missing, ..good() }, |_| {}, 8),
        (
            "not confirmed",
            Script { subscription: SubscriptionState::Pending { arn: None }, ..good() },
            |_| {},
            8,
        ),
        (
            "AWS denies",
            good(),
            |world| world.topic = Err(AwsTrouble::Denied { detail: "x".into() }.into()),
            14,
        ),
        ("no credentials", good(), |world| world.identity = Err(AwsTrouble::NoCredentials.into()), 14),
    ];
    for (name, script, change, exit) in cases {
        let runner = looked(Goal::All, None, script, change);
        let rows: Vec<(String, CheckVerdict)> = status::rows(&runner.session, Goal::All)
            .into_iter()
            .map(|row| (row.label, row.verdict))
            .collect();
        assert_eq!(runner.session.exit().map(|exit| exit.code()), Some(exit), "{name}: {rows:?}");
        assert_eq!(runner.journal, Vec::new(), "{name}: a look wrote");
    }
}

#[test]
fn a_goal_asks_for_its_own_rows_and_waiting_has_a_limit() {
    let later = Script { subscription: SubscriptionState::Missing, ..Script::good() };
    assert_eq!(looked(Goal::Ready, None, later, |_| {}).session.exit().unwrap().code(), 0);
    let waiting = Script { ready: Readiness::Waiting, ..Script::good() };
    let timed_out = looked(Goal::Ready, Some(60_000), waiting, |_| {});
    assert_eq!(timed_out.session.exit().unwrap().code(), 124);
    let broken = Script { ready: Readiness::Failed, ..Script::good() };
    assert_eq!(looked(Goal::Ready, Some(60_000), broken, |_| {}).session.exit().unwrap().code(), 8);
}

#[test]
fn the_worst_row_decides_and_no_row_at_all_is_no_answer() {
    let row = |verdict| Check::new(verdict, "x", "y");
    let exit = |verdicts: &[CheckVerdict]| {
        status::exit(&verdicts.iter().copied().map(row).collect::<Vec<_>>()).code()
    };
    use CheckVerdict::{Bad, Good, Unknown, Warning};
    assert_eq!(exit(&[Good, Good]), 0);
    assert_eq!([exit(&[Good, Warning]), exit(&[Unknown, Bad])], [8, 8]);
    assert_eq!([exit(&[Good, Unknown]), exit(&[])], [14, 14]);
}
