//! The commands that pipelines use, through the binary, on the stand-ins; what they report validates
//! against the schemas that `schema` publishes.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::process::{Command, Output, Stdio};

use serde_json::Value;
use support::count;
use support::site::{Site, exits, said};

fn schema(of: &str) -> jsonschema::Validator {
    let output = Command::new(support::program()).args(["schema", of]).output().unwrap();
    exits(&output, 0);
    jsonschema::validator_for(&serde_json::from_slice(&output.stdout).unwrap()).unwrap()
}

/// What a command printed, as JSON that fits a schema.
fn json(output: &Output, of: &str) -> Value {
    let value: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(output)));
    fits(&value, of);
    value
}

fn fits(value: &Value, of: &str) {
    let errors: Vec<String> = schema(of).iter_errors(value).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new(), "{of}: {value:#}");
}

#[test]
fn the_schemas_refuse_what_does_not_fit() {
    for of in ["apply", "plan", "status", "check", "report", "event", "journal", "bundle"] {
        let validator = schema(of);
        assert!(!validator.is_valid(&serde_json::json!({"version": "one"})), "{of}");
        assert!(!validator.is_valid(&serde_json::json!({})), "{of}");
    }
}

#[test]
fn a_run_from_plan_to_undo_reports_itself_at_every_step() {
    let site = Site::new();
    let plan = site.run(&["plan", "--answers", "answers.yml", "--format", "json", "--change", "CHG-1"]);
    exits(&plan, 13);
    let plan = json(&plan, "plan");
    assert_eq!(plan["plan"]["change"], "CHG-1");
    assert_eq!(plan["plan"]["restarts"], serde_json::json!(["gate", "clouddriver"]));
    assert_eq!(plan["plan"]["steps"].as_array().unwrap().len(), 8);
    assert!(!site.state().exists(), "a plan wrote something");
    exits(&site.run(&["apply", "--answers", "answers.yml"]), 13);
    assert_eq!(site.effects(), Vec::<String>::new());

    let before = site.run(&["status", "--format", "json"]);
    exits(&before, 8);
    json(&before, "status");
    exits(&site.run(&["report"]), 8);

    let applied = site.apply(&["--format", "json", "--change", "CHG-1"]);
    exits(&applied, 0);
    let value = json(&applied, "apply");
    assert_eq!((&value["changed"], &value["exit"]), (&Value::Bool(true), &Value::from(0)));
    let results: Vec<&str> =
        value["steps"].as_array().unwrap().iter().map(|step| step["result"].as_str().unwrap()).collect();
    assert_eq!(results, ["changed"; 8]);
    let again = site.apply(&["--format", "json"]);
    exits(&again, 0);
    assert_eq!(json(&again, "apply")["changed"], false);

    let status = site.run(&["status", "--format", "json", "--region", "us-west-2"]);
    exits(&status, 0);
    let rows = json(&status, "status")["checks"].as_array().unwrap().clone();
    assert!(rows.iter().all(|row| row["verdict"] == "there"), "{rows:#?}");
    for goal in ["ready", "confirmed"] {
        let wait = site.run(&["wait", "--for", goal, "--format", "json", "--region", "us-west-2"]);
        exits(&wait, 0);
        json(&wait, "status");
    }

    let report = site.run(&["report", "--format", "json"]);
    exits(&report, 0);
    let report = json(&report, "report");
    assert_eq!((&report["change"], &report["ended"]), (&Value::from("CHG-1"), &Value::from("done")));
    let steps = report["steps"].as_array().unwrap();
    for step in steps {
        assert!(step["finished"].as_str().unwrap().ends_with(" UTC"), "{step}");
    }
    assert_ne!(steps[0]["hash_before"], steps[0]["hash_after"]);
    let text = said(&site.run(&["report"]));
    for words in ["CHG-1", "arn:aws:sns:us-west-2:123456789012:spinnaker-event-cache", "SHA-256 before"] {
        assert!(text.contains(words), "{words}: {text}");
    }

    assert_eq!(count(&site.effects(), "sns tag change=CHG-1"), 1);
    let undo = site.run(&["undo", "--format", "json"]);
    exits(&undo, 13);
    json(&undo, "apply");
    exits(&site.run(&["undo", "--only", "sns", "--yes", "--delete-topic"]), 0);
    assert_eq!(count(&site.effects(), "sns delete-topic"), 1);
    exits(&site.run(&["undo", "--yes", "--format", "json"]), 0);
    exits(&site.run(&["undo"]), 0);
    exits(&site.run(&["status", "--region", "us-west-2"]), 8);
    for (name, of) in [("journal.jsonl", "journal"), ("events.jsonl", "event")] {
        let validator = schema(of);
        for line in std::fs::read_to_string(site.state().join(name)).unwrap().lines() {
            let value: Value = serde_json::from_str(line).unwrap();
            assert!(validator.is_valid(&value), "{name}: {value}");
        }
    }
}

