//! A profile inside the manifest of a `SpinnakerService`: found by its kind, below
//! `spec.spinnakerConfig.profiles`. What the planner and the proof see is the profile alone; all else of the
//! file, other documents too, is in one hash.
//!
//! The Operator reads `profiles.gate` as the text of `gate-local.yml`
//! (armory/spinnaker-operator, `pkg/apis/spinnaker/interfaces/types.go`: `Profiles FreeForm`).

use std::ops::Range;

use crate::entries::{Doc, Entry, Index, Meaning, ROOT_ENTRY, Shape, Value};
use crate::events::{Props, Quote, Token, walk};
use crate::index::Builder;
use crate::running_hash::feed;
use crate::spinnaker_service::{Unfit, document};
use crate::spring;
use crate::verdict::RefusalReason;

/// A manifest as it was read.
pub(crate) struct Manifest {
    /// The profile as one document; an absent one is a null.
    pub(crate) index: Index,
    /// The number of the document that holds it.
    pub(crate) number: usize,
    /// The mappings that lead to it, as entries, as far as they are there.
    pub(crate) way: Doc,
    /// How much of the way is there, in keys.
    pub(crate) there: usize,
}

/// Reads the profile that stands at `way` in the one `SpinnakerService` of a text.
///
/// # Errors
/// It is no YAML, holds none or several of that kind, or the way leads through an alias.
pub(crate) fn read(text: &str, way: &'static [&'static str]) -> Result<Manifest, Unfit> {
    let number = document(text)?;
    let mut reader = Reader::new(text, way, number);
    walk(text, |token, range| reader.token(token, range)).map_err(Unfit::Syntax)?;
    reader.finish()
}

/// A collection outside the profile that is open.
struct Level {
    /// How many keys of the way lead here; `None` beside it.
    on_way: Option<usize>,
    is_map: bool,
    /// It is itself a key.
    is_key: bool,
    key: Key,
}

/// What a mapping waits for.
enum Key {
    Awaited,
    /// A key that leads on, and where it stands.
    OfWay(Range<usize>),
    Other,
}

