//! Every profile fixture and tricky input, judged by what Spring Boot and kork answered when they were
//! asked (`tests/oracle/asked.rs`). Needs no Java.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    unreachable_pub,
    dead_code,
    reason = "tests read fixtures; the modules are shared with the oracle itself"
)]

mod answer;
mod cases;
mod record;

use record::Recorded;

#[test]
fn springs_recorded_answers_agree_with_every_plan() {
    let recorded: Vec<Recorded> =
        serde_json::from_str(&std::fs::read_to_string(record::path()).unwrap()).unwrap();
    let cases = cases::all();
    let names = |recorded: &[Recorded]| recorded.iter().map(|each| each.name.clone()).collect::<Vec<_>>();
    assert_eq!(
        names(&recorded),
        cases.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(),
        "record again: ECW_ORACLE_RECORD=1 (CONTRIBUTING.md)"
    );
    let mut disagreements = Vec::new();
    for (recorded, (name, text)) in recorded.iter().zip(&cases) {
        let (now, planned) = Recorded::of(name, text);
        let said = Recorded { said: Vec::new(), ..recorded.clone() };
        assert_eq!(now, said, "Spring was asked about other bytes: record again");
        assert!(!recorded.said.is_empty());
        disagreements.extend(recorded.disagreements(&planned));
    }
    insta::assert_snapshot!(disagreements.join("\n"));
}
