//! Profiles inside the manifest of a `SpinnakerService`: the same editor, the same proof, the same undo.
#![allow(clippy::unwrap_used, reason = "tests")]

use ecw_profile::{EditVerdict, NewerVersion, Receipt, Removal, Root, WantedBlock, plan, remove};
use serde_yaml::Value;

const URL: &str = "https://example.com/p/plugins.json";
const ROOTS: [Root; 2] = [Root::OperatorGate, Root::OperatorClouddriver];

fn wanted(root: Root) -> WantedBlock {
    WantedBlock { version: "0.2.1".into(), url: URL.into(), newer: NewerVersion::Ask, root }
}

fn fixture(name: &str) -> String {
    std::fs::read_to_string(format!("{}/../../tests/fixtures/operator/{name}", env!("CARGO_MANIFEST_DIR")))
        .unwrap()
}

/// Plans both profiles, one on what the other made; returns the result and the receipts.
fn both(text: &str) -> (String, Vec<Receipt>) {
    let (mut text, mut receipts) = (text.to_owned(), Vec::new());
    for root in ROOTS {
        let (EditVerdict::Edit(edit) | EditVerdict::Repair(edit)) =
            plan(Some(text.as_bytes()), &wanted(root))
        else {
            panic!("{root:?}: {:?}\n{text}", plan(Some(text.as_bytes()), &wanted(root)));
        };
        text = String::from_utf8(edit.after(text.as_bytes()).unwrap()).unwrap();
        receipts.push(edit.receipt);
    }
    (text, receipts)
}

/// Takes the plugin's entries out of a profile, and what only held them.
fn without_ours(profile: &mut serde_yaml::Mapping) {
    let extensibility = profile.get_mut("spinnaker").and_then(|spinnaker| spinnaker.get_mut("extensibility"));
    let Some(found) = extensibility.and_then(Value::as_mapping_mut) else { return };
    for (key, ours) in [("plugins", "Armory.AWSCATsOnEvent"), ("repositories", "awsEventCache")] {
        if let Some(list) = found.get_mut(key).and_then(Value::as_mapping_mut) {
            list.remove(ours);
            if list.is_empty() {
                found.remove(key);
            }
        }
    }
    if found.is_empty() {
        profile.remove("spinnaker");
    }
}

/// The documents as kubectl hears them, without what stands at the two roots for the plugin.
fn beside_ours(text: &str) -> Vec<Value> {
    let strip = |value: &mut Value| {
        let Some(profiles) = value
            .get_mut("spec")
            .and_then(|spec| spec.get_mut("spinnakerConfig"))
            .and_then(Value::as_mapping_mut)
        else {
            return;
        };
        let Some(all) = profiles.get_mut("profiles").and_then(Value::as_mapping_mut) else { return };
        for service in ["gate", "clouddriver"] {
            if let Some(profile) = all.get_mut(service).and_then(Value::as_mapping_mut) {
                without_ours(profile);
            }
            if all.get(service).is_some_and(|profile| {
                profile.is_null() || profile.as_mapping().is_some_and(serde_yaml::Mapping::is_empty)
            }) {
                all.remove(service);
            }
        }
        if all.is_empty() {
            profiles.remove("profiles");
        }
    };
    serde_yaml::Deserializer::from_str(text)
        .map(|document| {
            let mut value: Value = serde::Deserialize::deserialize(document).unwrap();
            value.apply_merge().unwrap();
            strip(&mut value);
            value
        })
        .collect()
}

#[test]
fn a_manifest_gets_the_block_at_both_roots_and_undo_gives_the_bytes_back() {
    for name in ["one.yml", "several.yml", "patch.yml", "bare.yml", "flow.yml"] {
        for (before, eol) in [(fixture(name), "\n"), (fixture(name).replace('\n', "\r\n"), "\r\n")] {
            let (after, receipts) = both(&before);
            assert_eq!(beside_ours(&before), beside_ours(&after), "{name}");
            if name != "flow.yml" && !before.contains("{}   #") {
                let kept: Vec<&str> = before.lines().collect();
                let left: Vec<&str> = after.lines().filter(|line| kept.contains(line)).collect();
                assert!(kept.iter().all(|line| left.contains(line)), "{name}: a line is gone\n{after}");
            }
            assert!(eol == "\n" || !after.replace("\r\n", "").contains('\n'), "{name}: its own line breaks");
            for root in ROOTS {
                assert_eq!(
                    plan(Some(after.as_bytes()), &wanted(root)),
                    EditVerdict::Unchanged(Vec::new()),
                    "{name}"
                );
            }
            let mut bytes = after.into_bytes();
            for receipt in receipts.iter().rev() {
                let Removal::Restored(back) = remove(&bytes, receipt) else { panic!("{name}: not restored") };
                bytes = back;
            }
            assert_eq!(String::from_utf8(bytes).unwrap(), before, "{name}");
        }
    }
}

