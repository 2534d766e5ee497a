//! From the bytes of a profile and the wanted block to a proved verdict.

use crate::big;
use crate::documents::{self, Targets};
use crate::embed;
use crate::entries::{Doc, Index};
use crate::leaf::Leaves;
use crate::leaves;
use crate::load::load;
use crate::planner::Planner;
use crate::prove::{self, Planned, Unproved};
use crate::region;
use crate::sha256::{Hashed, sha256_hex, sha256_of};
use crate::source::Source;
use crate::splice::{self, Change, Receipt, Splice};
use crate::spring::{self, PLUGINS, REPOSITORIES};
use crate::verdict::{Edit, EditVerdict, Finding, Refusal, RefusalReason};
use crate::wanted_block::plugin_path;
use crate::wanted_block::{REPOSITORY_KEY, WantedBlock};

/// Returns what has to happen to a profile (`None` = there is no file) so that Spring, loading
/// it, finds the plugin enabled at the wanted version and a usable repository.
///
/// ```
/// use ecw_profile::{EditVerdict, NewerVersion, Removal, Root, WantedBlock, plan, remove};
///
/// let wanted = WantedBlock {
///     version: "0.2.1".into(),
///     url: "https://example.com/repositories.json".into(),
///     newer: NewerVersion::Ask,
///     root: Root::File,
/// };
/// let before = b"server:\n  port: 8084   # ours\n";
/// let EditVerdict::Edit(edit) = plan(Some(before), &wanted) else { panic!("it can be edited") };
/// let after = edit.after(before).expect("these are the bytes that were planned on");
/// assert!(after.starts_with(before), "not one byte of what stood there changes");
/// assert_eq!(plan(Some(&after), &wanted), EditVerdict::Unchanged(Vec::new()));
/// // Undo gives the original bytes back.
/// assert_eq!(remove(&after, &edit.receipt), Removal::Restored(before.to_vec()));
/// ```
#[must_use]
pub fn plan(existing: Option<&[u8]>, wanted: &WantedBlock) -> EditVerdict {
    match existing {
        Some(bytes) => plan_and_hash(bytes, wanted).0,
        None => create(wanted),
    }
}

/// Returns what [`plan`] returns for a file's content, and the content's SHA-256 in lower-case hex.
#[must_use]
pub fn plan_and_hash(bytes: &[u8], wanted: &WantedBlock) -> (EditVerdict, String) {
    let (verdict, hash) = edit(bytes, wanted);
    (verdict.unwrap_or_else(EditVerdict::Refused), hash)
}

fn create(wanted: &WantedBlock) -> EditVerdict {
    if !wanted.root.is_file() {
        return EditVerdict::Refused(Refusal { reason: RefusalReason::NoSpinnakerService, at: None });
    }
    let snippet = wanted.snippet();
    let changes = vec![Change::Added { leaves: all_leaves(wanted), containers: all_containers() }];
    let splices = vec![Splice { offset: 0, removed: String::new(), inserted: snippet.clone() }];
    if let Err(reason) = prove::says_what_is_wanted(snippet.as_bytes(), wanted) {
        return EditVerdict::Refused(Refusal { reason, at: None });
    }
    let after = sha256_hex(snippet.as_bytes());
    let receipt = Receipt { before: None, after, splices, changes, root: wanted.root };
    EditVerdict::Create(Edit { receipt, findings: Vec::new() })
}

fn all_leaves(wanted: &WantedBlock) -> Vec<(String, String)> {
    let mut leaves = plugin_leaves(wanted);
    leaves.extend(repository_leaves(wanted));
    leaves
}

fn plugin_leaves(wanted: &WantedBlock) -> Vec<(String, String)> {
    let path = plugin_path();
    vec![(format!("{path}.enabled"), "true".to_owned()), (format!("{path}.version"), wanted.version.clone())]
}

