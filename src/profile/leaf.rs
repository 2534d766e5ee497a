//! A property's value, comparable between two readings of a file.

use std::collections::BTreeMap;

/// A value below `spinnaker.extensibility`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Leaf {
    Null,
    EmptyMap,
    Scalar { text: String, plain: bool },
    Seq(u64),
    Alias(usize),
}

/// Flattened path to the values that it is given in one document, in their order.
pub(crate) type Leaves = BTreeMap<String, Vec<Leaf>>;
