//! What stands beside the body on a wide terminal: differences and logs.

use crate::ui::page::{Block, Page};

/// Returns a page without its differences and logs, and a page of these, where so many rows beside the body hold them
/// whole; of a log the last lines do.
#[must_use]
pub fn beside(page: Page, room: usize) -> (Page, Page) {
    const LEAST: usize = 5;
    let diffs = page
        .blocks
        .iter()
        .map(|block| if let Block::Diff { lines, .. } = block { lines.len() + 2 } else { 0 });
    let rows_of_diffs: usize = diffs.sum();
    let for_logs = room.saturating_sub(rows_of_diffs + 1);
    if rows_of_diffs > room {
        return (page, Page::default());
    }
    let mut pane = Page::default();
    let mut body = Page::new(page.title);
    for block in page.blocks {
        match block {
            Block::Log { lines, .. } if for_logs >= LEAST => {
                pane.push(Block::Log { lines, rows: for_logs });
            }
            Block::Diff { .. } => {
                pane.push(block);
            }
            block => {
                body.push(block);
            }
        }
    }
    (body, pane)
}
