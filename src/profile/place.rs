//! Where an edit goes and how it is written: the file's own line breaks, indentation and style.

use std::ops::Range;

use crate::entries::{Doc, Entry, ROOT_ENTRY, Shape};
use crate::events::{Quote, Style};
use crate::source::Source;
use crate::splice::Splice;
use crate::verdict::RefusalReason;

/// A block to insert, before it has an indentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tree {
    Leaf(String),
    Map(Vec<(String, Self)>),
}

impl Tree {
    /// Merges another tree into this one; both must be mappings down to where they part.
    pub(crate) fn merge(&mut self, other: Self) {
        let (Self::Map(mine), Self::Map(theirs)) = (self, other) else { return };
        for (key, tree) in theirs {
            match mine.iter_mut().find(|(existing, _)| *existing == key) {
                Some((_, existing)) => existing.merge(tree),
                None => mine.push((key, tree)),
            }
        }
    }

    fn block(&self, indent: usize, step: usize, eol: &str, out: &mut String) {
        let Self::Map(entries) = self else { return };
        for (key, tree) in entries {
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(key);
            out.push(':');
            match tree {
                Self::Leaf(value) => {
                    out.push(' ');
                    out.push_str(&scalar_text(value));
                    out.push_str(eol);
                }
                Self::Map(_) => {
                    out.push_str(eol);
                    tree.block(indent + step, step, eol, out);
                }
            }
        }
    }

    fn flow(&self) -> String {
        match self {
            Self::Leaf(value) => flow_text(value),
            Self::Map(_) => format!("{{{}}}", self.flow_entries()),
        }
    }

    fn flow_entries(&self) -> String {
        let Self::Map(entries) = self else { return String::new() };
        let parts: Vec<String> =
            entries.iter().map(|(key, tree)| format!("{key}: {}", tree.flow())).collect();
        parts.join(", ")
    }
}

/// Returns a value as a YAML scalar: plain where that is safe, single-quoted otherwise.
pub(crate) fn scalar_text(value: &str) -> String {
    if plain_is_safe(value) { value.to_owned() } else { quoted(value) }
}

fn flow_text(value: &str) -> String {
    if plain_is_safe(value) && !value.contains([',', '{', '}', '[', ']']) {
        value.to_owned()
    } else {
        quoted(value)
    }
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

fn plain_is_safe(value: &str) -> bool {
    let number = value.chars().all(|each| each.is_ascii_digit() || ".-+eExX_:".contains(each))
        && value.matches('.').count() < 2;
    let word =
        matches!(value.to_ascii_lowercase().as_str(), "yes" | "no" | "on" | "off" | "null" | "y" | "n");
    value == "true"
        || !(number || word)
            && value.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '/')
            && value.chars().all(|each| each.is_ascii_graphic() && !"{}[],&*!|>'\"%@`#".contains(each))
            && !value.ends_with(':')
}

type Placed = Result<Vec<Splice>, RefusalReason>;

pub(crate) struct Pen<'s> {
    pub(crate) source: &'s Source<'s>,
    pub(crate) doc: &'s Doc,
}

