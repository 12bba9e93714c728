//! Loads picture files as grey pixels. Nothing is decoded before its size is known.

use std::io::Cursor;

use image::error::{ImageError, LimitErrorKind};
use image::{DynamicImage, GrayImage, ImageFormat, ImageReader, Limits};

use crate::catch_panic::catch_panic;

/// The most bytes that a picture file may have.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The most pixels that a picture may have.
pub const MAX_PIXELS: u64 = 64_000_000;

/// The most bytes of a pixel: 16-bit colour with alpha.
const BYTES_PER_PIXEL: u64 = 8;

/// Room for what is no pixel, such as a colour profile.
const MAX_OTHER: u64 = 16 * 1024 * 1024;

const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Why a picture file cannot be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// The file has no bytes.
    #[error("the picture is empty")]
    Empty,
    /// Its content is neither PNG nor JPEG.
    #[error("this is not a PNG or JPEG picture")]
    NotAPicture,
    /// The file has more than [`MAX_BYTES`](crate::MAX_PICTURE_BYTES).
    #[error("the picture file is larger than 64 MiB")]
    TooManyBytes,
    /// The picture has more than [`MAX_PIXELS`], or none.
    #[error("the picture has {width} × {height} pixels, which is not between 1 and 64 million")]
    TooManyPixels {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// Decoding would need more memory than a picture of that size should.
    #[error("the picture needs too much memory")]
    TooMuchMemory,
    /// The file is truncated or malformed.
    #[error("the picture is damaged")]
    Damaged,
    /// A kind of PNG or JPEG that is not supported.
    #[error("this kind of PNG or JPEG picture is not supported")]
    Unsupported,
}

/// Loads a PNG or a JPEG file as 8-bit grey pixels, by the weights of ITU-R BT.601.
/// Transparent pixels are blended with white.
///
/// ```
/// use keyglance_qr::{Code, load_grayscale, render_png};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let file = render_png(&Code::new("hello")?, 8)?;
/// assert_eq!(load_grayscale(&file)?.dimensions(), (232, 232));
/// assert!(load_grayscale(b"text").is_err());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`PictureError`]. Sizes are checked before anything is decoded.
pub fn load_grayscale(bytes: &[u8]) -> Result<GrayImage, PictureError> {
    if bytes.is_empty() {
        return Err(PictureError::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(PictureError::TooManyBytes);
    }
    let format = match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg)) => format,
        _ => return Err(PictureError::NotAPicture),
    };
    // Also for a file that ends after its header, which the decoder calls damaged.
    if let Some((width, height)) = png_size(bytes) {
        check_size(width, height)?;
    }
    catch_panic(|| decode(bytes, format)).unwrap_or(Err(PictureError::Damaged))
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<GrayImage, PictureError> {
    let (width, height) = reader(bytes, format).into_dimensions().map_err(cause)?;
    check_size(width, height)?;
    Ok(grey(reader(bytes, format).decode().map_err(cause)?))
}

fn reader(bytes: &[u8], format: ImageFormat) -> ImageReader<Cursor<&[u8]>> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    // By this picture's own size, so that a small one brings no large profile along.
    let pixels = png_size(bytes).map_or(MAX_PIXELS, |(w, h)| u64::from(w) * u64::from(h));
    limits.max_alloc = Some(pixels * BYTES_PER_PIXEL + MAX_OTHER);
    reader.limits(limits);
    reader
}

fn check_size(width: u32, height: u32) -> Result<(), PictureError> {
    match u64::from(width) * u64::from(height) {
        1..=MAX_PIXELS => Ok(()),
        _ => Err(PictureError::TooManyPixels { width, height }),
    }
}

/// The size in a PNG's first chunk (PNG third edition, 11.2.1).
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let rest = bytes.strip_prefix(PNG_SIGNATURE)?;
    let number = |at: usize| rest.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    (rest.get(4..8)? == b"IHDR").then_some((number(8)?, number(12)?))
}

fn cause(error: ImageError) -> PictureError {
    match error {
        ImageError::Limits(limit) => match limit.kind() {
            LimitErrorKind::InsufficientMemory => PictureError::TooMuchMemory,
            _ => PictureError::Damaged,
        },
        ImageError::Unsupported(_) => PictureError::Unsupported,
        _ => PictureError::Damaged,
    }
}

fn grey(picture: DynamicImage) -> GrayImage {
    let (width, height) = (picture.width(), picture.height());
    // `to_luma8` would make a copy with wider samples first.
    let pixels = match picture {
        DynamicImage::ImageLuma8(grey) => return grey,
        DynamicImage::ImageLumaA8(p) => p.pixels().map(|p| over_white(p.0[0], p.0[1])).collect(),
        DynamicImage::ImageRgb8(p) => p.pixels().map(|p| weigh(p.0)).collect(),
        DynamicImage::ImageRgba8(p) => {
            p.pixels().map(|p| over_white(weigh([p.0[0], p.0[1], p.0[2]]), p.0[3])).collect()
        }
        DynamicImage::ImageLuma16(p) => p.pixels().map(|p| narrow(p.0[0])).collect(),
        DynamicImage::ImageLumaA16(p) => {
            p.pixels().map(|p| over_white(narrow(p.0[0]), narrow(p.0[1]))).collect()
        }
        DynamicImage::ImageRgb16(p) => p.pixels().map(|p| weigh(p.0.map(narrow))).collect(),
        DynamicImage::ImageRgba16(p) => p
            .pixels()
            .map(|p| p.0.map(narrow))
            .map(|[r, g, b, alpha]| over_white(weigh([r, g, b]), alpha))
            .collect(),
        other => return other.to_luma8(),
    };
    GrayImage::from_raw(width, height, pixels).unwrap_or_default()
}

fn weigh([red, green, blue]: [u8; 3]) -> u8 {
    let sum = 77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue);
    (sum >> 8) as u8
}

fn over_white(grey: u8, alpha: u8) -> u8 {
    let (grey, alpha) = (u32::from(grey), u32::from(alpha));
    ((grey * alpha + 255 * (255 - alpha)) / 255) as u8
}

fn narrow(sample: u16) -> u8 {
    (sample >> 8) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_stays_white_and_clear_is_white() {
        assert_eq!(weigh([255; 3]), 255);
        assert_eq!(weigh([0; 3]), 0);
        assert_eq!(over_white(0, 0), 255);
        assert_eq!(over_white(0, 255), 0);
        assert_eq!(over_white(255, 128), 255);
        assert_eq!(narrow(0xffff), 255);
    }
}
