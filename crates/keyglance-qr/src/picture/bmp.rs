//! BMP, through the image crate.

use std::io::Cursor;

use image::codecs::bmp::BmpDecoder;
use image::error::{ImageError, LimitErrorKind};
use image::{ColorType, ImageDecoder as _};

use super::tone::{Painter, Samples};
use super::{PictureError, See, check_memory, check_size, paint_in_place};

pub(super) fn decode(file: &[u8], painter: &mut Painter, see: See<'_>) -> Result<(), PictureError> {
    let decoder = BmpDecoder::new(Cursor::new(file)).map_err(cause)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let samples = match decoder.color_type() {
        ColorType::L8 => Samples::Grey,
        ColorType::Rgb8 => Samples::Rgb,
        ColorType::Rgba8 => Samples::Rgba,
        _ => return Err(PictureError::Unsupported),
    };
    // Two rows more: one of the decoder and one that is painted.
    check_memory(width, height, decoder.total_bytes() + 8 * u64::from(width))?;
    let size = usize::try_from(decoder.total_bytes()).map_err(|_| PictureError::TooMuchMemory)?;
    let mut pixels = vec![0; size];
    decoder.read_image(&mut pixels).map_err(cause)?;
    let mut grey = paint_in_place(pixels, (width, height), samples, painter)?;
    let _ = see(&mut grey);
    Ok(())
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
