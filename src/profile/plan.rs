//! From the bytes of a profile and the wanted block to a proved verdict.

use crate::entries::Index;
use crate::load::load;
use crate::planner::Planner;
use crate::prove;
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
    let target = match target(source, index)? {
        Target::Document(at) => at,
        Target::None => return append_to_empty(bytes, source, wanted),
        Target::Several => {
            return if prove::satisfied(index, wanted) {
                Ok(EditVerdict::Unchanged(Vec::new()))
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
        return Ok(EditVerdict::Unchanged(findings));
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
    prove::edit(index, target, &reread.map_err(unproved)?, &changes, wanted).map_err(unproved)?;
    let receipt = Receipt { before: Some(before_hash), after: after_hash, splices, changes };
    let edit = Edit { after, receipt, findings };
    Ok(if repairs { EditVerdict::Repair(edit) } else { EditVerdict::Edit(edit) })
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
