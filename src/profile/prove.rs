//! The proof: the edited bytes, read again, say what is wanted, and everything else as before.

use std::collections::BTreeMap;

use crate::entries::{Doc, Index, Shape};
use crate::events::Quote;
use crate::load::load;
use crate::source::Source;
use crate::splice::Change;
use crate::spring::{self, REPOSITORIES, truthy};
use crate::verdict::RefusalReason;
use crate::wanted_block::plugin_path;
use crate::wanted_block::{NewerVersion, WantedBlock};

/// A value below `spinnaker.extensibility`, comparable between two readings of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Leaf {
    Null,
    EmptyMap,
    Scalar { text: String, plain: bool },
    Seq(u64),
    Alias(usize),
}

pub(crate) type Leaves = BTreeMap<String, Vec<Leaf>>;

/// Returns the properties of one document below our root.
pub(crate) fn leaves(doc: &Doc) -> Leaves {
    let mut found = Leaves::new();
    for (_, entry) in doc.leaves() {
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

/// Returns what `path` is called after `change`.
pub(crate) fn renamed(path: &str, change: &Change) -> String {
    match change {
        Change::Renamed { from, to, .. } => match path.strip_prefix(from.as_str()) {
            Some(rest) if rest.is_empty() || rest.starts_with(['.', '[']) => format!("{to}{rest}"),
            _ => path.to_owned(),
        },
        Change::Added { .. } | Change::Replaced { .. } => path.to_owned(),
    }
}

/// Returns the value text of a scalar as it stands in a file.
pub(crate) fn unquoted(text: &str) -> String {
    match text.as_bytes().first() {
        Some(b'\'') => text.trim_matches('\'').replace("''", "'"),
        Some(b'"') => text.trim_matches('"').replace("\\\"", "\"").replace("\\\\", "\\"),
        _ => text.trim().to_owned(),
    }
}

fn unproved(what: &str) -> RefusalReason {
    RefusalReason::Unproved(what.to_owned())
}

/// Reads edited bytes as a file would be read.
pub(crate) fn read(after: &[u8]) -> Result<Index, RefusalReason> {
    let source = Source::decode(after).map_err(|refusal| unproved(&refusal.sentence()))?;
    load(&source).map_err(|refusal| unproved(&refusal.sentence()))
}

/// Proves an edit of document `target` that is described by `changes`; `after` is a whole reading
/// of the edited bytes.
pub(crate) fn edit(
    before: &Index,
    target: usize,
    after: &Index,
    changes: &[Change],
    wanted: &WantedBlock,
) -> Result<(), RefusalReason> {
    let mut expected = leaves(&before.docs[target]);
    for change in changes {
        expected = expect(expected, change);
    }
    same_elsewhere(before, after, Some(target))?;
    if leaves(&after.docs[target]) != expected {
        return Err(unproved("the properties beside ours would differ"));
    }
    if satisfied(after, wanted) { Ok(()) } else { Err(unproved("the result would not enable the plugin")) }
}

/// Proves that two readings agree on everything outside `spinnaker.extensibility`, and wholly in
/// the documents other than `target`.
pub(crate) fn same_elsewhere(
    before: &Index,
    after: &Index,
    target: Option<usize>,
) -> Result<(), RefusalReason> {
    if before.docs.len() != after.docs.len() {
        return Err(unproved("the number of documents would differ"));
    }
    for (at, (old, new)) in before.docs.iter().zip(&after.docs).enumerate() {
        if old.off_path != new.off_path {
            return Err(unproved("other parts of the file would differ"));
        }
        if target != Some(at) && leaves(old) != leaves(new) {
            return Err(unproved("another document would differ"));
        }
    }
    Ok(())
}

fn expect(mut leaves: Leaves, change: &Change) -> Leaves {
    match change {
        Change::Renamed { .. } => {
            leaves.into_iter().map(|(path, values)| (renamed(&path, change), values)).collect()
        }
        Change::Replaced { path, after, .. } => {
            let plain = !after.starts_with(['\'', '"']);
            leaves.insert(path.clone(), vec![Leaf::Scalar { text: unquoted(after), plain }]);
            leaves
        }
        Change::Added { leaves: added, .. } => {
            for (path, value) in added {
                // An empty container on the way has become a mapping.
                leaves.retain(|old, values| {
                    let on_way = path.strip_prefix(old.as_str()).is_some_and(|rest| rest.starts_with('.'));
                    !(on_way && values.iter().all(|value| matches!(value, Leaf::Null | Leaf::EmptyMap)))
                });
                let plain = !crate::place::scalar_text(value).starts_with('\'');
                leaves.insert(path.clone(), vec![Leaf::Scalar { text: value.clone(), plain }]);
            }
            leaves
        }
    }
}

/// Proves a file that held nothing before.
pub(crate) fn says_what_is_wanted(after: &[u8], wanted: &WantedBlock) -> Result<(), RefusalReason> {
    let index = read(after)?;
    if satisfied(&index, wanted) { Ok(()) } else { Err(unproved("the result would not enable the plugin")) }
}

/// Returns whether Spring, loading these documents, finds what is wanted.
pub(crate) fn satisfied(index: &Index, wanted: &WantedBlock) -> bool {
    let mut all = Leaves::new();
    for doc in index.docs.iter().filter(|doc| doc.condition().is_none()) {
        all.extend(leaves(doc));
    }
    let text = |path: &str| match all.get(path).map(Vec::as_slice) {
        Some([Leaf::Scalar { text, .. }]) => Some(text.trim()),
        _ => None,
    };
    let plugin = plugin_path();
    let enabled = text(&format!("{plugin}.enabled")).is_some_and(truthy);
    let version = text(&format!("{plugin}.version")).is_some_and(|found| {
        found == wanted.version
            || wanted.newer == NewerVersion::Keep
                && spring::compare_versions(found, &wanted.version) == Some(std::cmp::Ordering::Greater)
    });
    let base = spring::repository_base(&wanted.url);
    let prefix = format!("{REPOSITORIES}.");
    let repository = all.keys().any(|path| {
        let Some(name) = path.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix(".url")) else {
            return false;
        };
        !name.contains('.')
            && text(path).is_some_and(|url| spring::repository_base(url) == base)
            && text(&format!("{prefix}{name}.enabled")).is_none_or(truthy)
    });
    enabled && version && repository
}
