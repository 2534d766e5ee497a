//! One frame: title, rule, step line, body, rule, message, keys; dialogs and help over the body.

use ecw_wizard::screens;
use ecw_wizard::state::Session;
use ecw_wizard::ui::dialog::Dialog;
use ecw_wizard::ui::layout;
use ecw_wizard::ui::layout::{MIN_SIZE, Role, SIDEBAR, SIDEBAR_FROM, TextRow};
use ecw_wizard::ui::marks;
use ecw_wizard::ui::wrap;
use ecw_wizard::ui::wrap::wrap;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use unicode_width::UnicodeWidthStr;

use crate::frame::{keys, put, rule, sidebar, step_line, title};
use crate::theme::Theme;

/// Paints the session; returns where the text cursor stands, if one is shown.
pub fn draw(buffer: &mut Buffer, session: &Session, theme: Theme) -> Option<Position> {
    let area = buffer.area;
    if area.width == 0 || area.height == 0 {
        return None;
    }
    if area.width < MIN_SIZE.0 || area.height < MIN_SIZE.1 {
        too_small(buffer, session, theme);
        return None;
    }
    title(buffer, session, theme);
    rule(buffer, session, 1, "", theme);
    let side = if area.width >= SIDEBAR_FROM { SIDEBAR } else { 0 };
    if side > 0 {
        sidebar(
            buffer,
            session,
            Rect { x: 1, y: 2, width: side, height: area.height.saturating_sub(5) },
            theme,
        );
    }
    let x = 1 + side;
    let bottom = area.height - 3;
    let cursor = if session.view().help() {
        help(buffer, session, x, theme);
        None
    } else {
        body(buffer, session, x, theme)
    };
    if let Some(message) = &session.view().message() {
        let width = usize::from(area.width).saturating_sub(2);
        put(buffer, 1, bottom + 1, &wrap::cut(message, width), theme.style(Role::Warning));
    }
    keys(buffer, session, bottom + 2, theme);
    let cursor = match &session.dialog() {
        Some(dialog) => {
            dialog_box(buffer, session, dialog, theme);
            None
        }
        None => cursor,
    };
    harmless(buffer);
    if session.view().ascii() {
        in_ascii(buffer);
    }
    cursor
}

/// What a terminal that knows ASCII alone cannot show has something that stands for it.
fn in_ascii(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if !cell.symbol().is_ascii() {
            let text: String = cell.symbol().chars().take(1).map(marks::in_ascii).collect();
            cell.set_symbol(&text);
        }
    }
}

/// The last door before the terminal: no cell acts on it or turns a line around, wherever its text
/// came from.
fn harmless(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if cell.symbol().chars().any(ecw_halyard::harmful) {
            let text = ecw_halyard::strip(cell.symbol(), 8);
            cell.set_symbol(if text.is_empty() { " " } else { &text });
        }
    }
}

fn too_small(buffer: &mut Buffer, session: &Session, theme: Theme) {
    let area = buffer.area;
    let text = format!(
        "Terminal is {}x{}, needs {}x{}. Enlarge it; {}.",
        area.width,
        area.height,
        MIN_SIZE.0,
        MIN_SIZE.1,
        if session.job_runs() { "the job goes on" } else { "nothing is lost" }
    );
    for (y, line) in (0..area.height).zip(wrap(&text, usize::from(area.width))) {
        put(buffer, 0, y, &line, theme.style(Role::Plain));
    }
}

fn body(buffer: &mut Buffer, session: &Session, x: u16, theme: Theme) -> Option<Position> {
    let page = session.page();
    let form = session.form();
    let (width, height) = session.body_size();
    step_line(buffer, session, x, 2, &page.title, theme);
    let rows = layout::rows(&page, &form, width);
    let bar = layout::bar(&page, &form, width);
    let bar_top = 4 + u16::try_from(height - bar.len().min(height)).unwrap_or(0);
    for (y, row) in (bar_top..).zip(&bar) {
        paint(buffer, x, y, row, theme);
    }
    let height = layout::body_height(&bar, height);
    let offset = layout::offset(&rows, &form, height);
    let mut cursor = None;
    for (y, row) in (4_u16..).zip(rows.iter().skip(offset).take(height)) {
        paint(buffer, x, y, row, theme);
        if let Some(column) = row.cursor {
            cursor = Some(Position { x: x + u16::try_from(column).unwrap_or(0), y });
        }
    }
    let below = rows.len().saturating_sub(offset + height);
    rule(buffer, session, buffer.area.height - 3, &more(offset, below), theme);
    cursor
}

