//! What the wizard wants a profile to say.

use crate::root::Root;
use crate::spring::PLUGINS;
use serde::{Deserialize, Serialize};

/// The plugin's id, which is also the mapping key that enables it (kork:
/// `SpringPluginStatusProvider.isEnabled` reads `spinnaker.extensibility.plugins.<id>.enabled`).
pub const PLUGIN_ID: &str = "Armory.AWSCATsOnEvent";

/// The key under which the wizard files the plugin's repository; it must hold no dot.
pub const REPOSITORY_KEY: &str = "awsEventCache";

/// What to do about a plugin version in the file that is newer than the wanted one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NewerVersion {
    /// Ask the operator: the verdict is [`crate::EditVerdict::AsksNewer`].
    Ask,
    /// Leave the newer one where it is.
    Keep,
}

/// The block that a profile shall hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct WantedBlock {
    /// Plugin version, exactly as the repository lists it.
    pub version: String,
    /// Repository URL.
    pub url: String,
    /// What a newer version in the file means.
    pub newer: NewerVersion,
    /// Where in the file it is wanted.
    #[serde(default, skip_serializing_if = "Root::is_file")]
    pub root: Root,
}

impl WantedBlock {
    /// Returns the whole block as it is written into an empty file; with the keys that lead to it, where the
    /// file is not the profile.
    #[must_use]
    pub fn snippet(&self) -> String {
        let way = self.root.way();
        let keys = way.iter().enumerate().map(|(at, key)| format!("{}{key}:\n", "  ".repeat(at)));
        let indent = "  ".repeat(way.len());
        let block = self.block();
        keys.chain(block.lines().map(|line| format!("{indent}{line}\n"))).collect()
    }

    fn block(&self) -> String {
        let version = crate::place::scalar_text(&self.version);
        let url = crate::place::scalar_text(&self.url);
        format!(
            "spinnaker:\n  extensibility:\n    plugins:\n      {PLUGIN_ID}:\n        enabled: true\n        \
             version: {version}\n    repositories:\n      {REPOSITORY_KEY}:\n        enabled: true\n        url: {url}\n"
        )
    }
}

/// Returns the property path of our plugin.
pub(crate) fn plugin_path() -> String {
    format!("{PLUGINS}.{PLUGIN_ID}")
}
