//! The README's how-to, block by block, as it stands there.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

mod support;

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use ecw_wizard::values::road::Road;
use support::count;
use support::far::FarSite;
use support::road::RoadSite;
use support::site::{Site, exits, said};

/// A block with the task that it stands under.
struct Block {
    task: String,
    text: String,
}

/// Returns the blocks that are marked for a stage, in order.
fn blocks(stage: &str) -> Vec<Block> {
    let readme = include_str!("../README.md");
    let how_to = readme.split("\n## How to\n").nth(1).unwrap().split("\n## How it works\n").next().unwrap();
    let mark = format!("<!-- {stage} -->\n```sh\n");
    let tasks = how_to.split("\n### ").skip(1);
    tasks
        .flat_map(|task| {
            let title = task.lines().next().unwrap().to_owned();
            let marked = task.split(&mark).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned());
            marked.map(move |text| Block { task: title.clone(), text }).collect::<Vec<_>>()
        })
        .collect()
}

/// Runs a block in a directory where the program is on PATH; returns what it said.
fn runs(block: &Block, dir: &Path, environment: &[(String, String)], more: &[(&str, &str)]) -> String {
    let bin = dir.join("the-program");
    if !bin.exists() {
        std::fs::create_dir(&bin).unwrap();
        symlink(support::program(), bin.join("event-cache-wizard")).unwrap();
    }
    let path = environment.iter().rev().find(|(name, _)| name == "PATH").map(|(_, path)| path.as_str());
    let output = Command::new("bash")
        .args(["-c", &format!("set -eu\n{}", block.text)])
        .env_clear()
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .envs(more.iter().copied())
        .env("PATH", format!("{}:{}", bin.display(), path.unwrap_or("/usr/bin:/bin")))
        .current_dir(dir)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}:\n{}\n{}", block.task, block.text, said(&output));
    said(&output)
}

#[test]
fn every_block_is_marked_for_a_stage_that_is_played() {
    let readme = include_str!("../README.md");
    let played: usize =
        ["here", "container", "overlay", "manifest"].map(|stage| blocks(stage).len()).iter().sum();
    assert_eq!(readme.matches("```sh\n").count(), played);
    let tasks: std::collections::BTreeSet<String> = ["here", "container", "overlay", "manifest"]
        .iter()
        .flat_map(|stage| blocks(stage).into_iter().map(|block| block.task))
        .collect();
    assert!(tasks.len() >= 10, "{tasks:?}");
}

#[test]
fn what_is_done_on_a_halyard_here_runs_as_written_from_the_pipeline_to_the_undo() {
    let site = Site::new();
    let before = [site.profile("gate-local.yml"), site.profile("clouddriver-local.yml")];
    let mut environment = site.environment();
    // The address that a reader puts there is one on loopback here, and no region is given but where a block does.
    environment.push(("EVENT_CACHE_WIZARD_REGION".to_owned(), "us-west-2".to_owned()));
    let (gate, repository) = (site.gate.url(""), site.gate.url("/repository/plugins.json"));
    let more = [("GATE", gate.as_str()), ("REPOSITORY", repository.as_str())];
    let mut all = String::new();
    for block in blocks("here") {
        let said = runs(&block, &site.path(""), &environment, &more);
        all.push_str(&format!("### {}\n{said}\n", block.task));
    }
    for words in ["Unchanged", "Events will arrive"] {
        assert!(all.contains(words), "{words}: {all}");
    }
    assert_eq!([site.profile("gate-local.yml"), site.profile("clouddriver-local.yml")], before, "{all}");
    assert!(count(&site.effects(), "hal deploy apply") >= 2, "{all}");
}

#[test]
fn what_is_done_on_a_halyard_in_a_container_runs_as_written() {
    let far = FarSite::new("docker:halyard");
    let environment = far.environment();
    let mut said = String::new();
    for block in blocks("container") {
        said.push_str(&runs(&block, &far.site.path(""), &environment, &[]));
    }
    assert!(said.contains("Subscribe Gate"), "{said}");
}

#[test]
fn what_is_done_under_kustomize_and_the_operator_runs_as_written() {
    for (road, stage) in [(Road::Kustomize, "overlay"), (Road::Operator, "manifest")] {
        let site = RoadSite::new(road);
        let (overlay, manifest) = (site.home().display().to_string(), site.manifest().display().to_string());
        let more = [("OVERLAY", overlay.as_str()), ("MANIFEST", manifest.as_str())];
        let told = blocks(stage);
        assert!(!told.is_empty());
        for block in &told {
            runs(block, &site.path(""), &site.environment(), &more);
        }
        let again = site.apply(&[]);
        exits(&again, 0);
        assert!(said(&again).contains("Unchanged"), "{}", said(&again));
    }
}
