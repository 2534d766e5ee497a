//! The ledger is the fold of the journal and nothing else.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

mod support;

use ecw_halyard::ServiceName;
use ecw_wizard::model::journal::{
    Actor, Attestation, Entry, Record, Reopened, ReopenedTo, ReopenedWhy, RunEnd, Word,
};
use ecw_wizard::model::ledger::{Ledger, StepState};
use ecw_wizard::steps::{Intent, Made, StepOutcome};
use ecw_wizard::values::trouble::Trouble;
use support::runner::{Runner, Script, made, record};

fn steps() -> Vec<Intent> {
    let runner = Runner::unattended(Script::good());
    let Entry::Begun { steps, .. } = &runner.journal[0].entry else { panic!("no begin") };
    steps.clone()
}

fn begun(steps: &[Intent]) -> Vec<Record> {
    let actor = Actor { user: "u".into(), host: "h".into(), tty: None };
    let entry = Entry::Begun { actor, change: None, confirmed: Default::default(), steps: steps.to_vec() };
    vec![record(&[], entry)]
}

fn and(mut records: Vec<Record>, entries: Vec<Entry>) -> Ledger {
    for entry in entries {
        records.push(record(&records, entry));
    }
    Ledger::fold(&records)
}

fn started(intent: &Intent, attempt: u32) -> Entry {
    Entry::Started { step: intent.step(), attempt, intent: intent.clone() }
}

fn finished(intent: &Intent, outcome: StepOutcome) -> Entry {
    Entry::Finished { step: intent.step(), attempt: 1, outcome, ended: None }
}

fn reopened(intent: &Intent, to: ReopenedTo) -> Entry {
    Entry::Reopened { steps: vec![Reopened { step: intent.step(), to, why: ReopenedWhy::Retry }] }
}

#[test]
fn each_entry_moves_its_step_and_no_other() {
    let steps = steps();
    let first = &steps[0];
    let done = StepOutcome::Done { evidence: "seen".into(), made: made(first) };
    let failed = StepOutcome::Failed { trouble: Trouble::new("no", "try") };
    let unknown = StepOutcome::Unknown { why: "lost".into() };
    let cases: Vec<(&str, Vec<Entry>, StepState, bool)> = vec![
        ("nothing", vec![], StepState::ToDo, false),
        ("begun", vec![started(first, 1)], StepState::Started, false),
        ("done", vec![started(first, 1), finished(first, done.clone())], StepState::Done(made(first)), false),
        (
            "failed",
            vec![started(first, 1), finished(first, failed.clone())],
            StepState::Failed("no".into()),
            false,
        ),
        (
            "unknown",
            vec![started(first, 1), finished(first, unknown.clone())],
            StepState::Unknown("lost".into()),
            false,
        ),
        (
            "failed, then again",
            vec![started(first, 1), finished(first, failed), reopened(first, ReopenedTo::ToDo)],
            StepState::ToDo,
            false,
        ),
        (
            "unknown, then looked at once more",
            vec![started(first, 1), finished(first, unknown.clone()), reopened(first, ReopenedTo::InDoubt)],
            StepState::Started,
            true,
        ),
        (
            "looked at once more, then done",
            vec![
                started(first, 1),
                finished(first, unknown),
                reopened(first, ReopenedTo::InDoubt),
                finished(first, done),
            ],
            StepState::Done(made(first)),
            false,
        ),
    ];
    for (name, entries, state, again) in cases {
        let ledger = and(begun(&steps), entries);
        let row = ledger.row(&first.step()).unwrap();
        assert_eq!((&row.state, row.again), (&state, again), "{name}");
        assert!(ledger.rows[1..].iter().all(|row| row.state == StepState::ToDo), "{name}");
    }
}

#[test]
fn a_kept_file_ends_its_step_and_the_deploy_of_services_that_only_it_concerns() {
    let steps = steps();
    let ledger = and(begun(&steps), vec![Entry::Kept { what: vec!["file gate-local.yml".into()] }]);
    let over: Vec<String> = ledger
        .rows
        .iter()
        .filter(|row| row.state == StepState::Done(Made::Nothing))
        .map(|row| row.intent.describe())
        .collect();
    assert_eq!(over, ["Write the plugin block into gate-local.yml", "Deploy gate"]);
}

#[test]
fn a_run_ends_by_its_last_entry_alone_and_words_for_it_are_kept() {
    let steps = steps();
    let attested = Attestation::Ready { services: vec![ServiceName::Gate], word: Word::Operator };
    let ledger = and(begun(&steps), vec![Entry::Attested { what: attested.clone() }]);
    assert!(ledger.unfinished());
    assert_eq!((ledger.attested, ledger.ended), (vec![attested], None));
    let ended = and(begun(&steps), vec![Entry::Ended { how: RunEnd::Done }]);
    assert!(!ended.unfinished());
    assert_eq!(ended.ended, Some(RunEnd::Done));
}

#[test]
fn what_is_taken_back_is_made_no_more_and_a_second_confirmation_makes_nothing_twice() {
    let runner = Runner::unattended(Script::good());
    let ledger = Ledger::fold(&runner.journal);
    assert_eq!(&ledger, runner.session.ledger(), "the ledger is more than the fold");
    let subscribe = ledger.rows.iter().find(|row| row.intent.subscribe_gate().is_some()).unwrap();
    let again = vec![
        started(&subscribe.intent, 2),
        finished(
            &subscribe.intent,
            StepOutcome::Done { evidence: "x".into(), made: made(&subscribe.intent) },
        ),
    ];
    assert_eq!(and(runner.journal.clone(), again).made.len(), ledger.made.len());
    let back = subscribe.intent.inverse_of_unknown().unwrap();
    let taken = vec![
        started(&back, 1),
        finished(&back, StepOutcome::Done { evidence: "x".into(), made: made(&back) }),
    ];
    assert_eq!(and(runner.journal, taken).made.len(), ledger.made.len() - 1);
}