struct Reader<'t> {
    builder: Builder<'t>,
    way: &'static [&'static str],
    number: usize,
    begun: usize,
    stack: Vec<Level>,
    /// How many collections of the profile are open; `None` outside it.
    inside: Option<usize>,
    outside: u64,
    entries: Vec<Entry>,
    anchors: Vec<(usize, usize)>,
    /// A mapping on the way that merges something in, or is an alias.
    shared: Option<(String, usize)>,
    twice: Option<(String, usize)>,
    range: Range<usize>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, way: &'static [&'static str], number: usize) -> Self {
        Self {
            builder: Builder::new(text),
            way,
            number,
            begun: 0,
            stack: Vec::new(),
            inside: None,
            outside: 0,
            entries: Vec::new(),
            anchors: Vec::new(),
            shared: None,
            twice: None,
            range: 0..text.len(),
        }
    }

    fn token(&mut self, token: Token<'_>, range: Range<usize>) {
        if let Some(open) = self.inside {
            self.of_profile(open, token, range);
            return;
        }
        match &token {
            Token::DocumentStart => {
                self.begun += 1;
                self.outside = feed(self.outside, b"---");
                return;
            }
            Token::DocumentEnd => return,
            Token::MapEnd | Token::SeqEnd => {
                self.close(&range);
                return;
            }
            Token::MapStart(..) | Token::SeqStart(_) | Token::Scalar(..) | Token::Alias(_) => {}
        }
        if let Token::Alias(anchor) = &token {
            self.builder.refer(*anchor);
        }
        if self.stack.last().is_some_and(|level| level.is_map && matches!(level.key, Key::Awaited)) {
            self.key(&token, range);
            return;
        }
        self.value(token, range);
    }

    fn of_profile(&mut self, open: usize, token: Token<'_>, range: Range<usize>) {
        let open = match token {
            Token::MapStart(..) | Token::SeqStart(_) => open + 1,
            Token::MapEnd | Token::SeqEnd => open - 1,
            Token::DocumentStart | Token::DocumentEnd | Token::Scalar(..) | Token::Alias(_) => open,
        };
        self.builder.token(token, range.clone());
        if open == 0 {
            self.profile_ends(range.end);
        } else {
            self.inside = Some(open);
        }
    }

    fn profile_ends(&mut self, at: usize) {
        self.builder.token(Token::DocumentEnd, at..at);
        if let Some(entry) = self.entries.get_mut(self.way.len()) {
            entry.value.range.end = at.max(entry.value.range.start);
        }
        self.inside = None;
        self.valued();
    }

    /// The value of the key that stands last is complete.
    fn valued(&mut self) {
        if let Some(level) = self.stack.last_mut() {
            level.key = Key::Awaited;
        }
    }

    fn key(&mut self, token: &Token<'_>, range: Range<usize>) {
        let on_way = self.stack.last().and_then(|level| level.on_way);
        let next = on_way.and_then(|at| self.way.get(at));
        let (mut leads, mut merges) = (false, false);
        match token {
            Token::Scalar(text, quote, props) => {
                leads = next == Some(&text.as_ref());
                merges = on_way.is_some() && text == "<<" && *quote == Quote::Plain;
                if !leads {
                    self.feed_at(on_way, b"k", text.as_bytes());
                }
                if leads && props.anchor != 0 {
                    self.anchors.push((props.anchor, range.start));
                }
            }
            Token::MapStart(..) | Token::SeqStart(_) => {
                let is_map = matches!(token, Token::MapStart(..));
                self.feed_at(on_way, if is_map { b"{" } else { b"[" }, b"");
                self.stack.push(Level { on_way: None, is_map, is_key: true, key: Key::Awaited });
                return;
            }
            Token::Alias(_) => self.feed_at(on_way, b"*", self.builder.text_at(&range).as_bytes()),
            Token::DocumentStart | Token::DocumentEnd | Token::MapEnd | Token::SeqEnd => {}
        }
        self.note_child(on_way, &range);
        if merges && self.shared.is_none() {
            self.shared = Some((self.way[..on_way.unwrap_or(0)].join("."), range.start));
        }
        if let Some(level) = self.stack.last_mut() {
            level.key = if leads { Key::OfWay(range) } else { Key::Other };
        }
    }

    /// The first key of a mapping on the way that does not lead on, so that the pen knows it is not empty.
    fn note_child(&mut self, on_way: Option<usize>, range: &Range<usize>) {
        let Some(parent) = on_way.filter(|at| *at < self.entries.len()) else { return };
        let at = self.entries.len();
        let at_way = |entry: &Entry| entry.parent == parent && entry.key.is_empty();
        if self.entries.iter().skip(1).any(at_way) || parent + 1 != self.way_length() {
            return;
        }
        let value = Value {
            range: range.clone(),
            props: Props::default(),
            shape: Shape::Scalar { text: String::new(), quote: Quote::Plain },
        };
        let child =
            Entry { parent, path: String::new(), key: String::new(), key_range: range.clone(), value };
        if let Shape::Map { children, .. } = &mut self.entries[parent].value.shape {
            children.push(at);
            self.entries.push(child);
        }
    }

    /// How many entries of the way itself there are: they come first, children behind them.
    fn way_length(&self) -> usize {
        1 + self.entries.iter().skip(1).take_while(|entry| !entry.key.is_empty()).count()
    }

    fn value(&mut self, token: Token<'_>, range: Range<usize>) {
        let key = self.stack.last_mut().map(|level| std::mem::replace(&mut level.key, Key::Other));
        let on_way = match (&key, self.stack.last()) {
            (None, _) if self.begun == self.number + 1 => Some(0),
            (Some(Key::OfWay(_)), Some(level)) => level.on_way.map(|at| at + 1),
            _ => None,
        };
        let key_range = match key {
            Some(Key::OfWay(range)) => range,
            _ => range.start..range.start,
        };
        if let Some(at) = on_way {
            self.step(at, &token, key_range, &range);
        }
        if on_way == Some(self.way.len()) {
            self.profile_begins(token, range);
            return;
        }
        match token {
            Token::MapStart(..) | Token::SeqStart(_) => {
                let is_map = matches!(token, Token::MapStart(..));
                if on_way.is_none() || !is_map {
                    self.feed_at(None, if is_map { b"{" } else { b"[" }, b"");
                }
                let on_way = on_way.filter(|_| is_map);
                self.stack.push(Level { on_way, is_map, is_key: false, key: Key::Awaited });
                return;
            }
            Token::Scalar(text, quote, props) => {
                let null = quote == Quote::Plain && !props.tagged && spring::is_null(&text);
                if on_way.is_none() || !null {
                    let plain: &[u8] = if quote == Quote::Plain && !props.tagged { b"p" } else { b"q" };
                    self.feed_at(None, plain, text.as_bytes());
                }
            }
            Token::Alias(_) => self.feed_at(None, b"*", self.builder.text_at(&range).as_bytes()),
            Token::DocumentStart | Token::DocumentEnd | Token::MapEnd | Token::SeqEnd => {}
        }
        self.valued();
    }

    /// Notes a node of the way itself: number `at` of it, the document's root being 0.
    fn step(&mut self, at: usize, token: &Token<'_>, key_range: Range<usize>, range: &Range<usize>) {
        let path = self.way[..at].join(".");
        if self.entries.iter().any(|entry| !path.is_empty() && entry.path == path) {
            self.twice.get_or_insert((path, key_range.start));
            return;
        }
        let (props, shape) = match token {
            Token::MapStart(style, props) => {
                (*props, Shape::Map { style: *style, children: Vec::new(), merge: false })
            }
            Token::SeqStart(props) => (*props, Shape::Seq { hash: 0 }),
            Token::Scalar(text, quote, props) => {
                (*props, Shape::Scalar { text: text.clone().into_owned(), quote: *quote })
            }
            Token::Alias(anchor) => {
                self.shared.get_or_insert((path.clone(), range.start));
                (Props::default(), Shape::Alias { anchor: *anchor })
            }
            Token::DocumentStart | Token::DocumentEnd | Token::MapEnd | Token::SeqEnd => return,
        };
        if props.anchor != 0 {
            self.anchors.push((props.anchor, range.start));
        }
        // A child that was noted meanwhile stands behind the way.
        let place = self.way_length().min(self.entries.len());
        self.entries.truncate(place);
        let key = if at == 0 { String::new() } else { self.way[at - 1].to_owned() };
        let number = self.entries.len();
        if at > 0
            && let Some(Shape::Map { children, .. }) =
                self.entries.get_mut(at - 1).map(|entry| &mut entry.value.shape)
        {
            *children = vec![number];
        }
        let value = Value { range: range.clone(), props, shape };
        self.entries.push(Entry { parent: at.saturating_sub(1), path, key, key_range, value });
    }

    fn profile_begins(&mut self, token: Token<'_>, range: Range<usize>) {
        let opens = matches!(token, Token::MapStart(..) | Token::SeqStart(_));
        self.builder.token(Token::DocumentStart, range.start..range.start);
        self.builder.token(token, range.clone());
        if opens {
            self.inside = Some(1);
        } else {
            self.profile_ends(range.end);
        }
    }

    fn close(&mut self, range: &Range<usize>) {
        let Some(level) = self.stack.pop() else { return };
        match level.on_way {
            Some(at) => {
                if let Some(entry) = self.entries.get_mut(at) {
                    entry.value.range.end = range.end.max(entry.value.range.start);
                }
            }
            None => self.outside = feed(self.outside, b"}"),
        }
        match self.stack.last_mut() {
            Some(above) if level.is_key => above.key = Key::Other,
            _ => self.valued(),
        }
    }

    /// What stands beside the way is known by how far down it stands, not by mappings that only lead to ours.
    fn feed_at(&mut self, on_way: Option<usize>, kind: &[u8], text: &[u8]) {
        if let Some(at) = on_way {
            self.outside = feed(self.outside, &at.to_le_bytes());
        }
        self.outside = feed(feed(self.outside, kind), text);
    }

    fn finish(mut self) -> Result<Manifest, Unfit> {
        if let Some((path, at)) = self.twice {
            return Err(Unfit::Refused(RefusalReason::DuplicateKey(path), at));
        }
        if let Some((path, at)) = self.shared {
            return Err(Unfit::Refused(RefusalReason::Shared(path), at));
        }
        let there = self.way_length().saturating_sub(1);
        let mut index = self.builder.finish();
        if let Some((_, at)) = self.anchors.iter().find(|(anchor, _)| index.aliased.contains(anchor)) {
            let path = self.way.join(".");
            return Err(Unfit::Refused(RefusalReason::Shared(path), *at));
        }
        if index.docs.is_empty() {
            index.docs.push(absent(&self.range));
        }
        index.docs.truncate(1);
        let profile = &mut index.docs[0];
        profile.embedded = true;
        profile.off_path = feed(self.outside, &profile.off_path.to_le_bytes());
        let way = Doc { entries: std::mem::take(&mut self.entries), ..absent(&self.range) };
        Ok(Manifest { index, number: self.number, way, there })
    }
}

