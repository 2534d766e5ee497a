//! A difference as rows: line numbers, signs, and in a line that changes the part that does.

use crate::ui::row::{Role, TextRow};
use crate::ui::wrap::cut;

/// Columns of the line number, its gap and the sign.
const GUTTER: usize = 8;

/// Adds the rows of a difference. Its lines begin with `+`, `-`, a blank, or `@ line N`: the next is that line.
pub(super) fn rows(lines: &[String], width: usize, out: &mut Vec<TextRow>) {
    let room = width.saturating_sub(GUTTER);
    let (mut old, mut new) = (Some(1), Some(1));
    for (at, line) in lines.iter().enumerate() {
        let (sign, text) = line.split_at(line.chars().next().map_or(0, char::len_utf8));
        let count = |number: &mut Option<usize>| {
            let shown = *number;
            *number = shown.map(|number| number + 1);
            shown.map(|number| number.to_string()).unwrap_or_default()
        };
        match sign {
            "@" => {
                let begin = text.trim().trim_start_matches("line").trim().parse().ok();
                (old, new) = (begin, begin);
                if at > 0 {
                    out.push(TextRow::of(format!("{:>5}", "..."), Role::Dim));
                }
            }
            "+" => {
                let pair = at.checked_sub(1).and_then(|before| pair(lines, before, at));
                out.push(changed(&count(&mut new), "+", text, pair, (Role::Good, Role::Added), room));
            }
            "-" => {
                let pair = pair(lines, at + 1, at);
                out.push(changed(&count(&mut old), "-", text, pair, (Role::Bad, Role::Removed), room));
            }
            _ => {
                count(&mut old);
                let number = count(&mut new);
                out.push(TextRow::of(format!("{number:>5}   "), Role::Dim).and(cut(text, room), Role::Plain));
            }
        }
    }
}

/// Returns how many lines come and go, such as `+9 -1`; nothing when none does.
#[must_use]
pub fn counted<'a>(lines: impl IntoIterator<Item = &'a String>) -> Option<String> {
    let (mut more, mut less) = (0, 0);
    for line in lines {
        more += usize::from(line.starts_with('+'));
        less += usize::from(line.starts_with('-'));
    }
    match (more, less) {
        (0, 0) => None,
        (more, 0) => Some(format!("+{more}")),
        (more, less) => Some(format!("+{more} -{less}")),
    }
}

/// Returns the changed lines of a whole text with a few around each, parts that stay left out.
#[must_use]
pub fn near(lines: &[String]) -> Vec<String> {
    const AROUND: usize = 3;
    let changes: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| line.starts_with(['+', '-'])).map(|(at, _)| at).collect();
    let mut out = Vec::new();
    let (mut number, mut left_out) = (1, false);
    for (at, line) in lines.iter().enumerate() {
        let shown = changes.iter().any(|change| change.abs_diff(at) <= AROUND);
        if shown && std::mem::take(&mut left_out) {
            out.push(format!("@ line {number}"));
        }
        if shown {
            out.push(line.clone());
        } else {
            left_out = true;
        }
        number += usize::from(!line.starts_with('-'));
    }
    out
}

/// Returns the line that takes another's place: a lone `-` with a lone `+` right after it.
fn pair(lines: &[String], other: usize, at: usize) -> Option<&str> {
    let sign = |at: usize| lines.get(at).and_then(|line| line.chars().next());
    let (less, more) = (other.min(at), other.max(at));
    let lone = sign(less) == Some('-')
        && sign(more) == Some('+')
        && less.checked_sub(1).and_then(sign) != Some('-')
        && sign(more + 1) != Some('+');
    lone.then(|| lines.get(other).and_then(|line| line.get(1..))).flatten()
}

/// A line that comes or goes; of one that changes, the part between what both have in common stands out.
fn changed(
    number: &str,
    sign: &str,
    text: &str,
    pair: Option<&str>,
    (role, strong): (Role, Role),
    room: usize,
) -> TextRow {
    let row = TextRow::of(format!("{number:>5} "), Role::Dim).and(format!("{sign} "), role);
    let text = cut(text, room);
    let Some(other) = pair else { return row.and(text, role) };
    let begin: usize = text
        .chars()
        .zip(other.chars())
        .take_while(|(mine, its)| mine == its)
        .map(|(each, _)| each.len_utf8())
        .sum();
    let rest = &other[begin.min(other.len())..];
    let end: usize = text[begin..]
        .chars()
        .rev()
        .zip(rest.chars().rev())
        .take_while(|(mine, its)| mine == its)
        .map(|(each, _)| each.len_utf8())
        .sum();
    let (middle, tail) = text[begin..].split_at(text.len() - begin - end);
    row.and(&text[..begin], role).and(middle, strong).and(tail, role)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(lines: &[&str]) -> Vec<String> {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        let mut out = Vec::new();
        rows(&lines, 40, &mut out);
        let span = |row: &TextRow| {
            let strong = |role| matches!(role, Role::Added | Role::Removed);
            row.spans
                .iter()
                .map(|span| if strong(span.role) { format!("<{}>", span.text) } else { span.text.clone() })
                .collect::<String>()
        };
        out.iter().map(span).collect()
    }

    #[test]
    fn lines_have_their_numbers_and_a_line_that_changes_shows_what_does() {
        let diff = shown(&["@ line 8", " plugins:", "-  Armory.Integration:", "+  Armory.Events:", " id: x"]);
        assert_eq!(
            diff,
            [
                "    8   plugins:",
                "    9 -   Armory.<Integration>:",
                "    9 +   Armory.<Events>:",
                "   10   id: x"
            ]
        );
    }

    #[test]
    fn lines_that_come_together_are_no_change_of_a_line() {
        assert_eq!(shown(&["@ line 1", "-a", "+b", "+c"]), ["    1 - a", "    1 + b", "    2 + c"]);
        assert_eq!(shown(&["+é", " x", "-é"]), ["    1 + é", "    2   x", "    2 - é"]);
    }

    #[test]
    fn what_stays_is_shown_near_a_change_alone() {
        let lines: Vec<String> = (1..=9).map(|line| format!(" {line}")).chain(["+new".to_owned()]).collect();
        assert_eq!(near(&lines), ["@ line 7", " 7", " 8", " 9", "+new"]);
        assert_eq!(near(&lines[..9]), Vec::<String>::new());
    }
}
