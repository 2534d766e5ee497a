//! The editor's laws, over random documents: what was loaded stays loaded, foreign bytes stay,
//! inserting twice changes nothing, removing gives the bytes back, others' later edits stay.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use ecw_profile::{EditVerdict, NewerVersion, Removal, WantedBlock, plan, remove};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_yaml::Value;

const PLUGIN: &str = "spinnaker.extensibility.plugins.Armory.AWSCATsOnEvent";

fn wanted() -> WantedBlock {
    WantedBlock {
        version: "0.2.1".into(),
        url: "https://example.com/plugins/repositories.json".into(),
        newer: NewerVersion::Ask,
        root: ecw_profile::Root::File,
    }
}

/// A document before it is written down.
#[derive(Clone, Debug)]
enum Doc {
    Scalar(&'static str),
    List(Vec<Self>),
    Map(Vec<(&'static str, Self)>),
}

const SCALARS: [&str; 14] = [
    "true",
    "'no'",
    "1.30",
    "\"a: b\"",
    "plain text",
    "~",
    "''",
    "0x1f",
    "{}",
    "[]",
    "'#'",
    "2024-01-01",
    "x#y",
    "äöü",
];
const KEYS: [&str; 12] = [
    "server",
    "port",
    "spinnaker",
    "extensibility",
    "plugins",
    "repositories",
    "s3",
    "'quoted key'",
    "Other.Plugin",
    "aws",
    "a.b",
    "enabled",
];

fn doc(depth: u32) -> BoxedStrategy<Doc> {
    let scalar = proptest::sample::select(SCALARS.as_slice()).prop_map(Doc::Scalar);
    if depth == 0 {
        return scalar.boxed();
    }
    let list = vec(doc(depth - 1), 1..3).prop_map(Doc::List);
    let map = entries(depth).prop_map(Doc::Map);
    prop_oneof![3 => scalar, 1 => list, 4 => map].boxed()
}

fn entries(depth: u32) -> BoxedStrategy<Vec<(&'static str, Doc)>> {
    vec((proptest::sample::select(KEYS.as_slice()), doc(depth - 1)), 1..4)
        .prop_map(|list| {
            let mut seen = Vec::new();
            list.into_iter()
                .filter(|(key, _)| {
                    let new = !seen.contains(key);
                    seen.push(*key);
                    new
                })
                .collect()
        })
        .boxed()
}

/// How a document is written down.
#[derive(Clone, Debug)]
struct Style {
    step: usize,
    crlf: bool,
    comments: bool,
    blank_lines: bool,
    header: bool,
    bom: bool,
    final_newline: bool,
}

prop_compose! {
    fn style()(step in 1_usize..5, crlf: bool, comments: bool, blank_lines: bool, header: bool, bom: bool, final_newline: bool) -> Style {
        Style { step, crlf, comments, blank_lines, header, bom, final_newline }
    }
}

fn write(map: &[(&str, Doc)], style: &Style) -> String {
    let mut out = String::new();
    if style.header {
        out.push_str("---\n");
    }
    block(map, 0, style, &mut out);
    if !style.final_newline {
        out.truncate(out.trim_end().len());
    }
    if style.crlf {
        out = out.replace('\n', "\r\n");
    }
    if style.bom { format!("\u{feff}{out}") } else { out }
}

fn block(map: &[(&str, Doc)], indent: usize, style: &Style, out: &mut String) {
    let pad = " ".repeat(indent);
    for (at, (key, doc)) in map.iter().enumerate() {
        if style.comments && at % 2 == 0 {
            out.push_str(&format!("{pad}# about {key}\n"));
        }
        match doc {
            Doc::Scalar(text) => {
                let remark = if style.comments && at % 3 == 0 { "  # remark" } else { "" };
                out.push_str(&format!("{pad}{key}: {text}{remark}\n"));
            }
            Doc::List(items) => {
                out.push_str(&format!("{pad}{key}:\n"));
                for item in items {
                    out.push_str(&format!("{pad}{}- {}\n", " ".repeat(style.step), flow(item)));
                }
            }
            Doc::Map(inner) if at % 4 == 3 => {
                out.push_str(&format!("{pad}{key}: {}\n", flow(&Doc::Map(inner.clone()))));
            }
            Doc::Map(inner) => {
                out.push_str(&format!("{pad}{key}:\n"));
                block(inner, indent + style.step, style, out);
            }
        }
        if style.blank_lines && at % 2 == 1 {
            out.push('\n');
        }
    }
}

fn flow(doc: &Doc) -> String {
    match doc {
        Doc::Scalar(text) => (*text).to_owned(),
        Doc::List(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Doc::Map(map) => {
            format!(
                "{{{}}}",
                map.iter().map(|(key, doc)| format!("{key}: {}", flow(doc))).collect::<Vec<_>>().join(", ")
            )
        }
    }
}

/// Loads as Spring does: keys joined by dots. An independent reader (serde_yaml) is the oracle.
fn load(text: &str) -> Option<BTreeMap<String, Vec<String>>> {
    let value: Value = serde_yaml::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    let mut found = BTreeMap::new();
    flatten(&value, String::new(), &mut found);
    Some(found)
}

fn flatten(value: &Value, path: String, found: &mut BTreeMap<String, Vec<String>>) {
    match value {
        Value::Mapping(map) => {
            for (key, value) in map {
                let key = match key {
                    Value::String(text) => text.clone(),
                    other => format!("{other:?}"),
                };
                flatten(value, if path.is_empty() { key } else { format!("{path}.{key}") }, found);
            }
        }
        // An empty value may become a mapping; it says nothing before.
        Value::Null => {}
        Value::Sequence(list) if list.is_empty() => {}
        other => found.entry(path).or_default().push(format!("{other:?}")),
    }
}

fn is_ours(path: &str) -> bool {
    path.starts_with(PLUGIN) || path.starts_with("spinnaker.extensibility.repositories.awsEventCache.")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_adds_ours_and_keeps_everything_else(map in entries(4), style in style()) {
        let text = write(&map, &style);
        let before = load(&text);
        let (EditVerdict::Edit(edit) | EditVerdict::Repair(edit)) = plan(Some(text.as_bytes()), &wanted()) else { return Ok(()) };
        let bytes = edit.after(text.as_bytes()).unwrap();
        let after_text = String::from_utf8(bytes.clone()).unwrap();
        let before = before.expect("what is edited is YAML");
        let mut after = load(&after_text).unwrap_or_else(|| panic!("the result is no YAML:\n{after_text}"));
        prop_assert_eq!(after.get(&format!("{PLUGIN}.enabled")), Some(&vec!["Bool(true)".to_owned()]));
        prop_assert_eq!(after.get(&format!("{PLUGIN}.version")), Some(&vec!["String(\"0.2.1\")".to_owned()]));
        after.retain(|path, _| !is_ours(path));
        let mut kept = before.clone();
        kept.retain(|path, _| !is_ours(path));
        prop_assert_eq!(&after, &kept, "{}\n--- became ---\n{}", text, after_text);
        // Twice changes nothing, and removing gives the bytes back.
        prop_assert!(matches!(plan(Some(&bytes), &wanted()), EditVerdict::Unchanged(_)));
        prop_assert_eq!(remove(&bytes, &edit.receipt), Removal::Restored(text.clone().into_bytes()));
        // Line ends are followed.
        if style.crlf && !after_text.replace("\r\n", "").is_empty() && text.contains("\r\n") {
            prop_assert!(!after_text.replace("\r\n", "").contains('\n'));
        }
    }

    #[test]
    fn later_edits_by_others_stay_when_ours_go(map in entries(3), style in style(), extra in proptest::sample::select(vec!["zz: 1", "# remark at the end"]), place in 0_usize..100) {
        let text = write(&map, &Style { final_newline: true, ..style });
        let (EditVerdict::Edit(edit) | EditVerdict::Repair(edit)) = plan(Some(text.as_bytes()), &wanted()) else { return Ok(()) };
        let mut others = String::from_utf8(edit.after(text.as_bytes()).unwrap()).unwrap();
        // A remark somewhere, maybe between our own lines, and something at the end.
        let lines: Vec<usize> = others.match_indices('\n').map(|(at, _)| at + 1).collect();
        let at = lines[place % lines.len()];
        others.insert_str(at, "# somebody else was here\n");
        others.push_str(extra);
        others.push('\n');
        let before = load(&others).unwrap();
        match remove(others.as_bytes(), &edit.receipt) {
            Removal::Edited(bytes) => {
                let rest = String::from_utf8(bytes).unwrap();
                prop_assert!(rest.contains(extra) && rest.contains("# somebody else was here"), "{}", rest);
                let mut kept = before;
                kept.retain(|path, _| !is_ours(path));
                let after = load(&rest).unwrap_or_default();
                prop_assert_eq!(after, kept, "{}", rest);
            }
            // Saying that it cannot be told apart is allowed; losing something is not.
            Removal::Refused(_) => {}
            other => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..400), text in "[ a-z:{}\\[\\]&*!|>'\"#%@`,?\n\t.-]{0,200}") {
        for input in [bytes.as_slice(), text.as_bytes()] {
            if let EditVerdict::Edit(edit) | EditVerdict::Repair(edit) = plan(Some(input), &wanted()) {
                prop_assert_eq!(remove(&edit.after(input).unwrap(), &edit.receipt), Removal::Restored(input.to_vec()));
            }
        }
    }
}
