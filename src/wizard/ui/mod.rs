//! What a skin shows: pages, forms, dialogs, keys and rows of text. Nothing here knows of a session.

pub mod dialog;
pub mod form;
pub mod layout;
pub mod marks;
pub mod page;
pub mod pass;
pub mod wrap;
