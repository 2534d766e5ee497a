//! What a look is to find.

/// What is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Goal {
    /// Everything.
    #[default]
    All,
    /// The services run with the plugin.
    Ready,
    /// Gate has confirmed its subscription.
    Confirmed,
    /// Topic, policy, subscription and delivery.
    Events,
}
