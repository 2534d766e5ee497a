//! What a newer program wrote is refused in words by every command that reads it, and nothing is touched.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use serde_json::{Value, json};
use support::site::{Site, exits, said};

fn refused(site: &Site, arguments: &[&str], exit: i32, words: &str) {
    let output = site.run(arguments);
    exits(&output, exit);
    assert!(said(&output).contains(words), "{arguments:?}: {}", said(&output));
}

#[test]
fn a_newer_plan_bundle_journal_or_saved_answers_are_refused_untouched() {
    let site = Site::new();
    let fixture = |name: &str| -> Value {
        let path = format!("{}/tests/fixtures/formats/2/{name}", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    };
    let newer = "was written by a newer event-cache-wizard (format 99, this one reads up to";

    let mut plan = fixture("plan.json");
    plan["plan"]["version"] = json!(99);
    std::fs::write(site.path("plan.json"), plan.to_string()).unwrap();
    refused(&site, &["apply", "--plan", "plan.json", "--yes"], 2, newer);

    for (at, words) in [("bundle", newer), ("events", "its events"), ("journal", "its journal")] {
        let mut bundle = fixture("bundle.json");
        match at {
            "bundle" => bundle["bundle"] = json!(99),
            part => bundle[part][0]["v"] = json!(99),
        }
        std::fs::write(site.path("bundle.json"), bundle.to_string()).unwrap();
        refused(&site, &["headless", "--replay", "bundle.json"], 2, words);
        refused(&site, &["headless", "--replay", "bundle.json"], 2, "format 99");
    }

    std::fs::create_dir_all(site.state()).unwrap();
    let journal = "{\"v\":99,\"seq\":1,\"run\":\"r\",\"at\":0,\"entry\":\"marvel\"}\n";
    std::fs::write(site.state().join("journal.jsonl"), journal).unwrap();
    refused(
        &site,
        &["apply", "--answers", "answers.yml", "--yes"],
        12,
        "newer event-cache-wizard (format 99",
    );
    refused(&site, &["status"], 12, "newer event-cache-wizard (format 99");
    assert_eq!(std::fs::read_to_string(site.state().join("journal.jsonl")).unwrap(), journal);
    std::fs::remove_file(site.state().join("journal.jsonl")).unwrap();

    let saved = "version: 99\nanswers: marvel\n";
    std::fs::write(site.state().join("session.yml"), saved).unwrap();
    refused(&site, &["apply", "--answers", "answers.yml", "--yes"], 12, "newer format 99");
    assert_eq!(std::fs::read_to_string(site.state().join("session.yml")).unwrap(), saved);
    assert_eq!(site.effects(), Vec::<String>::new());
}

#[test]
fn a_bundle_of_format_2_is_played_and_a_journal_of_it_is_gone_on_with() {
    let site = Site::new();
    let fixtures = format!("{}/tests/fixtures/formats/2", env!("CARGO_MANIFEST_DIR"));
    let played = site.run(&["headless", "--replay", &format!("{fixtures}/bundle.json")]);
    exits(&played, 0);
    std::fs::create_dir_all(site.state()).unwrap();
    std::fs::copy(format!("{fixtures}/journal-failed.jsonl"), site.state().join("journal.jsonl")).unwrap();
    let report = site.run(&["report"]);
    exits(&report, 0);
    assert!(said(&report).contains("Deploy gate: Failed"), "{}", said(&report));
    // The run it tells of was on another directory: its steps are planned anew here, and the job ends.
    exits(&site.apply(&[]), 0);
    let lines = std::fs::read_to_string(site.state().join("journal.jsonl")).unwrap();
    assert!(lines.contains("\"v\":2,") && lines.contains("\"v\":5,"), "{lines}");
}

#[test]
fn a_bundle_of_format_3_is_played_and_its_finished_installation_is_reported() {
    let site = Site::new();
    let fixtures = format!("{}/tests/fixtures/formats/3", env!("CARGO_MANIFEST_DIR"));
    exits(&site.run(&["headless", "--replay", &format!("{fixtures}/bundle.json")]), 0);
    std::fs::create_dir_all(site.state()).unwrap();
    for name in ["journal.jsonl", "session.yml"] {
        std::fs::copy(format!("{fixtures}/{name}"), site.state().join(name)).unwrap();
    }
    let report = site.run(&["report"]);
    exits(&report, 0);
    assert!(
        said(&report).contains("- change: CHG-1") && said(&report).contains("- ended: done"),
        "{}",
        said(&report)
    );
}

#[test]
fn a_newer_event_is_not_taken_for_ours_and_a_live_script_records_its_own() {
    let site = Site::new();
    std::fs::write(site.path("look.txt"), "wait \"can read the profiles\" within 60s\n").unwrap();
    exits(&site.run(&["headless", "--script", "look.txt"]), 0);
    let events = std::fs::read_to_string(site.state().join("events.jsonl")).unwrap();
    assert!(events.starts_with("{\"v\":4,") && events.contains("\"event\":\"opened\""), "{events}");
    let newer = events.lines().next().unwrap().replace("{\"v\":4,", "{\"v\":99,");
    std::fs::write(site.state().join("events.jsonl"), format!("{events}{newer}\n")).unwrap();
    let bundle = site.run(&["bundle", "--out", "-"]);
    exits(&bundle, 0);
    let bundle: Value = serde_json::from_slice(&bundle.stdout).unwrap();
    assert_eq!(bundle["unread"], 1);
}
