//! From the bytes of a profile and the wanted block to a proved verdict.

use crate::documents;
use crate::entries::{Doc, Index};
use crate::leaf::Leaves;
use crate::leaves;
use crate::load::load;
use crate::planner::Planner;
use crate::prove::{self, Planned, Unproved};
use crate::source::Source;
use crate::speculative_parse;
use crate::splice::{self, Change, Receipt, Splice};
use crate::spring::{self, PLUGINS, REPOSITORIES};
use crate::verdict::{Edit, EditVerdict, Refusal, RefusalReason};
use crate::wanted_block::plugin_path;
use crate::wanted_block::{REPOSITORY_KEY, WantedBlock};

/// Returns what has to happen to a profile (`None` = there is no file) so that Spring, loading
/// it, finds the plugin enabled at the wanted version and a usable repository.
///
/// ```
/// use ecw_profile::{EditVerdict, NewerVersion, Removal, WantedBlock, plan, remove};
///
/// let wanted = WantedBlock {
///     version: "0.2.1".into(),
///     url: "https://example.com/repositories.json".into(),
///     newer: NewerVersion::Ask,
/// };
/// let before = b"server:\n  port: 8084   # ours\n";
/// let EditVerdict::Edit(edit) = plan(Some(before), &wanted) else { panic!("it can be edited") };
/// assert!(edit.after.starts_with(before), "not one byte of what stood there changes");
/// assert_eq!(plan(Some(&edit.after), &wanted), EditVerdict::Unchanged(Vec::new()));
/// // Undo gives the original bytes back.
/// assert_eq!(remove(&edit.after, &edit.receipt), Removal::Restored(before.to_vec()));
/// ```
#[must_use]
pub fn plan(existing: Option<&[u8]>, wanted: &WantedBlock) -> EditVerdict {
    let Some(bytes) = existing else { return create(wanted) };
    match edit(bytes, wanted) {
        Ok(verdict) => verdict,
        Err(refusal) => EditVerdict::Refused(refusal),
    }
}

