//! The proof: the edited bytes, read again, say what is wanted, and everything else as before.

use crate::entries::Index;
use crate::leaf::{Leaf, Leaves};
use crate::leaves;
use crate::load::load;
use crate::root::Root;
use crate::source::Source;
use crate::splice::Change;
use crate::spring::{self, REPOSITORIES, Switch};
use crate::verdict::RefusalReason;
use crate::wanted_block::plugin_path;
use crate::wanted_block::{NewerVersion, WantedBlock};

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
pub(crate) fn read(after: &[u8], root: Root) -> Result<Index, RefusalReason> {
    let source = Source::decode(after).map_err(|refusal| unproved(&refusal.sentence()))?;
    load(&source, root).map_err(|refusal| unproved(&refusal.sentence()))
}

/// What is planned for one document.
pub(crate) struct Planned {
    /// Number of the document.
    pub(crate) doc: usize,
    pub(crate) changes: Vec<Change>,
}

/// Why an edit is not handed out.
pub(crate) enum Unproved {
    /// A new key would hide what an alias or a merge key brings there.
    Hides,
    /// Another document is stronger than what is wanted.
    Contradicted,
    Other(RefusalReason),
}

/// Proves an edit that is described by `planned`; `after` is a whole reading of the edited bytes.
pub(crate) fn edit(
    before: &Index,
    planned: &[Planned],
    after: &Index,
    wanted: &WantedBlock,
) -> Result<(), Unproved> {
    same_outside(before, after).map_err(Unproved::Other)?;
    for (at, (old, new)) in before.docs.iter().zip(&after.docs).enumerate() {
        let expect = |leaves: Leaves| expected(leaves, at, planned);
        if leaves::written(new) != expect(leaves::written(old)) {
            return Err(Unproved::Other(unproved("the properties beside ours would differ")));
        }
        if (old.refers() || new.refers()) && *leaves::said(new) != expect(leaves::said(old).into_owned()) {
            return Err(Unproved::Hides);
        }
    }
    if satisfied(after, wanted) {
        Ok(())
    } else if after.docs.len() > 1 {
        Err(Unproved::Contradicted)
    } else {
        Err(Unproved::Other(unproved("the result would not enable the plugin")))
    }
}

/// Proves that two readings agree on everything outside `spinnaker.extensibility`.
pub(crate) fn same_outside(before: &Index, after: &Index) -> Result<(), RefusalReason> {
    if before.docs.len() != after.docs.len() {
        return Err(unproved("the number of documents would differ"));
    }
    if before.docs.iter().zip(&after.docs).any(|(old, new)| old.off_path != new.off_path) {
        return Err(unproved("other parts of the file would differ"));
    }
    Ok(())
}

/// Returns the properties of document `at` as they are to be after an edit.
pub(crate) fn expected(leaves: Leaves, at: usize, planned: &[Planned]) -> Leaves {
    planned.iter().filter(|planned| planned.doc == at).flat_map(|each| &each.changes).fold(leaves, expect)
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
    let index = read(after, wanted.root)?;
    if satisfied(&index, wanted) { Ok(()) } else { Err(unproved("the result would not enable the plugin")) }
}

/// Returns whether Spring, loading these documents, finds what is wanted.
pub(crate) fn satisfied(index: &Index, wanted: &WantedBlock) -> bool {
    satisfied_by(&leaves::loaded(index), wanted)
}

/// Returns whether these properties are what is wanted.
pub(crate) fn satisfied_by(all: &Leaves, wanted: &WantedBlock) -> bool {
    plugin_satisfied(all, wanted) && repository_satisfied(all, wanted)
}

fn plugin_satisfied(all: &Leaves, wanted: &WantedBlock) -> bool {
    let plugin = plugin_path();
    let enabled = leaves::scalar(all, &format!("{plugin}.enabled"))
        .is_some_and(|(text, plain)| spring::plugin_switch(text, plain) == Switch::On);
    let version = leaves::scalar(all, &format!("{plugin}.version")).is_some_and(|(text, plain)| {
        let heard = spring::heard_version(text, plain);
        heard == wanted.version
            || wanted.newer == NewerVersion::Keep
                && spring::compare_versions(&heard, &wanted.version) == Some(std::cmp::Ordering::Greater)
    });
    enabled && version
}

/// Returns whether a repository with the wanted URL is there, switched on and under a usable key.
pub(crate) fn repository_satisfied(all: &Leaves, wanted: &WantedBlock) -> bool {
    let base = spring::repository_base(&wanted.url);
    let prefix = format!("{REPOSITORIES}.");
    all.keys().any(|path| {
        let Some(name) = path.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix(".url")) else {
            return false;
        };
        !name.contains('.')
            && leaves::scalar(all, path).is_some_and(|(url, _)| spring::repository_base(url) == base)
            && leaves::scalar(all, &format!("{prefix}{name}.enabled"))
                .is_none_or(|(text, plain)| spring::repository_switch(text, plain) == Switch::On)
    })
}
