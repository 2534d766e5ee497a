//! What stands in the world: topics, subscriptions, the delivery channel, runs of hal.

use ecw_halyard::ServiceName;

/// A topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Access policy.
    pub policy: String,
}

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    pub arn: String,
    pub topic: String,
    pub protocol: String,
    pub endpoint: String,
    /// World time of the latest confirmation message.
    pub asked: u64,
    /// World time at which Gate confirmed.
    pub confirmed: Option<u64>,
    /// World time up to which Gate let SNS's attempts pass.
    pub missed: u64,
    /// Raw message delivery.
    pub raw: bool,
    /// Redrive policy, as it was set.
    pub redrive: Option<String>,
}

/// AWS Config's delivery channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    pub name: String,
    pub bucket: String,
    pub topic: Option<String>,
}

/// Output at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Milliseconds after the begin.
    pub at: u64,
    /// What is printed.
    pub text: String,
}

/// A run of `hal deploy apply`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apply {
    /// Services it names.
    pub services: Vec<ServiceName>,
    /// World time of its begin.
    pub started: u64,
    /// What it prints, and when.
    pub frames: Vec<Frame>,
    /// Milliseconds until it ends.
    pub takes: u64,
    /// Its exit status.
    pub exit: i32,
    /// Files to write below `<hal dir>/<deployment>` when it ends well.
    pub writes: Vec<(String, Vec<u8>)>,
    /// Its effects were applied.
    pub settled: bool,
}
