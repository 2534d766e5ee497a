//! Entries that were meant for our plugin and do not enable it.

use crate::entries::{Entry, Shape};
use crate::planner::{Planner, Step};
use crate::spring::PLUGINS;
use crate::verdict::Finding;
use crate::wanted_block::{PLUGIN_ID, plugin_path};

impl Planner<'_> {
    /// Finds entries that were meant for our plugin but do not enable it. Returns the path of the
    /// one that is repaired by renaming its key.
    pub(crate) fn look_alikes(&mut self, exact_present: bool) -> Step<Option<String>> {
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
}

fn squeezed(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|each| each.to_ascii_lowercase()).collect()
}