#[test]
fn a_plan_is_carried_out_only_while_the_world_equals_it() {
    let site = Site::new();
    exits(&site.run(&["plan", "--answers", "answers.yml", "--out", "agreed", "--change", "CHG-2"]), 13);
    let markdown = std::fs::read_to_string(site.path("agreed/plan.md")).unwrap();
    for words in [
        "# What would change",
        "Change: CHG-2",
        "--service-names clouddriver",
        "sns:Subscribe arn:aws:sns",
        "verified by:",
        "taken back:",
        "Services that restart: gate, clouddriver",
        "Hosts that are talked to:",
        "+       Armory.AWSCATsOnEvent:",
        "Digest: ",
    ] {
        assert!(markdown.contains(words), "{words}: {markdown}");
    }
    let file: Value = serde_json::from_slice(&std::fs::read(site.path("agreed/plan.json")).unwrap()).unwrap();
    fits(&file, "plan");

    // Somebody edits a profile and makes the topic meanwhile.
    let profile = site.hal_dir().join("default/profiles/clouddriver-local.yml");
    let text = std::fs::read_to_string(&profile).unwrap();
    std::fs::write(&profile, format!("{text}other: true\n")).unwrap();
    let refused = site.run(&["apply", "--plan", "agreed/plan.json", "--yes"]);
    exits(&refused, 16);
    assert!(
        said(&refused).contains("clouddriver-local.yml was edited since the plan was made"),
        "{}",
        said(&refused)
    );
    assert_eq!(site.effects(), Vec::<String>::new());
    std::fs::write(&profile, text).unwrap();

    // A plan that was tampered with is none.
    let tampered = file.to_string().replace("CHG-2", "CHG-3");
    std::fs::write(site.path("tampered.json"), tampered).unwrap();
    let refused = site.run(&["apply", "--plan", "tampered.json", "--yes"]);
    exits(&refused, 2);
    assert!(said(&refused).contains("its digest does not fit"), "{}", said(&refused));

    let applied = site.run(&["apply", "--plan", "agreed/plan.json", "--yes"]);
    exits(&applied, 0);
    assert_eq!(count(&site.effects(), "hal deploy apply"), 2);
    // Carried out, nothing is left that could differ.
    let again = site.run(&["apply", "--plan", "agreed/plan.json", "--yes"]);
    exits(&again, 0);
    assert!(said(&again).contains("Unchanged"), "{}", said(&again));
    assert!(said(&site.run(&["report"])).contains("CHG-2"));
}

#[test]
fn what_needs_a_login_reads_unknown_in_a_plan_and_is_never_left_out() {
    let site = Site::with(&["expired"]);
    let plan = site.run(&["plan", "--answers", "answers.yml", "--format", "json"]);
    exits(&plan, 7);
    let plan = json(&plan, "plan");
    let world = plan["plan"]["world"].as_array().unwrap();
    for name in ["AWS account", "topic", "topic exists", "subscriptions", "AWS Config delivers to"] {
        assert!(world.contains(&serde_json::json!([name, "unknown"])), "{name}: {world:?}");
    }
    assert_eq!(plan["plan"]["policy_diff"], Value::Null);
}

#[test]
fn a_missing_answer_is_named_with_its_key_its_screen_and_how_to_give_it() {
    let site = Site::new();
    std::fs::write(site.path("few.yml"), "version: 1\naws: {region: us-west-2, account: '999999999999'}\n")
        .unwrap();
    let output = site.run(&["apply", "--answers", "few.yml", "--yes"]);
    exits(&output, 7);
    assert!(said(&output).contains("999999999999 is expected"), "{}", said(&output));
    assert!(
        said(&output).contains("Answer: aws.account (screen AWS identity), in the file of --answers"),
        "{}",
        said(&output)
    );
    assert_eq!(site.effects(), Vec::<String>::new());
}

#[test]
fn wait_gives_up_in_time_and_says_so() {
    let site = Site::new();
    let output = site.run(&["wait", "--for", "confirmed", "--timeout", "1s", "--region", "us-west-2"]);
    exits(&output, 124);
    assert!(said(&output).contains("It was not there in time."), "{}", said(&output));
    exits(&site.run(&["wait", "--for", "ready", "--timeout", "soon"]), 2);
}

#[test]
fn check_reports_as_json_too() {
    for (version, code) in [("1.31.2", 0), ("2025.4.0", 8), ("master-latest-unvalidated", 14)] {
        let output = Command::new(support::program())
            .args(["check", "--spinnaker", version, "--format", "json"])
            .output()
            .unwrap();
        exits(&output, code);
        assert_eq!(json(&output, "check")["exit"], code);
    }
}

