//! One pass over a profile: the entries near `spinnaker.extensibility` as a small tree with byte
//! ranges, and a hash of everything else. The hash is what proves that an edit changed nothing
//! else; the tree is what edits are planned on.

use std::collections::HashSet;
use std::ops::Range;

use crate::entries::{Doc, Entry, Index, Interest, Meaning, ROOT_ENTRY, Shape, Value, interest};
use crate::events::{Fault, Props, Quote, Style, Token, walk};
use crate::running_hash::{feed, key_hash};
use crate::spring;
use crate::yaml11::{self, Kind};

/// More entries below `spinnaker.extensibility` than any real profile has.
const ENTRY_LIMIT: usize = 20_000;

/// Reads the whole text once.
///
/// # Errors
/// The first syntax error.
pub(crate) fn read(text: &str) -> Result<Index, Fault> {
    let mut builder = Builder::new(text);
    walk(text, |token, range| builder.token(token, range))?;
    Ok(builder.finish())
}

enum Key {
    None,
    Scalar { text: String, range: Range<usize>, merge: bool },
    Complex,
}

struct MapFrame {
    entry: Option<usize>,
    keys: Vec<(u64, u32, u32)>,
    key: Key,
    /// This mapping is itself the key of its parent.
    is_key: bool,
}

struct SeqFrame {
    entry: Option<usize>,
    outer: u64,
    is_key: bool,
}

enum Frame {
    Map(MapFrame),
    Seq(SeqFrame),
}

/// Where a node that begins now belongs.
enum Place {
    Root,
    Item,
    Key,
    Value { parent: Option<usize>, key: Key },
}

pub(crate) struct Builder<'t> {
    text: &'t str,
    docs: Vec<Doc>,
    aliased: HashSet<usize>,
    stack: Vec<Frame>,
    hash: u64,
    spare: Vec<Vec<(u64, u32, u32)>>,
}

