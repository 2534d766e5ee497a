//! Other files under `profiles/` that can be stronger than ours, or make ours weaker. Only read.

use serde::{Deserialize, Serialize};

use crate::entries::Shape;
use crate::load::load;
use crate::source::Source;
use crate::spring::{REPOSITORIES, truthy};
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
    let read = Source::decode(bytes).and_then(|source| load(&source));
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
    let plugin = plugin_path();
    for doc in index.docs.iter().filter(|doc| doc.condition().is_none()) {
        for (_, entry) in doc.leaves() {
            let Shape::Scalar { text, .. } = &entry.value.shape else { continue };
            let what = format!("{}: {text}", entry.path);
            if entry.path == format!("{plugin}.enabled") && *kind != SiblingKind::SpinnakerLocal {
                if !truthy(text) {
                    found.push(say(what, "It is stronger than our file: the plugin stays off there."));
                }
            } else if entry.path == format!("{plugin}.version") && *kind != SiblingKind::SpinnakerLocal {
                if text.trim() != wanted.version {
                    found.push(say(what, "It is stronger than our file: that version is loaded there."));
                }
            } else if entry.path.starts_with(&plugin) && *kind == SiblingKind::SpinnakerLocal {
                found.push(say(
                    what,
                    "This file reaches every service: each of them would download the plugin.",
                ));
            } else if entry.path.starts_with(&format!("{REPOSITORIES}.{REPOSITORY_KEY}.")) {
                found.push(say(what, "It overrides our repository entry."));
            } else if entry.path.ends_with(".plugins-root-path")
                || entry.path.ends_with(".strict-plugin-loading")
            {
                found.push(say(what, "It changes how plugins are loaded; Halyard sets it by itself."));
            }
        }
    }
    found
}
