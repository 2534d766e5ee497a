//! Reads a big profile by lines that it knows for sure: plain block mappings and sequences, texts on one
//! line, block scalars, comments. At any other line it gives up and the YAML parser reads the whole.
//!
//! That parser is the authority: `tests/laws.rs` and the fuzzer hold each text that is skimmed against
//! it. Skimming is several times faster, and what it knows is enough, since what is near
//! `spinnaker.extensibility` is always read by the parser.

use crate::running_hash::key_hash;
use crate::yaml11::{self, Kind};

/// What a text of a single document with a block mapping as its root holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Skimmed {
    /// Keys of the root mapping in their order: hash, as the parser's index has it, and offset.
    pub(crate) root_keys: Vec<(u64, u32)>,
    /// The last node is a block scalar.
    pub(crate) ends_in_block_scalar: bool,
}

/// Returns what a text holds, or `None` where a line is not known for sure.
pub(crate) fn skim(text: &str) -> Option<Skimmed> {
    if !known_bytes(text.as_bytes()) {
        return None;
    }
    let mut skimmer = Skimmer::default();
    let mut at = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        skimmer.line(&text[at..end], at)?;
        at = end + 1;
    }
    skimmer.end()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Map,
    Seq,
}

/// An open collection.
struct Open {
    level: Level,
    column: usize,
    keys: Vec<(u64, u32)>,
}

/// What the next line may be besides another entry of an open collection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expects {
    /// Nothing: the last node is complete.
    Nothing,
    /// The node of a key or a sequence's item, deeper than this column.
    Node,
    /// Lines of a block scalar, deeper than this column; its own indentation once it is known.
    BlockScalar { below: usize, indent: Option<usize> },
}

struct Skimmer {
    open: Vec<Open>,
    spare: Vec<Vec<(u64, u32)>>,
    expects: Expects,
    ends_in_block_scalar: bool,
    begun: bool,
}

impl Default for Skimmer {
    fn default() -> Self {
        Self {
            open: Vec::new(),
            spare: Vec::new(),
            expects: Expects::Node,
            ends_in_block_scalar: false,
            begun: false,
        }
    }
}

impl Skimmer {
    fn line(&mut self, line: &str, at: usize) -> Option<()> {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let bytes = line.as_bytes();
        let column = bytes.iter().take_while(|byte| **byte == b' ').count();
        // A carriage return that ends no line.
        if memchr::memchr(b'\r', bytes).is_some() {
            return None;
        }
        if let Expects::BlockScalar { below, indent } = self.expects {
            if column == bytes.len() {
                // Blanks before the first line of text count in ways that are not worth knowing.
                return (column <= indent.unwrap_or(below)).then_some(());
            }
            match indent {
                None if column > below => {
                    self.expects = Expects::BlockScalar { below, indent: Some(column) };
                    return Some(());
                }
                Some(indent) if column >= indent => return Some(()),
                _ if column > below || indent.is_none() => return None,
                _ => self.expects = Expects::Nothing,
            }
        }
        match bytes.get(column) {
            None | Some(b'#') => return Some(()),
            Some(b'-') if column == 0 && line.starts_with("---") => {
                let header = line == "---" && !self.begun && self.open.is_empty();
                self.begun = true;
                return header.then_some(());
            }
            Some(_) => {}
        }
        self.begun = true;
        self.entry(line, column, at)
    }

    /// Reads a line of a mapping or a sequence.
    fn entry(&mut self, line: &str, column: usize, at: usize) -> Option<()> {
        let is_item = |rest: &str| rest == "-" || rest.starts_with("- ");
        let (mut column, mut rest, mut in_item) = (column, &line[column..], false);
        while self.open.last().is_some_and(|open| {
            open.column > column || open.column == column && open.level == Level::Seq && !is_item(rest)
        }) {
            self.close()?;
            self.expects = Expects::Nothing;
        }
        while is_item(rest) {
            self.enter(Level::Seq, column)?;
            self.expects = Expects::Node;
            self.ends_in_block_scalar = false;
            in_item = true;
            let blanks = rest[1..].bytes().take_while(|byte| *byte == b' ').count();
            if 1 + blanks == rest.len() {
                return Some(());
            }
            column += 1 + blanks;
            rest = &rest[1 + blanks..];
            if rest.starts_with('#') {
                return Some(());
            }
        }
        if let Some((key, quoted, value)) = key(rest) {
            self.enter(Level::Map, column)?;
            self.key(key, quoted, at + column)?;
            return self.value(value, column);
        }
        // Only an item may be a text of its own.
        if !in_item {
            return None;
        }
        let below = self.open.last().map_or(0, |open| open.column);
        self.value(rest, below)
    }

    /// Makes sure that a collection is open at a column.
    fn enter(&mut self, level: Level, column: usize) -> Option<()> {
        match self.open.last() {
            Some(open) if open.column == column && open.level == level => {
                // Another entry: whatever the last one waited for is null.
                self.expects = Expects::Nothing;
                return Some(());
            }
            Some(open) => {
                // A sequence may stand at the column of the key that it belongs to.
                let beside = open.column == column && open.level == Level::Map && level == Level::Seq;
                if self.expects != Expects::Node || !(open.column < column || beside) {
                    return None;
                }
            }
            None if self.expects == Expects::Node && level == Level::Map && column == 0 => {}
            None => return None,
        }
        if self.open.len() > 100 {
            return None;
        }
        let keys = self.spare.pop().unwrap_or_default();
        self.open.push(Open { level, column, keys });
        self.expects = Expects::Nothing;
        Some(())
    }

