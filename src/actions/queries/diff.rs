//! A profile's change as lines with context. Values that look secret are masked: the difference
//! goes to screen, plan and bundle.

use ecw_halyard::{HIDDEN, redact, secret_name};
use ecw_profile::Receipt;
use similar::TextDiff;

const CONTEXT: usize = 3;

/// Returns the change as lines marked with `+`, `-` or a blank. Only the neighbourhood of the
/// splices is compared, so a huge file costs nothing.
#[must_use]
pub fn diff(before: &[u8], receipt: &Receipt) -> Vec<String> {
    let mut lines = Vec::new();
    let mut at = 0;
    let splices = &receipt.splices;
    while at < splices.len() {
        let start = back(before, splices[at].offset, CONTEXT);
        let mut end = forward(before, splices[at].offset + splices[at].removed.len(), CONTEXT);
        let first = at;
        at += 1;
        while at < splices.len() && back(before, splices[at].offset, CONTEXT) <= end {
            end = forward(before, splices[at].offset + splices[at].removed.len(), CONTEXT);
            at += 1;
        }
        hunk(before, start, end, &splices[first..at], &mut lines);
    }
    lines
}

fn hunk(before: &[u8], start: usize, end: usize, splices: &[ecw_profile::Splice], lines: &mut Vec<String>) {
    let old = String::from_utf8_lossy(&before[start..end]).into_owned();
    let mut new = String::new();
    let mut at = start;
    for splice in splices {
        new.push_str(&String::from_utf8_lossy(&before[at..splice.offset]));
        new.push_str(&splice.inserted);
        at = splice.offset + splice.removed.len();
    }
    new.push_str(&String::from_utf8_lossy(&before[at..end]));
    let number = memchr::memchr_iter(b'\n', &before[..start]).count() + 1;
    lines.push(format!("@ line {number}"));
    let mut masker = Masker { below: enclosing_secret(before, start) };
    for change in TextDiff::from_lines(old.as_str(), new.as_str()).iter_all_changes() {
        let mark = match change.tag() {
            similar::ChangeTag::Equal => ' ',
            similar::ChangeTag::Delete => '-',
            similar::ChangeTag::Insert => '+',
        };
        let line = shown(change.value());
        lines.push(format!("{mark} {}", masker.shown(&line)));
    }
}

/// Masks lines one after the other: what stands deeper below a secret's name (a block, a list) is part of the secret.
#[derive(Default)]
pub(super) struct Masker {
    below: Option<usize>,
}

impl Masker {
    /// Returns the next line as it may be shown.
    pub(super) fn shown(&mut self, line: &str) -> String {
        let indent = line.len() - line.trim_start().len();
        if self.below.is_some_and(|secret| indent > secret && !line.trim().is_empty()) {
            return format!("{}{HIDDEN}", " ".repeat(indent));
        }
        let (key, value) = line.split_once(':').unwrap_or((line, ""));
        // A text in quotes over several lines, as kustomize writes what ends in blanks, may hold anything.
        let value = value.trim();
        let folded =
            value.starts_with('"') && (value.len() == 1 || !value.ends_with('"') || value.contains("\\n"));
        self.below = (secret_name(key) || folded).then_some(indent);
        if folded { format!("{key}: {HIDDEN}") } else { mask(line) }
    }
}

/// Returns the indentation of the secret's name above a place that what stands there belongs to, if there is one.
fn enclosing_secret(bytes: &[u8], at: usize) -> Option<usize> {
    let indent_of = |line: &[u8]| line.iter().take_while(|byte| **byte == b' ').count();
    let blank = |line: &[u8]| line.iter().all(u8::is_ascii_whitespace);
    let mut innermost = bytes[at..].split(|byte| *byte == b'\n').find(|line| !blank(line)).map(indent_of)?;
    let mut end = at;
    while innermost > 0 && end > 0 {
        let start = bytes[..end - 1].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let line = &bytes[start..end - 1];
        let indent = indent_of(line);
        if !blank(line) && indent < innermost {
            innermost = indent;
            let text = String::from_utf8_lossy(line);
            if text.split_once(':').is_some_and(|(key, _)| secret_name(key)) {
                return Some(indent);
            }
        }
        end = start;
    }
    None
}

/// Makes a line safe to show but keeps its indentation.
pub(super) fn shown(line: &str) -> String {
    let line = line.trim_end_matches(['\r', '\n']);
    let blanks = line.len() - line.trim_start_matches(' ').len();
    format!("{}{}", &line[..blanks], ecw_halyard::clean(&line[blanks..], 400))
}

/// Masks the value of a key that looks like a secret's, whatever the value looks like, and what else
/// looks like a secret.
#[must_use]
pub fn mask(line: &str) -> String {
    match line.split_once(':') {
        Some((key, value)) if !value.trim().is_empty() && secret_name(key) => format!("{key}: {HIDDEN}"),
        _ => redact(line),
    }
}

fn back(bytes: &[u8], offset: usize, lines: usize) -> usize {
    let mut at = offset.min(bytes.len());
    for _ in 0..=lines {
        match bytes[..at].iter().rposition(|byte| *byte == b'\n') {
            Some(newline) => at = newline,
            None => return 0,
        }
    }
    at + 1
}

fn forward(bytes: &[u8], offset: usize, lines: usize) -> usize {
    let mut at = offset.min(bytes.len());
    for _ in 0..=lines {
        match bytes[at..].iter().position(|byte| *byte == b'\n') {
            Some(newline) => at += newline + 1,
            None => return bytes.len(),
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn what_stands_below_a_secrets_name_is_hidden_wherever_a_hunk_begins() {
        let text = "ssh:\n  privateKey: |\n    one\n    two\n    three\nnext: 1\n";
        let at = |word: &str| text.find(word).map(|at| text[..at].rfind('\n').map_or(0, |at| at + 1));
        assert_eq!(super::enclosing_secret(text.as_bytes(), at("three").unwrap_or(0)), Some(2));
        assert_eq!(super::enclosing_secret(text.as_bytes(), at("next").unwrap_or(0)), None);
        let mut masker = super::Masker::default();
        let shown: Vec<String> = ["a: \"x", "  hunter2\\n\"", "b: 1"].map(|line| masker.shown(line)).to_vec();
        assert_eq!(shown, ["a: (hidden)", "  (hidden)", "b: 1"]);
    }

    #[test]
    fn values_that_look_secret_are_masked() {
        assert_eq!(mask("  password: hunter2"), "  password: (hidden)");
        assert_eq!(mask("aws.secretAccessKey: abc"), "aws.secretAccessKey: (hidden)");
        assert_eq!(mask("  url: https://me:pw@host/x"), "  url: https://(hidden)@host/x");
        assert_eq!(mask("  enabled: true"), "  enabled: true");
    }
}
