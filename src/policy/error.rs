//! Why a policy is left alone.

/// Why a policy is left alone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// It is not a JSON object.
    #[error("the topic's access policy is not a JSON document: {0}")]
    NotJson(String),
    /// A statement denies AWS Config.
    #[error(
        "the topic's access policy denies AWS Config to publish; a statement of yours would have to go first"
    )]
    Denied,
    /// It would be too long.
    #[error("the topic's access policy would grow beyond 30 KB or 100 statements, which SNS refuses")]
    TooLong,
}
