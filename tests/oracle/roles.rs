//! HA roles: the files that Halyard lays beside one another, in its order of profiles (`caching`, `local`,
//! `caching-local`: SpringService.getActiveSpringProfiles). What the contradiction report says is what
//! Spring answers.

use std::fs;

use ecw_profile::{EditVerdict, SiblingKind, plan, read_sibling};

use crate::answer::{Answer, Loaded, Repositories};
use crate::cases::{self, URL, VERSION};
use crate::spring::{BOOTS, Question, Spring};

const ROLE: &str = "clouddriver-caching-local.yml";
const EVERYWHERE: &str = "spinnaker-local.yml";
const WHOLE: &str = "clouddriver.yml";

/// Another file, its kind and content, and how our part reads then.
const SCENARIOS: &[(&str, SiblingKind, &str)] = &[
    (ROLE, SiblingKind::Role, "a: 1\n"),
    (ROLE, SiblingKind::Role, "spinnaker.extensibility.plugins.Armory.AWSCATsOnEvent.enabled: false\n"),
    (ROLE, SiblingKind::Role, "spinnaker.extensibility.plugins.Armory.AWSCATsOnEvent.enabled: 'yes'\n"),
    (ROLE, SiblingKind::Role, "spinnaker.extensibility.plugins.Armory.AWSCATsOnEvent.enabled: maybe\n"),
    (ROLE, SiblingKind::Role, "spinnaker.extensibility.plugins.Armory.AWSCATsOnEvent: {version: 0.1.0}\n"),
    (ROLE, SiblingKind::Role, "spinnaker.extensibility.plugins.Armory.AWSCATsOnEvent: {version: 0.2.1}\n"),
    (
        ROLE,
        SiblingKind::Role,
        "x: &x {enabled: false}\nspinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent:\n        <<: *x\n",
    ),
    (
        ROLE,
        SiblingKind::Role,
        "spinnaker.extensibility.plugins.Armory.AWSCATsOnEvent.enabled: false\n---\nspinnaker.extensibility.plugins.Armory.AWSCATsOnEvent.enabled: true\n",
    ),
    (
        ROLE,
        SiblingKind::Role,
        "spinnaker:\n  extensibility:\n    repositories:\n      awsEventCache:\n        enabled: false\n",
    ),
    (
        ROLE,
        SiblingKind::Role,
        "spinnaker:\n  extensibility:\n    repositories:\n      awsEventCache:\n        url: https://mirror.example.com/plugins.json\n",
    ),
    (ROLE, SiblingKind::Role, "spinnaker.extensibility.strict-plugin-loading: true\n"),
    (WHOLE, SiblingKind::Full, "spinnaker.extensibility.plugins.Armory.AWSCATsOnEvent.enabled: false\n"),
    (
        WHOLE,
        SiblingKind::Full,
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent: {version: 0.1.0}\n    repositories:\n      awsEventCache: {url: 'https://mirror.example.com/plugins.json'}\n",
    ),
    (
        EVERYWHERE,
        SiblingKind::SpinnakerLocal,
        "spinnaker:\n  extensibility:\n    plugins:\n      Armory.AWSCATsOnEvent: {enabled: true, version: 0.1.0}\n",
    ),
    (
        EVERYWHERE,
        SiblingKind::SpinnakerLocal,
        "spinnaker.extensibility.plugins.Armory.AWSCATsOnEvent.enabled: false\n",
    ),
    (EVERYWHERE, SiblingKind::SpinnakerLocal, "spinnaker.extensibility.plugins-root-path: /tmp/elsewhere\n"),
];

/// What the report may say, by the words of its consequence, and how Spring's answer shows it.
fn shown(consequence: &str, role: &Answer, another_service: &Answer) -> bool {
    match (consequence, role) {
        (text, Answer::Fails { .. }) => text.contains("does not start"),
        (text, Answer::Loads(loaded)) if text.contains("stays off there") => !loaded.enabled,
        (text, Answer::Loads(loaded)) if text.contains("that version") => loaded.version != VERSION,
        (text, Answer::Loads(loaded)) if text.contains("overrides our repository") => {
            !repository_is_ours(loaded)
        }
        (text, Answer::Loads(loaded)) if text.contains("how plugins are loaded") => {
            let set = |name: &str| loaded.properties.contains_key(&format!("spinnaker.extensibility.{name}"));
            set("strict-plugin-loading") || set("plugins-root-path")
        }
        (text, Answer::Loads(_)) if text.contains("reaches every service") => matches!(
            another_service,
            Answer::Loads(loaded) if loaded.properties.keys().any(|name| name.contains("AWSCATsOnEvent"))
        ),
        (text, Answer::Loads(_)) => text.contains("strict-plugin-loading is then true"),
    }
}

fn repository_is_ours(loaded: &Loaded) -> bool {
    let Repositories::Named(named) = &loaded.repositories else { return false };
    named.get("awsEventCache").is_some_and(|ours| ours.enabled && ours.url.as_deref() == Some(URL))
}

#[test]
fn roles_and_files_beside_ours_read_as_the_contradiction_report_says() {
    let home = tempfile::tempdir().unwrap();
    let EditVerdict::Create(ours) = plan(None, &cases::wanted()) else { panic!("there is no file yet") };
    let mut questions = Vec::new();
    for (number, (file, _, text)) in SCENARIOS.iter().enumerate() {
        let directory = home.path().join(number.to_string());
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join("clouddriver-local.yml"), ours.after(&[]).unwrap()).unwrap();
        fs::write(directory.join(file), text).unwrap();
        let ask = |application, profiles| Question { directory: directory.clone(), application, profiles };
        questions.extend([
            ask("clouddriver", "caching,local,caching-local"),
            ask("clouddriver", "rw,local,rw-local"),
            ask("orca", "local"),
        ]);
    }
    for boot in BOOTS {
        let answers = Spring::with_boot(boot).ask(&questions);
        for ((file, kind, text), answers) in SCENARIOS.iter().zip(answers.chunks(3)) {
            let [caching, rw, orca] = answers else { panic!("three questions a scenario") };
            let report = read_sibling(file, kind, text.as_bytes(), &cases::wanted());
            for said in &report {
                assert!(
                    shown(&said.consequence, caching, orca),
                    "{boot}: {said:?} of {text:?}, but Spring: {caching:?} {orca:?}"
                );
            }
            let silent = !report.iter().any(|said| {
                ["stays off", "that version", "overrides", "does not start"]
                    .iter()
                    .any(|words| said.consequence.contains(words))
            });
            let undisturbed = |answer: &Answer| match answer {
                Answer::Loads(loaded) => loaded.satisfies(VERSION, URL).is_ok() && repository_is_ours(loaded),
                Answer::Fails { .. } => false,
            };
            assert_eq!(silent, undisturbed(caching), "{boot}: {file}: {text:?} read as {caching:?}");
            // A role's file is for its role alone.
            assert!(undisturbed(rw), "{boot}: {file}: {text:?} reaches rw: {rw:?}");
        }
    }
}
