//! Reading a big profile: skimmed by lines, and what is near `spinnaker.extensibility` read by the parser.

use std::ops::Range;

use crate::entries::{Doc, Entry, Index, Interest, Meaning, ROOT_ENTRY, Shape, Value, interest};
use crate::events::{Props, Style};
use crate::index;
use crate::running_hash::feed;
use crate::skim::{self, Skimmed};

/// Smaller files are read whole by the parser: there is nothing to gain.
pub(crate) const FROM: usize = 512 * 1024;

/// Returns what the parser would read, or `None` where that is not known for sure. The hash of what is
/// outside our part is another one than the parser's.
pub(crate) fn read(text: &str) -> Option<Index> {
    let skimmed = skim::skim(text)?;
    let first = skimmed.root_keys.first()?.1 as usize;
    let root = Entry {
        parent: ROOT_ENTRY,
        path: String::new(),
        key: String::new(),
        key_range: first..first,
        value: Value {
            range: first..text.len(),
            props: Props::default(),
            shape: Shape::Map { style: Style::Block, children: Vec::new(), merge: false },
        },
    };
    let begins = if text[..first].starts_with("---") || text[..first].contains("\n---") {
        text[..first].rfind("---").map_or(0, |at| at + 3)
    } else {
        first
    };
    let mut doc = Doc {
        range: begins..text.len(),
        entries: vec![root],
        off_path: 0,
        embedded: false,
        duplicate: None,
        odd_key: None,
        too_big: false,
        ends_in_block_scalar: skimmed.ends_in_block_scalar,
        root_keys: Vec::new(),
        meaning: Meaning::AsWritten,
    };
    for part in near_ours(text, &skimmed) {
        adopt(&mut doc, text, &part)?;
    }
    doc.root_keys = skimmed.root_keys;
    Some(Index { docs: vec![doc], aliased: std::collections::HashSet::new() })
}

/// Returns where the root's entries stand that the parser has to read.
fn near_ours(text: &str, skimmed: &Skimmed) -> Vec<Range<usize>> {
    let starts: Vec<usize> = skimmed.root_keys.iter().map(|(_, start)| *start as usize).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts
        .iter()
        .zip(ends)
        .filter(|(start, _)| {
            let key = text[**start..].trim_start_matches(['\'', '"']);
            let key = &key[..key.find([':', '\'', '"']).unwrap_or(0)];
            interest(key) != Interest::Off
        })
        .map(|(start, end)| *start..end)
        .collect()
}

