//! Draws codes: always dark on light, and always with the quiet zone.

use std::fmt::Write as _;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, GrayImage, ImageEncoder as _, Luma};

use crate::Code;

/// The width of the light margin on each side, in modules (ISO/IEC 18004, 6.3.8).
pub const QUIET_ZONE: usize = 4;

/// The most pixels along each side of a rendered picture.
pub const MAX_SIDE: u32 = 16_384;

const DARK: u8 = 0;
const LIGHT: u8 = 255;

/// Why a code could not be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// Zero pixels per module.
    #[error("a module needs at least one pixel")]
    NoPixels,
    /// The picture would be wider than [`MAX_SIDE`].
    #[error("the picture would be {side} pixels wide, more than {MAX_SIDE}")]
    TooLarge {
        /// Its width, in pixels.
        side: u64,
    },
    /// The PNG encoder failed.
    #[error("the picture could not be written as PNG")]
    Png(#[source] image::ImageError),
}

/// The code in 8-bit grey, 0 dark and 255 light: a square with a side of
/// `(side + 2 * QUIET_ZONE) * pixels_per_module` pixels.
///
/// ```
/// use keyglance_qr::{Code, render_grayscale};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let picture = render_grayscale(&Code::new("hello")?, 4)?;
/// assert_eq!(picture.dimensions(), ((21 + 8) * 4, (21 + 8) * 4));
/// assert_eq!((picture.get_pixel(0, 0).0, picture.get_pixel(16, 16).0), ([255], [0]));
/// # Ok(())
/// # }
/// ```
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

/// The picture of [`render_grayscale`] as a PNG file.
///
/// ```
/// use keyglance_qr::{Code, render_png};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let png = render_png(&Code::new("hello")?, 8)?;
/// assert!(png.starts_with(b"\x89PNG"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`RenderError`].
pub fn render_png(code: &Code, pixels_per_module: u32) -> Result<Vec<u8>, RenderError> {
    encode_png(&render_grayscale(code, pixels_per_module)?)
}

/// Any grey picture as a PNG file of 8-bit grey.
///
/// # Errors
/// [`RenderError::Png`], among others for a picture without pixels.
pub fn encode_png(picture: &GrayImage) -> Result<Vec<u8>, RenderError> {
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Up)
        .write_image(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::L8)
        .map_err(RenderError::Png)?;
    Ok(bytes)
}

/// The code as SVG, black on white, one unit per module.
///
/// ```
/// use keyglance_qr::{Code, render_svg};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let svg = render_svg(&Code::new("hello")?);
/// assert!(svg.contains("viewBox=\"0 0 29 29\""));
/// # Ok(())
/// # }
/// ```
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
