//! From a page to rows of text for a given width. The skins only paint rows; scrolling is decided
//! here, so it is the same everywhere.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::model::check::CheckVerdict;
use crate::ui::form::Form;
use crate::ui::marks;
use crate::ui::page::{Block, Item, ItemId, ItemState, Mark, Page, Tone};
use crate::ui::wrap::{broken, cut, pad, wrap};

/// The smallest terminal that the wizard draws on: columns, rows.
pub const MIN_SIZE: (u16, u16) = (80, 24);
/// From this width on the step list stands at the left, columns.
pub const SIDEBAR_FROM: u16 = 100;
/// The step list with its gap, columns.
pub const SIDEBAR: u16 = 26;
/// Rows of the frame around the body: title, rule, step line, gap, rule, message, keys.
pub const FRAME_ROWS: u16 = 7;

/// How a run of text is shown; the theme turns it into attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Running text.
    Plain,
    /// Lesser weight.
    Dim,
    /// More weight.
    Strong,
    /// Good.
    Good,
    /// Warning.
    Warning,
    /// Bad.
    Bad,
    /// The focused item.
    Focus,
    /// A field's text.
    Input,
    /// The focused field's text.
    InputFocus,
}

impl Role {
    /// Returns how the mark of a step or a screen is shown.
    #[must_use]
    pub fn of_mark(mark: Mark) -> Self {
        match mark {
            Mark::Done => Self::Good,
            Mark::Now => Self::Focus,
            Mark::Failed => Self::Bad,
            Mark::Unknown => Self::Warning,
            Mark::NotRun | Mark::ToDo => Self::Dim,
        }
    }
}

/// A run of text in one role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub text: String,
    pub role: Role,
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextRow {
    /// From left to right.
    pub spans: Vec<Span>,
    /// The item this row belongs to.
    pub item: Option<ItemId>,
    /// Column of the text cursor.
    pub cursor: Option<usize>,
}

impl TextRow {
    fn of(text: impl Into<String>, role: Role) -> Self {
        Self { spans: vec![Span { text: text.into(), role }], ..Self::default() }
    }

    fn and(mut self, text: impl Into<String>, role: Role) -> Self {
        self.spans.push(Span { text: text.into(), role });
        self
    }

    /// Returns the row's text.
    #[must_use]
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }
}

const LABEL: usize = 22;

/// Returns how many trailing blocks of a page are buttons: they stand in the bar below the body,
/// so that the way on is always in sight.
fn bar_begin(page: &Page) -> usize {
    let is_button = |block: &Block| matches!(block, Block::Item(item) if item.state == ItemState::Press);
    page.blocks.iter().rposition(|block| !is_button(block)).map_or(0, |at| at + 1)
}

/// Returns the rows of the bar below the body: the page's last buttons side by side, and the help
/// of the focused one.
#[must_use]
pub fn bar(page: &Page, form: &Form, width: usize) -> Vec<TextRow> {
    let mut out: Vec<TextRow> = Vec::new();
    let mut row = TextRow::default();
    let mut used = 0;
    let mut words = String::new();
    for block in &page.blocks[bar_begin(page)..] {
        let Block::Item(item) = block else { continue };
        let focused = form.focus.as_ref() == Some(&item.id);
        let text = format!("{}[ {} ]", if focused { "> " } else { "  " }, item.label);
        if used > 0 && used + text.width() > width {
            out.push(std::mem::take(&mut row));
            used = 0;
        }
        used += text.width() + 1;
        row = row.and(text, if focused { Role::Focus } else { Role::Plain }).and(" ", Role::Plain);
        if focused {
            words.clone_from(&item.help);
        }
    }
    if used > 0 {
        out.push(row);
        out.push(TextRow::of(cut(&format!("  {words}"), width), Role::Dim));
    }
    out
}

/// Returns the rows of the page's body for a width; `form` tells focus and edited texts.
#[must_use]
pub fn rows(page: &Page, form: &Form, width: usize) -> Vec<TextRow> {
    let width = width.max(20);
    let mut out = Vec::new();
    let mut previous_item = false;
    for block in &page.blocks[..bar_begin(page)] {
        let is_button = matches!(block, Block::Item(item) if item.state == ItemState::Press);
        if is_button && !previous_item && !out.is_empty() {
            out.push(TextRow::default());
        }
        previous_item = is_button;
        block_rows(block, form, width, &mut out);
    }
    out
}

