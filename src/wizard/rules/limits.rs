//! How long things outside take, and how often they are looked at.

/// The daemon gives up on an apply after 30 minutes, milliseconds (Halyard, `DaemonTaskHandler` and
/// `hal`'s own wait; <https://github.com/spinnaker/halyard>).
pub const HAL_LIMIT_MS: u64 = 30 * 60_000;
/// SNS's attempts to have a subscription confirmed end within about two minutes, milliseconds (its default
/// delivery policy for HTTP/S, <https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html>).
pub const CONFIRM_WINDOW_MS: u64 = 2 * 60_000;
/// A subscription that was asked for may be listed only after some seconds; what is missing after that many
/// milliseconds is gone.
pub(crate) const CONFIRM_SETTLE_MS: u64 = 15_000;
/// An endpoint that does not confirm is looked at this often, milliseconds.
pub(crate) const ENDPOINT_POLL_MS: u64 = 30_000;
/// Where AWS asks to slow down: the first wait and the longest, milliseconds, and how often it is tried again.
pub(crate) const SLOW_FIRST_MS: u64 = 1_000;
pub(crate) const SLOW_MOST_MS: u64 = 20_000;
pub(crate) const SLOW_TIMES: u32 = 6;
/// A deploy's log is read on this often, milliseconds.
pub(crate) const DEPLOY_POLL_MS: u64 = 500;
/// Where nothing could be heard of a deploy for this long, its end counts as unseen: hal itself gives up after 30 min.
pub(crate) const DOWN_LIMIT_MS: u64 = 45 * 60_000;
/// A part of a deploy's log that did not come within this is asked for again.
pub(crate) const READ_LIMIT_MS: u64 = 60_000;
/// AWS Config is asked this long whether it has delivered a snapshot, milliseconds.
pub(crate) const PROOF_LIMIT_MS: u64 = 2 * 60_000;
/// AWS Config is asked this often whether it has delivered a snapshot, milliseconds.
pub const PROOF_POLL_MS: u64 = 2_000;
/// SNS's counts of this long before are asked for, milliseconds: CloudWatch keeps them by five minutes and lags.
pub const PROOF_COUNTS_MS: u64 = 60 * 60_000;
/// The journals of targets that are worked on are read this often, milliseconds.
pub(crate) const TARGETS_POLL_MS: u64 = 1_000;
/// A service that comes up is looked at this often, milliseconds.
pub(crate) const READY_POLL_MS: u64 = 5_000;
/// Home looks at everything again this often, milliseconds.
pub const HOME_REFRESH_MS: u64 = 60_000;
/// A subscription that waits for Gate is looked at this often, milliseconds.
pub(crate) const CONFIRM_POLL_MS: u64 = 2_000;