/// A document that says nothing.
fn absent(range: &Range<usize>) -> Doc {
    let root = Entry {
        parent: ROOT_ENTRY,
        path: String::new(),
        key: String::new(),
        key_range: 0..0,
        value: Value {
            range: 0..0,
            props: Props::default(),
            shape: Shape::Scalar { text: String::new(), quote: Quote::Plain },
        },
    };
    Doc {
        range: range.clone(),
        entries: vec![root],
        off_path: 0,
        duplicate: None,
        odd_key: None,
        too_big: false,
        ends_in_block_scalar: false,
        root_keys: Vec::new(),
        embedded: true,
        meaning: Meaning::AsWritten,
    }
}

#[cfg(test)]
mod tests {
    use crate::random_lines::Lines;
    use crate::root::Root;
    use crate::wanted_block::{NewerVersion, WantedBlock};
    use crate::{EditVerdict, Removal, plan, remove};

    /// What stands in a manifest is judged as the same text is judged in a file of its own.
    #[test]
    fn a_profile_in_a_manifest_is_edited_where_it_would_be_edited_as_a_file_and_undone_to_the_byte() {
        let wanted = |root| WantedBlock {
            version: "0.2.1".into(),
            url: "https://example.com/p/plugins.json".into(),
            newer: NewerVersion::Ask,
            root,
        };
        let mut lines = Lines::new();
        let (mut edited, runs) = (0, 30_000);
        for run in 0..runs {
            let profile = lines.text();
            if profile.contains('\r')
                || !profile.is_ascii()
                || profile.contains("---")
                || profile.contains("...")
            {
                continue;
            }
            let inner: String = profile.lines().map(|line| format!("        {line}\n")).collect();
            let head = "apiVersion: spinnaker.io/v1alpha2\nkind: SpinnakerService\nspec:\n  spinnakerConfig:\n    profiles:\n      echo: {a: 1}\n      gate:\n";
            let tail = "      orca: {b: 2}\n  expose: {type: service}\n";
            let text = format!("{head}{inner}{tail}");
            let verdict = plan(Some(text.as_bytes()), &wanted(Root::OperatorGate));
            let (EditVerdict::Edit(edit) | EditVerdict::Repair(edit)) = verdict else { continue };
            let after = edit.after(text.as_bytes()).unwrap_or_default();
            assert!(after.starts_with(head.as_bytes()), "run {run}:\n{text}");
            assert!(after.ends_with(tail.as_bytes()), "run {run}:\n{text}");
            assert!(
                matches!(plan(Some(&after), &wanted(Root::OperatorGate)), EditVerdict::Unchanged(_)),
                "run {run}:\n{text}"
            );
            assert_eq!(
                remove(&after, &edit.receipt),
                Removal::Restored(text.clone().into_bytes()),
                "run {run}"
            );
            // Where it stands alone it is appended to, which some forms do not let be proved.
            let alone = plan(Some(profile.as_bytes()), &wanted(Root::File));
            assert!(!matches!(alone, EditVerdict::Unchanged(_)), "run {run}: {alone:?}\n{profile}");
            edited += 1;
        }
        assert!(edited * 20 > runs, "only {edited} were edited");
    }
}