fn block_rows(block: &Block, form: &Form, width: usize, out: &mut Vec<TextRow>) {
    match block {
        Block::Text(tone, text) => paragraph(text, role_of(*tone), width, 0, out),
        Block::Heading(text) => out.push(TextRow::of(text.clone(), Role::Strong)),
        Block::Gap => out.push(TextRow::default()),
        Block::Checks(checks) => {
            for check in checks {
                let (mark, role) = (marks::of_verdict(check.verdict), check_role(check.verdict));
                let text = if check.detail.is_empty() {
                    check.label.clone()
                } else {
                    format!("{}: {}", check.label, check.detail)
                };
                hanging(mark, role, &text, Role::Plain, width, out);
                if let Some(remedy) = &check.remedy {
                    paragraph(remedy, Role::Dim, width, 4, out);
                }
            }
        }
        Block::Facts(facts) => {
            for fact in facts {
                fact_rows(fact, LABEL + 2, width, out);
            }
        }
        Block::Item(item) => item_rows(item, form, width, out),
        Block::Diff(lines) => out.extend(lines.iter().map(|line| {
            let role = match line.as_bytes().first() {
                Some(b'+') => Role::Good,
                Some(b'-') => Role::Bad,
                Some(b'@') => Role::Dim,
                _ => Role::Plain,
            };
            TextRow::of(format!("  {}", cut(line, width.saturating_sub(2))), role)
        })),
        Block::Steps(steps) => {
            for step in steps {
                step_rows(step.mark, &step.text, &step.note, width, out);
            }
        }
        Block::Log { lines, rows } => {
            let skip = lines.len().saturating_sub(*rows);
            out.extend(
                lines
                    .iter()
                    .skip(skip)
                    .map(|line| TextRow::of(format!("  {}", cut(line, width.saturating_sub(2))), Role::Dim)),
            );
        }
        // Broken, never cut: what does not fit is still all there, and `c` copies it whole.
        Block::Copy(lines) => {
            out.extend(
                lines.iter().flat_map(|line| broken(line, width)).map(|line| TextRow::of(line, Role::Strong)),
            );
        }
    }
}

/// Returns how a tone looks.
#[must_use]
pub fn role_of(tone: Tone) -> Role {
    match tone {
        Tone::Plain => Role::Plain,
        Tone::Dim => Role::Dim,
        Tone::Strong => Role::Strong,
        Tone::Good => Role::Good,
        Tone::Warning => Role::Warning,
        Tone::Bad => Role::Bad,
    }
}

fn check_role(verdict: CheckVerdict) -> Role {
    match verdict {
        CheckVerdict::Good => Role::Good,
        CheckVerdict::Warning | CheckVerdict::Unknown => Role::Warning,
        CheckVerdict::Bad => Role::Bad,
    }
}

fn step_rows(mark: Mark, text: &str, note: &str, width: usize, out: &mut Vec<TextRow>) {
    let role = Role::of_mark(mark);
    let body = if mark == Mark::Now { Role::Strong } else { Role::Plain };
    let used = 4 + text.width();
    if note.is_empty() || used + 2 + note.width() <= width {
        let mut row = TextRow::of(format!("{} ", mark.text()), role).and(text, body);
        if !note.is_empty() {
            row = row.and(" ".repeat(width - used - note.width()), Role::Plain).and(note, Role::Dim);
        }
        if used <= width {
            out.push(row);
            return;
        }
    }
    hanging(mark.text(), role, text, body, width, out);
    if !note.is_empty() {
        paragraph(note, Role::Dim, width, 4, out);
    }
}

fn fact_rows(fact: &crate::ui::page::Fact, label: usize, width: usize, out: &mut Vec<TextRow>) {
    let note = if fact.note.is_empty() { String::new() } else { format!("  {}", fact.note) };
    let one_line = label + fact.value.width() + note.width() <= width;
    let mut lines = wrap(&fact.value, width.saturating_sub(label)).into_iter();
    let first = lines.next().unwrap_or_default();
    let mut row = TextRow::of(pad(&format!("  {}", fact.label), label), Role::Dim).and(first, Role::Plain);
    if one_line && !note.is_empty() {
        row = row.and(note.clone(), Role::Dim);
    }
    out.push(row);
    out.extend(lines.map(|line| TextRow::of(format!("{}{line}", " ".repeat(label)), Role::Plain)));
    if !one_line && !note.is_empty() {
        paragraph(note.trim(), Role::Dim, width, label, out);
    }
}

