//! From the bytes of a profile and the wanted block to a proved verdict.

use std::collections::BTreeMap;

use crate::events::Fault;
use crate::guess;
use crate::index::{self, Doc, Entry, Index, ROOT_ENTRY, Shape};
use crate::place::{Pen, Tree};
use crate::prove;
use crate::source::Source;
use crate::splice::{self, Change, Receipt, Splice};
use crate::spring::{self, PLUGINS, REPOSITORIES, truthy};
use crate::verdict::{Edit, Finding, Refusal, RefusalReason, Verdict};
use crate::wanted::{NewerVersion, PLUGIN_ID, REPOSITORY_KEY, Wanted};

/// Returns what has to happen to a profile (`None` = there is no file) so that Spring, loading
/// it, finds the plugin enabled at the wanted version and a usable repository.
#[must_use]
pub fn plan(existing: Option<&[u8]>, wanted: &Wanted) -> Verdict {
    let Some(bytes) = existing else { return create(wanted) };
    match edit(bytes, wanted) {
        Ok(verdict) => verdict,
        Err(refusal) => Verdict::Refused(refusal),
    }
}

fn create(wanted: &Wanted) -> Verdict {
    let snippet = wanted.snippet();
    let changes = vec![Change::Added { leaves: all_leaves(wanted), containers: all_containers() }];
    let splices = vec![Splice { offset: 0, removed: String::new(), inserted: snippet.clone() }];
    if let Err(reason) = prove::says_what_is_wanted(snippet.as_bytes(), wanted) {
        return Verdict::Refused(Refusal { reason, at: None });
    }
    let receipt = Receipt { before: None, after: splice::sha256_hex(snippet.as_bytes()), splices, changes };
    Verdict::Create(Edit { after: snippet.into_bytes(), receipt, findings: Vec::new() })
}

pub(crate) fn plugin_path() -> String {
    format!("{PLUGINS}.{PLUGIN_ID}")
}

fn all_leaves(wanted: &Wanted) -> Vec<(String, String)> {
    let mut leaves = plugin_leaves(wanted);
    leaves.extend(repository_leaves(wanted));
    leaves
}

fn plugin_leaves(wanted: &Wanted) -> Vec<(String, String)> {
    let path = plugin_path();
    vec![(format!("{path}.enabled"), "true".to_owned()), (format!("{path}.version"), wanted.version.clone())]
}

fn repository_leaves(wanted: &Wanted) -> Vec<(String, String)> {
    let path = format!("{REPOSITORIES}.{REPOSITORY_KEY}");
    vec![(format!("{path}.enabled"), "true".to_owned()), (format!("{path}.url"), wanted.url.clone())]
}

