//! Picture files to grey pixels, and back.

use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{
    DynamicImage, GrayImage, ImageEncoder as _, ImageError, ImageFormat, ImageReader, Limits,
};

/// Most bytes of a picture file: 64 MiB.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// Most pixels of a picture: 64 megapixels.
pub const MAX_PIXELS: u64 = 64_000_000;

/// Why a file gives no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Neither PNG nor JPEG, by its content.
    #[error("this is not a PNG or JPEG picture")]
    NotAPicture,
    /// Over [`MAX_BYTES`].
    #[error("the picture is larger than 64 MiB")]
    TooManyBytes,
    /// Over [`MAX_PIXELS`], by its header; nothing was decoded.
    #[error("the picture is {width}×{height} pixels, more than 64 megapixels")]
    TooManyPixels {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// Cut off, or broken inside.
    #[error("the picture is damaged")]
    Damaged,
}

/// Reads a PNG or JPEG file, told by its content, into grey pixels.
/// Transparent pixels become white.
///
/// # Errors
/// [`PictureError`]; the size is checked before anything is decoded.
pub fn read_picture(bytes: &[u8]) -> Result<GrayImage, PictureError> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(PictureError::TooManyBytes);
    }
    let reader = || {
        let mut reader = ImageReader::new(Cursor::new(bytes))
            .with_guessed_format()
            .map_err(|_| PictureError::NotAPicture)?;
        match reader.format() {
            Some(ImageFormat::Png | ImageFormat::Jpeg) => {}
            _ => return Err(PictureError::NotAPicture),
        }
        let mut limits = Limits::default();
        // Eight bytes a pixel at 16 bits a channel, and as much again to work with.
        limits.max_alloc = Some(MAX_PIXELS * 16);
        reader.limits(limits);
        Ok(reader)
    };
    let (width, height) = reader()?.into_dimensions().map_err(|_| PictureError::Damaged)?;
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(PictureError::TooManyPixels { width, height });
    }
    match reader()?.decode() {
        Ok(image) => Ok(over_white(image)),
        Err(ImageError::Unsupported(_)) => Err(PictureError::NotAPicture),
        Err(_) => Err(PictureError::Damaged),
    }
}

/// A grey picture as a PNG file.
#[must_use]
pub fn encode_png(image: &GrayImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to memory fails only for an empty picture: an empty file then.
    let _ = PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Up)
        .write_image(image.as_raw(), image.width(), image.height(), image::ExtendedColorType::L8);
    bytes
}

fn over_white(image: DynamicImage) -> GrayImage {
    if !image.color().has_alpha() {
        return image.into_luma8();
    }
    let image = image.into_luma_alpha8();
    GrayImage::from_fn(image.width(), image.height(), |x, y| {
        let image::LumaA([grey, alpha]) = *image.get_pixel(x, y);
        let alpha = u16::from(alpha);
        // A mean of two bytes is a byte.
        #[allow(clippy::cast_possible_truncation)]
        let over = ((u16::from(grey) * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
        image::Luma([over])
    })
}
