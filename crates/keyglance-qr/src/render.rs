//! Modules to pictures: always dark on light, always with the quiet zone.

use std::fmt::Write as _;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, GrayImage, ImageEncoder as _, Luma};

use super::Code;

/// Light modules on each side (ISO/IEC 18004, 6.3.8).
pub const QUIET_ZONE: usize = 4;

/// Most pixels on a side of a rendered picture.
pub const MAX_SIDE: u32 = 16_384;

const DARK: u8 = 0;
const LIGHT: u8 = 255;

/// Why a code could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// Zero pixels a module.
    #[error("a module needs at least one pixel")]
    NoPixels,
    /// The picture would be larger than [`MAX_SIDE`].
    #[error("the picture would be {side} pixels wide, more than {MAX_SIDE}")]
    TooLarge {
        /// How wide, in pixels.
        side: u64,
    },
    /// The PNG writer failed.
    #[error("the picture could not be written as PNG")]
    Png(#[source] image::ImageError),
}

/// How a terminal shows a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TerminalStyle {
    /// Black on white by ANSI colours (the 256-colour table, 16 and 231),
    /// whatever the terminal's own colours are.
    Colour,
    /// No escapes: light modules are drawn, so it is right on dark terminals.
    Plain,
}

/// The code in grey, 0 dark and 255 light; a square with a side of
/// `(side + 2 * QUIET_ZONE) * pixels_per_module` pixels.
///
/// # Errors
/// [`RenderError::NoPixels`] or [`RenderError::TooLarge`].
pub fn render_grayscale(code: &Code, pixels_per_module: u32) -> Result<GrayImage, RenderError> {
    if pixels_per_module == 0 {
        return Err(RenderError::NoPixels);
    }
    let side = outer_side(code) as u64 * u64::from(pixels_per_module);
    let pixels = u32::try_from(side)
        .ok()
        .filter(|side| *side <= MAX_SIDE)
        .ok_or(RenderError::TooLarge { side })?;
    let module = |at: u32| (at / pixels_per_module) as usize;
    Ok(GrayImage::from_fn(pixels, pixels, |x, y| {
        Luma([if is_dark(code, module(x), module(y)) { DARK } else { LIGHT }])
    }))
}

/// The code as a PNG of 8-bit grey, as [`luma`] draws it.
///
/// # Errors
/// [`RenderError`].
pub fn render_png(code: &Code, pixels_per_module: u32) -> Result<Vec<u8>, RenderError> {
    encode_png(&render_grayscale(code, pixels_per_module)?)
}

/// Any grey picture as a PNG of 8-bit grey.
///
/// # Errors
/// [`RenderError::Png`], for a picture without pixels among others.
pub fn encode_png(picture: &GrayImage) -> Result<Vec<u8>, RenderError> {
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Up)
        .write_image(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::L8)
        .map_err(RenderError::Png)?;
    Ok(bytes)
}

/// The code as SVG: one path on white, one unit a module.
#[must_use]
pub fn render_svg(code: &Code) -> String {
    let side = outer_side(code);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path fill=\"#000\" d=\""
    );
    for y in 0..side {
        let mut x = 0;
        while x < side {
            let run = (x..side).take_while(|at| is_dark(code, *at, y)).count();
            if run > 0 {
                // Writing to a string cannot fail.
                let _ = write!(text, "M{x} {y}h{run}v1h-{run}z");
            }
            x += run.max(1);
        }
    }
    text.push_str("\"/></svg>\n");
    text
}

/// The code for a terminal, a line a pair of module rows, each ending in a line feed.
///
/// A character cell is one module wide and two high. The rows are odd in
/// number, so the quiet zone below has one more.
#[must_use]
pub fn render_terminal(code: &Code, style: TerminalStyle) -> String {
    let side = outer_side(code);
    let mut text = String::new();
    for y in (0..side).step_by(2) {
        let mut colours = None;
        for x in 0..side {
            let cell = (is_dark(code, x, y), is_dark(code, x, y + 1));
            match style {
                TerminalStyle::Colour => {
                    if colours != Some(cell) {
                        let (upper, lower) = (ansi(cell.0), ansi(cell.1));
                        let _ = write!(text, "\x1b[38;5;{upper};48;5;{lower}m");
                        colours = Some(cell);
                    }
                    text.push('▀');
                }
                TerminalStyle::Plain => text.push(match cell {
                    (false, false) => '█',
                    (false, true) => '▀',
                    (true, false) => '▄',
                    (true, true) => ' ',
                }),
            }
        }
        if style == TerminalStyle::Colour {
            text.push_str("\x1b[0m");
        }
        text.push('\n');
    }
    text
}

/// 16 and 231 are the black and the white that no theme changes.
fn ansi(dark: bool) -> u8 {
    if dark { 16 } else { 231 }
}

fn outer_side(code: &Code) -> usize {
    code.side() + 2 * QUIET_ZONE
}

/// Whether a module is dark, counted from the outer edge of the quiet zone.
fn is_dark(code: &Code, x: usize, y: usize) -> bool {
    match (x.checked_sub(QUIET_ZONE), y.checked_sub(QUIET_ZONE)) {
        (Some(x), Some(y)) => code.is_dark(x, y),
        _ => false,
    }
}