impl Pen<'_> {
    fn text(&self) -> &str {
        self.source.text
    }

    fn splice(&self, range: Range<usize>, inserted: String) -> Splice {
        Splice { offset: range.start + self.source.bom, removed: self.text()[range].to_owned(), inserted }
    }

    fn odd(entry: &Entry, why: &str) -> RefusalReason {
        let path = if entry.path.is_empty() { "the document".to_owned() } else { entry.path.clone() };
        RefusalReason::OddForm(path, why.to_owned())
    }

    fn in_flow(&self, entry: &Entry) -> bool {
        entry.key_range.start != entry.key_range.end
            && matches!(self.doc.entries[entry.parent].value.shape, Shape::Map { style: Style::Flow, .. })
    }

    /// Renames a key in place.
    pub(crate) fn rename(&self, entry: &Entry, key: &str) -> Placed {
        if self.explicit(entry) {
            return Err(Self::odd(entry, "an explicit key"));
        }
        Ok(vec![self.splice(entry.key_range.clone(), key.to_owned())])
    }

    /// Replaces a scalar value in place and keeps its quotes.
    pub(crate) fn replace(&self, entry: &Entry, value: &str) -> Placed {
        let Shape::Scalar { quote, .. } = &entry.value.shape else {
            return Err(Self::odd(entry, "not a scalar"));
        };
        if entry.value.props.tagged {
            return Err(Self::odd(entry, "a tagged value"));
        }
        let range = entry.value.range.clone();
        if entry.value.is_null() && range.is_empty() {
            let colon = self.colon(entry)?;
            return Ok(vec![self.splice(colon..colon, format!(" {}", scalar_text(value)))]);
        }
        if self.text()[range.clone()].contains('\n') {
            return Err(Self::odd(entry, "a value over several lines"));
        }
        let text = match quote {
            Quote::Plain if self.in_flow(entry) => flow_text(value),
            Quote::Plain => scalar_text(value),
            Quote::Single => quoted(value),
            Quote::Double => format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")),
            Quote::Block => return Err(Self::odd(entry, "a block scalar")),
        };
        Ok(vec![self.splice(range, text)])
    }

    /// Inserts `key: value` beside an existing leaf, behind it.
    pub(crate) fn beside(&self, leaf: &Entry, key: &str, value: &str) -> Placed {
        if self.explicit(leaf) {
            return Err(Self::odd(leaf, "an explicit key"));
        }
        let end = self.value_end(leaf)?;
        if self.in_flow(leaf) {
            return Ok(vec![self.splice(end..end, format!(", {key}: {}", flow_text(value)))]);
        }
        if self.text()[leaf.value.range.clone()].contains('\n') {
            return Err(Self::odd(leaf, "a value over several lines"));
        }
        let tree = Tree::Map(vec![(key.to_owned(), Tree::Leaf(value.to_owned()))]);
        Ok(vec![self.lines_after(end, self.source.column(leaf.key_range.start), &tree)])
    }

    fn value_end(&self, entry: &Entry) -> Result<usize, RefusalReason> {
        if entry.value.range.is_empty() { self.colon(entry) } else { Ok(entry.value.range.end) }
    }

    /// Returns the offset behind the colon of an entry's key.
    fn colon(&self, entry: &Entry) -> Result<usize, RefusalReason> {
        let rest = &self.text()[entry.key_range.end..];
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if rest[blanks..].starts_with(':') {
            Ok(entry.key_range.end + blanks + 1)
        } else {
            Err(Self::odd(entry, "a key without a colon beside it"))
        }
    }

    fn explicit(&self, entry: &Entry) -> bool {
        self.text()[..entry.key_range.start].trim_end_matches([' ', '\t']).ends_with('?')
            && !self.in_flow(entry)
            && self.text()[self.source.line_start(entry.key_range.start)..entry.key_range.start]
                .trim()
                .ends_with('?')
    }

    /// Inserts a tree into a mapping (or an empty value that becomes one).
    pub(crate) fn insert(&self, at: usize, tree: &Tree) -> Placed {
        let entry = &self.doc.entries[at];
        if entry.value.props.tagged {
            return Err(Self::odd(entry, "a tagged mapping"));
        }
        match &entry.value.shape {
            Shape::Map { style: Style::Flow, children, .. } => {
                self.insert_in_flow(at, children.is_empty(), tree)
            }
            Shape::Map { style: Style::Block, children, .. } => {
                if let Some(child) =
                    children.iter().map(|child| &self.doc.entries[*child]).find(|child| self.explicit(child))
                {
                    return Err(Self::odd(child, "an explicit key"));
                }
                if at == ROOT_ENTRY {
                    self.insert_in_root(entry, tree)
                } else {
                    self.insert_in_block(entry, tree)
                }
            }
            Shape::Scalar { .. } if at == ROOT_ENTRY => Ok(vec![self.at_end(0, tree)]),
            Shape::Scalar { .. } => self.insert_in_null(entry, tree),
            Shape::Seq { .. } | Shape::Alias { .. } => Err(Self::odd(entry, "not a mapping")),
        }
    }

    fn insert_in_flow(&self, at: usize, known_empty: bool, tree: &Tree) -> Placed {
        let entry = &self.doc.entries[at];
        let range = entry.value.range.clone();
        let inner = self.text()[range.clone()].trim_start_matches('{').trim_end_matches('}');
        let empty = known_empty && inner.trim().is_empty();
        let rest = &self.text()[range.end..self.source.next_line(range.end)];
        let ends_line =
            rest.trim().is_empty() || rest.starts_with([' ', '\t']) && rest.trim_start().starts_with('#');
        if empty && inner.is_empty() && ends_line && !self.in_flow(entry) {
            return Ok(self.empty_to_block(at, rest, tree));
        }
        let open = range.start + 1;
        let entries = tree.flow_entries();
        let text = if empty { entries } else { format!("{entries}, ") };
        Ok(vec![self.splice(open..open, text)])
    }

    /// `plugins: {}` becomes a block below its key.
    fn empty_to_block(&self, at: usize, rest: &str, tree: &Tree) -> Vec<Splice> {
        let entry = &self.doc.entries[at];
        let range = entry.value.range.clone();
        let line = self.source.line_start(range.start);
        if at == ROOT_ENTRY && self.text()[line..range.start].trim().is_empty() && rest.trim().is_empty() {
            let mut block = String::new();
            tree.block(0, self.step(), self.source.eol(), &mut block);
            let ends = self.text()[range.end..].starts_with(['\r', '\n']) || range.end < self.text().len();
            let text = if ends { block.trim_end_matches(['\r', '\n']).to_owned() } else { block };
            return vec![self.splice(range, text)];
        }
        let indent =
            if at == ROOT_ENTRY { 0 } else { self.source.column(entry.key_range.start) + self.step() };
        let removal = if rest.trim().is_empty() {
            let blanks =
                self.text()[..range.start].len() - self.text()[..range.start].trim_end_matches(' ').len();
            range.start - blanks..range.end
        } else {
            let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            range.start..range.end + blanks
        };
        vec![self.splice(removal, String::new()), self.lines_after(range.end, indent, tree)]
    }

    fn insert_in_block(&self, entry: &Entry, tree: &Tree) -> Placed {
        let below = self.source.next_line(entry.key_range.end);
        if entry.value.range.start < below || self.in_flow(entry) || self.explicit(entry) {
            return Err(Self::odd(entry, "a mapping that begins beside its key"));
        }
        let indent = self.source.column(entry.value.range.start);
        Ok(vec![self.lines_after(entry.key_range.end, indent, tree)])
    }

    fn insert_in_null(&self, entry: &Entry, tree: &Tree) -> Placed {
        let range = entry.value.range.clone();
        if !entry.value.is_null() || self.explicit(entry) {
            return Err(Self::odd(entry, "not an empty value"));
        }
        let colon = self.colon(entry)?;
        if self.in_flow(entry) {
            return Ok(if range.is_empty() {
                vec![self.splice(colon..colon, format!(" {}", tree.flow()))]
            } else {
                vec![self.splice(range, tree.flow())]
            });
        }
        let indent = self.source.column(entry.key_range.start) + self.step();
        if range.is_empty() {
            return Ok(vec![self.lines_after(colon, indent, tree)]);
        }
        Ok(vec![self.splice(range.clone(), String::new()), self.lines_after(range.end, indent, tree)])
    }

    fn insert_in_root(&self, entry: &Entry, tree: &Tree) -> Placed {
        let indent = self.source.column(entry.value.range.start);
        if self.doc.embedded {
            return self.insert_before(entry, indent, tree);
        }
        let end = self.doc.range.end;
        let open_end = end == self.text().len() && !self.text().ends_with('\n');
        // A last line without a break that belongs to a block scalar must not get one: its value would
        // change (SnakeYAML; the parser used here does not tell the two apart).
        if open_end && self.doc.ends_in_block_scalar {
            return self.insert_before(entry, indent, tree);
        }
        Ok(vec![self.at_end(indent, tree)])
    }

    /// Inserts before a mapping's first entry.
    fn insert_before(&self, entry: &Entry, indent: usize, tree: &Tree) -> Placed {
        let at = self.source.line_start(entry.value.range.start);
        if !self.text()[at..entry.value.range.start].trim().is_empty() {
            return Err(Self::odd(entry, "a mapping that begins beside what is above it"));
        }
        let mut block = String::new();
        tree.block(indent, self.step(), self.source.eol(), &mut block);
        Ok(vec![self.splice(at..at, block)])
    }

    /// Inserts at the end of the document.
    fn at_end(&self, indent: usize, tree: &Tree) -> Splice {
        let text = self.text();
        let mut at = self.doc.range.end;
        let line = self.source.line_start(at);
        if line >= self.doc.range.start && text[line..at].trim().is_empty() {
            at = line;
        }
        let mut block = String::new();
        let eol = self.source.eol();
        tree.block(indent, self.step(), eol, &mut block);
        let behind_text = at > 0 && !text[..at].ends_with('\n');
        if behind_text {
            block.insert_str(0, eol);
            if at == text.len() {
                block.truncate(block.trim_end_matches(['\r', '\n']).len());
            }
        }
        self.splice(at..at, block)
    }

    /// Inserts whole lines behind the line of `offset`.
    fn lines_after(&self, offset: usize, indent: usize, tree: &Tree) -> Splice {
        let at = self.source.next_line(offset);
        let mut block = String::new();
        let eol = self.source.eol();
        tree.block(indent, self.step(), eol, &mut block);
        if at == self.text().len() && !self.text().ends_with('\n') {
            block.insert_str(0, eol);
            block.truncate(block.trim_end_matches(['\r', '\n']).len());
        }
        self.splice(at..at, block)
    }

    /// Returns the file's indentation step, 2 when it shows none.
    fn step(&self) -> usize {
        let ours = self.doc.entries.iter().skip(1).find_map(|entry| {
            let Shape::Map { style: Style::Block, children, .. } = &entry.value.shape else { return None };
            let child = &self.doc.entries[*children.first()?];
            let step = self
                .source
                .column(child.key_range.start)
                .checked_sub(self.source.column(entry.key_range.start))?;
            (step > 0).then_some(step)
        });
        // A document inside another one begins in the middle of a line.
        let own = || self.source.column(self.doc.range.start);
        ours.or_else(|| {
            if self.doc.embedded {
                let inner = &self.text()[self.doc.range.clone()];
                let mut lines = inner.lines().take(10_000);
                lines.by_ref().next().filter(|line| line.trim_end().ends_with(':'))?;
                let below = lines.next()?;
                let step = (below.len() - below.trim_start_matches(' ').len()).checked_sub(own())?;
                return (step > 0 && !below.trim_start().starts_with(['-', '#'])).then_some(step);
            }
            let mut lines = self.text()[self.doc.range.clone()].lines().take(10_000);
            lines
                .by_ref()
                .find(|line| line.trim_end().ends_with(':') && !line.starts_with([' ', '#', '-']))?;
            let below = lines.find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))?;
            let step = below.len() - below.trim_start_matches(' ').len();
            (step > 0 && !below.trim_start().starts_with('-')).then_some(step)
        })
        .unwrap_or(2)
    }
}
