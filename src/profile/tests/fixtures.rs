//! Every fixture profile with the verdict that Spring's own loader implies (fixtures README).
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests read fixtures from disk")]

#[path = "../../../tests/oracle/tricky.rs"]
mod tricky;

use ecw_profile::{EditVerdict, NewerVersion, Removal, Root, WantedBlock, plan, remove};

const URL: &str =
    "https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/repositories.json";

fn wanted() -> WantedBlock {
    WantedBlock { version: "0.2.1".into(), url: URL.into(), newer: NewerVersion::Ask, root: Root::File }
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../../tests/fixtures/profiles/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The verdict's kind, its remarks, and the new text.
fn outcome(bytes: &[u8]) -> String {
    match plan(Some(bytes), &wanted()) {
        EditVerdict::Unchanged(findings) => {
            format!("unchanged\n{}", findings.iter().map(|each| each.sentence() + "\n").collect::<String>())
        }
        EditVerdict::Create(_) => unreachable!("there is a file"),
        EditVerdict::AsksNewer { found, at } => format!("asks: {found} at line {}", at.line),
        EditVerdict::Refused(refusal) => format!("refused: {}", refusal.sentence()),
        verdict @ (EditVerdict::Edit(_) | EditVerdict::Repair(_)) => {
            let kind = if matches!(verdict, EditVerdict::Edit(_)) { "edit" } else { "repair" };
            let (EditVerdict::Edit(edit) | EditVerdict::Repair(edit)) = verdict else {
                unreachable!("matched above")
            };
            let after = edit.after(bytes).unwrap();
            assert_eq!(remove(&after, &edit.receipt), Removal::Restored(bytes.to_vec()));
            assert!(matches!(plan(Some(&after), &wanted()), EditVerdict::Unchanged(_)));
            let findings: String = edit.findings.iter().map(|each| each.sentence() + "\n").collect();
            format!(
                "{kind}\n{findings}----\n{}",
                String::from_utf8(after).unwrap().replace('\u{feff}', "<BOM>")
            )
        }
    }
}

#[test]
fn every_fixture_profile_gets_the_verdict_that_spring_implies() {
    let mut names: Vec<String> =
        std::fs::read_dir(format!("{}/../../tests/fixtures/profiles", env!("CARGO_MANIFEST_DIR")))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
    names.sort();
    assert_eq!(names.len(), 21);
    let all: String =
        names.iter().map(|name| format!("==== {name}\n{}\n", outcome(&fixture(name)))).collect();
    insta::assert_snapshot!(all);
}

#[test]
fn no_file_becomes_the_whole_block_and_undo_deletes_it() {
    let EditVerdict::Create(edit) = plan(None, &wanted()) else { panic!("not a creation") };
    let after = edit.after(&[]).unwrap();
    assert_eq!(String::from_utf8(after.clone()).unwrap(), wanted().snippet());
    assert_eq!(remove(&after, &edit.receipt), Removal::DeleteFile);
}

#[test]
fn tricky_inputs_are_edited_or_refused_with_a_place() {
    let all: String = tricky::INPUTS
        .iter()
        .map(|(name, text)| format!("==== {name}\n{}\n", outcome(text.as_bytes())))
        .collect();
    insta::assert_snapshot!(all);
}

#[test]
fn bytes_that_are_not_utf8_are_refused_with_their_place() {
    assert_eq!(outcome(b"a: 1\nb: \xff\n"), "refused: line 2, column 4: the file is not UTF-8");
}

#[test]
fn later_edits_by_others_stay_when_ours_are_taken_out() {
    let cases = [
        ("spinnaker:\n  s3:\n    enabled: false\n", "s3:\n    enabled: false\n", "s3:\n    enabled: true\n"),
        (
            "spinnaker:\n  extensibility:\n    plugins: {}\n",
            "        version: 0.2.1\n",
            "        version: 0.2.1\n      Other.One:\n        enabled: true\n",
        ),
        (
            "",
            "        enabled: true\n        version",
            "        # a remark\n        enabled: true\n        version",
        ),
        ("a: 1\n", "a: 1\n", "a: 2\nb: 3\n"),
    ];
    let mut all = String::new();
    for (original, from, to) in cases {
        let (EditVerdict::Edit(edit) | EditVerdict::Repair(edit)) =
            plan(Some(original.as_bytes()), &wanted())
        else {
            panic!("no edit of {original:?}")
        };
        let after = String::from_utf8(edit.after(original.as_bytes()).unwrap()).unwrap();
        let others = after.replacen(from, to, 1);
        assert_ne!(others, after);
        let Removal::Edited(bytes) = remove(others.as_bytes(), &edit.receipt) else {
            panic!("not taken out of {others}: {:?}", remove(others.as_bytes(), &edit.receipt))
        };
        all += &format!("==== {original:?}\n{}", String::from_utf8(bytes).unwrap());
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_repair_gives_the_original_text_back_after_later_edits() {
    let original = fixture("s21-armory-docs-wrong-key.yml");
    let EditVerdict::Repair(edit) = plan(Some(&original), &wanted()) else { panic!("no repair") };
    let others = [edit.after(&original).unwrap().as_slice(), b"server:\n  port: 1\n"].concat();
    let expected = [original.as_slice(), b"server:\n  port: 1\n"].concat();
    assert_eq!(remove(&others, &edit.receipt), Removal::Edited(expected));
}

#[test]
fn a_big_file_is_edited_wherever_our_part_stands_and_however_it_is_written() {
    let accounts: String = (0..9_000)
        .map(|at| {
            format!("  - name: account-{at}\n    permissions:\n      ROLE: # who\n      - 'team-{at}@example.com'\n")
        })
        .collect();
    let accounts = format!("kubernetes:\n  accounts:\n{accounts}");
    let ours = "spinnaker:\n  extensibility:\n    plugins: {}\n";
    let texts = [
        ("at the end", format!("{accounts}{ours}")),
        ("at the front", format!("{ours}{accounts}")),
        ("nowhere", accounts.clone()),
        ("no line break at the end", format!("{accounts}{}", ours.trim_end())),
        ("in CRLF", format!("{ours}{accounts}").replace('\n', "\r\n")),
        ("with a list that is not skimmed", format!("list: [1, {{a: b}}]\n{accounts}{ours}")),
        ("with an anchor", format!("x: &x {{a: 1}}\n{accounts}{ours}y: *x\n")),
        ("with a byte order mark", format!("\u{feff}{accounts}{ours}")),
    ];
    for (name, text) in texts {
        assert!(text.len() > 600_000, "{name}");
        let EditVerdict::Edit(edit) = plan(Some(text.as_bytes()), &wanted()) else { panic!("{name}") };
        let after = edit.after(text.as_bytes()).unwrap();
        assert_eq!(edit.receipt.after, ecw_profile::sha256_hex(&after), "{name}");
        assert_eq!(edit.receipt.before, Some(ecw_profile::sha256_hex(text.as_bytes())), "{name}");
        assert_eq!(after.len(), text.len() + added(&edit.receipt), "{name}");
        assert!(String::from_utf8_lossy(&after).contains("Armory.AWSCATsOnEvent"), "{name}");
        assert_eq!(remove(&after, &edit.receipt), Removal::Restored(text.clone().into_bytes()), "{name}");
        assert_eq!(plan(Some(&after), &wanted()), EditVerdict::Unchanged(Vec::new()), "{name}");
    }
    let twice = format!("{ours}{accounts}spinnaker: 1\n");
    assert!(outcome(twice.as_bytes()).contains("the key spinnaker stands twice"));
}

/// How many bytes an edit adds.
fn added(receipt: &ecw_profile::Receipt) -> usize {
    let grown: usize = receipt.splices.iter().map(|splice| splice.inserted.len()).sum();
    grown - receipt.splices.iter().map(|splice| splice.removed.len()).sum::<usize>()
}
