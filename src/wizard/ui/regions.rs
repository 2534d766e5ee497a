//! Which regions a terminal of a size has: rail, body, pane. Decided here, so that painting and scrolling agree.

/// The smallest terminal that the wizard draws on: columns, rows.
pub const MIN_SIZE: (u16, u16) = (60, 15);
/// From this width on the rail of steps stands at the left and the pane beside or below the body, columns.
const WIDE: u16 = 100;
/// From this width on the pane stands beside the body, columns.
const VERY_WIDE: u16 = 140;
/// The rail with its gap, columns.
const RAIL: u16 = 28;
/// The pane below the body with its rule, rows.
const BELOW: u16 = 4;
/// The narrowest pane beside the body with its gap, columns.
const BESIDE: u16 = 38;
/// Running text is read best in lines that are no longer, columns.
const LONGEST: u16 = 100;
/// A terminal that is lower has neither rail nor pane, rows.
const TALL: u16 = 24;
/// A terminal that is lower saves the gap below the title, rows.
const LOW: u16 = 20;

/// A part of the terminal, in cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Region {
    /// Leftmost column.
    pub x: u16,
    /// Uppermost row.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// Where the pane stands that says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// There is no room: help stands in the body.
    None,
    /// Below the body, some lines.
    Below(Region),
    /// At the right: differences and logs stand there too.
    Beside(Region),
}

/// The regions of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Regions {
    /// The steps; `None` = one line of progress below the title.
    pub rail: Option<Region>,
    /// Row of the page's title.
    pub heading: Region,
    /// The page.
    pub body: Region,
    /// Why, and the help of what is focused.
    pub pane: Pane,
    /// Row of the rule below all that.
    pub rule: u16,
}

impl Regions {
    /// Returns the regions of a terminal with so many columns and rows.
    #[must_use]
    pub fn of((width, height): (u16, u16)) -> Self {
        let rule = height.saturating_sub(3);
        let side = if width >= WIDE && height >= TALL { RAIL } else { 0 };
        let top = if height < LOW { 3 } else { 4 };
        let (x, rows) = (1 + side, rule.saturating_sub(top));
        let room = width.saturating_sub(2 + side);
        let rail =
            (side > 0).then_some(Region { x: 1, y: 2, width: RAIL - 2, height: rule.saturating_sub(2) });
        let (body, pane) = if width >= VERY_WIDE && height >= TALL {
            let columns = room.saturating_sub(BESIDE).min(LONGEST);
            let pane = Region {
                x: x + columns + 2,
                y: 2,
                width: room - columns - 2,
                height: rule.saturating_sub(2),
            };
            (Region { x, y: top, width: columns, height: rows }, Pane::Beside(pane))
        } else if width >= WIDE && height >= TALL {
            let rows = rows.saturating_sub(BELOW);
            let pane = Region { x, y: top + rows, width: room, height: BELOW };
            (Region { x, y: top, width: room, height: rows }, Pane::Below(pane))
        } else {
            (Region { x, y: top, width: room, height: rows }, Pane::None)
        };
        Self { rail, heading: Region { x, y: 2, width: body.width, height: 1 }, body, pane, rule }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_never_overlap_and_never_leave_the_terminal() {
        for width in MIN_SIZE.0..260 {
            for height in MIN_SIZE.1..70 {
                let regions = Regions::of((width, height));
                let body = regions.body;
                assert!(body.width >= 58 && body.height >= 8, "{width}x{height}: {body:?}");
                assert!(body.x + body.width < width && body.y + body.height <= regions.rule);
                assert!(regions.rail.is_none_or(|rail| rail.x + rail.width < body.x));
                match regions.pane {
                    Pane::None => assert!(width < WIDE || height < TALL),
                    Pane::Below(pane) => {
                        assert_eq!((pane.y, pane.y + pane.height), (body.y + body.height, regions.rule));
                    }
                    Pane::Beside(pane) => {
                        assert!(pane.x > body.x + body.width && pane.x + pane.width < width);
                        assert!(pane.width >= 36, "{width}: {pane:?}");
                    }
                }
            }
        }
    }
}
