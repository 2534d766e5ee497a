//! The proof of an edit in a big file: the entries of the root that it touches are read by the parser
//! before and after; what stands around them is the same bytes.
//!
//! At the beginning of a line that holds a key of the root mapping every YAML reader is in one state,
//! whatever stood before: all deeper collections are closed. So what is read of a file is what is read of
//! its parts between such lines, if each part is complete by itself.

use std::ops::Range;

use crate::entries::{Doc, Index, ROOT_ENTRY, Shape};
use crate::events::Style;
use crate::leaf::Leaves;
use crate::leaves;
use crate::load::load;
use crate::prove::{self, Planned};
use crate::root::Root;
use crate::source::Source;
use crate::splice::Splice;
use crate::wanted_block::WantedBlock;

/// Returns whether an edit of the one document is proved; `false` says nothing against it.
pub(crate) fn proved(
    source: &Source<'_>,
    index: &Index,
    splices: &[Splice],
    planned: &[Planned],
    wanted: &WantedBlock,
) -> bool {
    let [doc] = &index.docs[..] else { return false };
    let is_block = matches!(doc.root().value.shape, Shape::Map { style: Style::Block, merge: false, .. });
    if !is_block || doc.refers() || doc.condition().is_some() {
        return false;
    }
    regions(source, doc, splices)
        .into_iter()
        .any(|region| in_region(source, doc, &region, splices, planned, wanted).is_some())
}

/// Returns the parts of the text, from key to key of the root, in which all splices may lie.
fn regions(source: &Source<'_>, doc: &Doc, splices: &[Splice]) -> Vec<Range<usize>> {
    let from = splices.iter().map(|splice| splice.offset - source.bom).min().unwrap_or_default();
    let to = splices.iter().map(|splice| splice.offset - source.bom + splice.removed.len()).max();
    let to = to.unwrap_or_default();
    let starts: Vec<usize> =
        doc.root_keys.iter().map(|(_, start)| source.line_start(*start as usize)).collect();
    let is_end = to == source.text.len() && (to == 0 || source.text.ends_with('\n'));
    let mut found = Vec::new();
    if from == to && (is_end || starts.contains(&from)) {
        found.push(from..to);
    }
    let start = starts.iter().rev().find(|start| **start <= from);
    let end = starts.iter().find(|end| **end >= to && **end > from).copied();
    if let Some(start) = start.copied() {
        found.push(start..end.unwrap_or(source.text.len()));
    }
    if let Some(earlier) = starts.iter().rev().find(|start| **start < from).copied() {
        found.push(earlier..end.unwrap_or(source.text.len()));
    }
    found
}

fn in_region(
    source: &Source<'_>,
    doc: &Doc,
    region: &Range<usize>,
    splices: &[Splice],
    planned: &[Planned],
    wanted: &WantedBlock,
) -> Option<()> {
    let old = &source.text[region.clone()];
    let mut new = String::new();
    let mut at = region.start;
    for splice in splices {
        let offset = splice.offset - source.bom;
        new.push_str(source.text.get(at..offset)?);
        new.push_str(&splice.inserted);
        at = offset + splice.removed.len();
    }
    new.push_str(source.text.get(at..region.end)?);
    // What follows begins a line of its own only if this ends one.
    if region.end < source.text.len() && !new.is_empty() && !new.ends_with('\n') {
        return None;
    }
    let before = load(&Source { text: old, bom: 0 }, Root::File).ok()?;
    let after = load(&Source { text: &new, bom: 0 }, Root::File).ok()?;
    let [then] = &after.docs[..] else { return None };
    let column = |doc: &Doc, source: &Source<'_>| source.column(doc.root().value.range.start);
    let same_column = column(then, &Source { text: &new, bom: 0 }) == column(doc, source);
    let is_block = matches!(then.root().value.shape, Shape::Map { style: Style::Block, merge: false, .. });
    // A block scalar at its end could reach for what follows.
    let closed = !then.ends_in_block_scalar || region.end == source.text.len() || new.ends_with('\n');
    if !same_column || !is_block || !closed || then.refers() || then.condition().is_some() {
        return None;
    }
    let inside = |start: u32| region.contains(&(start as usize));
    let others = doc.root_keys.iter().filter(|(_, start)| !inside(*start));
    let mine: std::collections::HashSet<u64> = then.root_keys.iter().map(|(hash, _)| *hash).collect();
    if others.clone().any(|(hash, _)| mine.contains(hash)) {
        return None;
    }
    let (was, off_path) = match &before.docs[..] {
        [] => (Leaves::new(), 0),
        [was] => (leaves::written(was), was.off_path),
        _ => return None,
    };
    if off_path != then.off_path || leaves::written(then) != prove::expected(was, ROOT_ENTRY, planned) {
        return None;
    }
    let mut all = leaves::written_where(doc, |entry| !region.contains(&entry.key_range.start));
    for (path, values) in leaves::written(then) {
        all.entry(path).or_default().extend(values);
    }
    prove::satisfied_by(&all, wanted).then_some(())
}