#[test]
fn what_is_written_reads_like_this() {
    let all: String = ["one.yml", "several.yml", "patch.yml", "bare.yml", "flow.yml"]
        .map(|name| format!("# ===== {name}\n{}", both(&fixture(name)).0))
        .concat();
    insta::assert_snapshot!(all);
}

#[test]
fn what_others_edited_since_stays_and_ours_goes() {
    for name in ["one.yml", "several.yml", "patch.yml", "bare.yml"] {
        let before = fixture(name);
        let (after, receipts) = both(&before);
        let edited = after.replace("name: spinnaker\n", "name: spinnaker\n  labels: {team: cd}\n");
        assert_ne!(edited, after);
        let mut bytes = edited.into_bytes();
        for receipt in receipts.iter().rev() {
            let Removal::Edited(back) = remove(&bytes, receipt) else {
                panic!("{name}: {:?}", remove(&bytes, receipt));
            };
            bytes = back;
        }
        // An empty mapping that was made a block is left as an empty value, where the file was edited since.
        let back = String::from_utf8(bytes).unwrap().replace("clouddriver: #", "clouddriver: {}   #");
        assert_eq!(
            back,
            before.replace("name: spinnaker\n", "name: spinnaker\n  labels: {team: cd}\n"),
            "{name}"
        );
    }
}

#[test]
fn what_cannot_be_edited_safely_is_refused_by_name() {
    let refusals: Vec<String> = [
        ("no such kind", "apiVersion: v1\nkind: ConfigMap\n"),
        ("another group", "apiVersion: example.com/v1\nkind: SpinnakerService\nspec: {}\n"),
        (
            "two of them",
            "apiVersion: spinnaker.io/v1alpha2\nkind: SpinnakerService\nspec: {}\n---\napiVersion: spinnaker.io/v1alpha2\nkind: SpinnakerService\nspec: {}\n",
        ),
        (
            "a text for a profile",
            "apiVersion: spinnaker.io/v1alpha2\nkind: SpinnakerService\nspec:\n  spinnakerConfig:\n    profiles:\n      gate: |\n        a: 1\n",
        ),
        (
            "an alias on the way",
            "apiVersion: spinnaker.io/v1alpha2\nkind: SpinnakerService\nx: &p {gate: {}}\nspec:\n  spinnakerConfig:\n    profiles: *p\n",
        ),
        (
            "a merge on the way",
            "apiVersion: spinnaker.io/v1alpha2\nkind: SpinnakerService\nx: &p {gate: {a: 1}}\nspec:\n  spinnakerConfig:\n    profiles:\n      <<: *p\n",
        ),
        (
            "an anchor that is used elsewhere",
            "apiVersion: spinnaker.io/v1alpha2\nkind: SpinnakerService\nspec:\n  spinnakerConfig:\n    profiles:\n      gate: &g\n        a: 1\n      clouddriver: *g\n",
        ),
        (
            "gate twice",
            "apiVersion: spinnaker.io/v1alpha2\nkind: SpinnakerService\nspec:\n  spinnakerConfig:\n    profiles:\n      gate: {a: 1}\n      gate: {b: 1}\n",
        ),
        ("no spec", "apiVersion: spinnaker.io/v1alpha2\nkind: SpinnakerService\n"),
        ("no YAML", "apiVersion: spinnaker.io/v1alpha2\nkind: [SpinnakerService\n"),
    ]
    .into_iter()
    .map(|(why, text)| {
        let EditVerdict::Refused(refusal) = plan(Some(text.as_bytes()), &wanted(Root::OperatorGate)) else {
            panic!("{why}: {:?}", plan(Some(text.as_bytes()), &wanted(Root::OperatorGate)));
        };
        format!("{why}: {}", refusal.sentence())
    })
    .collect();
    insta::assert_snapshot!(refusals.join("\n"));
    assert!(matches!(plan(None, &wanted(Root::OperatorGate)), EditVerdict::Refused(_)));
}

