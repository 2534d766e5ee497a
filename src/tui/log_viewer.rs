//! A log on the whole screen.

use ecw_wizard::model::log_page::Log;
use ecw_wizard::state::Session;
use ecw_wizard::state::log_view::{Follow, LogView, LongLines};
use ecw_wizard::ui::row::Role;
use ecw_wizard::ui::wrap::{broken, cut};
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use unicode_width::UnicodeWidthStr;

use crate::frame::{keys, put, rule};
use crate::theme::Theme;

/// Draws the log; returns where the text cursor stands while words are typed.
pub(crate) fn log_viewer(
    buffer: &mut Buffer,
    session: &Session,
    log: &LogView,
    theme: Theme,
) -> Option<Position> {
    let (width, height) = (buffer.area.width, buffer.area.height);
    let room = usize::from(width).saturating_sub(2);
    let page = log.page();
    put(buffer, 1, 0, &title(log), theme.style(Role::Focus));
    let place = format!("{} of {}", size(page.end), size(page.size));
    let right = width.saturating_sub(u16::try_from(place.width()).unwrap_or(0) + 1);
    put(buffer, right, 0, &place, theme.style(Role::Dim));
    // In full, so that it can be opened with another program.
    let mut top = 1;
    for part in broken(&page.path, room) {
        put(buffer, 1, top, &part, theme.style(Role::Plain));
        top += 1;
    }
    top = top.max(2);
    rule(buffer, session, top, "", theme);
    top += 1;
    let bottom = height.saturating_sub(3);
    let mut shown: Vec<String> = Vec::new();
    for line in &page.lines {
        match log.long_lines() {
            LongLines::Broken => shown.extend(broken(&line.text, room)),
            LongLines::Cut => shown.push(cut(&line.text, room)),
        }
    }
    // At the end of the log the last lines are what is wanted.
    let fits = usize::from(bottom.saturating_sub(top));
    let skip = if page.end >= page.size { shown.len().saturating_sub(fits) } else { 0 };
    for (y, text) in (top..bottom).zip(shown.into_iter().skip(skip)) {
        let hit =
            !log.words().is_empty() && text.to_ascii_lowercase().contains(&log.words().to_ascii_lowercase());
        put(buffer, 1, y, &text, theme.style(if hit { Role::Strong } else { Role::Plain }));
    }
    let remark = if page.end >= page.size { "end of the log" } else { "" };
    rule(buffer, session, bottom, remark, theme);
    keys(buffer, session, bottom + 2, theme);
    if let Some(edit) = log.typing() {
        let text = format!("/{}", edit.text);
        put(buffer, 1, bottom + 1, &cut(&text, room), theme.style(Role::InputFocus));
        return Some(Position { x: 2 + u16::try_from(edit.cursor).unwrap_or(0), y: bottom + 1 });
    }
    if let Some(remark) = session.view().message().or(log.remark()) {
        put(buffer, 1, bottom + 1, &cut(remark, room), theme.style(Role::Warning));
    }
    None
}

fn title(log: &LogView) -> String {
    let name = match log.log() {
        Log::Deploy(number) => format!("hal log of deploy {number}"),
        Log::Aws => "AWS calls".to_owned(),
    };
    let follow = match log.follow() {
        Follow::On => "follow: on",
        Follow::Off => "follow: off",
    };
    format!("{name}   {follow}")
}

fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} B"),
        10_000..10_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
