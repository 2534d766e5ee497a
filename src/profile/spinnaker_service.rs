//! Which document of a file is the `SpinnakerService`.

use crate::events::{Fault, Token, walk};
use crate::source::Source;
use crate::verdict::RefusalReason;

/// Why a manifest is not edited.
pub(crate) enum Unfit {
    Syntax(Fault),
    Refused(RefusalReason, usize),
}

/// The kind of the manifest, whichever group it is of.
const KIND: &str = "SpinnakerService";
const GROUPS: [&str; 2] = ["spinnaker.io/", "spinnaker.armory.io/"];

/// Returns the number of the document that is a `SpinnakerService`.
pub(crate) fn document(text: &str) -> Result<usize, Unfit> {
    let (mut begun, mut depth, mut key) = (0_usize, 0_usize, None);
    let (mut kind, mut group) = (false, false);
    let mut found = Vec::new();
    let mut at = 0;
    walk(text, |token, range| match token {
        Token::DocumentStart => {
            begun += 1;
            (kind, group, key, at) = (false, false, None, range.end);
        }
        Token::DocumentEnd => {
            if kind && group {
                found.push((begun - 1, at));
            }
        }
        Token::MapStart(..) | Token::SeqStart(_) => {
            depth += 1;
            key = None;
        }
        Token::MapEnd | Token::SeqEnd => {
            depth = depth.saturating_sub(1);
            key = None;
        }
        Token::Scalar(word, ..) if depth == 1 => match key.take() {
            None => key = Some(word.into_owned()),
            Some(name) if name == "kind" => kind = word == KIND,
            Some(name) if name == "apiVersion" => group = GROUPS.iter().any(|each| word.starts_with(each)),
            Some(_) => {}
        },
        Token::Scalar(..) => {}
        Token::Alias(_) => key = None,
    })
    .map_err(Unfit::Syntax)?;
    match found[..] {
        [(number, _)] => Ok(number),
        [] => Err(Unfit::Refused(RefusalReason::NoSpinnakerService, 0)),
        [_, (_, at), ..] => Err(Unfit::Refused(RefusalReason::SeveralSpinnakerServices, at)),
    }
}

/// Returns whether a file holds the one `SpinnakerService` that is edited.
#[must_use]
pub fn is_spinnaker_service(bytes: &[u8]) -> bool {
    Source::decode(bytes).is_ok_and(|source| document(source.text).is_ok())
}
