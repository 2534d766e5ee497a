//! The fixed regions around the body: title, rules, step list, message, keys.

use ecw_wizard::model::mode::Rehearsal;
use ecw_wizard::model::screen::Screen;
use ecw_wizard::navigation::hints::hints;
use ecw_wizard::navigation::rail::{RailRow, rows, steps};
use ecw_wizard::rules::worked_on::worked_on;
use ecw_wizard::screens::why;
use ecw_wizard::state::Session;
use ecw_wizard::ui::layout;
use ecw_wizard::ui::page::{Mark, Page};
use ecw_wizard::ui::regions::Pane;
use ecw_wizard::ui::row::{Role, TextRow};
use ecw_wizard::ui::wrap::{cut, wrap};
use ratatui::buffer::Buffer;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use crate::theme::Theme;

/// Below this many columns the title is short.
const SHORT: usize = 72;

/// Writes text at a place, cut at the right edge of the buffer; outside the buffer it does nothing.
pub(crate) fn put(buffer: &mut Buffer, x: u16, y: u16, text: &str, style: Style) {
    let area = buffer.area;
    if y < area.bottom() && x < area.right() {
        buffer.set_stringn(x, y, text, usize::from(area.right() - x), style);
    }
}

/// Draws a rule with an optional remark at its right end.
pub(crate) fn rule(buffer: &mut Buffer, session: &Session, y: u16, remark: &str, theme: Theme) {
    let width = usize::from(session.view().size().0);
    let line = if session.view().ascii() { "-" } else { "─" };
    put(buffer, 0, y, &line.repeat(width), theme.style(Role::Dim));
    if !remark.is_empty() {
        let text = format!(" {remark} ");
        let x = width.saturating_sub(text.width() + 2);
        put(buffer, u16::try_from(x).unwrap_or(0), y, &text, theme.style(Role::Strong));
    }
}

/// Draws the title line: the program and what it works on; at the right a rehearsal's badge.
pub(crate) fn title(buffer: &mut Buffer, session: &Session, theme: Theme) {
    let width = usize::from(buffer.area.width);
    let name = if width < SHORT { "Event Cache" } else { "AWS Event Cache wizard" };
    put(buffer, 1, 0, name, theme.style(Role::Focus));
    let mut right = Vec::new();
    if session.setup().rehearsal == Rehearsal::Yes {
        right.push(("rehearsal".to_owned(), Role::Warning));
    }
    let taken: usize = right.iter().map(|(text, _)| text.width() + 2).sum();
    let mut x = width.saturating_sub(taken);
    for (text, role) in right {
        put(buffer, at(x), 0, &text, theme.style(role));
        x += text.width() + 2;
    }
    let (place, aws) = worked_on(session);
    let begin = name.width() + 4;
    let room = width.saturating_sub(begin + taken + 2);
    let whole = if aws.is_empty() { place.clone() } else { format!("{place}  {aws}") };
    let shown = if whole.width() <= room { whole } else { cut(&place, room) };
    put(buffer, at(begin), 0, &shown, theme.style(Role::Dim));
}