fn all_containers() -> Vec<String> {
    [
        "spinnaker",
        spring::ROOT,
        PLUGINS,
        &plugin_path(),
        REPOSITORIES,
        &format!("{REPOSITORIES}.{REPOSITORY_KEY}"),
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Reads and checks a text as Spring would: syntax, duplicate keys, roots.
pub(crate) fn load(source: &Source<'_>) -> Result<Index, Refusal> {
    if u32::try_from(source.text.len()).is_err() {
        return Err(Refusal { reason: RefusalReason::TooBig, at: None });
    }
    let index = index::read(source.text).map_err(|fault| syntax(source, &fault))?;
    for doc in &index.docs {
        if let Some(twice) = &doc.duplicate {
            let key = source.text[twice.clone()].to_owned();
            return Err(Refusal::at(RefusalReason::DuplicateKey(key), source.position(twice.start)));
        }
        if doc.too_big {
            return Err(Refusal { reason: RefusalReason::TooBig, at: None });
        }
        let root = &doc.root().value;
        let what = match &root.shape {
            Shape::Map { .. } => continue,
            Shape::Scalar { .. } if root.is_null() => continue,
            Shape::Scalar { .. } => "a text",
            Shape::Seq { .. } => "a list",
            Shape::Alias { .. } => "an alias",
        };
        return Err(Refusal::at(
            RefusalReason::RootNotMap(what.to_owned()),
            source.position(root.range.start),
        ));
    }
    Ok(index)
}

fn syntax(source: &Source<'_>, fault: &Fault) -> Refusal {
    let mut at = fault.offset.min(source.text.len());
    while !source.text.is_char_boundary(at) {
        at -= 1;
    }
    // The parser may notice a tab a line late: look at the failing line and the one before it.
    for start in [source.line_start(at), source.line_start(source.line_start(at).saturating_sub(1))] {
        let line = source.text[start..].lines().next().unwrap_or_default();
        let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..blanks].find('\t')
            && !line.trim().is_empty()
        {
            return Refusal::at(RefusalReason::TabIndentation, source.position(start + tab));
        }
    }
    Refusal::at(RefusalReason::NotYaml(fault.message.clone()), source.position(at))
}

/// Plans on a part of a file that is a mapping of its own, without a guess of its own.
pub(crate) fn edit_of_part(part: &[u8], wanted: &Wanted) -> Result<Verdict, Refusal> {
    let source = Source::decode(part)?;
    let index = load(&source)?;
    planned(part, &source, &index, None, wanted)
}

/// A guessed result and its whole reading.
type Guessed = (Vec<u8>, Result<Index, RefusalReason>);

fn edit(bytes: &[u8], wanted: &Wanted) -> Result<Verdict, Refusal> {
    let source = Source::decode(bytes)?;
    let Some(guess) = guess::after(&source, bytes, wanted) else {
        return planned(bytes, &source, &load(&source)?, None, wanted);
    };
    // Both are read whole, one beside the other; the proof is the same, it only ends sooner.
    let (index, reread) = std::thread::scope(|scope| {
        let reading = scope.spawn(|| prove::read(&guess));
        (load(&source), reading.join())
    });
    let guessed = reread.ok().map(|reread| (guess, reread));
    planned(bytes, &source, &index?, guessed, wanted)
}

fn planned(
    bytes: &[u8],
    source: &Source<'_>,
    index: &Index,
    guessed: Option<Guessed>,
    wanted: &Wanted,
) -> Result<Verdict, Refusal> {
    let target = match target(source, index)? {
        Target::Document(at) => at,
        Target::None => return append_to_empty(bytes, source, wanted),
        Target::Several => {
            return if prove::satisfied(index, wanted) {
                Ok(Verdict::Unchanged(Vec::new()))
            } else {
                Err(Refusal { reason: RefusalReason::SeveralDocuments, at: None })
            };
        }
    };
    let mut planner = Planner::new(source, index, target, wanted);
    if let Some(asks) = planner.plugin()? {
        return Ok(asks);
    }
    planner.repository()?;
    planner.place()?;
    planner.remark_conditional();
    let Planner { mut splices, changes, findings, repairs, .. } = planner;
    if splices.is_empty() {
        return Ok(Verdict::Unchanged(findings));
    }
    // The order in which two splices at one place were made is the order in which they read.
    splices.sort_by_key(|splice| splice.offset);
    let unproved = |reason| Refusal { reason, at: None };
    let (after, reread) = match guessed.filter(|(guess, _)| splice::leads_to(bytes, &splices, guess)) {
        Some(guessed) => guessed,
        None => {
            let after = splice::apply(bytes, &splices)
                .map_err(|error| unproved(RefusalReason::Unproved(error.to_string())))?;
            let reread = prove::read(&after);
            (after, reread)
        }
    };
    let reread = reread.map_err(unproved)?;
    prove::edit(index, target, &reread, &changes, wanted).map_err(unproved)?;
    let receipt = Receipt {
        before: Some(splice::sha256_hex(bytes)),
        after: splice::sha256_hex(&after),
        splices,
        changes,
    };
    let edit = Edit { after, receipt, findings };
    Ok(if repairs { Verdict::Repair(edit) } else { Verdict::Edit(edit) })
}

enum Target {
    Document(usize),
    None,
    Several,
}

fn target(source: &Source<'_>, index: &Index) -> Result<Target, Refusal> {
    let full: Vec<usize> = (0..index.docs.len())
        .filter(|at| index.docs[*at].condition().is_none() && !index.docs[*at].root().value.is_null())
        .collect();
    match full[..] {
        [only] => Ok(Target::Document(only)),
        [] => match index.docs.iter().position(|doc| doc.condition().is_none()) {
            Some(empty) if index.docs.len() == 1 => Ok(Target::Document(empty)),
            None if index.docs.is_empty() => Ok(Target::None),
            _ => Err(Refusal { reason: RefusalReason::SeveralDocuments, at: Some(source.position(0)) }),
        },
        _ => Ok(Target::Several),
    }
}

/// A file of nothing but comments and blanks.
fn append_to_empty(bytes: &[u8], source: &Source<'_>, wanted: &Wanted) -> Result<Verdict, Refusal> {
    let eol = source.eol();
    let mut inserted = wanted.snippet().replace('\n', eol);
    if !source.text.is_empty() && !source.text.ends_with('\n') {
        inserted = format!("{eol}{}", inserted.trim_end());
    }
    let splices = vec![Splice { offset: bytes.len(), removed: String::new(), inserted }];
    let changes = vec![Change::Added { leaves: all_leaves(wanted), containers: all_containers() }];
    let unproved = |reason| Refusal { reason, at: None };
    let after = splice::apply(bytes, &splices)
        .map_err(|error| unproved(RefusalReason::Unproved(error.to_string())))?;
    prove::says_what_is_wanted(&after, wanted).map_err(unproved)?;
    let receipt = Receipt {
        before: Some(splice::sha256_hex(bytes)),
        after: splice::sha256_hex(&after),
        splices,
        changes,
    };
    Ok(Verdict::Edit(Edit { after, receipt, findings: Vec::new() }))
}

/// What is to be inserted into one existing mapping.
struct Insertion {
    tree: Tree,
    leaves: Vec<(String, String)>,
    containers: Vec<String>,
}

struct Planner<'s> {
    source: &'s Source<'s>,
    index: &'s Index,
    doc: &'s Doc,
    wanted: &'s Wanted,
    splices: Vec<Splice>,
    changes: Vec<Change>,
    findings: Vec<Finding>,
    repairs: bool,
    insertions: BTreeMap<usize, Insertion>,
}

