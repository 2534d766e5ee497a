//! A guess at the edited text, so that a big file and its likely result can be read at the same
//! time. A wrong guess costs nothing but the time saved: the splices that the whole file leads to
//! decide, and only a text that equals their result is used.

use crate::source::Source;
use crate::verdict::{EditVerdict, Refusal};
use crate::wanted_block::WantedBlock;

/// Smaller files are read faster than a thread starts.
const FROM: usize = 512 * 1024;
const ROOT_KEY: &str = "spinnaker:";

/// Returns the text that an edit will most likely lead to; `plan_part` plans on a part of it that is a
/// mapping of its own.
pub(crate) fn after(
    source: &Source<'_>,
    bytes: &[u8],
    wanted: &WantedBlock,
    plan_part: impl Fn(&[u8], &WantedBlock) -> Result<EditVerdict, Refusal>,
) -> Option<Vec<u8>> {
    if bytes.len() < FROM {
        return None;
    }
    let text = source.text;
    let Some(start) = root_key(text) else {
        let fits = text.ends_with('\n') && source.eol() == "\n";
        return fits.then(|| [bytes, wanted.snippet().as_bytes()].concat());
    };
    let end = next_root(text, start);
    if end - start > text.len() / 4 {
        return None;
    }
    let part = plan_part(&text.as_bytes()[start..end], wanted).ok()?;
    let (EditVerdict::Edit(edit) | EditVerdict::Repair(edit)) = part else { return None };
    let (head, tail) = (&bytes[..source.bom + start], &bytes[source.bom + end..]);
    Some([head, &edit.after, tail].concat())
}

/// Returns where the entry `spinnaker` begins in the root mapping.
fn root_key(text: &str) -> Option<usize> {
    if text.starts_with(ROOT_KEY) { Some(0) } else { text.find("\nspinnaker:").map(|at| at + 1) }
}

/// Returns where the next entry of the root mapping (or the next document) begins.
fn next_root(text: &str, from: usize) -> usize {
    let mut at = from;
    while let Some(newline) = text[at..].find('\n') {
        at += newline + 1;
        if !text[at..].starts_with([' ', '\t', '#', '\r', '\n', '-']) {
            return at;
        }
    }
    text.len()
}
