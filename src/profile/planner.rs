//! What has to be spliced into one document: the plugin's entry here, the repository's in
//! `repository.rs`; where and how it is written is for `place.rs`.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::entries::{Doc, Entry, Index, Meaning, ROOT_ENTRY, Shape};
use crate::leaf::Leaves;
use crate::leaves;
use crate::place::{Pen, Tree};
use crate::position::Position;
use crate::prove;
use crate::source::Source;
use crate::splice::{Change, Splice};
use crate::spring::{self, Switch};
use crate::verdict::{EditVerdict, Finding, Refusal, RefusalReason};
use crate::wanted_block::plugin_path;
use crate::wanted_block::{NewerVersion, PLUGIN_ID, REPOSITORY_KEY, WantedBlock};

/// What is to be inserted into one existing mapping.
struct Insertion {
    tree: Tree,
    leaves: Vec<(String, String)>,
    containers: Vec<String>,
}

pub(crate) struct Planner<'s> {
    pub(crate) source: &'s Source<'s>,
    pub(crate) index: &'s Index,
    pub(crate) doc: &'s Doc,
    pub(crate) wanted: &'s WantedBlock,
    pub(crate) splices: Vec<Splice>,
    pub(crate) changes: Vec<Change>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) repairs: bool,
    /// What Spring finds already, from wherever it comes; empty where all of it stands in `doc`.
    pub(crate) inherited: Leaves,
    insertions: BTreeMap<usize, Insertion>,
}

pub(crate) type Step<T> = Result<T, Refusal>;

/// What a version that is there comes to.
enum Compared {
    Same,
    Keep(Finding),
    Asks(EditVerdict),
    Replace(Finding),
}

impl<'s> Planner<'s> {
    pub(crate) fn new(
        source: &'s Source<'s>,
        index: &'s Index,
        target: usize,
        wanted: &'s WantedBlock,
        inherited: Leaves,
    ) -> Self {
        Self {
            source,
            index,
            doc: &index.docs[target],
            wanted,
            splices: Vec::new(),
            changes: Vec::new(),
            findings: Vec::new(),
            repairs: false,
            inherited,
            insertions: BTreeMap::new(),
        }
    }

