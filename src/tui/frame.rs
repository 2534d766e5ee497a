//! The fixed regions around the body: title, rules, step list, message, keys.

use ecw_wizard::messages::keymap::{InLine, shown};
use ecw_wizard::model::mode::Rehearsal;
use ecw_wizard::model::screen::Screen;
use ecw_wizard::navigation::flow;
use ecw_wizard::rules::needed;
use ecw_wizard::state::Session;
use ecw_wizard::ui::layout::{Role, SIDEBAR};
use ecw_wizard::ui::page::Mark;
use ecw_wizard::ui::wrap::cut;
use ecw_wizard::values::answers::Key;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use crate::theme::Theme;

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

/// Draws the title line: the program at the left, what it works on at the right.
pub(crate) fn title(buffer: &mut Buffer, session: &Session, theme: Theme) {
    let name = match session.setup().rehearsal {
        Rehearsal::Yes => "AWS Event Cache wizard - rehearsal",
        Rehearsal::No => "AWS Event Cache wizard",
    };
    put(buffer, 1, 0, name, theme.style(Role::Focus));
    let place = match session.deployment() {
        Some(deployment) => format!("{}  {}", deployment.name, session.answers().text(Key::HalDirectory)),
        None => session.answers().text(Key::HalDirectory).to_owned(),
    };
    let width = usize::from(session.view().size().0);
    let room = width.saturating_sub(name.width() + 5);
    let place = if place.width() > room { cut(&place, room) } else { place };
    let x = width.saturating_sub(place.width() + 1);
    put(buffer, u16::try_from(x).unwrap_or(0), 0, &place, theme.style(Role::Dim));
}

/// Draws `3/13 Configure` for the screen shown.
pub(crate) fn step_line(buffer: &mut Buffer, session: &Session, x: u16, y: u16, title: &str, theme: Theme) {
    let screen = session.screen();
    let place = match screen.number() {
        Some(number) => format!("{number}/{}", Screen::STEPS),
        None => String::new(),
    };
    let chapter =
        if screen.chapter() == screen.name() { String::new() } else { format!("{}: ", screen.chapter()) };
    let left = format!("{place} {chapter}{}", screen.name());
    put(buffer, x, y, left.trim_start(), theme.style(Role::Dim));
    if title == screen.name() {
        return;
    }
    let gap = u16::try_from(left.trim_start().width()).unwrap_or(0) + 3;
    put(buffer, x + gap, y, title, theme.style(Role::Strong));
}

/// Draws the step list.
pub(crate) fn sidebar(buffer: &mut Buffer, session: &Session, area: Rect, theme: Theme) {
    let shown = session.screen();
    let first_open = flow::resolve(session);
    let mut y = area.y;
    let mut chapter = "";
    // Targets and Topic are one step: no run has both.
    let unused = if session.answers().sns_by_targets() { Screen::Topic } else { Screen::Targets };
    for screen in Screen::FLOW.into_iter().filter(|screen| *screen != unused) {
        if screen.chapter() != chapter {
            chapter = screen.chapter();
            if chapter != screen.name() || screen == Screen::Configure {
                put(buffer, area.x, y, chapter, theme.style(Role::Strong));
                y += 1;
            } else if matches!(screen, Screen::Review | Screen::Install) {
                // Asking, reviewing and doing are told apart by a gap.
                y += 1;
            }
        }
        let mark = mark(session, screen, shown, first_open);
        let role = Role::of_mark(mark);
        let name = if screen == shown { Role::Focus } else { Role::Plain };
        put(buffer, area.x, y, mark.text(), theme.style(role));
        put(buffer, area.x + 4, y, &cut(screen.name(), usize::from(SIDEBAR) - 6), theme.style(name));
        y += 1;
    }
}

fn mark(session: &Session, screen: Screen, shown: Screen, first_open: Screen) -> Mark {
    if screen == shown {
        return if session.run().halt().is_some() && !screen.asks() { Mark::Failed } else { Mark::Now };
    }
    if needed::skipped(session, screen) {
        return Mark::NotRun;
    }
    if screen < first_open && flow::complete(session, screen) { Mark::Done } else { Mark::ToDo }
}

/// Draws the key line from the binding table.
pub(crate) fn keys(buffer: &mut Buffer, session: &Session, y: u16, theme: Theme) {
    let mut x = 1;
    for binding in shown(session.place(), InLine::Yes) {
        if binding.words == "back" && !flow::leads_back(session) {
            continue;
        }
        let words = match (binding.words, session.dialog().is_some()) {
            ("back", true) => "close",
            ("choose, press, or go on", _) => "choose",
            (words, _) => words,
        };
        put(buffer, x, y, binding.name, theme.style(Role::Strong));
        x += u16::try_from(binding.name.width()).unwrap_or(0) + 1;
        put(buffer, x, y, words, theme.style(Role::Dim));
        x += u16::try_from(words.width()).unwrap_or(0) + 3;
    }
}