fn repository_leaves(wanted: &WantedBlock) -> Vec<(String, String)> {
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

fn edit(bytes: &[u8], wanted: &WantedBlock) -> (Result<EditVerdict, Refusal>, String) {
    if bytes.len() < big::FROM {
        let hashed = Hashed::of(bytes);
        return (unhashed(bytes, wanted).and_then(|verdict| sealed(verdict, bytes, &hashed)), hashed.whole);
    }
    std::thread::scope(|scope| {
        let hashing = scope.spawn(|| Hashed::of(bytes));
        let mut verdict = unhashed(bytes, wanted);
        // Little of both is alike at the beginning: the other hash need not be waited for.
        if let Ok(EditVerdict::Edit(edit) | EditVerdict::Repair(edit)) = &mut verdict
            && edit.receipt.splices.first().is_some_and(|first| first.offset < bytes.len() / 2)
            && let Ok(pieces) = splice::pieces(bytes, &edit.receipt.splices)
        {
            let after = sha256_of(&pieces);
            edit.receipt.after = after;
        }
        // A thread that hashes has nothing to panic about; if it did, the hash is taken here.
        let hashed = hashing.join().unwrap_or_else(|_| Hashed::of(bytes));
        (verdict.and_then(|verdict| sealed(verdict, bytes, &hashed)), hashed.whole)
    })
}

/// Plans and proves; the receipt's hashes are still to be taken.
fn unhashed(bytes: &[u8], wanted: &WantedBlock) -> Result<EditVerdict, Refusal> {
    let source = Source::decode(bytes)?;
    if bytes.len() >= big::FROM
        && wanted.root.is_file()
        && let Some(index) = big::read(source.text)
        && let Ok(verdict) = planned(bytes, &source, &index, Reading::Skimmed, wanted)
    {
        return Ok(verdict);
    }
    planned(bytes, &source, &load(&source, wanted.root)?, Reading::Whole, wanted)
}

/// Puts the hashes into the receipt of an edit of `bytes`.
fn sealed(mut verdict: EditVerdict, bytes: &[u8], hashed: &Hashed) -> Result<EditVerdict, Refusal> {
    if let EditVerdict::Edit(edit) | EditVerdict::Repair(edit) = &mut verdict {
        if edit.receipt.after.is_empty() {
            let pieces = splice::pieces(bytes, &edit.receipt.splices)
                .map_err(|error| Refusal { reason: RefusalReason::Unproved(error.to_string()), at: None })?;
            let after = hashed.beginning_alike(&pieces);
            edit.receipt.after = after;
        }
        edit.receipt.before = Some(hashed.whole.clone());
    }
    Ok(verdict)
}

/// How a file was read, and so how an edit of it is proved.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// By the parser: what is edited is read whole again.
    Whole,
    /// Skimmed: the touched entries are read again, the rest is the same bytes.
    Skimmed,
}

fn planned(
    bytes: &[u8],
    source: &Source<'_>,
    index: &Index,
    reading: Reading,
    wanted: &WantedBlock,
) -> Result<EditVerdict, Refusal> {
    if !wanted.root.is_file() && documents::is_empty(index) {
        return put_in(bytes, source, index, wanted);
    }
    let Some(targets) = documents::targets(source, index, wanted)? else {
        return append_to_empty(bytes, source, wanted);
    };
    let elsewhere = index.docs.len() > 1 || index.docs.iter().any(Doc::refers);
    if elsewhere && prove::satisfied(index, wanted) {
        documents::stronger_for_local(source, index, wanted)?;
        return Ok(EditVerdict::Unchanged(documents::conditional(source, index)));
    }
    let inherited = if elsewhere { leaves::loaded(index) } else { Leaves::new() };
    let mut draft = match drafted(source, index, &targets, wanted, inherited)? {
        Draft::Asks(asks) => return Ok(asks),
        Draft::Edit(draft) => draft,
    };
    draft.findings.extend(documents::conditional(source, index));
    if draft.splices.is_empty() {
        return if prove::satisfied(index, wanted) {
            Ok(EditVerdict::Unchanged(draft.findings))
        } else {
            Err(documents::contradiction(source, index))
        };
    }
    match reading {
        Reading::Skimmed if region::proved(source, index, &draft.splices, &draft.plans, wanted) => {}
        Reading::Skimmed => {
            let reason = RefusalReason::Unproved("it is to be read whole".to_owned());
            return Err(Refusal { reason, at: None });
        }
        Reading::Whole => prove_by_reading_again(bytes, source, index, &targets, &draft, wanted)?,
    }
    let Drafted { splices, findings, repairs, plans } = draft;
    let changes = plans.into_iter().flat_map(|plan| plan.changes).collect();
    let receipt = Receipt { before: None, after: String::new(), splices, changes, root: wanted.root };
    let edit = Edit { receipt, findings };
    Ok(if repairs { EditVerdict::Repair(edit) } else { EditVerdict::Edit(edit) })
}

/// What is planned, not proved yet.
struct Drafted {
    splices: Vec<Splice>,
    findings: Vec<Finding>,
    repairs: bool,
    plans: Vec<Planned>,
}

enum Draft {
    /// The operator has to decide first.
    Asks(EditVerdict),
    Edit(Drafted),
}

