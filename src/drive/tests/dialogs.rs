//! Dialogs, cell by cell: what a test of the text alone does not see.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use ecw_rehearsal::in_process::InProcess;
use ecw_tui::{Colour, Theme, draw};
use ecw_wizard::model::mode::Mode;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use support::flows::{LATER, go_through};
use support::stepper::Stepper;

#[test]
fn a_dialog_takes_no_style_from_the_page_beneath_it() {
    let mut stepper = Stepper::new(InProcess::new([]), LATER);
    let mut dialogs = 0;
    let session = stepper.run_as(Mode::Operator, None, |session| {
        if session.dialog().is_some() {
            let (width, height) = session.view().size();
            let mut buffer = Buffer::empty(Rect { x: 0, y: 0, width, height });
            draw(&mut buffer, session, Theme { colour: Colour::Ansi });
            dialogs += 1;
            blanks_are_bare(&buffer);
        }
        go_through(session)
    });
    assert!(session.is_some() && dialogs > 0);
}

/// The blank beside a dialog's left and right edge has no style at all.
fn blanks_are_bare(buffer: &Buffer) {
    let mut seen = 0;
    for y in 0..buffer.area.height {
        let edges: Vec<u16> = (0..buffer.area.width).filter(|x| buffer[(*x, y)].symbol() == "│").collect();
        let [left, right] = edges[..] else { continue };
        for x in [left + 1, right - 1] {
            seen += 1;
            assert_eq!(buffer[(x, y)], Cell::new(" "), "at {x},{y}");
        }
    }
    assert!(seen > 8, "no dialog was drawn");
}
