//! One frame: title, steps, body, pane, rule, message, keys; dialogs and help over the body.

use ecw_wizard::navigation::job::job;
use ecw_wizard::state::Session;
use ecw_wizard::ui::dialog::Dialog;
use ecw_wizard::ui::layout;
use ecw_wizard::ui::marks;
use ecw_wizard::ui::regions::MIN_SIZE;
use ecw_wizard::ui::row::Role;
use ecw_wizard::ui::wrap;
use ecw_wizard::ui::wrap::wrap;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use unicode_width::UnicodeWidthStr;

use crate::frame::{heading, keys, paint, pane, put, rail, rule, title, under_title};
use crate::log_viewer::log_viewer;
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
    if let Some(log) = session.view().log() {
        let cursor = log_viewer(buffer, session, log, theme);
        return finished(buffer, session, cursor, theme);
    }
    title(buffer, session, theme);
    under_title(buffer, session, theme);
    rail(buffer, session, theme);
    let cursor = if session.view().help() {
        help(buffer, session, theme);
        None
    } else {
        body(buffer, session, theme)
    };
    let bottom = session.regions().rule;
    if let Some(message) = &session.view().message() {
        let width = usize::from(area.width).saturating_sub(2);
        put(buffer, 1, bottom + 1, &wrap::cut(message, width), theme.style(Role::Warning));
    }
    keys(buffer, session, bottom + 2, theme);
    finished(buffer, session, cursor, theme)
}

/// Lays the dialog over everything and lets nothing through that a terminal must not get.
fn finished(
    buffer: &mut Buffer,
    session: &Session,
    cursor: Option<Position>,
    theme: Theme,
) -> Option<Position> {
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
    let job = job(session);
    let text = format!(
        "Terminal is {}x{}, needs {}x{}. Enlarge it; {}.",
        area.width,
        area.height,
        MIN_SIZE.0,
        MIN_SIZE.1,
        if session.job_runs() { "the job goes on" } else { "nothing is lost" }
    );
    let lines = job.into_iter().chain([text]).flat_map(|text| wrap(&text, usize::from(area.width)));
    for (y, line) in (0..area.height).zip(lines) {
        put(buffer, 0, y, &line, theme.style(Role::Plain));
    }
}

fn body(buffer: &mut Buffer, session: &Session, theme: Theme) -> Option<Position> {
    let (page, beside) = session.page_and_pane();
    let form = session.form();
    let (x, top) = (session.regions().body.x, session.regions().body.y);
    heading(buffer, session, &page.title, theme);
    pane(buffer, session, &page, &beside, theme);
    let seen = session.in_sight(&page, &form);
    let bar_top = (top + session.regions().body.height)
        .saturating_sub(u16::try_from(seen.bar.len()).unwrap_or(0))
        .max(top);
    for (y, row) in (bar_top..).zip(&seen.bar) {
        paint(buffer, x, y, row, theme);
    }
    let mut cursor = None;
    for (y, row) in (top..).zip(seen.rows.iter().skip(seen.above).take(seen.height)) {
        paint(buffer, x, y, row, theme);
        if let Some(column) = row.cursor {
            cursor = Some(Position { x: x + u16::try_from(column).unwrap_or(0), y });
        }
    }
    rule(buffer, session, session.regions().rule, &more(seen.above, seen.below), theme);
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

fn help(buffer: &mut Buffer, session: &Session, theme: Theme) {
    let body = session.regions().body;
    let (_, height) = session.body_size();
    let x = body.x;
    let screen = session.screen();
    put(buffer, x, 2, &format!("Help: {}", screen.name()), theme.style(Role::Strong));
    let (lines, top, below) = session.help_in_sight();
    for (y, (line, tone)) in (body.y..).zip(lines.into_iter().skip(top).take(height)) {
        put(buffer, x, y, &line, theme.style(layout::role_of(tone)));
    }
    rule(buffer, session, session.regions().rule, &more(top, below), theme);
}

fn dialog_box(buffer: &mut Buffer, session: &Session, dialog: &Dialog, theme: Theme) {
    let area = buffer.area;
    let inner = usize::from(area.width.saturating_sub(12)).min(84);
    let mut lines: Vec<(String, Role)> =
        wrap(&dialog.title, inner).into_iter().map(|line| (line, Role::Strong)).collect();
    lines.push((String::new(), Role::Plain));
    for text in &dialog.text {
        lines.extend(wrap(text, inner).into_iter().map(|line| (line, Role::Plain)));
    }
    let room = usize::from(area.height).saturating_sub(if area.height < 20 { 5 } else { 10 });
    let room = room.max(3);
    if lines.len() > room {
        // Nothing is left out without a word.
        lines.truncate(room - 1);
        lines.push(("... more; enlarge the terminal".to_owned(), Role::Strong));
    }
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
