//! Known secrets come in through every door; none comes out anywhere.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::path::Path;
use std::process::Output;

use ecw_world::LEAKED;
use support::site::{SECRET, Site, exits, said};

const SESSION_TOKEN: &str = "FwoGZXIvYXdzEBYaDCANARYTOKENabcdefghijklmnopqrstuvwxyz0123456789==";
const PROFILE: &str = "canary-profile-5d1e";
const HAL_CONFIG: &str = "canary-halconfig-77aa";
const FORMER: &str = "canary-former-31bb";
const PASTED: &str = "aJalrXUtnFEMI/K7MDENG/bPxRfiCYPASTEDKEY2";
const USERINFO: &str = "canary-userinfo-02fe";

fn canaries() -> Vec<&'static str> {
    let mut all = vec![SECRET, SESSION_TOKEN, PROFILE, HAL_CONFIG, FORMER, PASTED, USERINFO];
    all.extend(LEAKED);
    all
}

fn clean(what: &str, text: &str) {
    for canary in canaries() {
        assert!(!text.contains(canary), "{what} holds {canary}:\n{text}");
    }
}

fn clean_output(what: &str, output: &Output) {
    clean(what, &said(output));
}

/// Every file that the wizard writes, but for exact copies of the operator's own files (they keep
/// their mode) and hal's own output, which is hal's file descriptor and not ours to change.
fn clean_files(dir: &Path) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
        if path.is_dir() {
            if name != "backups" {
                clean_files(&path);
            }
        } else if name != "log" {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            clean(&path.display().to_string(), &text);
        }
    }
}

/// Puts secrets into profiles and hal config, next to what is edited and what is compared.
fn plant(site: &Site) {
    let profiles = site.hal_dir().join("default/profiles");
    let gate = format!(
        "redis:\n  password: {PROFILE}\nspinnaker:\n  extensibility:\n    repositories:\n      awsEventCache:\n        enabled: true\n        url: https://mirror:{FORMER}@mirror.example.com/plugins.json\n    # after\n    apiToken: {PROFILE}\n"
    );
    std::fs::write(profiles.join("gate-local.yml"), gate).unwrap();
    let clouddriver = format!("sql:\n  password: {PROFILE}\n  url: jdbc:mysql://me:{PROFILE}@db/x\n");
    std::fs::write(profiles.join("clouddriver-local.yml"), clouddriver).unwrap();
    let config = site.hal_dir().join("config");
    let text = std::fs::read_to_string(&config).unwrap();
    let planted = text.replacen(
        "  providers:\n",
        &format!("  webhook:\n    clientSecret: {HAL_CONFIG}\n    callback: https://u:{HAL_CONFIG}@hook.example.com/\n  providers:\n"),
        1,
    );
    assert_ne!(planted, text);
    std::fs::write(config, planted).unwrap();
}

#[test]
fn what_comes_in_through_any_door_comes_out_of_none() {
    let site = Site::with(&["leaky"]);
    plant(&site);
    let original = site.profile("gate-local.yml");
    let with_token = |arguments: &[&str]| {
        site.command(arguments)
            .env("AWS_SESSION_TOKEN", SESSION_TOKEN)
            .env("HTTPS_PROXY", format!("http://me:{USERINFO}@127.0.0.1:9"))
            .output()
            .unwrap()
    };
    // A repository address with credentials is refused without being repeated.
    let refused = site
        .command(&["plan"])
        .env("EVENT_CACHE_WIZARD_REPOSITORY_URL", format!("https://me:{USERINFO}@mirror.example.com/x.json"))
        .output()
        .unwrap();
    exits(&refused, 3);
    clean_output("the refusal", &refused);
    assert!(said(&refused).contains("Leave user names and passwords out"), "{}", said(&refused));

    for (name, arguments) in [
        ("plan", vec!["plan", "--answers", "answers.yml"]),
        ("plan as JSON", vec!["plan", "--answers", "answers.yml", "--format", "json"]),
        ("plan into files", vec!["plan", "--answers", "answers.yml", "--out", "agreed"]),
    ] {
        let output = with_token(&arguments);
        exits(&output, 13);
        clean_output(name, &output);
    }
    clean_files(&site.path("agreed"));

    // hal prints secrets, and AWS refuses with them.
    let applied = with_token(&["apply", "--answers", "answers.yml", "--yes", "--format", "json"]);
    exits(&applied, 7);
    assert!(said(&applied).contains("(hidden)"), "{}", said(&applied));
    clean_output("apply", &applied);
    let again = with_token(&["apply", "--answers", "answers.yml", "--yes"]);
    exits(&again, 7);
    clean_output("apply again", &again);

    // The screen, with a paste of a secret.
    let mut pty = site.pty(&["--region", "us-west-2"], (120, 40));
    pty.wait("An installation is unfinished");
    pty.press_until("\r", "InvalidParameterValue");
    pty.send("\u{1b}");
    pty.send(&format!("\u{1b}[200~{PASTED}\u{1b}[201~"));
    pty.send("\u{3}");
    pty.wait("Leave?");
    pty.send("\u{3}");
    pty.exit();
    clean("the screen", &pty.everything());

    // Our state is away, as after a loss: the paste goes into a field.
    std::fs::rename(site.hal_dir().join(".event-cache-wizard"), site.path("away")).unwrap();
    let mut pty = site.pty(&["--region", "us-west-2"], (120, 40));
    // No journal there knows of what is installed, so that is said first.
    support::walk::past_home_to_hal_directory(&mut pty);
    pty.send(&format!("\u{1b}[200~{PASTED}\u{1b}[201~"));
    pty.wait("looks like a secret; it was not taken");
    pty.send("\u{3}");
    pty.wait("Leave?");
    pty.send("\u{3}");
    pty.exit();
    clean("the screen", &pty.everything());
    // And back again.
    std::fs::rename(site.hal_dir().join(".event-cache-wizard"), site.path("other-state")).unwrap();
    std::fs::rename(site.path("away"), site.hal_dir().join(".event-cache-wizard")).unwrap();

    for (name, arguments) in [
        ("status", vec!["status", "--region", "us-west-2"]),
        ("status as JSON", vec!["status", "--format", "json", "--region", "us-west-2"]),
        ("report", vec!["report"]),
        ("report as JSON", vec!["report", "--format", "json"]),
        ("answers", vec!["answers"]),
        ("bundle", vec!["bundle", "--out", "bundle.json"]),
        ("bundle on stdout", vec!["bundle", "--out", "-"]),
        ("replay", vec!["headless", "--replay", "bundle.json", "--frames", "all"]),
    ] {
        clean_output(name, &with_token(&arguments));
    }
    clean("the bundle", &std::fs::read_to_string(site.path("bundle.json")).unwrap());
    clean_files(&site.state());
    clean_files(&site.path("other-state"));
    clean("hal's arguments", &std::fs::read_to_string(site.path("hal-argv.log")).unwrap());

    // What looks like a secret is not in the journal, and undo still gives the original bytes back.
    let undone = with_token(&["undo", "--yes"]);
    clean_output("undo", &undone);
    assert_eq!(site.profile("gate-local.yml"), original);
    clean_files(&site.state());
}
