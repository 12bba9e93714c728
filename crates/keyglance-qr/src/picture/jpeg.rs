//! JPEG (ITU-T T.81). Its brightness is a component of its own and taken as it is.

use image::GrayImage;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

use super::tone::{Painter, Samples};
use super::{PictureError, See, check_memory, check_size, paint_in_place};

pub(super) fn decode(file: &[u8], painter: &mut Painter, see: See<'_>) -> Result<(), PictureError> {
    let options = DecoderOptions::new_fast()
        .set_strict_mode(false)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().map_err(cause)?;
    let info = decoder.info().ok_or(PictureError::Damaged)?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    check_size(width, height)?;
    let has_luma = matches!(decoder.input_colorspace(), Some(ColorSpace::YCbCr | ColorSpace::Luma));
    let (colours, samples) = match decoder.input_colorspace() {
        Some(ColorSpace::Luma) => (ColorSpace::Luma, Samples::Grey),
        _ if has_luma && painter.tone().is_luma() => (ColorSpace::Luma, Samples::Grey),
        _ => (ColorSpace::RGB, Samples::Rgb),
    };
    decoder.set_options(options.jpeg_set_out_colorspace(colours));
    let area = u64::from(width) * u64::from(height);
    // The grey picture of the first look may be there too.
    let output = (samples.count() as u64 + 1) * area;
    check_memory(width, height, output + Scan::first(file).map_or(0, |scan| scan.held(area)))?;
    let size = decoder.output_buffer_size().ok_or(PictureError::TooMuchMemory)?;
    let mut pixels = vec![0; size];
    decoder.decode_into(&mut pixels).map_err(cause)?;
    let mut grey = match samples {
        Samples::Grey if painter.tone().is_luma() => {
            GrayImage::from_raw(width, height, pixels).ok_or(PictureError::Damaged)?
        }
        _ => paint_in_place(pixels, (width, height), samples, painter)?,
    };
    let _ = see(&mut grey);
    Ok(())
}

/// What tells how much of a picture the decoder keeps until its end.
#[derive(Debug)]
struct Scan {
    /// The parts of the largest component that each component's samples are, in 16ths.
    parts: u64,
    /// All scans are needed before anything can be shown.
    is_kept: bool,
}

impl Scan {
    /// Of the frame header and the first scan header (annexes B.2.2 and B.2.3).
    fn first(file: &[u8]) -> Option<Self> {
        let mut rest = file.get(2..)?;
        let mut frame = None;
        loop {
            // A marker may be preceded by any number of these.
            while let [0xff, 0xff, ..] = rest {
                rest = rest.get(1..)?;
            }
            let [0xff, marker, high, low, ..] = *rest else { return None };
            let length = usize::from(u16::from_be_bytes([high, low]));
            let segment = rest.get(4..2 + length)?;
            match marker {
                0xc0..=0xc2 => frame = Some((marker == 0xc2, segment)),
                0xda => {
                    let (is_progressive, frame) = frame?;
                    let components = *frame.get(5)?;
                    let samplings = frame.get(6..)?.as_chunks::<3>().0.iter();
                    let areas = samplings.map(|[_, sampling, _]| {
                        let (across, down) = (u64::from(sampling >> 4), u64::from(sampling & 15));
                        (across, down)
                    });
                    let (across, down) = areas
                        .clone()
                        .fold((1, 1), |most, one| (most.0.max(one.0), most.1.max(one.1)));
                    let parts = areas.map(|(h, v)| 16 * h * v / (across * down)).sum();
                    let is_kept = is_progressive || *segment.first()? != components;
                    return Some(Self { parts, is_kept });
                }
                _ => {}
            }
            rest = rest.get(2 + length..)?;
        }
    }

    /// Two bytes for each coefficient.
    fn held(&self, area: u64) -> u64 {
        if self.is_kept { 2 * area * self.parts / 16 } else { 0 }
    }
}

fn cause(error: DecodeErrors) -> PictureError {
    match error {
        DecodeErrors::Unsupported(_) => PictureError::Unsupported,
        DecodeErrors::LargeDimensions(_) => PictureError::TooMuchMemory,
        _ => PictureError::Damaged,
    }
}
