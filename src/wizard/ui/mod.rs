//! What a skin shows: pages, forms, dialogs, keys and rows of text. Nothing here knows of a session.

pub mod beside;
pub mod dialog;
pub mod diff;
mod field;
pub mod form;
pub mod layout;
pub mod marks;
pub mod page;
pub mod pass;
pub mod regions;
pub mod row;
pub mod wrap;
