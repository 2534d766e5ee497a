//! The directories that the oracle is asked about by name: every profile fixture and tricky input alone.

use std::fs;

#[path = "tricky.rs"]
mod tricky;

pub const VERSION: &str = "0.2.1";
pub const URL: &str =
    "https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/repositories.json";

/// Returns what is wanted in every case.
pub fn wanted() -> ecw_profile::WantedBlock {
    ecw_profile::WantedBlock {
        version: VERSION.into(),
        url: URL.into(),
        newer: ecw_profile::NewerVersion::Ask,
        root: ecw_profile::Root::File,
    }
}

/// Returns name and content of every case.
pub fn all() -> Vec<(String, Vec<u8>)> {
    let dir = format!("{}/../../tests/fixtures/profiles", env!("CARGO_MANIFEST_DIR"));
    let mut cases: Vec<(String, Vec<u8>)> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    cases.sort();
    cases.extend(tricky::INPUTS.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())));
    cases
}