#[test]
fn answers_of_the_last_visit_are_printed_and_do_the_same_job() {
    let site = Site::new();
    exits(&site.apply(&["--only", "configure"]), 0);
    let answers = site.run(&["answers"]);
    exits(&answers, 0);
    std::fs::write(site.path("same.yml"), &answers.stdout).unwrap();
    let again = site.run(&["apply", "--answers", "same.yml", "--yes", "--only", "configure"]);
    exits(&again, 0);
    assert!(said(&again).contains("Unchanged"), "{}", said(&again));
}

#[test]
fn attach_and_resume_say_when_there_is_nothing_to_go_on_with() {
    let site = Site::new();
    for command in ["attach", "resume"] {
        let output = site.run(&[command]);
        exits(&output, 8);
        assert!(said(&output).contains("There is no unfinished run here"), "{}", said(&output));
    }
}

const SCRIPT: &str = "wait \"answers\" within 30s\n<enter>\n<space>\n<tab> <enter>\nwait \"Plugin zip\" within 30s\n<enter>\nsnapshot configure\nwait \"What the two profiles\" within 10s\n<ctrl-c>\nwait \"Nothing has been changed yet\" within 10s\n<right> <enter>\nwait \"Nothing was changed\" within 10s\n";

#[test]
fn a_script_drives_the_real_world_and_its_bundle_shows_what_was_seen() {
    let site = Site::new();
    std::fs::write(site.path("script.txt"), SCRIPT).unwrap();
    let played = site.run(&["headless", "--script", "script.txt", "--size", "100x30"]);
    exits(&played, 130);
    assert!(said(&played).contains("=== configure"), "{}", said(&played));
    assert_eq!(site.effects(), Vec::<String>::new());
    let failed = site.path("failing.txt");
    std::fs::write(&failed, "wait \"no such words\" within 1s\n").unwrap();
    exits(&site.run(&["headless", "--script", "failing.txt"]), 15);

    // What an operator saw on a terminal is in the bundle, and is played again frame by frame.
    let mut pty = site.pty(&["--region", "us-west-2"], (80, 24));
    pty.wait("> [ Next: Install plan ]");
    pty.send("\u{1b}OP");
    pty.wait("Help: Profiles");
    let seen = pty.screen();
    pty.send("\u{1b}");
    pty.wait("> [ Next: Install plan ]");
    pty.send("\u{3}");
    pty.wait("Leave?");
    pty.send("\u{3}");
    assert_eq!(pty.exit(), 130);
    exits(&site.run(&["bundle", "--out", "bundle.json"]), 0);
    let bundle: Value = serde_json::from_slice(&std::fs::read(site.path("bundle.json")).unwrap()).unwrap();
    fits(&bundle, "bundle");
    let replayed = site.run(&["headless", "--replay", "bundle.json", "--frames", "changed"]);
    exits(&replayed, 0);
    let text = said(&replayed);
    // The terminal emulator drops blanks at line ends, as the frames do.
    let help: Vec<&str> = seen.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    for line in help {
        assert!(text.contains(line), "{line:?} was seen and is not in the replay:\n{text}");
    }
    assert!(text.contains("Your answers are saved"), "{text}");
    exits(&site.run(&["headless", "--replay", "bundle.json", "--run", "none"]), 8);
}

#[test]
fn the_ansible_playbook_installs_once_and_then_reports_no_change() {
    let site = Site::new();
    let programs = support::python::programs();
    let playbook = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/ansible/playbook.yml");
    let run = || {
        let output = Command::new(programs.join("ansible-playbook"))
            .args(["-i", "localhost,", "-c", "local", playbook, "-e"])
            .arg(format!("answers={} wizard={}", site.text("answers.yml"), support::program()))
            .env_clear()
            .envs(site.environment())
            .envs([("LANG", "C.UTF-8"), ("EVENT_CACHE_WIZARD_REGION", "us-west-2"), ("ANSIBLE_NOCOLOR", "1")])
            .env("ANSIBLE_PYTHON_INTERPRETER", programs.join("python"))
            .env("ANSIBLE_LOCAL_TEMP", site.path("ansible"))
            .current_dir(site.path(""))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        exits(&output, 0);
        said(&output)
    };
    let first = run();
    assert!(first.contains("changed=1") && first.contains("Subscribe Gate to the topic"), "{first}");
    let second = run();
    assert!(second.contains("changed=0") && second.contains("failed=0"), "{second}");
    assert_eq!(count(&site.effects(), "hal deploy apply"), 2);
}
