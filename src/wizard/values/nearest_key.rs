//! The key that was meant, by one that does not exist.

use super::answers::Key;

/// Returns the words that point to it: a key or section as deep as what was typed and spelt much like it, or one
/// of that name in another section.
pub(super) fn hint(typed: &str) -> String {
    match nearest(typed) {
        Some(meant) => format!("did you mean {meant}?"),
        None => "see: event-cache-wizard answers --template".to_owned(),
    }
}

fn nearest(typed: &str) -> Option<String> {
    let paths = || Key::ALL.iter().filter(|key| !key.passing()).map(|key| key.path());
    let depth = typed.split('.').count();
    let alike = alike(typed, paths().map(|path| path.split('.').take(depth).collect::<Vec<_>>().join(".")));
    let last = |path: &str| path.rsplit('.').next().map(str::to_owned);
    alike.or_else(|| paths().find(|path| last(path) == last(typed)).map(str::to_owned))
}

/// Returns the name that was meant, if one is spelt much like what was typed.
pub fn alike(typed: &str, names: impl Iterator<Item = String>) -> Option<String> {
    // A third of the letters may be wrong; more is another word.
    let most = (typed.chars().count() / 3).max(1);
    let nearest = names.map(|name| (strsim::osa_distance(typed, &name), name)).min();
    nearest.filter(|(distance, _)| *distance <= most).map(|(_, name)| name)
}