    fn pen(&self) -> Pen<'s> {
        Pen { source: self.source, doc: self.doc }
    }

    pub(crate) fn refuse<T>(&self, entry: &Entry, reason: RefusalReason) -> Step<T> {
        Err(Refusal::at(reason, self.source.position(entry.key_range.start)))
    }

    pub(crate) fn at(&self, entry: &Entry) -> Position {
        self.source.position(entry.key_range.start)
    }

    /// Returns the one leaf with this path.
    pub(crate) fn leaf(&self, path: &str) -> Step<Option<&'s Entry>> {
        let mut found = self.doc.entries.iter().skip(1).filter(|entry| entry.path == path);
        let first = found.next();
        match found.next() {
            Some(second) => self.refuse(second, RefusalReason::PropertyTwice(path.to_owned())),
            None => Ok(first),
        }
    }

    /// Returns a leaf's text; `None` for null.
    pub(crate) fn value(&self, entry: &'s Entry) -> Step<Option<&'s str>> {
        match &entry.value.shape {
            _ if entry.value.is_null() => Ok(None),
            Shape::Scalar { text, .. } if text.contains("${") => {
                self.refuse(entry, RefusalReason::Placeholder(entry.path.clone()))
            }
            Shape::Scalar { text, .. } => Ok(Some(text)),
            Shape::Alias { .. } => self.refuse(entry, RefusalReason::Shared(entry.path.clone())),
            Shape::Map { .. } | Shape::Seq { .. } => {
                let reason = RefusalReason::OddForm(entry.path.clone(), "not a single value".to_owned());
                self.refuse(entry, reason)
            }
        }
    }

    /// Plans the plugin's entry; an answer ends the planning.
    pub(crate) fn plugin(&mut self) -> Step<Option<EditVerdict>> {
        let exact = plugin_path();
        let present = self
            .doc
            .entries
            .iter()
            .skip(1)
            .any(|entry| entry.path == exact || entry.path.starts_with(&format!("{exact}.")));
        let path = self.look_alikes(present)?.unwrap_or(exact);
        let enabled = self.property(&path, "enabled")?;
        let version = self.property(&path, "version")?;
        if let Some(asks) = self.version(version)? {
            return Ok(Some(asks));
        }
        let inherits_enabled = self
            .inherits(&path, "enabled")
            .is_some_and(|(found, plain)| spring::plugin_switch(&found, plain) == Switch::On);
        let inherits_version = version.is_none()
            && match self.inherited_version(&path) {
                None => false,
                Some(Compared::Same) => true,
                Some(Compared::Keep(finding)) => {
                    self.findings.push(finding);
                    true
                }
                Some(Compared::Asks(asks)) => return Ok(Some(asks)),
                Some(Compared::Replace(finding)) => {
                    self.repair(finding);
                    false
                }
            };
        if let Some(entry) = enabled {
            self.enable(entry)?;
        }
        let present = [enabled, version].into_iter().flatten().next();
        let missing: Vec<(&str, String)> = [
            (enabled.is_none() && !inherits_enabled).then(|| ("enabled", "true".to_owned())),
            (version.is_none() && !inherits_version).then(|| ("version", self.wanted.version.clone())),
        ]
        .into_iter()
        .flatten()
        .collect();
        self.fill(&path, &plugin_path(), present, &missing)?;
        Ok(None)
    }

    /// Has `enabled` say true, if it does not.
    fn enable(&mut self, entry: &'s Entry) -> Step<()> {
        let found = self.value(entry)?.unwrap_or("nothing").to_owned();
        let at = self.at(entry);
        let (text, plain) = entry.value.scalar().unwrap_or_default();
        match spring::plugin_switch(text, plain) {
            Switch::On => return Ok(()),
            Switch::Off => self.repair(Finding::Disabled { found, at }),
            Switch::Breaks => self.repair(Finding::NoSwitch { found, at }),
        }
        self.replace(entry, "true")
    }

    /// Returns the property of a map, repairing its key's case when only that is wrong.
    fn property(&mut self, path: &str, name: &str) -> Step<Option<&'s Entry>> {
        let exact = format!("{path}.{name}");
        if let Some(entry) = self.leaf(&exact)? {
            return Ok(Some(entry));
        }
        let wrong = self
            .doc
            .entries
            .iter()
            .skip(1)
            .find(|entry| entry.path.eq_ignore_ascii_case(&exact) && entry.path.starts_with(path));
        let Some(entry) = wrong else { return Ok(None) };
        let key = entry.key.clone();
        if !key.eq_ignore_ascii_case(name) {
            return Ok(None);
        }
        self.repair(Finding::WrongCase { key, at: self.at(entry) });
        self.check_chain(path)?;
        self.rename(entry, name, &exact)?;
        Ok(Some(entry))
    }

    fn version(&mut self, entry: Option<&'s Entry>) -> Step<Option<EditVerdict>> {
        let Some(entry) = entry else { return Ok(None) };
        let Some(found) = self.value(entry)? else {
            self.replace(entry, &self.wanted.version.clone())?;
            return Ok(None);
        };
        match self.compare(
            &spring::heard_version(found, entry.value.scalar().is_some_and(|(_, plain)| plain)),
            self.at(entry),
        ) {
            Compared::Same => Ok(None),
            Compared::Keep(finding) => {
                self.findings.push(finding);
                Ok(None)
            }
            Compared::Asks(asks) => Ok(Some(asks)),
            Compared::Replace(finding) => {
                self.repair(finding);
                self.replace(entry, &self.wanted.version.clone())?;
                Ok(None)
            }
        }
    }

    /// Compares a version that is there with the wanted one.
    fn compare(&self, found: &str, at: Position) -> Compared {
        if found == self.wanted.version {
            return Compared::Same;
        }
        let found = found.to_owned();
        match spring::compare_versions(&found, &self.wanted.version) {
            Some(Ordering::Greater) if self.wanted.newer == NewerVersion::Keep => {
                Compared::Keep(Finding::NewerVersionKept { found, at })
            }
            Some(Ordering::Greater) => Compared::Asks(EditVerdict::AsksNewer { found, at }),
            Some(Ordering::Less) => Compared::Replace(Finding::OlderVersion { found, at }),
            // `v0.2.1` or blanks around it: kork compares the text.
            Some(Ordering::Equal) | None => Compared::Replace(Finding::OddVersion { found, at }),
        }
    }

    /// Compares the version that comes from elsewhere with the wanted one.
    fn inherited_version(&self, path: &str) -> Option<Compared> {
        let (found, plain) = self.inherits(path, "version")?;
        Some(self.compare(&spring::heard_version(&found, plain), self.source.position(self.doc.range.start)))
    }

    /// Returns what a property has from elsewhere.
    fn inherits(&self, path: &str, name: &str) -> Option<(String, bool)> {
        let (text, plain) = leaves::scalar(&self.inherited, &format!("{path}.{name}"))?;
        Some((text.to_owned(), plain))
    }

    pub(crate) fn repair(&mut self, finding: Finding) {
        self.findings.push(finding);
        self.repairs = true;
    }

    fn placed(
        &mut self,
        entry: &Entry,
        placed: Result<Vec<Splice>, RefusalReason>,
        change: Change,
    ) -> Step<()> {
        match placed {
            Ok(splices) => {
                self.splices.extend(splices);
                self.changes.push(change);
                Ok(())
            }
            Err(reason) => self.refuse(entry, reason),
        }
    }

    pub(crate) fn replace(&mut self, entry: &'s Entry, value: &str) -> Step<()> {
        if entry.value.props.anchor != 0 && self.index.aliased.contains(&entry.value.props.anchor) {
            return self.refuse(entry, RefusalReason::Shared(entry.path.clone()));
        }
        self.check_chain(&entry.path)?;
        let placed = self.pen().replace(entry, value);
        let text =
            placed.as_ref().ok().and_then(|splices| splices.first()).map(|splice| splice.inserted.clone());
        let change = Change::Replaced {
            path: self.renamed_path(&entry.path),
            before: self.source.text[entry.value.range.clone()].to_owned(),
            after: text.unwrap_or_default(),
        };
        self.placed(entry, placed, change)
    }

    pub(crate) fn rename(&mut self, entry: &'s Entry, key: &str, to: &str) -> Step<()> {
        let placed = self.pen().rename(entry, key);
        let change = Change::Renamed {
            from: entry.path.clone(),
            to: to.to_owned(),
            before: self.source.text[entry.key_range.clone()].to_owned(),
            after: key.to_owned(),
        };
        self.placed(entry, placed, change)
    }

    /// Returns what a path is called once the planned renames are done.
    fn renamed_path(&self, path: &str) -> String {
        self.changes.iter().fold(path.to_owned(), |path, change| prove::renamed(&path, change))
    }

    /// Adds missing properties of the map at `path` (called `final_path` afterwards): beside a
    /// property that is there, else into the deepest mapping that is there.
    pub(crate) fn fill(
        &mut self,
        path: &str,
        final_path: &str,
        beside: Option<&'s Entry>,
        missing: &[(&str, String)],
    ) -> Step<()> {
        if missing.is_empty() {
            return Ok(());
        }
        let leaves: Vec<(String, String)> =
            missing.iter().map(|(name, value)| (format!("{final_path}.{name}"), value.clone())).collect();
        if let (Some(entry), [(name, value)]) = (beside, missing) {
            self.check_chain(&entry.path)?;
            let key = match entry.key.rsplit_once('.') {
                Some((head, _)) => format!("{head}.{name}"),
                None => (*name).to_owned(),
            };
            let placed = self.pen().beside(entry, &key, value);
            return self.placed(entry, placed, Change::Added { leaves, containers: Vec::new() });
        }
        let container = self.deepest(path);
        self.check_chain(path)?;
        let have = self.doc.entries[container].path.clone();
        let segments = segments(path, &have);
        let mut containers = Vec::new();
        let mut at = have;
        for segment in &segments {
            at = spring::join(&at, segment);
            containers.push(at.clone());
        }
        let mut tree = Tree::Map(
            missing.iter().map(|(name, value)| ((*name).to_owned(), Tree::Leaf(value.clone()))).collect(),
        );
        for segment in segments.into_iter().rev() {
            tree = Tree::Map(vec![(segment, tree)]);
        }
        match self.insertions.get_mut(&container) {
            Some(insertion) => {
                insertion.tree.merge(tree);
                insertion.leaves.extend(leaves);
                for path in containers {
                    if !insertion.containers.contains(&path) {
                        insertion.containers.push(path);
                    }
                }
            }
            None => {
                self.insertions.insert(container, Insertion { tree, leaves, containers });
            }
        }
        Ok(())
    }

    pub(crate) fn place(&mut self) -> Step<()> {
        for (container, insertion) in std::mem::take(&mut self.insertions) {
            let placed = self.pen().insert(container, &insertion.tree);
            let change = Change::Added { leaves: insertion.leaves, containers: insertion.containers };
            let doc = self.doc;
            self.placed(&doc.entries[container], placed, change)?;
        }
        Ok(())
    }

    /// Returns the entry of the deepest mapping (or empty value) on the way to `path`.
    fn deepest(&self, path: &str) -> usize {
        let mut best = ROOT_ENTRY;
        for (at, entry) in self.doc.entries.iter().enumerate().skip(1) {
            let on_way = path == entry.path
                || path.strip_prefix(&entry.path).is_some_and(|rest| rest.starts_with('.'));
            if on_way && entry.path.len() > self.doc.entries[best].path.len() {
                best = at;
            }
        }
        best
    }

    /// Refuses when a container on the way to `path` is not a plain mapping of its own.
    pub(crate) fn check_chain(&self, path: &str) -> Step<()> {
        for (at, entry) in self.doc.entries.iter().enumerate() {
            let on_way = at == ROOT_ENTRY
                || path.strip_prefix(&entry.path).is_some_and(|rest| rest.starts_with(['.', '[']));
            let whole = entry.path == path && matches!(entry.value.shape, Shape::Map { .. });
            if !on_way && !whole {
                continue;
            }
            let shared = || {
                RefusalReason::Shared(if entry.path.is_empty() {
                    "the document".to_owned()
                } else {
                    entry.path.clone()
                })
            };
            let anchor = entry.value.props.anchor;
            if anchor != 0 && self.index.aliased.contains(&anchor) {
                return self.refuse(entry, shared());
            }
            let found = match &entry.value.shape {
                Shape::Alias { .. } => return self.refuse(entry, shared()),
                // The proof tells whether a new key here would hide what is merged in.
                Shape::Map { merge: true, .. } if matches!(self.doc.meaning, Meaning::Unknown) => {
                    return self.refuse(entry, shared());
                }
                Shape::Map { .. } => continue,
                Shape::Scalar { .. } if entry.value.is_null() => continue,
                Shape::Scalar { text, .. } if text.contains("${") => {
                    return self.refuse(entry, RefusalReason::Placeholder(entry.path.clone()));
                }
                Shape::Scalar { .. } => "a single value",
                Shape::Seq { .. } => "a list",
            };
            return self
                .refuse(entry, RefusalReason::NotMap { path: entry.path.clone(), found: found.to_owned() });
        }
        Ok(())
    }
}

/// Returns the keys that lead from the mapping `have` to `path`; the plugin's id stays whole.
fn segments(path: &str, have: &str) -> Vec<String> {
    let rest = path.strip_prefix(have).unwrap_or(path).trim_start_matches('.');
    if rest.is_empty() {
        return Vec::new();
    }
    for (tail, whole) in [(PLUGIN_ID, true), (REPOSITORY_KEY, true)] {
        if whole && let Some(head) = rest.strip_suffix(tail) {
            let mut keys: Vec<String> =
                head.split('.').filter(|key| !key.is_empty()).map(str::to_owned).collect();
            keys.push(tail.to_owned());
            return keys;
        }
    }
    vec![rest.to_owned()]
}
