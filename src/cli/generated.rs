//! Files of this project that are made from its own types: a test says when they have to be made anew.

/// Asserts that a file holds what it would be made to hold now; with `ECW_UPDATE=1` makes it so.
pub(crate) fn is_current(path: &str, wanted: &str) {
    if std::env::var_os("ECW_UPDATE").is_some() {
        std::fs::write(path, wanted).expect("written");
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(found == wanted, "{path} is made anew by ECW_UPDATE=1 cargo test --lib");
}
