//! Formats are promises: what earlier versions wrote is read as it was meant, and what a newer one wrote is
//! refused. The files under `tests/fixtures/formats/2` and `3` were written by the programs of those formats.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests read fixtures from disk")]

use ecw_halyard::ServiceName;
use ecw_wizard::messages::effect::Saved;
use ecw_wizard::messages::event::Logged;
use ecw_wizard::model::journal::{Attestation, Entry, RunEnd, Word};
use ecw_wizard::model::journal_file::{Journal, JournalError, Tail};
use ecw_wizard::model::ledger::{Ledger, StepState};
use ecw_wizard::model::plan_document::{PlanDocument, differences};
use ecw_wizard::steps::Intent;
use ecw_wizard::values::aws_trouble::AwsTrouble;
use ecw_wizard::values::trouble::Trouble;

fn fixture(name: &str) -> String {
    fixture_of(2, name)
}

fn fixture_of(format: u32, name: &str) -> String {
    let path = format!("{}/../../tests/fixtures/formats/{format}/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn folded(name: &str) -> Ledger {
    let journal = Journal::parse(fixture(name).as_bytes()).unwrap();
    assert_eq!(journal.tail, Tail::None, "{name}");
    Ledger::fold(&journal.records)
}

fn states(ledger: &Ledger) -> Vec<String> {
    let state = |state: &StepState| match state {
        StepState::ToDo => "to do",
        StepState::Started => "started",
        StepState::Done(_) => "done",
        StepState::Failed(_) => "failed",
        StepState::Unknown(_) => "unknown",
    };
    ledger.rows.iter().map(|row| format!("{}: {}", row.intent.step(), state(&row.state))).collect()
}

#[test]
fn journals_of_format_2_fold_to_what_they_meant() {
    let undone = folded("journal.jsonl");
    assert_eq!((undone.ended, undone.made.len(), undone.rows.len()), (Some(RunEnd::Done), 1, 7));
    let failed = folded("journal-failed.jsonl");
    assert!(failed.unfinished());
    assert_eq!(states(&failed)[2], "apply-deployment gate: failed");
    let unknown = folded("journal-unknown.jsonl");
    assert_eq!(states(&unknown)[2], "apply-deployment gate: unknown");
    let adopted = folded("journal-adopted.jsonl");
    assert_eq!((adopted.ended, adopted.adopted.is_empty()), (Some(RunEnd::Adopted), false));
    let kept = folded("journal-kept.jsonl");
    assert!(
        kept.rows.iter().any(|row| row.evidence == ecw_wizard::model::journal::KEPT),
        "{:?}",
        states(&kept)
    );
}

#[test]
fn what_format_3_wrote_loads_and_is_written_again_with_the_same_tags() {
    let text = fixture_of(3, "journal.jsonl");
    let journal = Journal::parse(text.as_bytes()).unwrap();
    let ledger = Ledger::fold(&journal.records);
    assert_eq!((ledger.ended, ledger.all_done(), ledger.rows.len()), (Some(RunEnd::Done), true, 8));
    for line in text.lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let steps = value.get("steps").and_then(|steps| steps.as_array()).cloned().unwrap_or_default();
        for step in steps.iter().chain(value.get("intent")) {
            let intent: Intent = serde_json::from_value(step.clone()).unwrap();
            assert_eq!(serde_json::to_value(&intent).unwrap(), *step);
        }
    }
    let saved: Saved =
        ecw_halyard::yaml::read(&fixture_of(3, "session.yml")).and_then(ecw_halyard::yaml::typed).unwrap();
    assert_eq!((saved.version, saved.answers.iter().count() > 0), (1, true));
    let plan: serde_json::Value = serde_json::from_str(&fixture_of(3, "plan.json")).unwrap();
    let plan: PlanDocument = serde_json::from_value(plan["plan"].clone()).unwrap();
    assert_eq!((plan.version, plan.steps.len(), plan.targets.len()), (1, 8, 0));
}

#[test]
fn the_sentences_of_older_attestations_are_read_as_what_they_said() {
    let line = |what: &str| {
        let text = format!(
            "{{\"v\":2,\"seq\":1,\"run\":\"r\",\"at\":0,\"entry\":\"attested\",\"what\":\"{what}\"}}\n"
        );
        let journal = Journal::parse(text.as_bytes()).unwrap();
        let Entry::Attested { what } = journal.records[0].entry.clone() else { panic!("no attestation") };
        what
    };
    let ready = |services: &[ServiceName], word| Attestation::Ready { services: services.to_vec(), word };
    assert_eq!(line("confirmed"), Attestation::Confirmed);
    assert_eq!(
        line("ready gate clouddriver"),
        ready(&[ServiceName::Gate, ServiceName::Clouddriver], Word::Operator)
    );
    assert_eq!(line("ready gate unchecked"), ready(&[ServiceName::Gate], Word::Unchecked));
}

#[test]
fn every_step_of_format_2_is_written_again_with_the_same_tags() {
    for name in ["journal.jsonl", "journal-failed.jsonl", "journal-kept.jsonl"] {
        let text = fixture(name);
        for line in text.lines() {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            let steps = value.get("steps").and_then(|steps| steps.as_array()).cloned().unwrap_or_default();
            for step in steps.iter().chain(value.get("intent")) {
                let intent: Intent = serde_json::from_value(step.clone()).unwrap();
                assert_eq!(serde_json::to_value(&intent).unwrap(), *step);
            }
        }
    }
}

#[test]
fn a_newer_journal_is_refused_at_its_line_and_a_torn_one_is_not() {
    let mut text = fixture("journal.jsonl");
    let lines = text.lines().count();
    text.push_str("{\"v\":99,\"seq\":1000,\"marvel\":true}\n");
    let error = Journal::parse(text.as_bytes()).unwrap_err();
    assert_eq!(error, JournalError::Newer { line: lines + 1, found: 99 });
    let torn = fixture("journal.jsonl") + "{\"v\":3,\"seq\"";
    assert_eq!(Journal::parse(torn.as_bytes()).unwrap().records.len(), lines);
}

#[test]
fn events_answers_and_plans_of_today_load() {
    let events: Vec<Logged> =
        fixture("events.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(events.len() > 100 && events.iter().all(|event| event.v == 2), "{}", events.len());
    let saved: Saved =
        ecw_halyard::yaml::read(&fixture("session.yml")).and_then(ecw_halyard::yaml::typed).unwrap();
    assert_eq!((saved.version, saved.answers.iter().count() > 0), (1, true));
    let plan: serde_json::Value = serde_json::from_str(&fixture("plan.json")).unwrap();
    let plan: PlanDocument = serde_json::from_value(plan["plan"].clone()).unwrap();
    assert_eq!((plan.version, plan.steps.len(), differences(&plan, &plan)), (1, 8, Vec::new()));
}

#[test]
fn what_aws_answered_in_events_of_format_2_has_its_words_again() {
    let trouble: Trouble = serde_json::from_str("{\"kind\":\"expired\"}").unwrap();
    assert_eq!(trouble, Trouble::from(AwsTrouble::Expired));
    let again: Trouble = serde_json::from_value(serde_json::to_value(&trouble).unwrap()).unwrap();
    assert_eq!(again, trouble);
}
