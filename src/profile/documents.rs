//! A file of several documents: which of them is edited, and which of them is stronger.
//!
//! Spring loads every document that has no profile condition; a later one wins, property by property.

use crate::entries::{Doc, Index, Shape};
use crate::leaf::Leaves;
use crate::leaves;
use crate::prove;
use crate::source::Source;
use crate::spring::{PLUGINS, REPOSITORIES, repository_base};
use crate::verdict::{Finding, Refusal, RefusalReason};
use crate::wanted_block::{PLUGIN_ID, REPOSITORY_KEY, WantedBlock, plugin_path};

/// Numbers of the documents that are edited.
pub(crate) struct Targets {
    pub(crate) plugin: usize,
    pub(crate) repository: usize,
}

/// Returns the documents to edit; `None` for a file without any.
///
/// # Errors
/// Every document is under a profile condition.
pub(crate) fn targets(
    source: &Source<'_>,
    index: &Index,
    wanted: &WantedBlock,
) -> Result<Option<Targets>, Refusal> {
    if index.docs.is_empty() {
        return Ok(None);
    }
    let free = |at: &usize| index.docs[*at].condition().is_none();
    let all: Vec<usize> = (0..index.docs.len()).filter(free).collect();
    let full = |at: &&usize| !index.docs[**at].root().value.is_null();
    let holds = |at: &&usize, path: &str| index.docs[**at].entries.iter().any(|entry| entry.path == path);
    let first = ["spinnaker.extensibility", "spinnaker"]
        .iter()
        .find_map(|path| all.iter().find(|at| holds(at, path)))
        .or_else(|| all.iter().find(full))
        .or_else(|| all.first());
    let Some(first) = first else {
        return Err(Refusal::at(RefusalReason::AllConditional, source.position(0)));
    };
    // The last document that speaks of a thing is the one that Spring hears.
    let last = |speaks: &dyn Fn(&Doc) -> bool| {
        all.iter().rev().find(|at| speaks(&index.docs[**at])).unwrap_or(first)
    };
    let repository = *last(&|doc| speaks_of_repository(doc, wanted));
    Ok(Some(Targets { plugin: *last(&speaks_of_plugin), repository }))
}

/// Returns whether the documents say nothing at all.
pub(crate) fn is_empty(index: &Index) -> bool {
    let nothing = |doc: &Doc| {
        let root = &doc.root().value;
        root.is_null()
            || matches!(&root.shape, Shape::Map { children, .. } if children.is_empty())
                && doc.root_keys.is_empty()
    };
    index.docs.iter().all(nothing)
}

fn speaks_of_plugin(doc: &Doc) -> bool {
    let plugin = plugin_path();
    let names_us = |shape: &Shape| matches!(shape, Shape::Scalar { text, .. } if text.trim() == PLUGIN_ID);
    doc.entries.iter().any(|entry| {
        let ours = entry.path.get(..plugin.len()).is_some_and(|head| head.eq_ignore_ascii_case(&plugin));
        ours || entry.path.starts_with(PLUGINS) && names_us(&entry.value.shape)
    })
}

fn speaks_of_repository(doc: &Doc, wanted: &WantedBlock) -> bool {
    let ours = format!("{REPOSITORIES}.{REPOSITORY_KEY}");
    let base = repository_base(&wanted.url);
    doc.entries.iter().filter(|entry| entry.path.starts_with(REPOSITORIES)).any(|entry| {
        let same = matches!(&entry.value.shape, Shape::Scalar { text, .. } if repository_base(text) == base);
        entry.path.starts_with(&ours) || same && entry.path.ends_with(".url")
    })
}

/// Returns a remark for each document under a condition that touches the plugin.
pub(crate) fn conditional(source: &Source<'_>, index: &Index) -> Vec<Finding> {
    let conditional = index.docs.iter().filter(|doc| doc.condition().is_some());
    conditional
        .filter_map(|doc| {
            let (_, entry) = doc
                .leaves()
                .find(|(_, entry)| entry.path.starts_with(PLUGINS) || entry.path.starts_with(REPOSITORIES))?;
            Some(Finding::ConditionalDocument { at: source.position(entry.key_range.start) })
        })
        .collect()
}

/// Refuses when a document for profile `local`, which Halyard makes active in every service, says
/// otherwise than what is wanted.
pub(crate) fn stronger_for_local(
    source: &Source<'_>,
    index: &Index,
    wanted: &WantedBlock,
) -> Result<(), Refusal> {
    let mut all = Leaves::new();
    for doc in &index.docs {
        if doc.condition().is_none() || doc.is_for_local() {
            all.extend(leaves::said(doc).into_owned());
        }
    }
    match index.docs.iter().rev().find_map(|doc| doc.is_for_local().then(|| doc.condition()).flatten()) {
        Some(at) if !prove::satisfied_by(&all, wanted) => {
            Err(Refusal::at(RefusalReason::SeveralDocuments, source.position(at)))
        }
        _ => Ok(()),
    }
}

/// Returns the refusal that names the document which is stronger than the edited one.
pub(crate) fn contradiction(source: &Source<'_>, index: &Index) -> Refusal {
    let plugin = plugin_path();
    let speaks = |doc: &&Doc| {
        doc.condition().is_none()
            && leaves::said(doc)
                .keys()
                .any(|path| path.starts_with(&plugin) || path.starts_with(REPOSITORIES))
    };
    let at = index.docs.iter().rev().find(speaks).map(|doc| source.position(doc.range.start));
    Refusal { reason: RefusalReason::SeveralDocuments, at }
}

/// Returns the refusal that names the mapping into which something is merged.
pub(crate) fn shared(source: &Source<'_>, index: &Index, targets: &Targets) -> Refusal {
    let entries = [targets.plugin, targets.repository].into_iter().flat_map(|at| &index.docs[at].entries);
    let refers = |shape: &Shape| matches!(shape, Shape::Map { merge: true, .. } | Shape::Alias { .. });
    let merged = entries.filter(|entry| refers(&entry.value.shape)).max_by_key(|entry| entry.path.len());
    let path = merged.map(|entry| entry.path.clone()).filter(|path| !path.is_empty());
    let at = merged.map(|entry| source.position(entry.key_range.start));
    Refusal { reason: RefusalReason::Shared(path.unwrap_or_else(|| "the document".to_owned())), at }
}