fn at(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

/// Draws the rule below the title. Where there is no rail, it begins with all steps in a line.
pub(crate) fn under_title(buffer: &mut Buffer, session: &Session, theme: Theme) {
    rule(buffer, session, 1, "", theme);
    if session.regions().rail.is_some() || session.screen().number().is_none() {
        return;
    }
    let mut x = 1;
    // A style is laid over what a cell has: the rule's must not shine through the marks.
    for x in 0..u16::try_from(Screen::STEPS + 3).unwrap_or(0).min(buffer.area.width) {
        buffer[(x, 1)].reset();
    }
    let mut doing = false;
    for step in steps(session) {
        // Asking and doing are told apart by a gap.
        if !step.screen.asks() && !doing {
            doing = true;
            put(buffer, x, 1, " ", theme.style(Role::Plain));
            x += 1;
        }
        put(buffer, x, 1, step.mark.text().trim(), theme.style(Role::of_mark(step.mark)));
        x += 1;
    }
    put(buffer, x, 1, " ", theme.style(Role::Plain));
}

/// Draws such as `3/13 Profiles`, and the page's title.
pub(crate) fn heading(buffer: &mut Buffer, session: &Session, title: &str, theme: Theme) {
    let region = session.regions().heading;
    let screen = session.screen();
    let name = match screen.number() {
        Some(number) => format!("{number}/{} {}", Screen::STEPS, screen.name()),
        None => screen.name().to_owned(),
    };
    put(buffer, region.x, region.y, &name, theme.style(Role::Strong));
    if title != screen.name() {
        let gap = u16::try_from(name.width() + 3).unwrap_or(0);
        let room = usize::from(region.width.saturating_sub(gap));
        put(buffer, region.x + gap, region.y, &cut(title, room), theme.style(Role::Plain));
    }
}

/// Draws the rail of steps.
pub(crate) fn rail(buffer: &mut Buffer, session: &Session, theme: Theme) {
    let Some(region) = session.regions().rail else { return };
    let width = usize::from(region.width);
    for (y, row) in (region.y..region.y + region.height).zip(rows(session)) {
        match row {
            RailRow::Gap => {}
            RailRow::Chapter { name, done, of } => {
                put(buffer, region.x, y, name, theme.style(Role::Strong));
                let count = format!("{done}/{of}");
                put(buffer, region.x + at(width - count.width()), y, &count, theme.style(Role::Dim));
            }
            RailRow::Step(step) => {
                put(buffer, region.x, y, step.mark.text(), theme.style(Role::of_mark(step.mark)));
                let name = step.screen.name();
                let role = if step.mark == Mark::Now { Role::Focus } else { Role::Plain };
                put(buffer, region.x + 3, y, name, theme.style(role));
                let room = width.saturating_sub(3 + name.width() + 1);
                let chosen = cut(&step.chosen, room);
                put(buffer, region.x + at(width - chosen.width()), y, &chosen, theme.style(Role::Dim));
            }
        }
    }
}

/// Draws the pane that says why: beside the body, with what has no room there, or below it.
pub(crate) fn pane(buffer: &mut Buffer, session: &Session, page: &Page, beside: &Page, theme: Theme) {
    let (region, below) = match session.regions().pane {
        Pane::None => return,
        Pane::Below(region) => (region, true),
        Pane::Beside(region) => (region, false),
    };
    let (line, down) = if session.view().ascii() { ("-", "|") } else { ("─", "│") };
    let mut rows: Vec<TextRow> = Vec::new();
    let width = usize::from(region.width).saturating_sub(if below { 0 } else { 2 });
    for (text, tone) in why(session.screen(), session.road(), page, &session.form()) {
        let wrapped = wrap(&text, width).into_iter();
        rows.extend(wrapped.map(|line| TextRow::of(line, layout::role_of(tone))));
    }
    let (mut x, mut y) = (region.x, region.y);
    if below {
        put(buffer, x, y, &line.repeat(usize::from(region.width)), theme.style(Role::Dim));
        y += 1;
    } else {
        for y in region.y..region.y + region.height {
            put(buffer, x, y, down, theme.style(Role::Dim));
        }
        x += 2;
        rows.extend(layout::pane_rows(beside, width));
    }
    let end = region.y + region.height;
    let room = usize::from(end.saturating_sub(y));
    if rows.len() > room {
        rows.truncate(room.saturating_sub(1));
        rows.push(TextRow::of("...", Role::Dim));
    }
    for (y, row) in (y..end).zip(&rows) {
        paint(buffer, x, y, row, theme);
    }
}

/// Paints a row of text.
pub(crate) fn paint(buffer: &mut Buffer, x: u16, y: u16, row: &TextRow, theme: Theme) {
    let mut at = x;
    for span in &row.spans {
        put(buffer, at, y, &span.text, theme.style(span.role));
        at = at.saturating_add(u16::try_from(span.text.width()).unwrap_or(u16::MAX));
    }
}

/// Draws the key line: what works now. Where it is narrow, the keys in the middle go first.
pub(crate) fn keys(buffer: &mut Buffer, session: &Session, y: u16, theme: Theme) {
    let mut hints = hints(session);
    let width = |hints: &[(&str, &str)]| {
        hints.iter().map(|(name, words)| name.width() + words.width() + 4).sum::<usize>()
    };
    while width(&hints) > usize::from(buffer.area.width) && hints.len() > 3 {
        hints.remove(hints.len() - 3);
    }
    let mut x = 1;
    for (name, words) in hints {
        put(buffer, at(x), y, name, theme.style(Role::Strong));
        x += name.width() + 1;
        put(buffer, at(x), y, words, theme.style(Role::Dim));
        x += words.width() + 3;
    }
}
