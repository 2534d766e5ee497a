//! Undo: take out exactly what was put in, whatever else was edited since.

use crate::entries::{Doc, Entry, Index, Shape};
use crate::leaf::{Leaf, Leaves};
use crate::leaves;
use crate::load::load;
use crate::prove;
use crate::root::Root;
use crate::sha256::sha256_hex;
use crate::source::Source;
use crate::splice::{self, Change, Receipt, Splice};
use crate::verdict::{Refusal, RefusalReason};

/// What undoing an edit comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Removal {
    /// The file was made by us and is still ours: delete it.
    DeleteFile,
    /// Nothing else changed: these are the original bytes.
    Restored(Vec<u8>),
    /// Others edited since: their edits stay, ours are gone.
    Edited(Vec<u8>),
    /// Nothing of ours is left in the file.
    AlreadyGone,
    /// Ours cannot be told apart safely.
    Refused(Refusal),
}

/// Returns what has to happen to `current` so that what `receipt` recorded is taken back.
#[must_use]
pub fn remove(current: &[u8], receipt: &Receipt) -> Removal {
    let hash = sha256_hex(current);
    if hash == receipt.after {
        return untouched(current, receipt);
    }
    if receipt.before.as_deref() == Some(hash.as_str()) {
        return Removal::AlreadyGone;
    }
    match edited(current, receipt) {
        Ok(removal) => removal,
        Err(refusal) => Removal::Refused(refusal),
    }
}

fn untouched(current: &[u8], receipt: &Receipt) -> Removal {
    let Some(before) = &receipt.before else { return Removal::DeleteFile };
    match splice::apply(current, &splice::invert(&receipt.splices)) {
        Ok(bytes) if sha256_hex(&bytes) == *before => Removal::Restored(bytes),
        Ok(_) | Err(_) => {
            let reason =
                RefusalReason::Unproved("the receipt does not lead back to the original bytes".to_owned());
            Removal::Refused(Refusal { reason, at: None })
        }
    }
}

/// What is ours in one document as it stands now.
struct Ours {
    doc: usize,
    /// Entries whose lines go, by index.
    gone: Vec<usize>,
    /// Values and keys that get their former text back.
    back: Vec<(std::ops::Range<usize>, String)>,
    /// The properties expected afterwards.
    expected: Leaves,
}

fn edited(current: &[u8], receipt: &Receipt) -> Result<Removal, Refusal> {
    let refuse = |why: &str| Refusal { reason: RefusalReason::Unproved(why.to_owned()), at: None };
    if receipt.hides() {
        return Err(refuse("what stood there looks like a secret and is in the backup alone"));
    }
    let source = Source::decode(current)?;
    let index = load(&source, receipt.root)?;
    let mut all: Vec<Ours> = Vec::new();
    for (number, doc) in index.docs.iter().enumerate() {
        all.push(Ours { doc: number, gone: Vec::new(), back: Vec::new(), expected: leaves::written(doc) });
    }
    let mut found = false;
    for change in receipt.changes.iter().rev() {
        let holders = all.iter_mut().filter_map(|ours| {
            let doc = &index.docs[ours.doc];
            (holds(doc, change) && find(&source, doc, change, ours)).then_some(())
        });
        match holders.count() {
            0 => {}
            1 => found = true,
            _ => return Err(refuse("what was put in stands in several documents of the file now")),
        }
    }
    if !found {
        return Ok(Removal::AlreadyGone);
    }
    for splices in [textual(current, receipt), structural(&source, &index, &all)].into_iter().flatten() {
        if let Ok(bytes) = splice::apply(current, &splices)
            && proved(&index, &all, &bytes, receipt.root)
        {
            return Ok(Removal::Edited(bytes));
        }
    }
    Err(refuse("our lines cannot be told apart from the edits made since"))
}

fn holds(doc: &Doc, change: &Change) -> bool {
    let has = |path: &str| doc.entries.iter().any(|entry| entry.path == path);
    match change {
        Change::Added { leaves, .. } => leaves.iter().any(|(path, _)| has(path)),
        Change::Replaced { path, .. } => has(path),
        Change::Renamed { to, .. } => has(to),
    }
}

