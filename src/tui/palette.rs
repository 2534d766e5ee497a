//! What a terminal makes of a colour: xterm's palette (<https://invisible-island.net/xterm/>, `256colres.h` and the
//! defaults of `XTerm-col.ad`). Terminals may be set otherwise; this is what pictures and the test of contrast take.

use ratatui::style::Color;

/// Returns red, green and blue; `None` = the terminal's own.
#[must_use]
pub(crate) fn rgb(colour: Color) -> Option<(u8, u8, u8)> {
    Some(match colour {
        Color::Green => (0x23, 0xb4, 0x4b),
        Color::Magenta => (0xd0, 0x5c, 0xe3),
        Color::Cyan => (0x11, 0xa8, 0xcd),
        Color::LightRed => (0xff, 0x60, 0x60),
        Color::Indexed(index @ 16..=231) => {
            let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
            let step = index - 16;
            (level(step / 36), level(step / 6 % 6), level(step % 6))
        }
        _ => return None,
    })
}
