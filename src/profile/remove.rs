//! Undo: take out exactly what was put in, whatever else was edited since.

use crate::entries::{Doc, Entry, Index, Shape};
use crate::load::load;
use crate::prove::{self, Leaf, Leaves};
use crate::source::Source;
use crate::splice::{self, Change, Receipt, Splice, sha256_hex};
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

/// What is ours in the file as it stands now.
struct Ours {
    /// Entries whose lines go, by index.
    gone: Vec<usize>,
    /// Values and keys that get their former text back.
    back: Vec<(std::ops::Range<usize>, String)>,
    /// The properties expected afterwards.
    expected: Leaves,
}

fn edited(current: &[u8], receipt: &Receipt) -> Result<Removal, Refusal> {
    if receipt.hides() {
        let why = "what stood there looks like a secret and is in the backup alone";
        return Err(Refusal { reason: RefusalReason::Unproved(why.to_owned()), at: None });
    }
    let source = Source::decode(current)?;
    let index = load(&source)?;
    let Some(target) = index.docs.iter().position(|doc| holds(doc, receipt)) else {
        return Ok(Removal::AlreadyGone);
    };
    let doc = &index.docs[target];
    let ours = find(&source, doc, receipt);
    if ours.gone.is_empty() && ours.back.is_empty() {
        return Ok(Removal::AlreadyGone);
    }
    for splices in [textual(current, receipt), structural(&source, doc, &ours)].into_iter().flatten() {
        if let Ok(bytes) = splice::apply(current, &splices)
            && proved(&index, target, &bytes, &ours.expected)
        {
            return Ok(Removal::Edited(bytes));
        }
    }
    let reason =
        RefusalReason::Unproved("our lines cannot be told apart from the edits made since".to_owned());
    Err(Refusal { reason, at: None })
}

fn holds(doc: &Doc, receipt: &Receipt) -> bool {
    let has = |path: &str| doc.entries.iter().any(|entry| entry.path == path);
    receipt.changes.iter().any(|change| match change {
        Change::Added { leaves, .. } => leaves.iter().any(|(path, _)| has(path)),
        Change::Replaced { path, .. } => has(path),
        Change::Renamed { to, .. } => has(to),
    })
}

fn find(source: &Source<'_>, doc: &Doc, receipt: &Receipt) -> Ours {
    let mut ours = Ours { gone: Vec::new(), back: Vec::new(), expected: prove::leaves(doc) };
    for change in receipt.changes.iter().rev() {
        match change {
            Change::Added { leaves, containers } => find_added(doc, leaves, containers, &mut ours),
            Change::Replaced { path, before, after } => {
                let entry = doc.entries.iter().find(|entry| entry.path == *path);
                if let Some(entry) = entry.filter(|entry| value_text(source, entry) == after.trim()) {
                    let range = entry.value.range.clone();
                    let leaf = if before.is_empty() {
                        Leaf::Null
                    } else {
                        Leaf::Scalar {
                            text: prove::unquoted(before),
                            plain: !before.starts_with(['\'', '"']),
                        }
                    };
                    ours.back.push((range, before.clone()));
                    ours.expected.insert(path.clone(), vec![leaf]);
                }
            }
            Change::Renamed { from, to, before, after } => {
                let found = doc
                    .entries
                    .iter()
                    .find(|entry| entry.path == *to && source.text[entry.key_range.clone()] == *after);
                if let Some(entry) = found {
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
                }
            }
        }
    }
    ours
}

fn find_added(doc: &Doc, leaves: &[(String, String)], containers: &[String], ours: &mut Ours) {
    for (path, value) in leaves {
        let found = doc.entries.iter().enumerate().find(|(_, entry)| {
            entry.path == *path && matches!(&entry.value.shape, Shape::Scalar { text, .. } if text == value)
        });
        if let Some((at, _)) = found {
            ours.gone.push(at);
            ours.expected.remove(path);
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
fn structural(source: &Source<'_>, doc: &Doc, ours: &Ours) -> Option<Vec<Splice>> {
    let mut cuts: Vec<(std::ops::Range<usize>, String)> = ours.back.clone();
    for at in &ours.gone {
        let entry = &doc.entries[*at];
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
    cuts.sort_by_key(|(range, _)| range.start);
    let splice = |(range, inserted): (std::ops::Range<usize>, String)| Splice {
        offset: range.start + source.bom,
        removed: source.text[range].to_owned(),
        inserted,
    };
    Some(cuts.into_iter().map(splice).collect())
}

fn proved(before: &Index, target: usize, after: &[u8], expected: &Leaves) -> bool {
    let Ok(source) = Source::decode(after) else { return false };
    let Ok(index) = load(&source) else { return false };
    let significant = |leaves: &Leaves| -> Leaves {
        let kept = leaves
            .iter()
            .filter(|(_, values)| !values.iter().all(|value| matches!(value, Leaf::Null | Leaf::EmptyMap)));
        kept.map(|(path, values)| (path.clone(), values.clone())).collect()
    };
    if index.docs.is_empty() {
        // Only comments are left: right if nothing but ours was there.
        return before.docs.len() == 1
            && before.docs[target].off_path == 0
            && significant(expected).is_empty();
    }
    prove::same_elsewhere(before, &index, Some(target)).is_ok()
        && significant(&prove::leaves(&index.docs[target])) == significant(expected)
}