/// Notes what of one change is still in a document; returns whether something is.
fn find(source: &Source<'_>, doc: &Doc, change: &Change, ours: &mut Ours) -> bool {
    match change {
        Change::Added { leaves, containers } => find_added(doc, leaves, containers, ours),
        Change::Replaced { path, before, after } => {
            let entry = doc.entries.iter().find(|entry| entry.path == *path);
            let Some(entry) = entry.filter(|entry| value_text(source, entry) == after.trim()) else {
                return false;
            };
            let leaf = if before.is_empty() {
                Leaf::Null
            } else {
                Leaf::Scalar { text: prove::unquoted(before), plain: !before.starts_with(['\'', '"']) }
            };
            ours.back.push((entry.value.range.clone(), before.clone()));
            ours.expected.insert(path.clone(), vec![leaf]);
            true
        }
        Change::Renamed { from, to, before, after } => {
            let found = doc
                .entries
                .iter()
                .find(|entry| entry.path == *to && source.text[entry.key_range.clone()] == *after);
            let Some(entry) = found else { return false };
            ours.back.push((entry.key_range.clone(), before.clone()));
            let back = Change::Renamed {
                from: to.clone(),
                to: from.clone(),
                before: String::new(),
                after: String::new(),
            };
            ours.expected = std::mem::take(&mut ours.expected)
                .into_iter()
                .map(|(path, values)| (prove::renamed(&path, &back), values))
                .collect();
            true
        }
    }
}

fn find_added(doc: &Doc, leaves: &[(String, String)], containers: &[String], ours: &mut Ours) -> bool {
    let mut any = false;
    for (path, value) in leaves {
        let found = doc.entries.iter().enumerate().find(|(_, entry)| {
            entry.path == *path && matches!(&entry.value.shape, Shape::Scalar { text, .. } if text == value)
        });
        if let Some((at, _)) = found {
            ours.gone.push(at);
            ours.expected.remove(path);
            any = true;
        }
    }
    for path in containers.iter().rev() {
        for (at, entry) in doc.entries.iter().enumerate().skip(1).filter(|(_, entry)| entry.path == *path) {
            let children = doc.children(at);
            if !children.is_empty() && children.iter().all(|child| ours.gone.contains(child)) {
                ours.gone.push(at);
                ours.expected.remove(&entry.path);
            }
        }
    }
    any
}

fn value_text<'s>(source: &Source<'s>, entry: &Entry) -> &'s str {
    source.text[entry.value.range.clone()].trim()
}

/// Each inserted text stands in the file exactly once: put back what it replaced.
fn textual(current: &[u8], receipt: &Receipt) -> Option<Vec<Splice>> {
    let text = std::str::from_utf8(current).ok()?;
    let mut splices = Vec::new();
    for splice in &receipt.splices {
        if splice.inserted.is_empty() || splice.inserted.len() < 24 {
            return None;
        }
        let mut found = text.match_indices(&splice.inserted);
        let (offset, _) = found.next()?;
        if found.next().is_some() {
            return None;
        }
        splices.push(Splice { offset, removed: splice.inserted.clone(), inserted: splice.removed.clone() });
    }
    splices.sort_by_key(|splice| splice.offset);
    Some(splices)
}

/// Our keys' own lines go; former texts come back.
fn structural(source: &Source<'_>, index: &Index, all: &[Ours]) -> Option<Vec<Splice>> {
    let mut cuts: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    for ours in all {
        cuts.extend(ours.back.iter().cloned());
        for at in &ours.gone {
            let entry = &index.docs[ours.doc].entries[*at];
            let start = source.line_start(entry.key_range.start);
            if !source.text[start..entry.key_range.start].trim().is_empty() {
                return None;
            }
            let last = match &entry.value.shape {
                Shape::Map { .. } => entry.key_range.end,
                Shape::Scalar { .. } | Shape::Seq { .. } | Shape::Alias { .. } => entry.value.range.end,
            };
            cuts.push((start..source.next_line(last), String::new()));
        }
    }
    cuts.sort_by_key(|(range, _)| range.start);
    let splice = |(range, inserted): (std::ops::Range<usize>, String)| Splice {
        offset: range.start + source.bom,
        removed: source.text[range].to_owned(),
        inserted,
    };
    Some(cuts.into_iter().map(splice).collect())
}

fn proved(before: &Index, all: &[Ours], after: &[u8], root: Root) -> bool {
    let Ok(index) = prove::read(after, root) else { return false };
    let significant = |leaves: &Leaves| -> Leaves {
        let kept = leaves
            .iter()
            .filter(|(_, values)| !values.iter().all(|value| matches!(value, Leaf::Null | Leaf::EmptyMap)));
        kept.map(|(path, values)| (path.clone(), values.clone())).collect()
    };
    if index.docs.is_empty() {
        // Only comments are left: right if nothing but ours was there.
        let nothing =
            |ours: &Ours| before.docs[ours.doc].off_path == 0 && significant(&ours.expected).is_empty();
        return all.len() == 1 && all.iter().all(nothing);
    }
    prove::same_outside(before, &index).is_ok()
        && all
            .iter()
            .all(|ours| significant(&leaves::written(&index.docs[ours.doc])) == significant(&ours.expected))
}
