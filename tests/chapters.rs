//! Each chapter asks for what it needs and for nothing else.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests read files from disk")]

mod support;

use support::site::{Site, exits, said};

/// The program on this site, whose daemon does not answer and whose hal is not there.
fn without_hal(site: &Site, arguments: &[&str]) -> std::process::Output {
    let mut command = site.command(arguments);
    command.env("EVENT_CACHE_WIZARD_DAEMON_ENDPOINT", "http://127.0.0.1:9");
    command.env("EVENT_CACHE_WIZARD_HAL", site.text("no-hal-here"));
    command.output().unwrap()
}

#[test]
fn sns_needs_neither_hal_nor_its_daemon() {
    let site = Site::new();
    exits(&site.apply(&["--only", "configure,install"]), 0);
    let before = site.effects().len();
    exits(&without_hal(&site, &["apply", "--answers", "answers.yml", "--yes", "--only", "sns"]), 0);
    let made: Vec<String> = site.effects().split_off(before);
    let expected = ["sns create-topic", "sns set-policy", "sns subscribe", "config put-delivery-channel"];
    assert_eq!(made.len(), expected.len(), "{made:?}");
    for (made, expected) in made.iter().zip(expected) {
        assert!(made.starts_with(expected), "{made} is not {expected}");
    }
}

#[test]
fn configure_needs_files_alone_and_says_what_it_did_not_check() {
    let site = Site::new();
    let without_hal = |arguments: &[&str]| without_hal(&site, arguments);
    let all = without_hal(&["plan", "--answers", "answers.yml"]);
    exits(&all, 3);
    assert!(said(&all).contains("Halyard daemon: http://127.0.0.1:9 does not answer"), "{}", said(&all));

    std::fs::write(site.path("files.yml"), "version: 1\ninstall: {apply: false}\nsns: {when: later}\n")
        .unwrap();
    let plan = without_hal(&["plan", "--answers", "files.yml"]);
    assert!(said(&plan).contains("whether the daemon reads this directory"), "{}", said(&plan));

    let files = ["apply", "--answers", "answers.yml", "--yes", "--only", "configure"];
    let applied = without_hal(&files);
    exits(&applied, 0);
    assert!(
        said(&applied).contains("it was not checked whether the daemon reads this directory"),
        "{}",
        said(&applied)
    );
    for name in ["gate-local.yml", "clouddriver-local.yml"] {
        let text = site.profile(name);
        assert!(text.contains("awsEventCache"), "{text}");
    }
    assert_eq!(site.effects(), Vec::<String>::new());

    exits(&without_hal(&files), 0);
    let undone = without_hal(&["undo", "--yes"]);
    exits(&undone, 0);
    let said = said(&undone);
    assert!(said.contains("Done. What the wizard had made is taken back."), "{said}");
    for of_an_install in ["Left to do", "whoever has the AWS rights", "hal deploy apply", "Undo with"] {
        assert!(!said.contains(of_an_install), "{of_an_install}: {said}");
    }
}
