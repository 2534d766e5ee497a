//! State that an earlier version kept in one place for all hal directories. It is recognised and never
//! mixed with what stands in the hal directory itself.

use std::path::{Path, PathBuf};

use ecw_wizard::model::journal::Entry;
use ecw_wizard::model::journal_file::Journal;
use ecw_wizard::values::answers::Key;
use ecw_wizard::values::trouble::Trouble;

use super::state_place::StatePlace;
use super::tree::Tree;

/// A journal bigger than this was not written by us.
const LIMIT: u64 = 512 * 1024 * 1024;

/// Returns the hal directories that a journal is about.
fn concerns(bytes: &[u8]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |dir: &str| {
        if !dir.is_empty() && !found.iter().any(|each| each == dir) {
            found.push(dir.to_owned());
        }
    };
    for record in Journal::parse(bytes).map(|journal| journal.records).unwrap_or_default() {
        let Entry::Begun { steps, confirmed, .. } = &record.entry else { continue };
        for (key, value) in &confirmed.answers {
            if *key == Key::HalDirectory {
                add(value);
            }
        }
        for step in steps {
            // Only what the old place's version knew can stand there.
            let written = step.write_profile().map(|each| &each.wanted.hal_dir);
            let unwritten = step.unwrite_profile().map(|each| &each.wanted.hal_dir);
            let deployed = step.apply_deployment().map(|each| &each.hal_dir);
            written.or(unwritten).or(deployed).into_iter().for_each(|dir| add(dir));
        }
    }
    found
}

/// Says so when the old place holds a journal about this hal directory, and the hal directory none.
///
/// # Errors
/// In words, with the command that moves it.
pub fn check(old: &Path, place: &StatePlace) -> Result<(), Trouble> {
    let (Some(home), None) = (place.home_path(), &place.elsewhere) else { return Ok(()) };
    let Ok(tree) = Tree::root(old) else { return Ok(()) };
    let Ok(Some(bytes)) = tree.read("journal.jsonl", LIMIT) else { return Ok(()) };
    let known = place
        .home()
        .ok()
        .flatten()
        .is_some_and(|home| home.names().iter().any(|name| name == "journal.jsonl"));
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let about = concerns(&bytes);
    let ours = place.hal_dir.as_deref().map(real);
    if known || !about.iter().any(|dir| Some(real(&PathBuf::from(dir))) == ours) {
        return Ok(());
    }
    let (old, home) = (old.display(), home.display());
    let fix = if about.len() == 1 {
        format!("Move it, then start again:\nmkdir -p {home} && cp -a {old}/. {home}/ && rm -r {old}")
    } else {
        format!(
            "It holds runs of several hal directories ({}), so it cannot be moved as it is. To take back or go on with what it knows: --state-dir {old}",
            about.join(", ")
        )
    };
    Err(Trouble::new(
        format!("An earlier version kept the journal of this hal directory in {old}; {home} holds none."),
        fix,
    ))
}
