//! The entries of a profile near `spinnaker.extensibility`, as a small tree with byte ranges.

use std::collections::HashSet;
use std::ops::Range;

use crate::events::{Props, Quote, Style};
use crate::leaf::Leaves;
use crate::spring::{self, ROOT};

/// The entry of the document's root mapping.
pub(crate) const ROOT_ENTRY: usize = 0;

pub(crate) struct Index {
    pub(crate) docs: Vec<Doc>,
    /// Anchors that an alias refers to.
    pub(crate) aliased: HashSet<usize>,
}

pub(crate) struct Doc {
    /// Byte range of the document's content; its end is where something may be appended.
    pub(crate) range: Range<usize>,
    /// Entry 0 is the root.
    pub(crate) entries: Vec<Entry>,
    /// Hash of all that stands outside `spinnaker.extensibility`.
    pub(crate) off_path: u64,
    /// The first key that stands twice in one mapping.
    pub(crate) duplicate: Option<Range<usize>>,
    /// The first key that Spring cannot name.
    pub(crate) odd_key: Option<Range<usize>>,
    pub(crate) too_big: bool,
    /// The document's last node is a block scalar: a line break behind it may be a part of it.
    pub(crate) ends_in_block_scalar: bool,
    /// Keys of the root mapping in their order: a hash, and where they begin.
    pub(crate) root_keys: Vec<(u64, u32)>,
    /// It stands inside another document: what surrounds it ends where it ends.
    pub(crate) embedded: bool,
    pub(crate) meaning: Meaning,
}

/// Where what a document says differs from what stands there.
pub(crate) enum Meaning {
    /// Nowhere near our part.
    AsWritten,
    /// Aliases or merge keys near our part, followed.
    Followed(Leaves),
    /// They could not be followed.
    Unknown,
}

pub(crate) struct Entry {
    pub(crate) parent: usize,
    /// Flattened property path.
    pub(crate) path: String,
    pub(crate) key: String,
    pub(crate) key_range: Range<usize>,
    pub(crate) value: Value,
}

pub(crate) struct Value {
    pub(crate) range: Range<usize>,
    pub(crate) props: Props,
    pub(crate) shape: Shape,
}

pub(crate) enum Shape {
    Map { style: Style, children: Vec<usize>, merge: bool },
    Scalar { text: String, quote: Quote },
    Seq { hash: u64 },
    Alias { anchor: usize },
}

impl Value {
    /// Returns a scalar's text and whether it is written plain; null is the empty text.
    pub(crate) fn scalar(&self) -> Option<(&str, bool)> {
        match &self.shape {
            _ if self.is_null() => Some(("", true)),
            Shape::Scalar { text, quote } => Some((text, *quote == Quote::Plain && !self.props.tagged)),
            Shape::Map { .. } | Shape::Seq { .. } | Shape::Alias { .. } => None,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.shape, Shape::Scalar { text, quote: Quote::Plain } if !self.props.tagged && spring::is_null(text))
    }
}

impl Doc {
    pub(crate) fn root(&self) -> &Entry {
        &self.entries[ROOT_ENTRY]
    }

    /// Returns the offset of the key that puts this document under a profile condition.
    pub(crate) fn condition(&self) -> Option<usize> {
        self.entries.iter().find_map(|entry| {
            let leaf = !matches!(entry.value.shape, Shape::Map { .. }) && !entry.value.is_null();
            (leaf && is_condition(&entry.path)).then_some(entry.key_range.start)
        })
    }

    /// Returns whether the document's condition names profile `local` and no other demand.
    pub(crate) fn is_for_local(&self) -> bool {
        self.entries.iter().filter(|entry| is_condition(&entry.path)).any(|entry| {
            let Shape::Scalar { text, .. } = &entry.value.shape else { return false };
            text.split(',').any(|name| name.trim() == "local")
        })
    }

    /// Returns the entries that hold a value (not a mapping with children) below our root.
    pub(crate) fn leaves(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.entries.iter().enumerate().filter(|(at, entry)| {
            *at != ROOT_ENTRY
                && interest(&entry.path) == Interest::Ours
                && !matches!(&entry.value.shape, Shape::Map { children, .. } if !children.is_empty())
        })
    }

    /// Returns whether an alias or a merge key stands near our part.
    pub(crate) fn refers(&self) -> bool {
        self.entries.iter().any(|entry| {
            let refers = matches!(entry.value.shape, Shape::Alias { .. } | Shape::Map { merge: true, .. });
            refers && interest(&entry.path) == Interest::Ours
        })
    }

    /// Returns the children of a mapping entry.
    pub(crate) fn children(&self, at: usize) -> &[usize] {
        match &self.entries[at].value.shape {
            Shape::Map { children, .. } => children,
            Shape::Scalar { .. } | Shape::Seq { .. } | Shape::Alias { .. } => &[],
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interest {
    /// On the way to, at or below `spinnaker.extensibility`.
    Ours,
    /// May hold a profile condition: kept in the tree and hashed too.
    Watched,
    Off,
}

const CONDITIONS: [&str; 3] =
    ["spring.profiles", "spring.config.activate.on-profile", "spring.config.activate.on-cloud-platform"];

pub(crate) fn is_condition(path: &str) -> bool {
    let plain = |text: &str| text.replace('-', "").to_ascii_lowercase();
    CONDITIONS.iter().any(|condition| plain(condition) == plain(path))
}

pub(crate) fn below(path: &str, root: &str) -> bool {
    path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

pub(crate) fn interest(path: &str) -> Interest {
    if path.is_empty() || below(path, ROOT) || below(ROOT, path) {
        Interest::Ours
    } else if path == "spring" || path.starts_with("spring.") {
        Interest::Watched
    } else {
        Interest::Off
    }
}
