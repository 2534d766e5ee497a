//! Where answers come from that nobody gave: the wizard's own choice.

/// The published repository of the plugin: the one that its installation page names
/// (<https://github.com/armory-plugins/pluginRepository>).
pub const REPOSITORY_URL: &str =
    "https://raw.githubusercontent.com/armory-plugins/pluginRepository/master/repositories.json";
/// A legal default; the vendor's sample name is not.
pub const DEFAULT_TOPIC: &str = "spinnaker-event-cache";
/// Where a region comes from that the chosen AWS profile names.
pub const OF_PROFILE: &str = "the AWS profile";