/// What stands outside the lines that are shown.
fn more(above: usize, below: usize) -> String {
    match (above, below) {
        (0, 0) => String::new(),
        (_, 0) => "more above (PgUp)".to_owned(),
        (_, below) => format!("{below} more below (PgDn)"),
    }
}

fn paint(buffer: &mut Buffer, x: u16, y: u16, row: &TextRow, theme: Theme) {
    let mut at = x;
    for span in &row.spans {
        put(buffer, at, y, &span.text, theme.style(span.role));
        at = at.saturating_add(u16::try_from(span.text.width()).unwrap_or(u16::MAX));
    }
}

fn help(buffer: &mut Buffer, session: &Session, x: u16, theme: Theme) {
    let (width, height) = session.body_size();
    let screen = session.screen();
    put(buffer, x, 2, &format!("Help: {}", screen.name()), theme.style(Role::Strong));
    let lines = screens::help_lines(screen, width);
    let top = session.view().help_top().min(lines.len().saturating_sub(height));
    let below = lines.len().saturating_sub(top + height);
    for (y, (line, tone)) in (4_u16..).zip(lines.into_iter().skip(top).take(height)) {
        put(buffer, x, y, &line, theme.style(layout::role_of(tone)));
    }
    rule(buffer, session, buffer.area.height - 3, &more(top, below), theme);
}

fn dialog_box(buffer: &mut Buffer, session: &Session, dialog: &Dialog, theme: Theme) {
    let area = buffer.area;
    let inner = usize::from(area.width.saturating_sub(12)).min(84);
    let mut lines: Vec<(String, Role)> =
        vec![(dialog.title.clone(), Role::Strong), (String::new(), Role::Plain)];
    for text in &dialog.text {
        lines.extend(wrap(text, inner).into_iter().map(|line| (line, Role::Plain)));
    }
    let room = usize::from(area.height).saturating_sub(10);
    lines.truncate(room.max(3));
    lines.push((String::new(), Role::Plain));
    let height = u16::try_from(lines.len() + 1).unwrap_or(10) + 2;
    let width = u16::try_from(inner + 4).unwrap_or(area.width);
    let left = area.width.saturating_sub(width) / 2;
    let top = area.height.saturating_sub(height) / 2;
    border(buffer, session, Rect { x: left, y: top, width, height }, theme);
    let mut y = top + 1;
    for (line, role) in lines {
        put(buffer, left + 2, y, &line, theme.style(role));
        y += 1;
    }
    let mut x = left + 2;
    for (at, (_, label)) in dialog.buttons.iter().enumerate() {
        let (pointer, role) = if at == dialog.focus { ("> ", Role::Focus) } else { ("  ", Role::Plain) };
        let text = format!("{pointer}[ {label} ]");
        put(buffer, x, y, &text, theme.style(role));
        x += u16::try_from(text.width()).unwrap_or(0) + 2;
    }
}

fn border(buffer: &mut Buffer, session: &Session, area: Rect, theme: Theme) {
    let [corner, across, down] = if session.view().ascii() { ["+", "-", "|"] } else { ["", "─", "│"] };
    let corners = if session.view().ascii() { [corner; 4] } else { ["┌", "┐", "└", "┘"] };
    // A style is laid over what a cell has: nothing of the page beneath may shine through.
    for y in area.y..area.bottom() {
        for x in area.x..area.right() {
            buffer[(x, y)].reset();
        }
    }
    let style = theme.style(Role::Focus);
    let inside = " ".repeat(usize::from(area.width.saturating_sub(2)));
    for y in area.y + 1..area.bottom().saturating_sub(1) {
        put(buffer, area.x, y, down, style);
        put(buffer, area.x + 1, y, &inside, theme.style(Role::Plain));
        put(buffer, area.right() - 1, y, down, style);
    }
    let line = across.repeat(usize::from(area.width.saturating_sub(2)));
    for (y, left, right) in [(area.y, corners[0], corners[1]), (area.bottom() - 1, corners[2], corners[3])] {
        put(buffer, area.x, y, left, style);
        put(buffer, area.x + 1, y, &line, style);
        put(buffer, area.right() - 1, y, right, style);
    }
}

/// Returns a frame as plain text, one line a row, blanks at line ends dropped.
#[must_use]
pub fn text_of(session: &Session) -> String {
    let area = Rect { x: 0, y: 0, width: session.view().size().0, height: session.view().size().1 };
    let mut buffer = Buffer::empty(area);
    draw(&mut buffer, session, Theme { colour: crate::Colour::None });
    let mut out = String::new();
    for y in 0..area.height {
        let mut line = String::new();
        for x in 0..area.width {
            line.push_str(buffer[(x, y)].symbol());
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