fn create(wanted: &WantedBlock) -> EditVerdict {
    let snippet = wanted.snippet();
    let changes = vec![Change::Added { leaves: all_leaves(wanted), containers: all_containers() }];
    let splices = vec![Splice { offset: 0, removed: String::new(), inserted: snippet.clone() }];
    if let Err(reason) = prove::says_what_is_wanted(snippet.as_bytes(), wanted) {
        return EditVerdict::Refused(Refusal { reason, at: None });
    }
    let receipt = Receipt { before: None, after: splice::sha256_hex(snippet.as_bytes()), splices, changes };
    EditVerdict::Create(Edit { after: snippet.into_bytes(), receipt, findings: Vec::new() })
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

/// Plans on a part of a file that is a mapping of its own, without a guess of its own.
fn edit_of_part(part: &[u8], wanted: &WantedBlock) -> Result<EditVerdict, Refusal> {
    let source = Source::decode(part)?;
    let index = load(&source)?;
    planned(part, &source, &index, None, wanted)
}

/// A guessed result with its whole reading and its hash, and the hash of what was there before.
struct Guessed {
    after: Vec<u8>,
    reread: Result<Index, RefusalReason>,
    after_hash: String,
    before_hash: String,
}

fn edit(bytes: &[u8], wanted: &WantedBlock) -> Result<EditVerdict, Refusal> {
    let source = Source::decode(bytes)?;
    let Some(guess) = speculative_parse::after(&source, bytes, wanted, edit_of_part) else {
        return planned(bytes, &source, &load(&source)?, None, wanted);
    };
    // Both are read whole, one beside the other; the proof is the same, it only ends sooner.
    let (index, before_hash, read) = std::thread::scope(|scope| {
        let reading = scope.spawn(|| (prove::read(&guess), splice::sha256_hex(&guess)));
        (load(&source), splice::sha256_hex(bytes), reading.join())
    });
    let guessed =
        read.ok().map(|(reread, after_hash)| Guessed { after: guess, reread, after_hash, before_hash });
    planned(bytes, &source, &index?, guessed, wanted)
}

fn planned(
    bytes: &[u8],
    source: &Source<'_>,
    index: &Index,
    guessed: Option<Guessed>,
    wanted: &WantedBlock,
) -> Result<EditVerdict, Refusal> {
    let Some(targets) = documents::targets(source, index, wanted)? else {
        return append_to_empty(bytes, source, wanted);
    };
    let elsewhere = index.docs.len() > 1 || index.docs.iter().any(Doc::refers);
    if elsewhere && prove::satisfied(index, wanted) {
        documents::stronger_for_local(source, index, wanted)?;
        return Ok(EditVerdict::Unchanged(documents::conditional(source, index)));
    }
    let inherited = if elsewhere { leaves::loaded(index) } else { Leaves::new() };
    let mut plugin = Planner::new(source, index, targets.plugin, wanted, inherited.clone());
    if let Some(asks) = plugin.plugin()? {
        return Ok(asks);
    }
    let mut planners = if targets.plugin == targets.repository {
        plugin.repository()?;
        vec![(targets.plugin, plugin)]
    } else {
        let mut repository = Planner::new(source, index, targets.repository, wanted, inherited);
        repository.repository()?;
        vec![(targets.plugin, plugin), (targets.repository, repository)]
    };
    let (mut splices, mut findings, mut repairs, mut plans) = (Vec::new(), Vec::new(), false, Vec::new());
    for (doc, planner) in &mut planners {
        planner.place()?;
        splices.append(&mut planner.splices);
        findings.append(&mut planner.findings);
        repairs |= planner.repairs;
        plans.push(Planned { doc: *doc, changes: std::mem::take(&mut planner.changes) });
    }
    let others =
        (0..index.docs.len()).filter(|at| *at != targets.repository && index.docs[*at].condition().is_none());
    for other in others {
        findings.extend(Planner::new(source, index, other, wanted, Leaves::new()).foreign_switches());
    }
    findings.extend(documents::conditional(source, index));
    if splices.is_empty() {
        return if prove::satisfied(index, wanted) {
            Ok(EditVerdict::Unchanged(findings))
        } else {
            Err(documents::contradiction(source, index))
        };
    }
    // The order in which two splices at one place were made is the order in which they read.
    splices.sort_by_key(|splice| splice.offset);
    let unproved = |reason| Refusal { reason, at: None };
    let guessed = guessed.filter(|guessed| splice::leads_to(bytes, &splices, &guessed.after));
    let Guessed { after, reread, after_hash, before_hash } = match guessed {
        Some(guessed) => guessed,
        None => {
            let after = splice::apply(bytes, &splices)
                .map_err(|error| unproved(RefusalReason::Unproved(error.to_string())))?;
            let (reread, after_hash) = (prove::read(&after), splice::sha256_hex(&after));
            Guessed { after, reread, after_hash, before_hash: splice::sha256_hex(bytes) }
        }
    };
    let reread = reread.map_err(unproved)?;
    prove::edit(index, &plans, &reread, wanted).map_err(|why| match why {
        Unproved::Hides => documents::shared(source, index, &targets),
        Unproved::Contradicted => documents::contradiction(source, index),
        Unproved::Other(reason) => unproved(reason),
    })?;
    documents::stronger_for_local(source, &reread, wanted)?;
    let changes = plans.into_iter().flat_map(|plan| plan.changes).collect();
    let receipt = Receipt { before: Some(before_hash), after: after_hash, splices, changes };
    let edit = Edit { after, receipt, findings };
    Ok(if repairs { EditVerdict::Repair(edit) } else { EditVerdict::Edit(edit) })
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
    let receipt = Receipt {
        before: Some(splice::sha256_hex(bytes)),
        after: splice::sha256_hex(&after),
        splices,
        changes,
    };
    Ok(EditVerdict::Edit(Edit { after, receipt, findings: Vec::new() }))
}
