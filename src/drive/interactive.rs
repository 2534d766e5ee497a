//! interactive