impl<'t> Builder<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self {
            text,
            docs: Vec::new(),
            aliased: HashSet::new(),
            stack: Vec::new(),
            hash: 0,
            spare: Vec::new(),
        }
    }

    /// Returns what was read.
    pub(crate) fn finish(self) -> Index {
        Index { docs: self.docs, aliased: self.aliased }
    }

    /// Notes that an alias refers to an anchor.
    pub(crate) fn refer(&mut self, anchor: usize) {
        self.aliased.insert(anchor);
    }

    /// Returns what stands in a range of the text.
    pub(crate) fn text_at(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    pub(crate) fn token(&mut self, token: Token<'_>, range: Range<usize>) {
        if let (Some(doc), false) =
            (self.docs.last_mut(), matches!(token, Token::MapEnd | Token::SeqEnd | Token::DocumentEnd))
        {
            doc.ends_in_block_scalar = matches!(token, Token::Scalar(_, Quote::Block, _));
        }
        match token {
            Token::DocumentStart => self.document_start(&range),
            Token::DocumentEnd => self.document_end(&range),
            Token::MapStart(style, props) => self.map_start(style, props, range),
            Token::SeqStart(props) => self.seq_start(props, range),
            Token::MapEnd | Token::SeqEnd => self.collection_end(&range),
            Token::Scalar(text, quote, props) => self.scalar(&text, quote, props, range),
            Token::Alias(anchor) => self.alias(anchor, range),
        }
    }

    fn document_start(&mut self, range: &Range<usize>) {
        self.hash = 0;
        let start = range.end.min(self.text.len());
        if let Some(last) = self.docs.last_mut() {
            let line = self.text[..range.start.min(self.text.len())].rfind('\n').map_or(0, |at| at + 1);
            last.range.end = last.range.end.min(line.max(last.range.start));
        }
        self.docs.push(Doc {
            range: start..self.text.len(),
            entries: Vec::new(),
            off_path: 0,
            duplicate: None,
            odd_key: None,
            ends_in_block_scalar: false,
            root_keys: Vec::new(),
            too_big: false,
            embedded: false,
            meaning: Meaning::AsWritten,
        });
    }

    fn document_end(&mut self, range: &Range<usize>) {
        let hash = self.hash;
        let text = self.text;
        let Some(doc) = self.docs.last_mut() else { return };
        doc.off_path = hash;
        let at = range.start.min(text.len());
        let line = text[..at].rfind('\n').map_or(0, |at| at + 1);
        if text[line..].starts_with("...") || text[line..].starts_with("---") {
            doc.range.end = line.max(doc.range.start);
        }
        if doc.entries.is_empty() {
            doc.entries.push(Entry {
                parent: ROOT_ENTRY,
                path: String::new(),
                key: String::new(),
                key_range: at..at,
                value: Value {
                    range: at..at,
                    props: Props::default(),
                    shape: Shape::Scalar { text: String::new(), quote: Quote::Plain },
                },
            });
        }
    }

    fn place(&mut self) -> Place {
        match self.stack.last_mut() {
            None => Place::Root,
            Some(Frame::Seq(_)) => Place::Item,
            Some(Frame::Map(frame)) => match std::mem::replace(&mut frame.key, Key::None) {
                Key::None => Place::Key,
                key @ (Key::Scalar { .. } | Key::Complex) => Place::Value { parent: frame.entry, key },
            },
        }
    }

    /// Returns the new tree entry for a node, if it is one to keep; feeds the hash otherwise.
    fn open(&mut self, place: &mut Place, value: Value) -> Option<usize> {
        match place {
            Place::Root => self.push(Entry {
                parent: ROOT_ENTRY,
                path: String::new(),
                key: String::new(),
                key_range: value.range.start..value.range.start,
                value,
            }),
            Place::Item | Place::Key => None,
            Place::Value { parent, key } => {
                let parent = (*parent)?;
                let Key::Scalar { text, range, merge: merges } = std::mem::replace(key, Key::Complex) else {
                    return None;
                };
                let doc = self.docs.last_mut()?;
                let path = spring::join(&doc.entries[parent].path, &text);
                if merges && let Shape::Map { merge, .. } = &mut doc.entries[parent].value.shape {
                    *merge = true;
                }
                let interest = interest(&path);
                if interest != Interest::Ours {
                    self.hash = feed(self.hash, path.as_bytes());
                }
                if interest == Interest::Off {
                    return None;
                }
                let at = self.push(Entry { parent, path, key: text, key_range: range, value })?;
                let doc = self.docs.last_mut()?;
                if let Shape::Map { children, .. } = &mut doc.entries[parent].value.shape {
                    children.push(at);
                }
                Some(at)
            }
        }
    }

    fn push(&mut self, entry: Entry) -> Option<usize> {
        let doc = self.docs.last_mut()?;
        if doc.entries.len() >= ENTRY_LIMIT {
            doc.too_big = true;
            return None;
        }
        doc.entries.push(entry);
        Some(doc.entries.len() - 1)
    }

    /// Returns whether a node's content goes into the hash: all that is not kept as ours.
    fn hashed(&self, entry: Option<usize>) -> bool {
        match (entry, self.docs.last()) {
            (Some(at), Some(doc)) => interest(&doc.entries[at].path) != Interest::Ours,
            _ => true,
        }
    }

    fn map_start(&mut self, style: Style, props: Props, range: Range<usize>) {
        let mut place = self.place();
        let is_key = matches!(place, Place::Key);
        let shape = Shape::Map { style, children: Vec::new(), merge: false };
        let entry = self.open(&mut place, Value { range, props, shape });
        if self.hashed(entry) {
            self.hash = feed(self.hash, b"{");
        }
        let keys = self.spare.pop().unwrap_or_default();
        self.stack.push(Frame::Map(MapFrame { entry, keys, key: Key::None, is_key }));
    }

    fn seq_start(&mut self, props: Props, range: Range<usize>) {
        let mut place = self.place();
        let is_key = matches!(place, Place::Key);
        let entry = self.open(&mut place, Value { range, props, shape: Shape::Seq { hash: 0 } });
        let outer = self.hash;
        if self.hashed(entry) {
            self.hash = feed(self.hash, b"[");
        } else {
            self.hash = 0;
        }
        self.stack.push(Frame::Seq(SeqFrame { entry, outer, is_key }));
    }

    fn collection_end(&mut self, range: &Range<usize>) {
        match self.stack.pop() {
            Some(Frame::Map(frame)) => {
                if self.hashed(frame.entry) {
                    self.hash = feed(self.hash, b"}");
                }
                self.close_entry(frame.entry, range);
                if let (Some(ROOT_ENTRY), Some(doc)) = (frame.entry, self.docs.last_mut()) {
                    doc.root_keys = frame.keys.iter().map(|(hash, start, _)| (*hash, *start)).collect();
                }
                self.note_duplicate(frame.keys);
                self.end_key(frame.is_key);
            }
            Some(Frame::Seq(frame)) => {
                if self.hashed(frame.entry) {
                    self.hash = feed(self.hash, b"]");
                } else if let (Some(at), Some(doc)) = (frame.entry, self.docs.last_mut()) {
                    doc.entries[at].value.shape = Shape::Seq { hash: self.hash };
                    self.hash = frame.outer;
                }
                self.close_entry(frame.entry, range);
                self.end_key(frame.is_key);
            }
            None => {}
        }
    }

    fn close_entry(&mut self, entry: Option<usize>, range: &Range<usize>) {
        if let (Some(at), Some(doc)) = (entry, self.docs.last_mut()) {
            let value = &mut doc.entries[at].value;
            value.range.end = range.end.max(value.range.start);
        }
    }

    fn note_duplicate(&mut self, mut keys: Vec<(u64, u32, u32)>) {
        keys.sort_unstable();
        let twice = keys.windows(2).find(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1]);
        if let (Some((_, start, end)), Some(doc)) = (twice, self.docs.last_mut()) {
            let found = start as usize..end as usize;
            if doc.duplicate.as_ref().is_none_or(|first| found.start < first.start) {
                doc.duplicate = Some(found);
            }
        }
        keys.clear();
        if self.spare.len() < 64 && keys.capacity() < 4096 {
            self.spare.push(keys);
        }
    }

    /// A complex key has ended: the next node is its value.
    fn end_key(&mut self, was_key: bool) {
        if let (true, Some(Frame::Map(frame))) = (was_key, self.stack.last_mut()) {
            frame.key = Key::Complex;
        }
    }

    fn scalar(&mut self, text: &str, quote: Quote, props: Props, range: Range<usize>) {
        let mut place = self.place();
        if matches!(place, Place::Key) {
            let kept = self.key(text, quote, props.tagged, &range);
            if !kept {
                self.hash = feed(feed(self.hash, b"k"), text.as_bytes());
            }
            return;
        }
        let kept = matches!(place, Place::Root) || matches!(place, Place::Value { parent: Some(_), .. });
        let shape = if kept {
            Shape::Scalar { text: text.to_owned(), quote }
        } else {
            Shape::Scalar { text: String::new(), quote }
        };
        let entry = self.open(&mut place, Value { range, props, shape });
        if self.hashed(entry) {
            let plain: &[u8] = if quote == Quote::Plain && !props.tagged { b"p" } else { b"q" };
            self.hash = feed(feed(self.hash, plain), text.as_bytes());
        }
    }

    /// Notes a scalar key; returns whether the mapping is one whose entries decide for themselves
    /// what is hashed.
    fn key(&mut self, text: &str, quote: Quote, tagged: bool, range: &Range<usize>) -> bool {
        let merge = text == "<<" && quote == Quote::Plain;
        if quote == Quote::Plain && !tagged {
            self.check_key(text, range);
        }
        let Some(Frame::Map(frame)) = self.stack.last_mut() else { return false };
        // Several merge keys are no duplicates (SnakeYAML's processDuplicateKeys leaves them out).
        if !merge {
            let hash = key_hash(text, quote == Quote::Plain);
            // Offsets above 4 GiB do not occur: profiles that big are refused before this.
            frame.keys.push((hash, range.start as u32, range.end as u32));
        }
        if frame.entry.is_some() {
            frame.key = Key::Scalar { text: text.to_owned(), range: range.clone(), merge };
            true
        } else {
            frame.key = Key::Complex;
            false
        }
    }

    /// Notes a key with which Spring does not load the file: null anywhere, and below a list whatever is
    /// no text (`YamlProcessor.asMap` names the keys of mappings alone, not those inside lists).
    fn check_key(&mut self, text: &str, range: &Range<usize>) {
        let bad = match yaml11::kind(text) {
            Kind::Text => false,
            Kind::Null => true,
            Kind::Boolean | Kind::Number => self.stack.iter().any(|frame| matches!(frame, Frame::Seq(_))),
        };
        if let (true, Some(doc)) = (bad, self.docs.last_mut()) {
            doc.odd_key.get_or_insert_with(|| range.clone());
        }
    }

    fn alias(&mut self, anchor: usize, range: Range<usize>) {
        self.aliased.insert(anchor);
        let mut place = self.place();
        if matches!(place, Place::Key) {
            self.end_key(true);
        }
        let name = range.clone();
        let entry =
            self.open(&mut place, Value { range, props: Props::default(), shape: Shape::Alias { anchor } });
        if self.hashed(entry) {
            let name = self.text.get(name).unwrap_or_default();
            self.hash = feed(feed(self.hash, b"*"), name.as_bytes());
        }
    }
}
