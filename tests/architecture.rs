//! The house rules that a compiler does not know: which crate may lean on which, which floor of the wizard
//! on which, and no circle anywhere. `src/ARCHITECTURE.md` has the drawing.
#![allow(clippy::unwrap_used, reason = "tests read the sources")]

#[path = "support/house.rs"]
mod house;
#[path = "support/named.rs"]
mod named;

use std::path::Path;

use house::{CRATES, House, circles, upwards};

#[test]
fn no_crate_and_no_floor_leans_on_one_above_it() {
    let house = House::ours();
    let found = upwards(&house.arrows());
    assert!(found.is_empty(), "{}", found.join("\n"));
    let calls = house.calls_upwards();
    assert!(calls.is_empty(), "{}", calls.join("\n"));
}

#[test]
fn there_is_no_circle_of_modules_anywhere() {
    let found = circles(&House::ours().arrows());
    assert!(found.is_empty(), "{} circles\n{}", found.len(), found.join("\n"));
}

#[test]
fn crates_are_declared_as_they_are_drawn() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (krate, allowed) in CRATES {
        let dir = krate.strip_prefix("ecw_").map_or(root.to_path_buf(), |name| root.join("src").join(name));
        let text = std::fs::read_to_string(dir.join("Cargo.toml")).unwrap();
        let section =
            text.split("\n[dependencies]\n").nth(1).unwrap_or_default().split("\n[").next().unwrap();
        for line in section.lines().filter(|line| line.starts_with("ecw-")) {
            let name = line.split(['.', ' ']).next().unwrap().replace('-', "_");
            assert!(allowed.contains(&name.as_str()), "{krate} depends on {name}");
        }
    }
}

/// A house with these files of the wizard crate.
fn planted(files: &[(&str, &str)]) -> House {
    let file = |(module, text): &(&str, &str)| {
        ("ecw_wizard", (*module).to_owned(), format!("{module}.rs"), (*text).to_owned())
    };
    House::new(files.iter().map(file).collect())
}

#[test]
fn a_planted_arrow_upwards_is_found_with_its_line() {
    let house = planted(&[
        ("rules::plan", "use crate::update::settle::settle;\npub fn plan() { settle() }\n"),
        ("update::settle", "pub fn settle() {}\n"),
    ]);
    assert_eq!(
        upwards(&house.arrows()),
        [
            "ecw_wizard::rules::plan leans on ecw_wizard::update::settle\n  rules::plan.rs:1: use crate::update::settle::settle;"
        ]
    );
    let sdk = planted(&[("rules::plan", "pub fn plan() { ecw_aws::call() }\n")]);
    assert_eq!(upwards(&sdk.arrows()).len(), 1);
}

#[test]
fn a_planted_circle_is_found_with_the_two_lines_that_make_it_even_through_a_mod_file() {
    let house = planted(&[
        ("model", "mod one;\nmod two;\npub use one::One;\npub use two::Two;\n"),
        ("model::one", "use crate::model::Two;\npub struct One(Two);\n"),
        ("model::two", "use super::One;\npub struct Two(Option<Box<One>>);\n"),
    ]);
    assert_eq!(
        circles(&house.arrows()),
        [
            "ecw_wizard::model::one <-> ecw_wizard::model::two\n  model::one.rs:1: use crate::model::Two;\n  model::two.rs:1: use super::One;"
        ]
    );
    let tests_may = planted(&[
        ("model::one", "pub struct One;\n#[cfg(test)]\nmod tests { use crate::model::two::Two; }\n"),
        ("model::two", "use crate::model::one::One;\npub struct Two(One);\n"),
    ]);
    assert_eq!(circles(&tests_may.arrows()), Vec::<String>::new());
}

#[test]
fn a_planted_call_of_a_method_from_above_is_found() {
    let house = planted(&[
        ("rules::plan", "impl Session { fn plan(&self) { self.settle() } }\n"),
        ("update::settle", "impl Session { fn settle(&self) {} }\n"),
    ]);
    assert_eq!(house.calls_upwards(), ["rules::plan.rs:1: settle() stands in {\"update::settle\"}"]);
}

#[test]
fn no_match_over_steps_screens_or_questions_has_a_wildcard_arm() {
    let found = House::ours().wildcards();
    assert!(found.is_empty(), "{}", found.join("\n"));
    let house = planted(&[(
        "rules::plan",
        "fn one(intent: &Intent) -> u8 { match intent { Intent::CreateTopic(_) => 1, _ => 0 } }\nfn two(text: &str) -> u8 { match text { \"a\" => 1, _ => 0 } }\n",
    )]);
    assert_eq!(house.wildcards(), ["rules::plan.rs:1"]);
}

#[test]
fn every_public_item_says_what_it_is() {
    let found = House::ours().undocumented();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_source_file_is_longer_than_450_lines() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut long = Vec::new();
    let mut dirs = vec![root.join("src"), root.join("tests")];
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let lines = std::fs::read_to_string(&path).unwrap().lines().count();
                if lines > 450 {
                    long.push(format!("{lines} {}", path.display()));
                }
            }
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}
