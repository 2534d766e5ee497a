//! Byte splices and the receipt that undoes them.

use serde::{Deserialize, Serialize};

use crate::root::Root;

/// One replaced run of bytes. `offset` counts in the original file, its byte order mark included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Splice {
    /// Byte offset in the original.
    pub offset: usize,
    /// What stood there.
    pub removed: String,
    /// What stands there now.
    pub inserted: String,
}

/// What one splice means, so that it can be taken back after others edited the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Change {
    /// These properties came new: (flattened path, value). `containers` are the mappings that
    /// came with them, outermost first.
    Added {
        /// Properties.
        leaves: Vec<(String, String)>,
        /// Mappings that did not exist before.
        containers: Vec<String>,
    },
    /// A value was replaced; the texts are as they stand in the file, quotes included.
    Replaced {
        /// Flattened path.
        path: String,
        /// Text before.
        before: String,
        /// Text now.
        after: String,
    },
    /// A key was renamed.
    Renamed {
        /// Flattened path before.
        from: String,
        /// Flattened path now.
        to: String,
        /// Key text before.
        before: String,
        /// Key text now.
        after: String,
    },
}

/// Everything that undo needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Receipt {
    /// SHA-256 of the bytes before; `None` when there was no file.
    pub before: Option<String>,
    /// SHA-256 of the bytes after.
    pub after: String,
    /// The splices, by ascending offset.
    pub splices: Vec<Splice>,
    /// What they mean, in the same order.
    pub changes: Vec<Change>,
    /// Where in the file the profile stands.
    #[serde(default, skip_serializing_if = "Root::is_file")]
    pub root: Root,
}

/// What stands in a receipt in place of a text that looks like a secret.
const HIDDEN: &str = "(hidden)";

impl Receipt {
    /// Returns the receipt without the former texts that `hides` says not to keep: they stand in the
    /// backup alone. Such a receipt no longer leads back by itself.
    #[must_use]
    pub fn without(mut self, hides: impl Fn(&str) -> bool) -> Self {
        for splice in &mut self.splices {
            if hides(&splice.removed) {
                HIDDEN.clone_into(&mut splice.removed);
            }
        }
        for change in &mut self.changes {
            match change {
                Change::Replaced { before, .. } | Change::Renamed { before, .. } if hides(before) => {
                    HIDDEN.clone_into(before);
                }
                Change::Added { .. } | Change::Replaced { .. } | Change::Renamed { .. } => {}
            }
        }
        self
    }

    /// Returns whether a former text is not in the receipt.
    #[must_use]
    pub fn hides(&self) -> bool {
        self.splices.iter().any(|splice| splice.removed == HIDDEN)
    }
}

/// Why splices do not fit the bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("splice at byte {0} does not fit the file")]
pub struct SpliceError(pub usize);

/// Returns what the splices make of `bytes`, in pieces of both.
pub(crate) fn pieces<'a>(bytes: &'a [u8], splices: &'a [Splice]) -> Result<Vec<&'a [u8]>, SpliceError> {
    let mut pieces = Vec::with_capacity(2 * splices.len() + 1);
    let mut at = 0;
    for splice in splices {
        let end = splice.offset + splice.removed.len();
        if splice.offset < at || bytes.get(splice.offset..end) != Some(splice.removed.as_bytes()) {
            return Err(SpliceError(splice.offset));
        }
        pieces.push(&bytes[at..splice.offset]);
        pieces.push(splice.inserted.as_bytes());
        at = end;
    }
    pieces.push(&bytes[at..]);
    Ok(pieces)
}

/// Returns `bytes` with the splices applied.
pub(crate) fn apply(bytes: &[u8], splices: &[Splice]) -> Result<Vec<u8>, SpliceError> {
    pieces(bytes, splices).map(|pieces| pieces.concat())
}

/// Returns the splices that take `splices` back.
pub(crate) fn invert(splices: &[Splice]) -> Vec<Splice> {
    let (mut added, mut taken) = (0, 0);
    splices
        .iter()
        .map(|splice| {
            let back = Splice {
                offset: splice.offset + added - taken,
                removed: splice.inserted.clone(),
                inserted: splice.removed.clone(),
            };
            added += splice.inserted.len();
            taken += splice.removed.len();
            back
        })
        .collect()
}
