//! Byte splices and the receipt that undoes them.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

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

/// Returns the SHA-256 of `bytes` in lower-case hex.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns `bytes` with the splices applied.
pub(crate) fn apply(bytes: &[u8], splices: &[Splice]) -> Result<Vec<u8>, SpliceError> {
    let grown: usize = splices.iter().map(|splice| splice.inserted.len()).sum();
    let mut out = Vec::with_capacity(bytes.len() + grown);
    let mut at = 0;
    for splice in splices {
        let end = splice.offset + splice.removed.len();
        if splice.offset < at || bytes.get(splice.offset..end) != Some(splice.removed.as_bytes()) {
            return Err(SpliceError(splice.offset));
        }
        out.extend_from_slice(&bytes[at..splice.offset]);
        out.extend_from_slice(splice.inserted.as_bytes());
        at = end;
    }
    out.extend_from_slice(&bytes[at..]);
    Ok(out)
}

/// Returns whether `after` is just what the splices make of `bytes`.
pub(crate) fn leads_to(bytes: &[u8], splices: &[Splice], after: &[u8]) -> bool {
    let (mut at, mut rest) = (0, after);
    let mut next = |part: &[u8]| match rest.strip_prefix(part) {
        Some(left) => {
            rest = left;
            true
        }
        None => false,
    };
    for splice in splices {
        let end = splice.offset + splice.removed.len();
        let fits = splice.offset >= at && bytes.get(splice.offset..end) == Some(splice.removed.as_bytes());
        if !(fits && next(&bytes[at..splice.offset]) && next(splice.inserted.as_bytes())) {
            return false;
        }
        at = end;
    }
    next(&bytes[at..]) && rest.is_empty()
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
