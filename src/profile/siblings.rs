//! Other files under `profiles/` that can be stronger than ours, or make ours weaker. Only read.

use serde::{Deserialize, Serialize};

use crate::leaf::Leaf;
use crate::leaves;
use crate::load::load;
use crate::root::Root;
use crate::source::Source;
use crate::spring::{self, REPOSITORIES, Switch};
use crate::wanted_block::plugin_path;
use crate::wanted_block::{REPOSITORY_KEY, WantedBlock};

/// Which other file it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum SiblingKind {
    /// `clouddriver-<role>-local.yml`: stronger than `clouddriver-local.yml` in that role.
    Role,
    /// `spinnaker-local.yml`: reaches every service.
    SpinnakerLocal,
    /// A whole `clouddriver.yml` or `gate.yml`: replaces the file that Halyard generates.
    Full,
}

/// A contradiction and what follows from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Contradiction {
    /// The file's name.
    pub file: String,
    /// What stands there.
    pub what: String,
    /// What follows from it.
    pub consequence: String,
}

/// Returns what another profile says that contradicts or weakens the wanted block.
#[must_use]
pub fn read_sibling(
    file: &str,
    kind: &SiblingKind,
    bytes: &[u8],
    wanted: &WantedBlock,
) -> Vec<Contradiction> {
    let say = |what: String, consequence: &str| Contradiction {
        file: file.to_owned(),
        what,
        consequence: consequence.to_owned(),
    };
    let mut found = Vec::new();
    if *kind == SiblingKind::Full {
        found.push(say(
            "the whole file that Halyard would generate is replaced".to_owned(),
            "strict-plugin-loading is then true unless this file sets it: a plugin that does not load stops the service.",
        ));
    }
    let read = Source::decode(bytes).and_then(|source| load(&source, Root::File));
    let index = match read {
        Ok(index) => index,
        Err(refusal) => {
            found.push(say(
                refusal.sentence(),
                "Spring cannot read this file; the service that gets it does not start.",
            ));
            return found;
        }
    };
    for (path, values) in leaves::loaded(&index) {
        // Of a property that is given twice in one document Spring keeps the last.
        if let Some(Leaf::Scalar { text, plain }) = values.last()
            && let Some(consequence) = consequence(&path, text, *plain, kind, wanted)
        {
            found.push(say(format!("{path}: {text}"), consequence));
        }
    }
    found
}

/// Returns what follows from a property of another file, if it bears on ours. Spring's order of
/// strength: `spinnaker.yml`, `<service>.yml`, then for each active profile `spinnaker-<profile>.yml`
/// and `<service>-<profile>.yml`; so only a role's file is stronger than ours.
fn consequence(
    path: &str,
    text: &str,
    plain: bool,
    kind: &SiblingKind,
    wanted: &WantedBlock,
) -> Option<&'static str> {
    let plugin = plugin_path();
    if path.ends_with(".plugins-root-path") || path.ends_with(".strict-plugin-loading") {
        return Some("It changes how plugins are loaded; Halyard sets it by itself.");
    }
    match kind {
        SiblingKind::Full => None,
        SiblingKind::SpinnakerLocal => path
            .starts_with(&plugin)
            .then_some("This file reaches every service: each of them would download the plugin."),
        SiblingKind::Role if path == format!("{plugin}.enabled") => {
            match spring::plugin_switch(text, plain) {
                Switch::On => None,
                Switch::Off => Some("It is stronger than our file: the plugin stays off there."),
                Switch::Breaks => Some("It is no boolean: the service that gets this file does not start."),
            }
        }
        SiblingKind::Role if path == format!("{plugin}.version") => (spring::heard_version(text, plain)
            != wanted.version)
            .then_some("It is stronger than our file: that version is loaded there."),
        SiblingKind::Role => path
            .starts_with(&format!("{REPOSITORIES}.{REPOSITORY_KEY}."))
            .then_some("It overrides our repository entry."),
    }
}