fn drafted(
    source: &Source<'_>,
    index: &Index,
    targets: &Targets,
    wanted: &WantedBlock,
    inherited: Leaves,
) -> Result<Draft, Refusal> {
    let mut plugin = Planner::new(source, index, targets.plugin, wanted, inherited.clone());
    if let Some(asks) = plugin.plugin()? {
        return Ok(Draft::Asks(asks));
    }
    let mut planners = if targets.plugin == targets.repository {
        plugin.repository()?;
        vec![(targets.plugin, plugin)]
    } else {
        let mut repository = Planner::new(source, index, targets.repository, wanted, inherited);
        repository.repository()?;
        vec![(targets.plugin, plugin), (targets.repository, repository)]
    };
    let mut draft = Drafted { splices: Vec::new(), findings: Vec::new(), repairs: false, plans: Vec::new() };
    for (doc, planner) in &mut planners {
        planner.place()?;
        draft.splices.append(&mut planner.splices);
        draft.findings.append(&mut planner.findings);
        draft.repairs |= planner.repairs;
        draft.plans.push(Planned { doc: *doc, changes: std::mem::take(&mut planner.changes) });
    }
    let others =
        (0..index.docs.len()).filter(|at| *at != targets.repository && index.docs[*at].condition().is_none());
    for other in others {
        draft.findings.extend(Planner::new(source, index, other, wanted, Leaves::new()).foreign_switches());
    }
    // The order in which two splices at one place were made is the order in which they read.
    draft.splices.sort_by_key(|splice| splice.offset);
    Ok(Draft::Edit(draft))
}

fn prove_by_reading_again(
    bytes: &[u8],
    source: &Source<'_>,
    index: &Index,
    targets: &Targets,
    draft: &Drafted,
    wanted: &WantedBlock,
) -> Result<(), Refusal> {
    let unproved = |reason| Refusal { reason, at: None };
    let after = splice::apply(bytes, &draft.splices)
        .map_err(|error| unproved(RefusalReason::Unproved(error.to_string())))?;
    let reread = prove::read(&after, wanted.root).map_err(unproved)?;
    prove::edit(index, &draft.plans, &reread, wanted).map_err(|why| match why {
        Unproved::Hides => documents::shared(source, index, targets),
        Unproved::Contradicted => documents::contradiction(source, index),
        Unproved::Other(reason) => unproved(reason),
    })?;
    documents::stronger_for_local(source, &reread, wanted)
}

/// A file of nothing but comments and blanks.
fn append_to_empty(bytes: &[u8], source: &Source<'_>, wanted: &WantedBlock) -> Result<EditVerdict, Refusal> {
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
    let receipt = Receipt { before: None, after: String::new(), splices, changes, root: wanted.root };
    Ok(EditVerdict::Edit(Edit { receipt, findings: Vec::new() }))
}

/// A manifest whose profile says nothing yet, or is not there.
fn put_in(
    bytes: &[u8],
    source: &Source<'_>,
    index: &Index,
    wanted: &WantedBlock,
) -> Result<EditVerdict, Refusal> {
    let splices = embed::splices(source, wanted)?;
    let changes = vec![Change::Added { leaves: all_leaves(wanted), containers: all_containers() }];
    let draft = Drafted {
        splices,
        findings: Vec::new(),
        repairs: false,
        plans: vec![Planned { doc: 0, changes: changes.clone() }],
    };
    prove_by_reading_again(bytes, source, index, &Targets { plugin: 0, repository: 0 }, &draft, wanted)?;
    let receipt =
        Receipt { before: None, after: String::new(), splices: draft.splices, changes, root: wanted.root };
    Ok(EditVerdict::Edit(Edit { receipt, findings: Vec::new() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random_lines::Lines;
    use crate::root::Root;
    use crate::wanted_block::NewerVersion;

    #[test]
    fn what_is_planned_on_a_skimmed_file_is_what_is_planned_on_the_whole() {
        let wanted = WantedBlock {
            version: "0.2.1".into(),
            url: "https://example.com/p/plugins.json".into(),
            newer: NewerVersion::Ask,
            root: Root::File,
        };
        let mut lines = Lines::new();
        let (mut proved, runs) = (0, 100_000);
        for run in 0..runs {
            let text = lines.text();
            let Ok(source) = Source::decode(text.as_bytes()) else { continue };
            let Some(index) = big::read(source.text) else { continue };
            let Ok(skimmed) = planned(text.as_bytes(), &source, &index, Reading::Skimmed, &wanted) else {
                continue;
            };
            let whole = load(&source, Root::File)
                .and_then(|index| planned(text.as_bytes(), &source, &index, Reading::Whole, &wanted));
            assert_eq!(Ok(skimmed), whole, "run {run}:\n{text}");
            proved += 1;
        }
        assert!(proved * 20 > runs, "only {proved} were planned on");
    }
}
