//! What a document says once its aliases and merge keys are followed, as SnakeYAML's
//! `SafeConstructor.flattenMapping` does before Spring flattens the keys. Built only for documents
//! that have an alias or a merge key near `spinnaker.extensibility`.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::events::{Fault, Quote, Token, walk};
use crate::leaf::{Leaf, Leaves};
use crate::running_hash::feed;
use crate::spring;

/// More nodes than a profile with anchors has; beyond it the aliases are not followed.
const NODE_LIMIT: usize = 1_000_000;
/// More properties than the part near `spinnaker.extensibility` can have.
const LEAF_LIMIT: usize = 20_000;
/// More steps than following its aliases takes; a few lines can ask for billions.
const STEP_LIMIT: usize = 2_000_000;
/// Deeper than the parser lets a document nest, so only an alias that holds itself gets here.
const DEPTH_LIMIT: usize = 600;
const FIRST_WORD: &str = "spinnaker";

/// A node of a document; shared where an anchor names it.
enum Node {
    Map(Vec<(Key, Rc<Self>)>),
    Seq(Vec<Rc<Self>>),
    Scalar { text: String, quote: Quote, tagged: bool },
    Alias(usize),
}

/// A mapping's key. Other keys than scalars are no properties of ours.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    /// `<<`, written plain.
    Merge,
    Scalar(String),
    Other(usize),
}

enum Open {
    Map { anchor: usize, entries: Vec<(Key, Rc<Node>)>, key: Option<Key> },
    Seq { anchor: usize, items: Vec<Rc<Node>> },
}

/// Returns the properties of document `number`, or of what stands at `way` in it, below `spinnaker` with aliases and merge keys followed;
/// `None` when it is too big for that or an alias holds itself.
pub(crate) fn leaves(text: &str, number: usize, way: &[&str]) -> Option<Leaves> {
    let mut composer = Composer { wanted: number, ..Composer::default() };
    let walked: Result<(), Fault> = walk(text, |token, _| composer.token(token));
    if walked.is_err() || composer.nodes > NODE_LIMIT {
        return None;
    }
    let mut reader = Reader { anchors: &composer.anchors, leaves: Leaves::new(), steps: 0, fits: true };
    let root = way.iter().fold(composer.root.clone(), |node, key| child(&*node?, key));
    if let Some(root) = &root {
        reader.node("", root, 0);
    }
    reader.fits.then_some(reader.leaves)
}

/// Returns what stands under a key of a mapping, as it is written.
fn child(node: &Node, wanted: &str) -> Option<Rc<Node>> {
    let Node::Map(entries) = node else { return None };
    let found = entries.iter().find(|(key, _)| matches!(key, Key::Scalar(name) if name == wanted));
    found.map(|(_, value)| Rc::clone(value))
}

#[derive(Default)]
struct Composer {
    wanted: usize,
    /// Documents begun so far.
    begun: usize,
    nodes: usize,
    stack: Vec<Open>,
    anchors: HashMap<usize, Rc<Node>>,
    root: Option<Rc<Node>>,
}

impl Composer {
    fn token(&mut self, token: Token<'_>) {
        if let Token::DocumentStart = token {
            self.begun += 1;
        }
        if self.begun != self.wanted + 1 || self.nodes > NODE_LIMIT {
            return;
        }
        match token {
            Token::DocumentStart | Token::DocumentEnd => {}
            Token::MapStart(_, props) => {
                self.stack.push(Open::Map { anchor: props.anchor, entries: Vec::new(), key: None });
            }
            Token::SeqStart(props) => {
                self.stack.push(Open::Seq { anchor: props.anchor, items: Vec::new() });
            }
            Token::MapEnd | Token::SeqEnd => match self.stack.pop() {
                Some(Open::Map { anchor, entries, .. }) => self.node(anchor, Node::Map(entries)),
                Some(Open::Seq { anchor, items }) => self.node(anchor, Node::Seq(items)),
                None => {}
            },
            Token::Scalar(text, quote, props) => {
                let node = Node::Scalar { text: text.into_owned(), quote, tagged: props.tagged };
                self.node(props.anchor, node);
            }
            Token::Alias(anchor) => self.node(0, Node::Alias(anchor)),
        }
    }