#[test]
fn a_block_scalar_that_ends_a_profile_keeps_its_value() {
    for ending in ["|", "|+", "|-", ">"] {
        let text = format!(
            "apiVersion: spinnaker.io/v1alpha2\nkind: SpinnakerService\nspec:\n  spinnakerConfig:\n    profiles:\n      clouddriver:\n        note: {ending}\n          one\n          two\n\n\n      gate:\n        note: {ending}\n          one\n\n\n"
        );
        let (after, _) = both(&text);
        assert_eq!(beside_ours(&text), beside_ours(&after), "{ending}");
    }
}

/// What people and tools write: each is edited so that all else is heard as before, or refused; never anything between.
#[test]
fn odd_manifests_are_edited_rightly_or_not_at_all() {
    let head = "apiVersion: spinnaker.io/v1alpha2\nkind: SpinnakerService\nmetadata: {name: s}\nspec:\n  spinnakerConfig:\n    profiles:\n";
    let profiles = [
        "      gate:\n        a: 1",
        "      gate:\n        a: |\n          text",
        "      gate:\n        a: |+\n          text\n\n",
        "      \"gate\":\n        a: 1\n",
        "      'gate': {a: 1}\n",
        "      gate: {}",
        "      gate: {}  # none\n      # behind\n",
        "      gate:   # one\n        # two\n        a: 1  # three\n        # four\n      # five\n      orca: {}\n",
        "      gate: ~\n      clouddriver: null\n",
        "      gate: !!map\n        a: 1\n",
        "      ? gate\n      : a: 1\n",
        "      gate: &g\n        a: 1\n",
        "      gate:\n          deep: {x: [1, {y: 2}]}\n",
        "      gate:\n        security.basicform.enabled: true\n",
        "      gate:\n        spinnaker:\n          extensibility: &e\n            plugins: {}\n      orca:\n        spinnaker:\n          extensibility: *e\n",
        "      gate:\n        spinnaker: {extensibility: {repositories: {r: {url: 'https://example.com/p/plugins.json'}}}}\n",
        "      gate:\n      - a\n",
        "      gate: text\n",
        "      gate: {a: 1,\n        b: 2}\n",
        "      gate:\n        a: \"x\\n  y\"\n        'b c': >-\n          d\n          e\n",
    ];
    let tails =
        ["", "  expose: {type: service}\n", "---\napiVersion: v1\nkind: ConfigMap\n", "...\n", "# end"];
    let mut edited = 0;
    for profile in profiles {
        for tail in tails {
            for bom in ["", "\u{feff}"] {
                let end = if profile.ends_with('\n') || tail.is_empty() { "" } else { "\n" };
                let text = format!("{bom}{head}{profile}{end}{tail}");
                for root in ROOTS {
                    let (EditVerdict::Edit(edit) | EditVerdict::Repair(edit)) =
                        plan(Some(text.as_bytes()), &wanted(root))
                    else {
                        continue;
                    };
                    edited += 1;
                    let after = edit.after(text.as_bytes()).unwrap();
                    let heard = String::from_utf8(after.clone()).unwrap();
                    assert_eq!(
                        beside_ours(text.trim_start_matches('\u{feff}')),
                        beside_ours(heard.trim_start_matches('\u{feff}')),
                        "{text}\n=>\n{heard}"
                    );
                    assert!(
                        matches!(plan(Some(&after), &wanted(root)), EditVerdict::Unchanged(_)),
                        "{text}\n=>\n{heard}"
                    );
                    assert_eq!(
                        remove(&after, &edit.receipt),
                        Removal::Restored(text.clone().into_bytes()),
                        "{text}"
                    );
                }
            }
        }
    }
    assert!(edited > 250, "only {edited} were edited");
}
