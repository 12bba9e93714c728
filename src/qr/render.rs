//! Modules to pictures: always dark on light, with a quiet zone of four.

use std::fmt::Write as _;

use image::{GrayImage, Luma};

use super::encode::Code;
use super::picture::encode_png;

/// Light modules around a code (ISO/IEC 18004, section 5.3.8).
pub const QUIET_ZONE: usize = 4;

/// Most pixels a module, so that the largest code stays below 20 megapixels.
const MAX_SCALE: u32 = 24;

/// The code as a grey picture of `(side + 8) * scale` pixels a side, `scale`
/// pixels a module (1 to 24; other values are brought into that range).
#[must_use]
pub fn luma(code: &Code, scale: u32) -> GrayImage {
    let scale = scale.clamp(1, MAX_SCALE);
    // At most 185 modules.
    #[allow(clippy::cast_possible_truncation)]
    let side = (code.side() + 2 * QUIET_ZONE) as u32 * scale;
    GrayImage::from_fn(side, side, |x, y| {
        Luma([if dark_at(code, (x / scale) as usize, (y / scale) as usize) { 0 } else { 255 }])
    })
}

/// The code as a PNG file, `scale` pixels a module.
#[must_use]
pub fn png(code: &Code, scale: u32) -> Vec<u8> {
    encode_png(&luma(code, scale))
}

/// The code as an SVG file: one path, one unit a module.
#[must_use]
pub fn svg(code: &Code) -> String {
    let side = code.side() + 2 * QUIET_ZONE;
    let mut path = String::new();
    for y in 0..side {
        let mut x = 0;
        while x < side {
            let run = (x..side).take_while(|x| dark_at(code, *x, y)).count();
            if run > 0 {
                let _ = write!(path, "M{x} {y}h{run}v1h-{run}z");
            }
            x += run.max(1);
        }
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\">\n\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>\n\
         <path d=\"{path}\" fill=\"#000\"/>\n\
         </svg>\n"
    )
}

/// How a terminal may be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TerminalStyle {
    /// With colours: black on white whatever the theme.
    Colour,
    /// Without escapes: blocks are the light modules, which is right on a dark
    /// background and inverted on a light one.
    Plain,
}

/// The code in half blocks, two modules a character cell, a line feed after
/// each line.
#[must_use]
pub fn terminal(code: &Code, style: TerminalStyle) -> String {
    let side = code.side() + 2 * QUIET_ZONE;
    let mut out = String::new();
    for y in (0..side).step_by(2) {
        if style == TerminalStyle::Colour {
            // Black on white out of the fixed part of the 256 colours, which themes leave alone.
            out.push_str("\x1b[38;5;16;48;5;231m");
        }
        for x in 0..side {
            let (upper, lower) = (dark_at(code, x, y), y + 1 < side && dark_at(code, x, y + 1));
            let drawn = match style {
                TerminalStyle::Colour => (upper, lower),
                // The last line of an odd number has no lower half.
                TerminalStyle::Plain => (!upper, y + 1 < side && !lower),
            };
            out.push(match drawn {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        }
        if style == TerminalStyle::Colour {
            out.push_str("\x1b[0m");
        }
        out.push('\n');
    }
    out
}

/// With the quiet zone.
fn dark_at(code: &Code, x: usize, y: usize) -> bool {
    x >= QUIET_ZONE && y >= QUIET_ZONE && code.is_dark(x - QUIET_ZONE, y - QUIET_ZONE)
}
