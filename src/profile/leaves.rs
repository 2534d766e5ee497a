//! The properties below `spinnaker.extensibility`, comparable between two readings of a file.

use std::borrow::Cow;

use crate::entries::{Doc, Entry, Index, Meaning, Shape};
use crate::events::Quote;
use crate::leaf::{Leaf, Leaves};

/// Returns the properties of one document as they are written: aliases and merge keys stand for
/// themselves.
pub(crate) fn written(doc: &Doc) -> Leaves {
    written_where(doc, |_| true)
}

/// Returns those of the properties whose entries are meant.
pub(crate) fn written_where(doc: &Doc, meant: impl Fn(&Entry) -> bool) -> Leaves {
    let mut found = Leaves::new();
    for (_, entry) in doc.leaves().filter(|(_, entry)| meant(entry)) {
        let leaf = match &entry.value.shape {
            _ if entry.value.is_null() => Leaf::Null,
            Shape::Scalar { text, quote } => Leaf::Scalar {
                text: text.clone(),
                plain: *quote == Quote::Plain && !entry.value.props.tagged,
            },
            Shape::Map { .. } => Leaf::EmptyMap,
            Shape::Seq { hash } => Leaf::Seq(*hash),
            Shape::Alias { anchor } => Leaf::Alias(*anchor),
        };
        found.entry(entry.path.clone()).or_default().push(leaf);
    }
    found
}

/// Returns the properties of one document with aliases and merge keys followed, as far as known.
pub(crate) fn said(doc: &Doc) -> Cow<'_, Leaves> {
    match &doc.meaning {
        Meaning::Followed(leaves) => Cow::Borrowed(leaves),
        Meaning::AsWritten | Meaning::Unknown => Cow::Owned(written(doc)),
    }
}

/// Returns what Spring finds when it loads these documents: those under no profile condition, a later
/// one stronger than an earlier one.
pub(crate) fn loaded(index: &Index) -> Leaves {
    let mut all = Leaves::new();
    for doc in index.docs.iter().filter(|doc| doc.condition().is_none()) {
        all.extend(said(doc).into_owned());
    }
    all
}

/// Returns the one text that a property has, and whether it is written plain; null is the empty text, as
/// it is for Spring.
pub(crate) fn scalar<'l>(leaves: &'l Leaves, path: &str) -> Option<(&'l str, bool)> {
    match leaves.get(path).map(Vec::as_slice) {
        Some([Leaf::Scalar { text, plain }]) => Some((text, *plain)),
        Some([Leaf::Null]) => Some(("", true)),
        _ => None,
    }
}
