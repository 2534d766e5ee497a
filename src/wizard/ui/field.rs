//! A text field as rows: label, text with the cursor in sight, where it came from, help.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::ui::form::Form;
use crate::ui::page::Item;
use crate::ui::row::{Helps, LABEL, Role, TextRow, paragraph};
use crate::ui::wrap::pad;

/// A field's text, as its item says it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'a> {
    pub(super) value: &'a str,
    /// Where it came from.
    pub(super) note: &'a str,
    pub(super) example: &'a str,
}

pub(super) fn rows(
    item: &Item,
    field: Field<'_>,
    form: &Form,
    (width, helps): (usize, Helps),
    out: &mut Vec<TextRow>,
) {
    let Field { value, note, example } = field;
    let focused = form.focus.as_ref() == Some(&item.id);
    let edit = form.edits.get(&item.id);
    let text = edit.map_or(value, |edit| edit.text.as_str());
    let pointer = if focused { "> " } else { "  " };
    let label_width = LABEL.max(item.label.width() + 1);
    let label = format!("{pointer}{}", pad(&item.label, label_width));
    let start = 2 + label_width;
    let room = width.saturating_sub(start + 1).max(8);
    // Where nobody writes, a long value shows its begin.
    let writes = if focused { text.chars().count() } else { 0 };
    let (shown, cursor) = window(text, edit.map_or(writes, |edit| edit.cursor), room);
    let role = if focused { Role::InputFocus } else { Role::Input };
    let mut row = TextRow::of(label, if focused { Role::Focus } else { Role::Plain });
    let room_used = room.min(30.max(shown.width() + 1));
    row = row.and(pad(&shown, room_used), role);
    let note = if edit.is_some_and(|edit| edit.text != value) { "changed" } else { note };
    if !note.is_empty() && start + room_used + 2 + note.width() <= width {
        row = row.and(format!("  {note}"), Role::Dim);
    }
    row.cursor = focused.then_some(start + cursor);
    out.push(row);
    if start + room_used + 2 + note.width() > width && !note.is_empty() {
        paragraph(note, Role::Dim, width, start, out);
    }
    if helps == Helps::Elsewhere {
        return;
    }
    let mut words = item.help.clone();
    if !example.is_empty() && text.is_empty() {
        words = format!("{words} Example: {example}");
    }
    if !words.trim().is_empty() {
        paragraph(words.trim(), Role::Dim, width, 6, out);
    }
}

/// Returns the part of a long text that shows the cursor, with `<` and `>` where something is missing, and the
/// cursor's column in it.
fn window(text: &str, cursor: usize, room: usize) -> (String, usize) {
    let chars: Vec<char> = text.chars().collect();
    let width_of = |part: &[char]| part.iter().map(|each| each.width().unwrap_or(0)).sum::<usize>();
    let cursor = cursor.min(chars.len());
    if width_of(&chars) < room {
        return (text.to_owned(), width_of(&chars[..cursor]));
    }
    let mut start = 0;
    // A column for each mark.
    while width_of(&chars[start..cursor]) + usize::from(start > 0) + usize::from(cursor < chars.len()) >= room
    {
        start += 1;
    }
    let before = if start > 0 { "<" } else { "" };
    let mut end = cursor;
    while end < chars.len() && before.len() + width_of(&chars[start..=end]) + 1 < room {
        end += 1;
    }
    let after = if end < chars.len() { ">" } else { "" };
    let shown: String = chars[start..end].iter().collect();
    (format!("{before}{shown}{after}"), before.len() + width_of(&chars[start..cursor]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_shows_the_part_with_the_cursor() {
        assert_eq!(window("abcdefghij", 10, 5), ("<hij".to_owned(), 4));
        assert_eq!(window("abcdefghij", 0, 5), ("abc>".to_owned(), 0));
        assert_eq!(window("abcdefghij", 5, 6), ("<cde>".to_owned(), 4));
        assert_eq!(window("abc", 1, 5), ("abc".to_owned(), 1));
    }
}