fn item_rows(item: &Item, form: &Form, width: usize, out: &mut Vec<TextRow>) {
    let focused = form.focus.as_ref() == Some(&item.id);
    let pointer = if focused { "> " } else { "  " };
    let role = if focused { Role::Focus } else { Role::Plain };
    let first = out.len();
    match &item.state {
        ItemState::Text { value, note, example } => field_rows(item, value, note, example, form, width, out),
        ItemState::Chosen(chosen) => {
            let mark = if *chosen { "(o) " } else { "( ) " };
            hanging_item(&format!("{pointer}{mark}"), &item.label, role, width, out);
            help(item, 6, width, out);
        }
        ItemState::Ticked(ticked) => {
            let mark = if *ticked { "[x] " } else { "[ ] " };
            hanging_item(&format!("{pointer}{mark}"), &item.label, role, width, out);
            help(item, 6, width, out);
        }
        ItemState::Press => {
            let mut row = TextRow::of(pointer, role).and(format!("[ {} ]", item.label), role);
            let room = width.saturating_sub(pointer.len() + item.label.width() + 4 + 2);
            if !item.help.is_empty() && item.help.width() <= room {
                row = row.and(format!("  {}", item.help), Role::Dim);
                out.push(row);
            } else {
                out.push(row);
                help(item, 6, width, out);
            }
        }
    }
    if let Some(error) = form.errors.get(&item.id) {
        paragraph(&format!("! {error}"), Role::Bad, width, 6, out);
    }
    for row in &mut out[first..] {
        row.item = Some(item.id.clone());
    }
}

fn field_rows(
    item: &Item,
    value: &str,
    note: &str,
    example: &str,
    form: &Form,
    width: usize,
    out: &mut Vec<TextRow>,
) {
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
    let field = room.min(30.max(shown.width() + 1));
    row = row.and(pad(&shown, field), role);
    let note = if edit.is_some_and(|edit| edit.text != value) { "changed" } else { note };
    if !note.is_empty() && start + field + 2 + note.width() <= width {
        row = row.and(format!("  {note}"), Role::Dim);
    }
    row.cursor = focused.then_some(start + cursor);
    out.push(row);
    if start + field + 2 + note.width() > width && !note.is_empty() {
        paragraph(note, Role::Dim, width, start, out);
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

fn help(item: &Item, indent: usize, width: usize, out: &mut Vec<TextRow>) {
    if !item.help.is_empty() {
        paragraph(&item.help, Role::Dim, width, indent, out);
    }
}

fn hanging(mark: &str, mark_role: Role, text: &str, role: Role, width: usize, out: &mut Vec<TextRow>) {
    for (at, line) in wrap(text, width.saturating_sub(4)).into_iter().enumerate() {
        out.push(if at == 0 {
            TextRow::of(format!("{mark} "), mark_role).and(line, role)
        } else {
            TextRow::of(format!("    {line}"), role)
        });
    }
}

fn hanging_item(lead: &str, text: &str, role: Role, width: usize, out: &mut Vec<TextRow>) {
    for (at, line) in wrap(text, width.saturating_sub(lead.len())).into_iter().enumerate() {
        let lead = if at == 0 { lead.to_owned() } else { " ".repeat(lead.len()) };
        out.push(TextRow::of(format!("{lead}{line}"), role));
    }
}

fn paragraph(text: &str, role: Role, width: usize, indent: usize, out: &mut Vec<TextRow>) {
    for line in text.split('\n') {
        for line in wrap(line, width.saturating_sub(indent)) {
            out.push(TextRow::of(format!("{}{line}", " ".repeat(indent)), role));
        }
    }
}

/// Returns the rows that are left for the body above the bar.
#[must_use]
pub fn body_height(bar: &[TextRow], height: usize) -> usize {
    if bar.is_empty() { height } else { height.saturating_sub(bar.len() + 1) }
}

/// Returns the first row to show so that the focus (or the scrolled-to place) is visible.
#[must_use]
pub fn offset(rows: &[TextRow], form: &Form, height: usize) -> usize {
    let most = rows.len().saturating_sub(height);
    if let Some(line) = form.scrolled {
        return line.min(most);
    }
    let Some(focus) = &form.focus else { return 0 };
    let mine =
        || rows.iter().enumerate().filter(|(_, row)| row.item.as_ref() == Some(focus)).map(|(at, _)| at);
    let (Some(first), Some(last)) = (mine().next(), mine().next_back()) else { return 0 };
    let is_first = rows.iter().find_map(|row| row.item.as_ref()) == Some(focus);
    if is_first && last < height {
        return 0;
    }
    // One row of context below, and as little scrolling as that needs.
    (last + 2).saturating_sub(height).min(first).min(most)
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
