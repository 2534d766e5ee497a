//! Facts about others' programs: dated, not too old, and what the code uses is what they say.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests start the program and read the clock"
)]

mod support;

use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use ecw_wizard::rules::{costs, defaults, limits, recorded};
use ecw_wizard::steps::AwsAction;
use ecw_wizard::values::facts::{self, Fact};
use ecw_wizard::values::names::{NOTIFY_PATH, TopicName};

fn all() -> Vec<(String, Fact)> {
    let kinds = facts::all().unwrap();
    kinds
        .into_iter()
        .flat_map(|kind| kind.facts.into_iter().map(move |fact| (kind.about.clone(), fact)))
        .collect()
}

fn value(about: &str, name: &str) -> String {
    let found = all().into_iter().find(|(kind, fact)| kind == about && fact.name == name);
    found.unwrap_or_else(|| panic!("{about}: {name} is not there")).1.value
}

/// Days from 1970 to a date, by the proleptic Gregorian calendar.
fn days(date: &str) -> i64 {
    let parts: Vec<i64> = date.split('-').map(|part| part.parse().unwrap()).collect();
    let [year, month, day] = parts[..] else { panic!("{date}") };
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    year * 365 + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (month * 153 + 2) / 5
        + day
        - 719_469
}

#[test]
fn no_fact_is_older_than_a_year_or_without_a_source() {
    assert_eq!(days("1970-01-01"), 0);
    assert_eq!(days("2026-11-27"), 20_784);
    let today =
        i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 86_400).unwrap();
    let all = all();
    assert!(all.len() > 30);
    for (about, fact) in all {
        let age = today - days(&fact.date);
        assert!((-1..=365).contains(&age), "{about}: {} was read {age} days ago: read it again", fact.name);
        assert!(fact.source.len() > 10 && !fact.what.is_empty(), "{about}: {fact:?}");
    }
}

#[test]
fn what_the_code_uses_is_what_the_facts_say() {
    assert_eq!(value("endpoints", "notify-path"), NOTIFY_PATH);
    assert_eq!(value("endpoints", "plugin-repository"), defaults::REPOSITORY_URL);
    assert_eq!(value("walls", "deploy"), (limits::HAL_LIMIT_MS / 1_000).to_string());
    assert_eq!(value("walls", "confirmation"), (limits::CONFIRM_WINDOW_MS / 1_000).to_string());
    assert_eq!(value("limits", "topic-policy"), ecw_policy::BYTE_LIMIT.to_string());
    let longest: usize = value("limits", "topic-name").parse().unwrap();
    assert!(TopicName::parse(&"x".repeat(longest)).is_ok());
    assert!(TopicName::parse(&"x".repeat(longest + 1)).is_err());
    for price in ["config-item", "sns-https-million"] {
        assert!(costs::COST.contains(&value("prices", price)), "{price}");
    }
    let cached: Vec<String> =
        all().into_iter().filter(|(kind, _)| kind == "recorded-types").map(|(_, fact)| fact.name).collect();
    assert_eq!(cached, recorded::CACHED_TYPES);
    let listed: Vec<String> =
        all().into_iter().filter(|(kind, _)| kind == "iam-actions").map(|(_, fact)| fact.name).collect();
    let called: Vec<String> = AwsAction::ALL.iter().map(|action| action.name().to_owned()).collect();
    assert_eq!(listed, called);
}

#[test]
fn about_prints_every_fact_with_its_source_and_date() {
    let output = Command::new(support::program()).args(["about", "--facts"]).output().unwrap();
    assert!(output.status.success());
    let said = String::from_utf8(output.stdout).unwrap();
    for (_, fact) in all() {
        for part in [&fact.name, &fact.value, &fact.what, &format!("{}, read {}", fact.source, fact.date)] {
            assert!(said.contains(part.as_str()), "{part} is missing");
        }
    }
}
