//! Several deployments of one Halyard in one run: each with its own verdict, and all in one table.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::fs;
use std::sync::atomic::Ordering;

use serde_json::Value;
use support::count;
use support::site::{Site, exits, said};

/// A hal config with a second deployment like the first.
fn two() -> Site {
    let site = Site::new();
    let path = site.hal_dir().join("config");
    let config = fs::read_to_string(&path).unwrap();
    let (head, first) = config.split_once("- name: default\n").unwrap();
    let second = first.replace("location: spinnaker\n", "location: canary\n");
    fs::write(&path, format!("{head}- name: default\n{first}- name: canary\n{second}")).unwrap();
    let profiles = site.hal_dir().join("canary/profiles");
    fs::create_dir_all(&profiles).unwrap();
    for file in ["gate-local.yml", "clouddriver-local.yml"] {
        fs::copy(site.hal_dir().join("default/profiles").join(file), profiles.join(file)).unwrap();
    }
    site.gate.has_plugin.store(true, Ordering::SeqCst);
    site
}

#[test]
fn several_deployments_are_worked_on_one_after_the_other_and_each_has_its_verdict() {
    let site = two();
    let both = ["--deployment", "default,canary"];
    let plan = site.run(&["plan", "--answers", "answers.yml", "--format", "json", both[0], both[1]]);
    exits(&plan, 13);
    let value: Value = serde_json::from_slice(&plan.stdout).unwrap();
    assert_eq!(value["deployments"][1]["verdict"], "pending", "{value}");
    assert_eq!(value["deployments"][1]["plan"]["plan"]["world"][1][1], "canary", "{value}");
    let done = site.apply(&both);
    exits(&done, 0);
    let table = said(&done);
    assert!(table.contains("== default ==") && table.contains("== canary =="), "{table}");
    assert!(table.contains("default     changed   0"), "{table}");
    assert!(table.contains("canary      changed   0"), "{table}");
    assert_eq!(count(&site.effects(), "hal deploy apply"), 4, "{:?}", site.effects());
    let effects = site.effects();
    // By the answers file, and nothing is left to do.
    let answers = fs::read_to_string(site.path("answers.yml")).unwrap();
    fs::write(site.path("answers.yml"), answers + "halyard: {deployment: [default, canary]}\n").unwrap();
    let again = site.apply(&["--format", "json"]);
    exits(&again, 0);
    let value: Value = serde_json::from_slice(&again.stdout).unwrap();
    let verdicts: Vec<&str> = value["deployments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| each["verdict"].as_str().unwrap())
        .collect();
    assert_eq!(verdicts, ["ok", "ok"], "{value}");
    assert_eq!(site.effects(), effects);
    let all = site.run(&["status", "--all"]);
    let table = said(&all);
    assert!(table.contains("deployment  files    services events"), "{table}");
    assert!(table.contains("default     there") && table.contains("canary      there"), "{table}");
    let undo = site.run(&["undo", "--yes", both[0], both[1]]);
    exits(&undo, 0);
    assert!(said(&undo).contains("canary      changed   0"), "{}", said(&undo));
    let nothing = site.run(&["undo", "--yes", both[0], both[1]]);
    exits(&nothing, 0);
    assert!(said(&nothing).contains("canary      ok        0"), "{}", said(&nothing));
}

#[test]
fn one_that_fails_does_not_hold_up_the_next_and_decides_the_exit_code() {
    let site = two();
    fs::write(site.hal_dir().join("default/profiles/gate-local.yml"), "a: [1\n").unwrap();
    let done = site.apply(&["--deployment", "default,canary"]);
    exits(&done, 4);
    let table = said(&done);
    assert!(table.contains("default     failed    4  "), "{table}");
    assert!(table.contains("canary      changed   0"), "{table}");
    let all = site.run(&["status", "--all", "--format", "json"]);
    exits(&all, 8);
    let value: Value = serde_json::from_slice(&all.stdout).unwrap();
    assert_eq!(value["deployments"][0]["files"], "missing", "{value}");
    assert_eq!(value["deployments"][1]["files"], "there", "{value}");
    let planned = site.run(&["plan", "--answers", "answers.yml", "--deployment", "canary,default"]);
    exits(&planned, 4);
    let mut by_environment = site.command(&["status"]);
    by_environment.env("EVENT_CACHE_WIZARD_DEPLOYMENT", "default,canary");
    assert!(said(&by_environment.output().unwrap()).starts_with("deployment "));
    let overlay = site.apply(&["--deployment", "default,canary", "--kustomize", "/srv"]);
    exits(&overlay, 2);
    assert!(said(&overlay).contains("one Halyard's"), "{}", said(&overlay));
    for (names, words) in [("default,default", "named twice"), ("default,a/b", "deployment")] {
        let refused = site.apply(&["--deployment", names]);
        exits(&refused, 2);
        assert!(said(&refused).contains(words), "{}", said(&refused));
    }
}
