//! Files that the operator names.

use std::io::Read;
use std::path::{Path, PathBuf};

use ecw_wizard::values::answers::Provenance;
use ecw_wizard::values::answers_file;

use super::environment::Given;

/// Reads an answers file; without one there are no answers.
pub(super) fn answers_of(file: Option<&PathBuf>) -> Result<Given, String> {
    let Some(file) = file else { return Ok(Given::new()) };
    let cannot = |error: String| format!("{} cannot be read: {error}", file.display());
    let bytes = bounded(file).map_err(|error| cannot(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| cannot("it is not UTF-8".to_owned()))?;
    let answers = answers_file::read(&text).map_err(|error| error.to_string())?;
    Ok(answers.into_iter().map(|(key, value)| (key, value, Provenance::AnswersFile)).collect())
}

/// Reads a file that the operator named, to a limit.
pub(super) fn bounded(file: &Path) -> std::io::Result<Vec<u8>> {
    const LIMIT: u64 = 256 * 1024 * 1024;
    let mut bytes = Vec::new();
    let read = std::fs::File::open(file)?.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if read as u64 > LIMIT {
        return Err(std::io::Error::other("it is unreasonably big"));
    }
    Ok(bytes)
}
