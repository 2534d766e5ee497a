//! What planning, proving and writing cost on big profiles, beside a plain durable copy.
//! `cargo bench -p ecw-profile`
#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs, reason = "a benchmark")]

use std::fs::{self, File};
use std::io::Write;

use ecw_profile::{EditVerdict, NewerVersion, WantedBlock, plan};

fn main() {
    divan::main();
}

fn wanted() -> WantedBlock {
    WantedBlock {
        version: "0.2.1".into(),
        url: "https://example.com/p/plugins.json".into(),
        newer: NewerVersion::Ask,
        root: ecw_profile::Root::File,
    }
}

/// A profile with so many accounts, about 2.75 kB each: 20,000 of them are 55 MB.
fn profile(accounts: usize) -> Vec<u8> {
    let mut out = String::from("kubernetes:\n  enabled: true\n  accounts:\n");
    for at in 0..accounts {
        out.push_str(&format!("  - name: account-{at}\n    requiredGroupMembership: []\n    providerVersion: V2\n    permissions:\n"));
        for role in 0..24 {
            out.push_str(&format!("      ROLE_{role}: # who may do this\n      - 'team-{at}-{role}@example.com'\n      - group{role}\n"));
        }
        out.push_str("    dockerRegistries: []\n    kubeconfigContents: |\n");
        for line in 0..10 {
            out.push_str(&format!(
                "      cluster-{line}: https://10.0.{line}.1:6443/some/rather/long/path/{at}\n"
            ));
        }
    }
    out.push_str("spinnaker:\n  s3:\n    enabled: false\n");
    out.into_bytes()
}

const SIZES: [usize; 4] = [36, 364, 3_640, 20_000];

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn plan_and_prove(bencher: divan::Bencher, accounts: usize) {
    let bytes = profile(accounts);
    bencher.counter(divan::counter::BytesCount::new(bytes.len())).bench_local(|| {
        let EditVerdict::Edit(edit) = plan(Some(&bytes), &wanted()) else { panic!("no edit") };
        edit.receipt.after
    });
}

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn read_plan_prove_write(bencher: divan::Bencher, accounts: usize) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clouddriver-local.yml");
    let bytes = profile(accounts);
    fs::write(&path, &bytes).unwrap();
    bencher.counter(divan::counter::BytesCount::new(bytes.len())).bench_local(|| {
        let read = fs::read(&path).unwrap();
        let EditVerdict::Edit(edit) = plan(Some(&read), &wanted()) else { panic!("no edit") };
        durable(&dir.path().join("out"), &edit.pieces(&read).unwrap());
    });
}

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn plain_read_and_durable_write(bencher: divan::Bencher, accounts: usize) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clouddriver-local.yml");
    let bytes = profile(accounts);
    fs::write(&path, &bytes).unwrap();
    bencher
        .counter(divan::counter::BytesCount::new(bytes.len()))
        .bench_local(|| durable(&dir.path().join("out"), &[&fs::read(&path).unwrap()]));
}

fn durable(path: &std::path::Path, pieces: &[&[u8]]) {
    let temporary = path.with_extension("new");
    let mut file = File::create(&temporary).unwrap();
    for piece in pieces {
        file.write_all(piece).unwrap();
    }
    file.sync_all().unwrap();
    fs::rename(&temporary, path).unwrap();
    File::open(path.parent().unwrap()).unwrap().sync_all().unwrap();
}
