//! The difference of two policies as lines of pretty JSON.

use serde_json::Value;
use similar::{ChangeTag, TextDiff};

/// Returns lines that begin with `+`, `-` or a blank.
#[must_use]
pub fn diff(before: Option<&str>, after: &str) -> Vec<String> {
    let pretty = |text: &str| {
        serde_json::from_str::<Value>(text)
            .ok()
            .and_then(|value| serde_json::to_string_pretty(&value).ok())
            .unwrap_or_else(|| text.to_owned())
    };
    let (before, after) = (before.map(pretty).unwrap_or_default(), pretty(after));
    TextDiff::from_lines(before.as_str(), after.as_str())
        .iter_all_changes()
        .map(|change| {
            let mark = match change.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            };
            format!("{mark} {}", change.value().trim_end_matches('\n'))
        })
        .collect()
}
