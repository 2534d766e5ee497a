//! The oracle: what is claimed of Spring is asked of Spring Boot and kork-plugins themselves. Needs Java
//! and Maven and fails without them.
//!
//! `cargo test -p ecw-profile --features oracle --test oracle`; `ECW_ORACLE_RECORD=1` writes the answers
//! that the plain tests use.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    unreachable_pub,
    dead_code,
    reason = "the modules are shared with the recorded tests; tests write files, start Java and say what they ran"
)]

mod answer;
mod cases;
mod generate;
mod record;
mod roles;
mod spring;

use std::fs;
use std::path::Path;

use answer::{Planned, judge};
use record::{Recorded, Said};
use spring::{BOOTS, Question, Spring};

/// Writes one profile into a directory of its own and returns the question about it.
fn alone(home: &Path, name: &str, text: &[u8]) -> Question {
    let directory = home.join(name);
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join("clouddriver-local.yml"), text).unwrap();
    Question { directory, application: "clouddriver", profiles: "local" }
}

#[test]
fn the_record_is_what_spring_says_now() {
    let home = tempfile::tempdir().unwrap();
    let mut cases: Vec<(Recorded, Planned)> =
        cases::all().iter().map(|(name, text)| Recorded::of(name, text)).collect();
    let mut questions = Vec::new();
    for (number, ((_, text), (_, planned))) in cases::all().iter().zip(&cases).enumerate() {
        questions.push(alone(home.path(), &format!("{number}-before"), text));
        if let Some((after, _)) = &planned.after {
            questions.push(alone(home.path(), &format!("{number}-after"), after));
        }
    }
    for boot in BOOTS {
        let mut answers = Spring::with_boot(boot).ask(&questions).into_iter();
        for (recorded, planned) in &mut cases {
            let before = answers.next().unwrap();
            let after = planned.after.as_ref().map(|_| answers.next().unwrap());
            match recorded.said.iter_mut().find(|said| said.before == before && said.after == after) {
                Some(said) => said.boots.push(boot.to_owned()),
                None => recorded.said.push(Said { boots: vec![boot.to_owned()], before, after }),
            }
        }
        assert!(answers.next().is_none());
    }
    let now: Vec<Recorded> = cases.into_iter().map(|(recorded, _)| recorded).collect();
    if std::env::var_os("ECW_ORACLE_RECORD").is_some() {
        fs::write(record::path(), serde_json::to_string_pretty(&now).unwrap() + "\n").unwrap();
    }
    let former: Vec<Recorded> = serde_json::from_str(&fs::read_to_string(record::path()).unwrap()).unwrap();
    assert_eq!(former, now, "the record is old: ECW_ORACLE_RECORD=1 writes it anew");
}

#[test]
fn generated_profiles_keep_every_other_property_in_every_spring_boot() {
    let runs: usize = std::env::var("ECW_ORACLE_PROFILES").ok().map_or(2_000, |text| text.parse().unwrap());
    let home = tempfile::tempdir().unwrap();
    let mut random = generate::Random::new(0x5eed);
    let mut kinds: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    let cases: Vec<(String, Planned)> = (0..runs)
        .map(|_| generate::profile(&mut random))
        .map(|text| {
            let planned = Planned::of(text.as_bytes(), &cases::wanted());
            *kinds.entry(planned.verdict).or_default() += 1;
            (text, planned)
        })
        .collect();
    println!("{kinds:?}");
    assert!(kinds["edit"] * 2 > runs, "most are to be edited: {kinds:?}");
    // Two at a time, as the machine has cores.
    for pair in (0..BOOTS.len()).collect::<Vec<_>>().chunks(2) {
        std::thread::scope(|scope| {
            let running: Vec<_> =
                pair.iter().map(|at| scope.spawn(|| disagreements(*at, &cases, home.path()))).collect();
            for wrong in running {
                assert_eq!(wrong.join().unwrap(), Vec::<String>::new());
            }
        });
    }
}

/// Returns where a Spring Boot disagrees with the plans, five at most.
fn disagreements(at: usize, cases: &[(String, Planned)], home: &Path) -> Vec<String> {
    let boot = BOOTS[at];
    // The two Boots whose kork starts as it is published get all of them, the others a part.
    let part = if matches!(boot, "2.5.14" | "2.7.18") { 1 } else { 5 };
    let asked: Vec<&(String, Planned)> = cases.iter().skip(at).step_by(part).collect();
    let mut questions = Vec::new();
    for (number, (text, planned)) in asked.iter().enumerate() {
        questions.push(alone(home, &format!("{boot}-{number}-before"), text.as_bytes()));
        if let Some((after, _)) = &planned.after {
            questions.push(alone(home, &format!("{boot}-{number}-after"), after));
        }
    }
    let mut answers = Spring::with_boot(boot).ask(&questions).into_iter();
    let mut wrong = Vec::new();
    for (text, planned) in asked {
        let before = answers.next().unwrap();
        let after = planned.after.as_ref().map(|_| answers.next().unwrap());
        let broken = answer::broken_before(&before, after.as_ref());
        if broken && generate::may_be_broken(text, boot) || wrong.len() == 5 {
            continue;
        }
        if let Err(why) = judge(planned, &before, after.as_ref(), cases::VERSION, cases::URL) {
            let after = planned.after.as_ref().map(|(after, _)| String::from_utf8_lossy(after));
            wrong.push(format!("{boot}: {why}\n--- of\n{text}\n--- became\n{}", after.unwrap_or_default()));
        }
    }
    wrong
}
