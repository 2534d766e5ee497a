//! The block where a manifest holds no profile yet: the keys that lead to it come with it.

use crate::entries::Shape;
use crate::load;
use crate::place::{Pen, Tree};
use crate::source::Source;
use crate::splice::Splice;
use crate::verdict::{Refusal, RefusalReason};
use crate::wanted_block::{PLUGIN_ID, REPOSITORY_KEY, WantedBlock};

/// Returns the splices that put the whole block, with what leads to it, into a manifest.
///
/// # Errors
/// What leads there is no mapping, or is written in a form that is not edited.
pub(crate) fn splices(source: &Source<'_>, wanted: &WantedBlock) -> Result<Vec<Splice>, Refusal> {
    let way = wanted.root.way();
    let manifest = load::manifest(source, wanted.root)?;
    let doc = &manifest.way;
    let there = manifest.there.min(way.len());
    let refuse = |at: usize, reason| Refusal::at(reason, source.position(doc.entries[at].key_range.start));
    if there == 0 {
        return Err(refuse(
            0,
            RefusalReason::OddForm("the manifest".to_owned(), "it has no spec".to_owned()),
        ));
    }
    let entry = &doc.entries[there];
    let found = match &entry.value.shape {
        Shape::Map { .. } => None,
        Shape::Scalar { .. } if entry.value.is_null() => None,
        Shape::Scalar { .. } => Some("a single value"),
        Shape::Seq { .. } => Some("a list"),
        Shape::Alias { .. } => return Err(refuse(there, RefusalReason::Shared(entry.path.clone()))),
    };
    if let Some(found) = found {
        let reason = RefusalReason::NotMap { path: entry.path.clone(), found: found.to_owned() };
        return Err(refuse(there, reason));
    }
    let tree =
        way[there..].iter().rev().fold(block(wanted), |tree, key| Tree::Map(vec![((*key).to_owned(), tree)]));
    let pen = Pen { source, doc };
    pen.insert(there, &tree).map_err(|reason| refuse(there, reason))
}

/// Returns the block as it stands below its root.
fn block(wanted: &WantedBlock) -> Tree {
    let map = |entries: Vec<(&str, Tree)>| {
        Tree::Map(entries.into_iter().map(|(key, tree)| (key.to_owned(), tree)).collect())
    };
    let leaf = |text: &str| Tree::Leaf(text.to_owned());
    let plugin = map(vec![("enabled", leaf("true")), ("version", leaf(&wanted.version))]);
    let repository = map(vec![("enabled", leaf("true")), ("url", leaf(&wanted.url))]);
    map(vec![(
        "spinnaker",
        map(vec![(
            "extensibility",
            map(vec![
                ("plugins", map(vec![(PLUGIN_ID, plugin)])),
                ("repositories", map(vec![(REPOSITORY_KEY, repository)])),
            ]),
        )]),
    )])
}
