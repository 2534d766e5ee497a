//! From a page to rows of text for a given width. The skins only paint rows; scrolling is decided
//! here, so it is the same everywhere.

use unicode_width::UnicodeWidthStr;

use crate::model::check::CheckVerdict;
use crate::ui::form::Form;
use crate::ui::marks;
use crate::ui::page::{Block, Gauge, Item, ItemState, Mark, Page, Tone};
use crate::ui::row::{Helps, LABEL, Role, TextRow, paragraph};
use crate::ui::wrap::{broken, cut, pad, wrap};
use crate::ui::{diff, field};

/// Returns how many trailing blocks of a page are buttons: they stand in the bar below the body,
/// so that the way on is always in sight.
fn bar_begin(page: &Page) -> usize {
    let is_button = |block: &Block| matches!(block, Block::Item(item) if item.state == ItemState::Press);
    page.blocks.iter().rposition(|block| !is_button(block)).map_or(0, |at| at + 1)
}

/// Returns the rows of the bar below the body: the page's last buttons side by side, and the help
/// of the focused one.
#[must_use]
pub fn bar(page: &Page, form: &Form, width: usize, helps: Helps) -> Vec<TextRow> {
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
        if helps == Helps::Inline {
            out.push(TextRow::of(cut(&format!("  {words}"), width), Role::Dim));
        }
    }
    out
}

/// Returns the rows of the page's body for a width; `form` tells focus and edited texts.
#[must_use]
pub fn rows(page: &Page, form: &Form, width: usize, helps: Helps) -> Vec<TextRow> {
    let width = width.max(20);
    let mut out = Vec::new();
    let mut previous_item = false;
    for block in &page.blocks[..bar_begin(page)] {
        let is_button = matches!(block, Block::Item(item) if item.state == ItemState::Press);
        if is_button && !previous_item && !out.is_empty() {
            out.push(TextRow::default());
        }
        previous_item = is_button;
        block_rows(block, form, (width, helps), &mut out);
    }
    out
}

/// Returns the rows of what stands beside the body: each difference under its name, each log whole.
#[must_use]
pub fn pane_rows(page: &Page, width: usize) -> Vec<TextRow> {
    let mut out = Vec::new();
    for block in &page.blocks {
        out.push(TextRow::default());
        if let Block::Diff { of, .. } = block {
            out.push(TextRow::of(of.clone(), Role::Strong));
        }
        block_rows(block, &Form::default(), (width, Helps::Elsewhere), &mut out);
    }
    out
}

fn block_rows(block: &Block, form: &Form, (width, helps): (usize, Helps), out: &mut Vec<TextRow>) {
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
        Block::Item(item) => item_rows(item, form, (width, helps), out),
        Block::Diff { lines, .. } => diff::rows(lines, width, out),
        Block::Gauge(gauge) => gauge_rows(gauge, width, out),
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
    let body = if matches!(mark, Mark::Now | Mark::Busy(_)) { Role::Strong } else { Role::Plain };
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

/// A bar that says how much of a limit is used, and beside it what it says.
fn gauge_rows(gauge: &Gauge, width: usize, out: &mut Vec<TextRow>) {
    let room = width.saturating_sub(gauge.words.width() + 6).clamp(16, 40);
    let filled = (room * usize::from(gauge.filled.min(1_000))) / 1_000;
    let head = if filled < room { ">" } else { "" };
    let bar = format!("  [{}{head}{}] ", "=".repeat(filled), " ".repeat(room - filled - head.len()));
    let fits = bar.width() + gauge.words.width() <= width;
    let row = TextRow::of(bar, Role::Focus);
    if fits {
        out.push(row.and(gauge.words.clone(), Role::Plain));
    } else {
        out.push(row);
        paragraph(&gauge.words, Role::Plain, width, 2, out);
    }
}

/// A row of a table: label, value, and what Enter does with it.
fn table_row(item: &Item, (value, enter): (&str, &str), focused: bool, width: usize, out: &mut Vec<TextRow>) {
    let (pointer, role) = if focused { ("> ", Role::Focus) } else { ("  ", Role::Plain) };
    let label = format!("{pointer}{}", pad(&item.label, LABEL.max(item.label.width() + 1)));
    let start = label.width();
    let enter = if focused && !enter.is_empty() { format!("  [Enter: {enter}]") } else { String::new() };
    let one_line = start + value.width() + enter.width() <= width;
    let mut lines = wrap(value, width.saturating_sub(start)).into_iter();
    let mut row = TextRow::of(label, role).and(lines.next().unwrap_or_default(), Role::Plain);
    if one_line {
        row = row.and(enter.clone(), Role::Dim);
    }
    out.push(row);
    out.extend(lines.map(|line| TextRow::of(format!("{}{line}", " ".repeat(start)), Role::Plain)));
    if !one_line && !enter.is_empty() {
        out.push(TextRow::of(format!("{}{}", " ".repeat(start), enter.trim_start()), Role::Dim));
    }
}

fn item_rows(item: &Item, form: &Form, (width, helps): (usize, Helps), out: &mut Vec<TextRow>) {
    let focused = form.focus.as_ref() == Some(&item.id);
    let pointer = if focused { "> " } else { "  " };
    let role = if focused { Role::Focus } else { Role::Plain };
    let first = out.len();
    match &item.state {
        ItemState::Text { value, note, example } => {
            field::rows(item, field::Field { value, note, example }, form, (width, helps), out);
        }
        ItemState::Row { value, enter } => table_row(item, (value, enter), focused, width, out),
        ItemState::Chosen(chosen) => {
            let mark = if *chosen { "(o) " } else { "( ) " };
            hanging_item(&format!("{pointer}{mark}"), &item.label, role, width, out);
            help(item, 6, width, out);
        }
        ItemState::Ticked(ticked) => {
            let mark = if *ticked { "[x] " } else { "[ ] " };
            hanging_item(&format!("{pointer}{mark}"), &item.label, role, width, out);
            if helps == Helps::Inline {
                help(item, 6, width, out);
            }
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
