//! Fuzzing the editor on stable: fixtures, cut and spliced at random. No panic, no lost byte, no
//! unbounded work. `ECW_FUZZ=1000000 cargo test -p ecw-profile --test fuzz` for a long run.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests read fixtures and the environment and say what they ran"
)]

use ecw_profile::{EditVerdict, NewerVersion, Removal, WantedBlock, plan, remove};

/// A small generator whose runs can be repeated.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % (limit.max(1) as u64)).unwrap()
    }
}

const TOKENS: [&str; 30] = [
    "\n",
    "  ",
    "    ",
    "\t",
    ":",
    ": ",
    "- ",
    "{}",
    "{",
    "}",
    "[",
    "]",
    ",",
    "&a ",
    "*a",
    "<<: *a",
    "!!map ",
    "? ",
    "|\n",
    ">-\n",
    "---\n",
    "...\n",
    "#",
    "'",
    "\"",
    "spinnaker:",
    "extensibility:",
    "plugins:",
    "Armory.AWSCATsOnEvent:",
    "\u{feff}",
];

fn seeds() -> Vec<Vec<u8>> {
    let dir = format!("{}/../../tests/fixtures/profiles", env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<_> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| std::fs::read(path).unwrap()).collect()
}

fn mutate(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(6) {
        let at = random.below(bytes.len() + 1);
        match random.below(5) {
            0 => bytes.truncate(at),
            1 => {
                let token = TOKENS[random.below(TOKENS.len())];
                bytes.splice(at..at, token.bytes());
            }
            2 => {
                let end = (at + random.below(12)).min(bytes.len());
                bytes.drain(at..end);
            }
            3 => {
                let other = &seeds[random.below(seeds.len())];
                let from = random.below(other.len() + 1);
                bytes.splice(at..at, other[from..].iter().copied());
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = u8::try_from(random.next() & 0xff).unwrap();
                }
            }
        }
    }
    bytes
}

#[test]
fn mutated_profiles_never_panic_and_never_lose_a_byte() {
    let runs: u64 = std::env::var("ECW_FUZZ").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000);
    let wanted = WantedBlock {
        version: "0.2.1".into(),
        url: "https://example.com/p/plugins.json".into(),
        newer: NewerVersion::Ask,
        root: ecw_profile::Root::File,
    };
    let (seeds, mut random) = (seeds(), Random(0x9e37_79b9_7f4a_7c15));
    let mut edited = 0;
    for run in 0..runs {
        let bytes = mutate(&mut random, &seeds);
        if let EditVerdict::Edit(edit) | EditVerdict::Repair(edit) = plan(Some(&bytes), &wanted) {
            edited += 1;
            let shown = String::from_utf8_lossy(&bytes);
            let after = edit.after(&bytes).unwrap();
            assert_eq!(remove(&after, &edit.receipt), Removal::Restored(bytes.clone()), "run {run}: {shown}");
            assert!(matches!(plan(Some(&after), &wanted), EditVerdict::Unchanged(_)), "run {run}: {shown}");
        }
    }
    println!("{runs} executions, {edited} of them edits");
    assert!(edited * 10 > runs, "too few inputs were editable to mean anything");
}

#[test]
fn hostile_inputs_end_soon_and_in_bounds() {
    let wanted = WantedBlock {
        version: "0.2.1".into(),
        url: "https://example.com/p/plugins.json".into(),
        newer: NewerVersion::Ask,
        root: ecw_profile::Root::File,
    };
    let bomb = (1..30).fold("a0: &a0 [x, x]\n".to_owned(), |text, at| {
        let before = at - 1;
        format!("{text}a{at}: &a{at} [*a{before}, *a{before}, *a{before}]\n")
    });
    let deep_flow = format!("a: {}{}\n", "[".repeat(10_000), "]".repeat(10_000));
    let deep_block: String = (0..10_000).map(|at| format!("{}k:\n", " ".repeat(at))).collect();
    let long_line = format!("a: {}\n", "x".repeat(20_000_000));
    let keys: String = (0..200_000).map(|at| format!("k{at}: {at}\n")).collect();
    let merges: String = format!(
        "big: &b {{{}}}\nspinnaker:\n  <<: [{}]\n",
        (0..50_000).map(|at| format!("k{at}: 0")).collect::<Vec<_>>().join(", "),
        vec!["*b"; 2_000].join(", ")
    );
    let nested: String = (1..60).fold("a0: &a0 {x: 1}\n".to_owned(), |text, at| {
        let before = at - 1;
        format!("{text}a{at}: &a{at}\n  <<: [*a{before}, *a{before}, *a{before}]\n")
    }) + "spinnaker:\n  <<: *a59\n";
    for (name, text) in [
        ("merge of many keys many times", merges),
        ("merges of merges", nested),
        ("alias bomb", bomb),
        ("deep flow", deep_flow),
        ("deep block", deep_block),
        ("long line", long_line),
        ("many keys", keys),
    ] {
        match plan(Some(text.as_bytes()), &wanted) {
            EditVerdict::Edit(edit) => {
                let after = edit.after(text.as_bytes()).unwrap();
                assert!(after.len() < text.len() + 1_000, "{name}");
                assert!(after.starts_with(text.as_bytes()), "{name}");
            }
            EditVerdict::Refused(refusal) => assert!(refusal.at.is_some(), "{name}: {refusal:?}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}