type Step<T> = Result<T, Refusal>;

impl<'s> Planner<'s> {
    fn new(source: &'s Source<'s>, index: &'s Index, target: usize, wanted: &'s Wanted) -> Self {
        Self {
            source,
            index,
            doc: &index.docs[target],
            wanted,
            splices: Vec::new(),
            changes: Vec::new(),
            findings: Vec::new(),
            repairs: false,
            insertions: BTreeMap::new(),
        }
    }

    fn pen(&self) -> Pen<'s> {
        Pen { source: self.source, doc: self.doc }
    }

    fn refuse<T>(&self, entry: &Entry, reason: RefusalReason) -> Step<T> {
        Err(Refusal::at(reason, self.source.position(entry.key_range.start)))
    }

    fn at(&self, entry: &Entry) -> crate::source::Position {
        self.source.position(entry.key_range.start)
    }

    /// Returns the one leaf with this path.
    fn leaf(&self, path: &str) -> Step<Option<&'s Entry>> {
        let mut found = self.doc.entries.iter().skip(1).filter(|entry| entry.path == path);
        let first = found.next();
        match found.next() {
            Some(second) => self.refuse(second, RefusalReason::PropertyTwice(path.to_owned())),
            None => Ok(first),
        }
    }

    /// Returns a leaf's text; `None` for null.
    fn value(&self, entry: &'s Entry) -> Step<Option<&'s str>> {
        match &entry.value.shape {
            _ if entry.value.is_null() => Ok(None),
            Shape::Scalar { text, .. } if text.contains("${") => {
                self.refuse(entry, RefusalReason::Placeholder(entry.path.clone()))
            }
            Shape::Scalar { text, .. } => Ok(Some(text.trim())),
            Shape::Alias { .. } => self.refuse(entry, RefusalReason::Shared(entry.path.clone())),
            Shape::Map { .. } | Shape::Seq { .. } => {
                let reason = RefusalReason::OddForm(entry.path.clone(), "not a single value".to_owned());
                self.refuse(entry, reason)
            }
        }
    }

    // ---- the plugin -------------------------------------------------------------------------

    /// Plans the plugin's entry; an answer ends the planning.
    fn plugin(&mut self) -> Step<Option<Verdict>> {
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
        if let Some(entry) = enabled {
            match self.value(entry)? {
                Some(text) if truthy(text) => {}
                found => {
                    let found = found.unwrap_or("nothing").to_owned();
                    self.repair(Finding::Disabled { found, at: self.at(entry) });
                    self.replace(entry, "true")?;
                }
            }
        }
        let present = [enabled, version].into_iter().flatten().next();
        let missing: Vec<(&str, String)> = [
            enabled.is_none().then(|| ("enabled", "true".to_owned())),
            version.is_none().then(|| ("version", self.wanted.version.clone())),
        ]
        .into_iter()
        .flatten()
        .collect();
        self.fill(&path, &plugin_path(), present, &missing)?;
        Ok(None)
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

    fn version(&mut self, entry: Option<&'s Entry>) -> Step<Option<Verdict>> {
        let Some(entry) = entry else { return Ok(None) };
        let Some(found) = self.value(entry)? else {
            self.replace(entry, &self.wanted.version.clone())?;
            return Ok(None);
        };
        if found == self.wanted.version {
            return Ok(None);
        }
        let at = self.at(entry);
        let found = found.to_owned();
        match spring::compare_versions(&found, &self.wanted.version) {
            Some(std::cmp::Ordering::Greater) if self.wanted.newer == NewerVersion::Keep => {
                self.findings.push(Finding::NewerVersionKept { found, at });
                return Ok(None);
            }
            Some(std::cmp::Ordering::Greater) => return Ok(Some(Verdict::AsksNewer { found, at })),
            Some(_) => self.repair(Finding::OlderVersion { found, at }),
            None => self.repair(Finding::OddVersion { found, at }),
        }
        self.replace(entry, &self.wanted.version.clone())?;
        Ok(None)
    }

    /// Finds entries that were meant for our plugin but do not enable it. Returns the path of the
    /// one that is repaired by renaming its key.
    fn look_alikes(&mut self, exact_present: bool) -> Step<Option<String>> {
        let mut renamed = None;
        for entry in self.doc.entries.iter().skip(1) {
            let Some(finding) = self.look_alike(entry) else { continue };
            let whole_key = self.doc.entries[entry.parent].path == PLUGINS;
            let is_map = matches!(entry.value.shape, Shape::Map { .. });
            if exact_present || renamed.is_some() || !whole_key || !is_map {
                if whole_key {
                    self.findings
                        .push(Finding::InertLookAlike { key: entry.key.clone(), at: self.at(entry) });
                }
                continue;
            }
            self.repair(finding);
            self.check_chain(&entry.path)?;
            self.rename(entry, PLUGIN_ID, &plugin_path())?;
            renamed = Some(entry.path.clone());
        }
        Ok(renamed)
    }

    fn look_alike(&self, entry: &Entry) -> Option<Finding> {
        let rest = entry.path.strip_prefix(PLUGINS)?;
        let rest = rest.strip_prefix('.').unwrap_or(rest);
        if rest == PLUGIN_ID {
            return None;
        }
        let (key, at) = (entry.key.clone(), self.at(entry));
        if squeezed(rest) == squeezed(PLUGIN_ID) {
            return Some(if rest.contains('[') {
                Finding::BracketKey { key, at }
            } else {
                Finding::WrongCase { key, at }
            });
        }
        let id = format!("{}.id", entry.path);
        let has_our_id = self.doc.entries.iter().any(|leaf| {
            leaf.path == id
                && matches!(&leaf.value.shape, Shape::Scalar { text, .. } if text.trim() == PLUGIN_ID)
        });
        has_our_id.then_some(Finding::PublishedSnippet { key, at })
    }

    // ---- the repository ---------------------------------------------------------------------

    fn repository(&mut self) -> Step<()> {
        let base = spring::repository_base(&self.wanted.url).to_owned();
        let repositories = self.repositories()?;
        let same = |repository: &&Repository<'_>| {
            repository.url.is_some_and(|(_, url)| spring::repository_base(url) == base)
        };
        let on = |repository: &Repository<'_>| repository.enabled.is_none_or(|(_, enabled)| truthy(enabled));
        for repository in &repositories {
            if repository.url.is_none()
                && repository.name != REPOSITORY_KEY
                && repository.name != "front50"
                && !repository.dotted
            {
                self.findings.push(Finding::ForeignRepositoryBroken { key: repository.name.clone() });
            }
        }
        if repositories.iter().filter(same).any(|repository| on(repository) && !repository.dotted) {
            return Ok(());
        }
        if let Some(repository) = repositories.iter().filter(same).find(|repository| !repository.dotted) {
            return self.switch_on(repository);
        }
        let ours =
            repositories.iter().find(|repository| repository.name == REPOSITORY_KEY && !repository.dotted);
        if let (None, Some(dotted)) =
            (ours, repositories.iter().filter(same).find(|repository| repository.dotted))
        {
            return self.undot(dotted);
        }
        match ours {
            Some(repository) => self.point_at_url(repository),
            None => {
                let path = format!("{REPOSITORIES}.{REPOSITORY_KEY}");
                let missing = [("enabled", "true".to_owned()), ("url", self.wanted.url.clone())];
                self.fill(&path, &path, None, &missing)
            }
        }
    }

    fn switch_on(&mut self, repository: &Repository<'s>) -> Step<()> {
        if let Some((entry, _)) = repository.enabled.filter(|(_, enabled)| !truthy(enabled)) {
            self.repair(Finding::RepositoryDisabled { key: repository.name.clone(), at: self.at(entry) });
            self.replace(entry, "true")?;
        }
        Ok(())
    }

    fn undot(&mut self, repository: &Repository<'s>) -> Step<()> {
        let Some(entry) = repository.container else { return Ok(()) };
        self.repair(Finding::DottedRepositoryKey { key: entry.key.clone(), at: self.at(entry) });
        self.check_chain(&entry.path)?;
        self.rename(entry, REPOSITORY_KEY, &format!("{REPOSITORIES}.{REPOSITORY_KEY}"))?;
        self.switch_on(repository)
    }

    fn point_at_url(&mut self, repository: &Repository<'s>) -> Step<()> {
        self.switch_on(repository)?;
        let path = format!("{REPOSITORIES}.{REPOSITORY_KEY}");
        let key = repository.name.clone();
        match repository.url {
            Some((entry, found)) => {
                self.repair(Finding::RepositoryOtherUrl { key, found: found.to_owned(), at: self.at(entry) });
                self.replace(entry, &self.wanted.url.clone())
            }
            None => {
                let anchor = repository.container.or(repository.enabled.map(|(entry, _)| entry));
                let at = anchor.map_or(self.source.position(0), |entry| self.at(entry));
                self.repair(Finding::RepositoryWithoutUrl { key, at });
                let empty = self.leaf(&format!("{path}.url"))?;
                match empty {
                    Some(entry) => self.replace(entry, &self.wanted.url.clone()),
                    None => {
                        let missing = [("url", self.wanted.url.clone())];
                        self.fill(&path, &path, repository.enabled.map(|(entry, _)| entry), &missing)
                    }
                }
            }
        }
    }

    fn repositories(&self) -> Step<Vec<Repository<'s>>> {
        let mut found: Vec<Repository<'s>> = Vec::new();
        let prefix = format!("{REPOSITORIES}.");
        for entry in self.doc.entries.iter().skip(1) {
            let Some(rest) = entry.path.strip_prefix(&prefix) else { continue };
            let direct = self.doc.entries[entry.parent].path == REPOSITORIES;
            let container = direct && matches!(entry.value.shape, Shape::Map { .. });
            if container {
                found.push(Repository {
                    name: entry.key.clone(),
                    container: Some(entry),
                    url: None,
                    enabled: None,
                    dotted: entry.key.contains('.'),
                });
                continue;
            }
            let Some((name, property)) = rest.rsplit_once('.') else { continue };
            if !matches!(property, "url" | "enabled") {
                continue;
            }
            let at = match found.iter().position(|repository| repository.name == name) {
                Some(at) => at,
                None => {
                    let dotted = name.contains('.');
                    found.push(Repository {
                        name: name.to_owned(),
                        container: None,
                        url: None,
                        enabled: None,
                        dotted,
                    });
                    found.len() - 1
                }
            };
            let Shape::Scalar { text, .. } = &entry.value.shape else {
                if name == REPOSITORY_KEY {
                    self.value(entry)?;
                }
                continue;
            };
            if text.contains("${") && name == REPOSITORY_KEY {
                return self.refuse(entry, RefusalReason::Placeholder(entry.path.clone()));
            }
            if entry.value.is_null() || text.trim().is_empty() {
                continue;
            }
            let slot = if property == "url" { &mut found[at].url } else { &mut found[at].enabled };
            if slot.replace((entry, text.trim())).is_some() {
                return self.refuse(entry, RefusalReason::PropertyTwice(entry.path.clone()));
            }
        }
        Ok(found)
    }

    // ---- making the edits -------------------------------------------------------------------

    fn repair(&mut self, finding: Finding) {
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

    fn replace(&mut self, entry: &'s Entry, value: &str) -> Step<()> {
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

    fn rename(&mut self, entry: &'s Entry, key: &str, to: &str) -> Step<()> {
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
    fn fill(
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

    fn place(&mut self) -> Step<()> {
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
    fn check_chain(&self, path: &str) -> Step<()> {
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
                Shape::Map { merge: true, .. } | Shape::Alias { .. } => return self.refuse(entry, shared()),
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

    fn remark_conditional(&mut self) {
        for doc in self.index.docs.iter().filter(|doc| doc.condition().is_some()) {
            if let Some((_, entry)) = doc.leaves().find(|(_, entry)| entry.path.starts_with(PLUGINS)) {
                self.findings.push(Finding::ConditionalDocument { at: self.at(entry) });
            }
        }
    }
}

struct Repository<'s> {
    name: String,
    container: Option<&'s Entry>,
    url: Option<(&'s Entry, &'s str)>,
    enabled: Option<(&'s Entry, &'s str)>,
    dotted: bool,
}

fn squeezed(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|each| each.to_ascii_lowercase()).collect()
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
