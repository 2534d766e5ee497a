//! The other roads under attack: journals of somebody else's making, overlays that mislead, manifests that are edited
//! again and again.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::fs;
use std::process::Command;
use std::sync::atomic::Ordering;

use ecw_wizard::values::road::Road;
use support::count;
use support::road::RoadSite;
use support::site::{exits, said};

fn journal(site: &RoadSite) -> std::path::PathBuf {
    let ours = site.home().join(".event-cache-wizard");
    let dirs = fs::read_dir(ours).unwrap().flatten().map(|entry| entry.path().join("journal.jsonl"));
    dirs.into_iter().find(|path| path.is_file()).unwrap()
}

#[test]
fn a_journal_that_names_another_file_neither_deletes_nor_rewrites_it() {
    let site = RoadSite::new(Road::Operator);
    site.gate.has_plugin.store(true, Ordering::SeqCst);
    exits(&site.apply(&[]), 0);
    let victim = site.home().join("victim.yml");
    fs::write(&victim, "precious\n").unwrap();
    let hash = ecw_profile::sha256_hex(b"precious\n");
    let path = journal(&site);
    let text = fs::read_to_string(&path).unwrap();
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut record: serde_json::Value = serde_json::from_str(line).unwrap();
        // Every receipt leads to a file that was not there before, and every home to the victim.
        fn bend(value: &mut serde_json::Value, hash: &str) {
            match value {
                serde_json::Value::Object(map) => {
                    if map.contains_key("kept") {
                        map.insert("file".to_owned(), "victim.yml".into());
                    }
                    if map.contains_key("splices") {
                        map.insert("after".to_owned(), hash.into());
                        map.insert("before".to_owned(), serde_json::Value::Null);
                        map.remove("root");
                    }
                    map.values_mut().for_each(|each| bend(each, hash));
                }
                serde_json::Value::Array(list) => list.iter_mut().for_each(|each| bend(each, hash)),
                _ => {}
            }
        }
        bend(&mut record, &hash);
        lines.push(record.to_string());
    }
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    let manifest = fs::read(site.manifest()).unwrap();
    let undo = site.flagged(&["undo", "--yes"]);
    assert_ne!(undo.status.code(), Some(0), "{}", said(&undo));
    assert_eq!(fs::read_to_string(&victim).unwrap(), "precious\n");
    assert_eq!(fs::read(site.manifest()).unwrap(), manifest);
}

#[test]
fn a_manifest_that_was_edited_twice_is_given_its_bytes_back_by_undo_and_by_hand() {
    for by_hand in [false, true] {
        let site = RoadSite::new(Road::Operator);
        site.gate.has_plugin.store(true, Ordering::SeqCst);
        let odd = fs::read_to_string(site.manifest())
            .unwrap()
            .replace("      deck:\n", "      clouddriver: null   # nothing yet\n      deck:\n");
        fs::write(site.manifest(), odd).unwrap();
        let before = site.files();
        exits(&site.apply(&[]), 0);
        let other = site.gate.url("/repository/other/plugins.json").replace("/other", "");
        let mut again = Command::new(support::program());
        again.args(["apply", "--answers", "answers.yml", "--yes"]).env_clear().envs(site.environment());
        again.env("EVENT_CACHE_WIZARD_REPOSITORY_URL", format!("{other}?mirror=2"));
        again.current_dir(site.path(""));
        let again = again.output().unwrap();
        exits(&again, 0);
        if by_hand {
            let rollback = fs::read_to_string(journal(&site).with_file_name("ROLLBACK.txt")).unwrap();
            let files: String = rollback
                .lines()
                .filter(|line| !line.contains("aws "))
                .map(|line| format!("{line}\n"))
                .collect();
            let mut shell = Command::new("dash");
            shell.args(["-e", "-c", &files]).env_clear().envs(site.environment());
            assert!(shell.output().unwrap().status.success(), "{rollback}");
            assert_eq!(site.files(), before, "{rollback}");
        } else {
            let undo = site.flagged(&["undo", "--yes"]);
            exits(&undo, 0);
            assert_eq!(site.files(), before, "{}", said(&undo));
            let nothing = site.flagged(&["undo", "--yes"]);
            assert!(said(&nothing).contains("nothing to take back"), "{}", said(&nothing));
        }
    }
}

#[test]
fn only_gates_part_of_a_manifest_is_taken_out_when_that_is_asked() {
    let site = RoadSite::new(Road::Operator);
    site.gate.has_plugin.store(true, Ordering::SeqCst);
    exits(&site.apply(&[]), 0);
    exits(&site.flagged(&["undo", "--yes", "--only", "gate"]), 0);
    let text = fs::read_to_string(site.manifest()).unwrap();
    assert_eq!(text.matches("Armory.AWSCATsOnEvent").count(), 1, "{text}");
    exits(&site.flagged(&["undo", "--yes"]), 0);
    assert!(!fs::read_to_string(site.manifest()).unwrap().contains("Armory"), "all of it is out");
}

#[test]
fn another_services_entry_of_that_name_is_left_alone_and_generators_come_before_components() {
    let site = RoadSite::new(Road::Kustomize);
    let home = site.home();
    fs::create_dir_all(home.join("igor")).unwrap();
    fs::write(home.join("igor/gate-local.yml"), "a: 1\n").unwrap();
    fs::write(home.join("own-gate-local.yml"), "b: 1\n").unwrap();
    let root = fs::read_to_string(home.join("kustomization.yml")).unwrap();
    let generators = "configMapGenerator:\n- name: igor-tests\n  files: [igor/gate-local.yml]\n- name: gate\n  behavior: merge\n  files: [gate-local.yml=own-gate-local.yml]\n";
    fs::write(home.join("kustomization.yml"), root + generators).unwrap();
    let plan = site.run(&["plan", "--answers", "answers.yml"]);
    exits(&plan, 13);
    let words = said(&plan);
    assert!(words.contains("into overlays/config/files/gate-local.yml"), "{words}");
    assert!(words.contains("own-gate-local.yml is replaced by one that is merged later"), "{words}");
    assert!(words.contains("prints the edited files, byte for byte"), "{words}");
    assert!(!words.contains("into igor"), "{words}");
}

#[test]
fn plan_ends_while_a_pipeline_is_waited_for() {
    for road in [Road::Kustomize, Road::Operator] {
        let site = RoadSite::new(road);
        site.answers("install: {wait_for_ready: 1s}\n");
        exits(&site.apply(&["--no-apply"]), 124);
        let mut plan = Command::new(support::program());
        plan.args(["plan", "--answers", "answers.yml"]).env_clear().envs(site.environment());
        plan.current_dir(site.path(""));
        let plan = support::site::within(60, &mut plan);
        assert!([Some(0), Some(13)].contains(&plan.status.code()), "{}", said(&plan));
        assert_eq!(count(&site.effects(), "kubectl apply"), 0);
    }
}
