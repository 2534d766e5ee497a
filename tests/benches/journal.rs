//! What opening a long journal costs: parsing it and folding it. `cargo bench -p ecw-wizard`
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

use ecw_wizard::model::journal_file::Journal;
use ecw_wizard::model::ledger::Ledger;

fn main() {
    divan::main();
}

/// One whole run, as it stands in a journal.
const RUN: &str = include_str!("../fixtures/journals/run.jsonl");

/// A journal of so many records: the same run again and again.
fn journal(records: usize) -> Vec<u8> {
    let lines: Vec<&str> = RUN.lines().collect();
    let mut out = String::new();
    for seq in 1..=records {
        let line = lines[(seq - 1) % lines.len()];
        let begin = line.find("\"seq\":").unwrap() + 6;
        let end = begin + line[begin..].find(',').unwrap();
        out.push_str(&line[..begin]);
        out.push_str(&seq.to_string());
        out.push_str(&line[end..]);
        out.push('\n');
    }
    out.into_bytes()
}

#[divan::bench(args = [1_000, 100_000], sample_count = 5)]
fn open(bencher: divan::Bencher<'_, '_>, records: usize) {
    let bytes = journal(records);
    bencher
        .counter(divan::counter::BytesCount::of_slice(&bytes))
        .bench(|| Ledger::fold(&Journal::parse(&bytes).unwrap().records).seq);
}

/// As the program opens a long one (`drive/open.rs`): its two halves side by side, then the fold.
#[divan::bench(sample_count = 10)]
fn open_in_two_halves(bencher: divan::Bencher<'_, '_>) {
    let bytes = journal(100_000);
    let middle = bytes.len() / 2;
    let half = middle + bytes[middle..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
    bencher.bench(|| {
        let (first, second) = bytes.split_at(half);
        let (first, second) = std::thread::scope(|scope| {
            let first = scope.spawn(|| Journal::parse(first).unwrap());
            let second = Journal::parse(second).unwrap();
            (first.join().unwrap(), second)
        });
        Ledger::fold(&first.followed_by(second).records).seq
    });
}