    fn key(&mut self, key: &str, quoted: bool, at: usize) -> Option<()> {
        let kind = if quoted { Kind::Text } else { yaml11::kind(key) };
        let in_list = self.open.iter().any(|open| open.level == Level::Seq);
        if kind == Kind::Null || kind != Kind::Text && in_list {
            return None;
        }
        let hash = key_hash(key, !quoted);
        let open = self.open.last_mut()?;
        open.keys.push((hash, u32::try_from(at).ok()?));
        self.ends_in_block_scalar = false;
        Some(())
    }

    /// Reads what stands behind a key's colon or an item's dash; `column` is that of the collection.
    fn value(&mut self, value: &str, column: usize) -> Option<()> {
        let value = value.trim_start_matches(' ');
        self.expects = Expects::Nothing;
        self.ends_in_block_scalar = false;
        let Some(first) = value.bytes().next() else {
            self.expects = Expects::Node;
            return Some(());
        };
        match first {
            b'#' => {
                self.expects = Expects::Node;
                Some(())
            }
            b'|' | b'>' => {
                let header = value[1..].strip_prefix(['-', '+']).unwrap_or(&value[1..]);
                self.expects = Expects::BlockScalar { below: column, indent: None };
                self.ends_in_block_scalar = true;
                ends(header).then_some(())
            }
            b'\'' => {
                let close = single_quoted(value)?;
                ends(&value[close..]).then_some(())
            }
            b'"' => {
                let close = value[1..].find(['"', '\\'])? + 1;
                (value.as_bytes()[close] == b'"' && ends(&value[close + 1..])).then_some(())
            }
            b'[' | b'{' => {
                let rest = value.strip_prefix("[]").or_else(|| value.strip_prefix("{}"))?;
                ends(rest).then_some(())
            }
            _ => plain(value).then_some(()),
        }
    }

    fn close(&mut self) -> Option<()> {
        let mut open = self.open.pop()?;
        let twice = has_twice(&mut open.keys);
        open.keys.clear();
        if self.spare.len() < 64 {
            self.spare.push(open.keys);
        }
        (!twice).then_some(())
    }

    fn end(mut self) -> Option<Skimmed> {
        while self.open.len() > 1 {
            self.close()?;
        }
        let root = self.open.pop()?;
        let root_keys = root.keys;
        if has_twice(&mut root_keys.clone()) {
            return None;
        }
        Some(Skimmed { root_keys, ends_in_block_scalar: self.ends_in_block_scalar })
    }
}

fn has_twice(keys: &mut [(u64, u32)]) -> bool {
    match keys {
        [] | [_] => false,
        [one, two] => one.0 == two.0,
        _ => {
            keys.sort_unstable();
            keys.windows(2).any(|pair| pair[0].0 == pair[1].0)
        }
    }
}

/// Whether a text holds only characters that every YAML reader takes for text: no tabs or other control
/// characters, and nothing that begins as Unicode's line breaks, blanks and byte order mark do.
fn known_bytes(bytes: &[u8]) -> bool {
    // Without an early end, so that the compiler takes many bytes at a time.
    bytes.iter().fold(true, |known, byte| {
        known & matches!(byte, b'\n' | b'\r' | 0x20..=0x7e | 0x80..=0xc1 | 0xc3..=0xdf | 0xe3..=0xed)
    })
}

/// Splits `key: value`; the key is a plain word or a quoted one without escapes.
fn key(text: &str) -> Option<(&str, bool, &str)> {
    let bytes = text.as_bytes();
    if let Some(quote @ (b'\'' | b'"')) = bytes.first().copied() {
        let close = bytes[1..].iter().position(|byte| matches!(byte, b'\'' | b'"' | b'\\'))? + 1;
        let rest = text[close + 1..].strip_prefix(':')?;
        let inner = &text[1..close];
        return (bytes[close] == quote && !inner.is_empty() && (rest.is_empty() || rest.starts_with(' ')))
            .then_some((inner, true, rest));
    }
    let length =
        bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_./-".contains(byte)).count();
    let key = &text[..length];
    let rest = text[length..].strip_prefix(':')?;
    let begins = key.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_');
    (begins && length < 1000 && (rest.is_empty() || rest.starts_with(' '))).then_some((key, false, rest))
}

/// Whether nothing but blanks or a remark follows.
fn ends(rest: &str) -> bool {
    let blanks = rest.len() - rest.trim_start_matches(' ').len();
    let rest = &rest[blanks..];
    rest.is_empty() || blanks > 0 && rest.starts_with('#')
}

/// Returns where a single-quoted text that begins here ends, on its line.
fn single_quoted(value: &str) -> Option<usize> {
    let bytes = value.as_bytes();
    let mut at = 1;
    loop {
        at += memchr::memchr(b'\'', &bytes[at..])? + 1;
        if bytes.get(at) != Some(&b'\'') {
            return Some(at);
        }
        at += 1;
    }
}

/// Whether a value is a plain text that ends on its line.
fn plain(value: &str) -> bool {
    let word = |text: &str| text.starts_with(|first: char| first.is_ascii_alphanumeric());
    let begins = word(value)
        || value.starts_with(['/', '.', '_', '$', '~', '+'])
        || value.strip_prefix('-').is_some_and(word);
    let bytes = value.as_bytes();
    let remark = memchr::memchr_iter(b'#', bytes).find(|at| *at > 0 && bytes[at - 1] == b' ');
    let text = remark.map_or(bytes, |remark| &bytes[..remark]).trim_ascii_end();
    begins && memchr::memchr_iter(b':', text).all(|at| text.get(at + 1).is_some_and(|next| *next != b' '))
}