/// Has the parser read one entry of the root and takes it over.
fn adopt(doc: &mut Doc, text: &str, part: &Range<usize>) -> Option<()> {
    let mut read = index::read(&text[part.clone()]).ok()?;
    let known = read.docs.len() == 1 && read.aliased.is_empty();
    let mut of_part = read.docs.pop().filter(|of_part| {
        known
            && of_part.duplicate.is_none()
            && of_part.odd_key.is_none()
            && !of_part.too_big
            && !of_part.refers()
    })?;
    let shift = |range: &Range<usize>| range.start + part.start..range.end + part.start;
    let before = doc.entries.len();
    // The part's root is the document's.
    let renumbered = |at: usize| if at == ROOT_ENTRY { ROOT_ENTRY } else { at + before - 1 };
    for (number, mut entry) in of_part.entries.drain(..).enumerate() {
        if let Shape::Map { children, .. } = &mut entry.value.shape {
            for child in children.iter_mut() {
                *child = renumbered(*child);
            }
            if let (ROOT_ENTRY, Shape::Map { children: all, .. }) =
                (number, &mut doc.entries[ROOT_ENTRY].value.shape)
            {
                all.append(children);
            }
        } else if number == ROOT_ENTRY {
            return None;
        }
        if number == ROOT_ENTRY {
            continue;
        }
        entry.parent = renumbered(entry.parent);
        entry.key_range = shift(&entry.key_range);
        entry.value.range = shift(&entry.value.range);
        doc.entries.push(entry);
    }
    doc.off_path = feed(doc.off_path, &of_part.off_path.to_le_bytes());
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random_lines::Lines;

    /// What both readings must agree on.
    fn shown(index: &Index) -> Vec<String> {
        let doc = &index.docs[0];
        let entry = |entry: &Entry| {
            let shape = match &entry.value.shape {
                Shape::Map { children, .. } => format!("map of {children:?}"),
                Shape::Scalar { text, quote } => format!("{text:?} {quote:?}"),
                Shape::Seq { .. } => "list".to_owned(),
                Shape::Alias { .. } => "alias".to_owned(),
            };
            // Where the root ends is nothing that an edit is planned on.
            let end = if entry.path.is_empty() { 0 } else { entry.value.range.end };
            format!(
                "{} {:?} {}..{end} {shape} in {}",
                entry.path, entry.key_range, entry.value.range.start, entry.parent
            )
        };
        let mut all: Vec<String> = doc.entries.iter().map(entry).collect();
        all.push(format!("{:?} {} {:?}", doc.range, doc.ends_in_block_scalar, doc.root_keys));
        all
    }

    #[test]
    fn a_skimmed_text_is_read_as_the_parser_reads_it() {
        let texts = [
            "a: 1\nspinnaker:\n  s3:\n    enabled: false\n",
            "---\n# head\na:\n- b: 1\n  c: |\n    text\n\n    more\n- d\nspinnaker:\n  extensibility:\n    plugins: {}\n",
            "spring:\n  profiles: prod\n'spinnaker': ~\nz: >-\n  x",
            "a:\r\n  b: 'it''s' # why\r\n  c: \"x y\"\r\n  d:\r\nspinnaker.extensibility.plugins.X.enabled: true\r\n",
            "a:\n  - - 1\n    - 2\n  - x: 1\n    y:\n    - z\n  -\nb: []\n",
            "a: -5\nb: http://x:80/y#z\nc: .5\nd: größe\n",
        ];
        for text in texts {
            let skimmed = read(text).unwrap_or_else(|| panic!("not skimmed: {text}"));
            let parsed = index::read(text).unwrap_or_else(|fault| panic!("{}: {text}", fault.message));
            assert_eq!(shown(&skimmed), shown(&parsed), "{text}");
        }
    }

    #[test]
    fn whatever_is_skimmed_the_parser_reads_the_same() {
        let mut lines = Lines::new();
        let (mut skimmed, runs) = (0, 150_000);
        for run in 0..runs {
            let text = lines.text();
            let Some(read) = read(&text) else { continue };
            skimmed += 1;
            let parsed =
                index::read(&text).unwrap_or_else(|fault| panic!("run {run}: {} in\n{text}", fault.message));
            assert_eq!(parsed.docs.len(), 1, "run {run}:\n{text}");
            let doc = &parsed.docs[0];
            assert!(doc.duplicate.is_none() && doc.odd_key.is_none(), "run {run}:\n{text}");
            assert_eq!(shown(&read), shown(&parsed), "run {run}:\n{text}");
        }
        assert!(skimmed * 20 > runs, "only {skimmed} were skimmed");
    }

    #[test]
    fn what_is_not_known_for_sure_is_left_to_the_parser() {
        let texts = [
            "",
            "# nothing\n",
            "- a\n",
            "a: [1, 2]\n",
            "a: &x 1\n",
            "a: *x\n",
            "a: !!str 1\n",
            "a: \"\\t\"\n",
            "a: one\n  two\n",
            "a: 'one\n  two'\n",
            "a: 1\na: 2\n",
            "a:\n  b: 1\n  b: 2\n",
            "a:\n    b: 1\n  c: 2\n",
            "null: 1\n",
            "a:\n- 1: x\n",
            "a: |\n    x\n  y\n",
            "a: |2\n    x\n",
            "a: b: c\n",
            "a:\tb\n",
            "a: 1\n---\nb: 2\n",
            "a: 1\n...\n",
            "? a\n: b\n",
            "a: 1\n b: 2\n",
            "  a: 1\n",
            "a: x\u{2028}y\n",
            "<<: 1\n",
        ];
        for text in texts {
            assert_eq!(skim::skim(text), None, "{text}");
        }
    }
}