    fn node(&mut self, anchor: usize, node: Node) {
        self.nodes += 1;
        let number = self.nodes;
        let node = Rc::new(node);
        if anchor != 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(Open::Seq { items, .. }) => items.push(node),
            Some(Open::Map { entries, key, .. }) => match key.take() {
                Some(key) => entries.push((key, node)),
                None => {
                    *key = Some(match &*node {
                        Node::Scalar { text, quote: Quote::Plain, tagged: false } if text == "<<" => {
                            Key::Merge
                        }
                        Node::Scalar { text, .. } => Key::Scalar(text.clone()),
                        Node::Map(_) | Node::Seq(_) | Node::Alias(_) => Key::Other(number),
                    });
                }
            },
        }
    }
}

/// A key that is written can hide only what a merge key brings under the same first word.
fn may_be_hidden(path: &str) -> bool {
    path.is_empty() || path.starts_with(FIRST_WORD)
}

struct Reader<'c> {
    anchors: &'c HashMap<usize, Rc<Node>>,
    leaves: Leaves,
    steps: usize,
    fits: bool,
}

impl Reader<'_> {
    fn node(&mut self, path: &str, node: &Node, depth: usize) {
        self.steps += 1;
        self.fits &= depth < DEPTH_LIMIT && self.steps < STEP_LIMIT && self.leaves.len() < LEAF_LIMIT;
        if !self.fits || !may_be_hidden(path) {
            return;
        }
        let leaf = match node {
            Node::Alias(anchor) => {
                if let Some(named) = self.anchors.get(anchor).cloned() {
                    self.node(path, &named, depth + 1);
                }
                return;
            }
            Node::Map(_) => {
                let mut entries = Vec::new();
                self.merged(node, &mut entries, &mut HashSet::new(), depth);
                if !entries.is_empty() {
                    for (key, value) in entries {
                        if let Key::Scalar(key) = key {
                            self.node(&spring::join(path, &key), &value, depth + 1);
                        }
                    }
                    return;
                }
                Leaf::EmptyMap
            }
            Node::Scalar { text, quote: Quote::Plain, tagged: false } if spring::is_null(text) => Leaf::Null,
            Node::Scalar { text, quote, tagged } => {
                Leaf::Scalar { text: text.clone(), plain: *quote == Quote::Plain && !tagged }
            }
            Node::Seq(_) => Leaf::Seq(self.hash(node, depth)),
        };
        self.leaves.entry(path.to_owned()).or_default().push(leaf);
    }

    /// Collects a mapping's entries as SnakeYAML merges them: its own first, then those of each
    /// source that are not there yet.
    fn merged(
        &mut self,
        node: &Node,
        entries: &mut Vec<(Key, Rc<Node>)>,
        seen: &mut HashSet<Key>,
        depth: usize,
    ) {
        self.steps += 1;
        self.fits &= depth < DEPTH_LIMIT && self.steps < STEP_LIMIT && self.leaves.len() < LEAF_LIMIT;
        if !self.fits {
            return;
        }
        match node {
            Node::Map(own) => {
                self.steps += own.len();
                for (key, value) in own.iter().filter(|(key, _)| *key != Key::Merge) {
                    if seen.insert(key.clone()) {
                        entries.push((key.clone(), Rc::clone(value)));
                    }
                }
                for (_, value) in own.iter().filter(|(key, _)| *key == Key::Merge) {
                    self.merged(value, entries, seen, depth + 1);
                }
            }
            Node::Alias(anchor) => {
                if let Some(named) = self.anchors.get(anchor).cloned() {
                    self.merged(&named, entries, seen, depth + 1);
                }
            }
            Node::Seq(sources) => {
                for source in sources {
                    self.merged(source, entries, seen, depth + 1);
                }
            }
            Node::Scalar { .. } => {}
        }
    }

    fn hash(&mut self, node: &Node, depth: usize) -> u64 {
        self.steps += 1;
        self.fits &= depth < DEPTH_LIMIT && self.steps < STEP_LIMIT && self.leaves.len() < LEAF_LIMIT;
        if !self.fits {
            return 0;
        }
        match node {
            Node::Scalar { text, quote, .. } => feed(u64::from(*quote == Quote::Plain), text.as_bytes()),
            Node::Alias(anchor) => match self.anchors.get(anchor).cloned() {
                Some(named) => self.hash(&named, depth + 1),
                None => 0,
            },
            Node::Seq(items) => {
                items.iter().fold(1, |hash, item| feed(hash, &self.hash(item, depth + 1).to_le_bytes()))
            }
            Node::Map(entries) => entries.iter().fold(2, |hash, (key, value)| {
                let name = match key {
                    Key::Merge => "<<",
                    Key::Scalar(text) => text,
                    Key::Other(_) => "",
                };
                let value = self.hash(value, depth + 1).to_le_bytes();
                feed(feed(hash, name.as_bytes()), &value)
            }),
        }
    }
}
