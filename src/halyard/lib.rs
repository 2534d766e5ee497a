//! halyard
