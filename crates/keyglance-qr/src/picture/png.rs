//! PNG and APNG (PNG third edition), row by row.

use std::io::Cursor;

use png::{
    BitDepth, BlendOp, ColorType, Decoder, DecodingError, DisposeOp, Info, Limits, Transformations,
};

use super::canvas::{Canvas, Disposal, Place};
use super::tone::{Painter, Samples};
use super::{PictureError, See, check_memory, check_size};

pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Room for chunks that are kept: no texts and no colour profile, which are passed over.
const MAX_CHUNKS: usize = 8 * 1024 * 1024;

/// The size in the first chunk (11.2.1).
pub(super) fn size(file: &[u8]) -> Option<(u32, u32)> {
    let rest = file.strip_prefix(SIGNATURE)?;
    (rest.get(4..8)? == b"IHDR").then_some((number(rest, 8)?, number(rest, 12)?))
}

/// The number of frames in acTL (11.3.6.1), which stands before the picture.
pub(super) fn frames(file: &[u8]) -> u32 {
    let mut rest = file.get(SIGNATURE.len()..).unwrap_or_default();
    while let (Some(length), Some(kind)) = (number(rest, 0), rest.get(4..8)) {
        match kind {
            // The picture of those who know no animations may be one more.
            b"acTL" => return number(rest, 8).map_or(1, |count| count.saturating_add(1)),
            b"IDAT" => break,
            _ => rest = rest.get(12 + length as usize..).unwrap_or_default(),
        }
    }
    1
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes)
}

pub(super) fn decode(file: &[u8], painter: &mut Painter, see: See<'_>) -> Result<(), PictureError> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(file), Limits { bytes: MAX_CHUNKS });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::EXPAND);
    let header = decoder.read_header_info().map_err(cause)?;
    let (width, height) = (header.width, header.height);
    check_size(width, height)?;
    // The grey picture twice, for an animation, and rows: the decoder holds three or four.
    let area = u64::from(width) * u64::from(height);
    let row = header.raw_row_length() as u64;
    check_memory(width, height, 2 * area + 4 * row.max(8 * u64::from(width)))?;
    decoder.set_limits(Limits { bytes: MAX_CHUNKS + 4 * row as usize });
    let mut reader = decoder.read_info().map_err(cause)?;
    let (samples, is_wide) = match reader.output_color_type() {
        (ColorType::Grayscale, depth) => (Samples::Grey, depth == BitDepth::Sixteen),
        (ColorType::GrayscaleAlpha, depth) => (Samples::GreyAlpha, depth == BitDepth::Sixteen),
        (ColorType::Rgb, depth) => (Samples::Rgb, depth == BitDepth::Sixteen),
        (ColorType::Rgba, depth) => (Samples::Rgba, depth == BitDepth::Sixteen),
        (ColorType::Indexed, _) => return Err(PictureError::Unsupported),
    };
    let mut canvas = Canvas::new(width, height, painter.background())?;
    let mut row = vec![0; reader.output_line_size(width).ok_or(PictureError::TooMuchMemory)?];
    let mut left = reader.info().animation_control.map_or(1, |control| control.num_frames);
    // The picture of those who know no animations may be none of the frames.
    left = left.saturating_add(u32::from(reader.info().frame_control.is_none()));
    loop {
        let place = begin(reader.info(), &mut canvas);
        let passes: &[Pass] = if reader.info().interlaced { &ADAM7 } else { &WHOLE };
        let mut part = Vec::new();
        for (y, pass) in lines(passes, place) {
            reader.read_row(&mut row).map_err(cause)?.ok_or(PictureError::Damaged)?;
            let mut paint = |grey: &mut [u8]| match is_wide {
                true => painter.paint_wide(grey, &row, samples),
                false => painter.paint(grey, &row, samples),
            };
            let Some(grey) = canvas.row(place, y) else { continue };
            if pass.columns == 1 {
                paint(grey);
                continue;
            }
            part.clear();
            part.extend(pass.of(grey).map(|grey| *grey));
            paint(&mut part);
            pass.of(grey).zip(&part).for_each(|(grey, painted)| *grey = *painted);
        }
        left -= 1;
        if see(canvas.picture()).is_break() || left == 0 {
            return Ok(());
        }
        reader.next_frame_info().map_err(cause)?;
    }
}

/// Begins the frame that is to be read: all of a still picture.
fn begin(info: &Info<'_>, canvas: &mut Canvas) -> Place {
    let Some(frame) = info.frame_control else {
        let place = Place { x: 0, y: 0, width: info.width, height: info.height };
        canvas.begin(place, Disposal::Clear, false);
        return place;
    };
    let place =
        Place { x: frame.x_offset, y: frame.y_offset, width: frame.width, height: frame.height };
    let disposal = match frame.dispose_op {
        DisposeOp::None => Disposal::Keep,
        DisposeOp::Background => Disposal::Clear,
        DisposeOp::Previous => Disposal::Restore,
    };
    canvas.begin(place, disposal, frame.blend_op == BlendOp::Source);
    place
}

/// One of the pictures that an interlaced one is made of: each so many columns and rows.
#[derive(Clone, Copy, Debug)]
struct Pass {
    first_column: usize,
    columns: usize,
    first_row: u32,
    rows: u32,
}

impl Pass {
    const fn new(first_column: usize, columns: usize, first_row: u32, rows: u32) -> Self {
        Self { first_column, columns, first_row, rows }
    }

    /// Its pixels in a row of the whole picture.
    fn of(self, row: &mut [u8]) -> impl Iterator<Item = &mut u8> {
        row.iter_mut().skip(self.first_column).step_by(self.columns)
    }
}

const WHOLE: [Pass; 1] = [Pass::new(0, 1, 0, 1)];

/// Adam7 (8.1).
const ADAM7: [Pass; 7] = [
    Pass::new(0, 8, 0, 8),
    Pass::new(4, 8, 0, 8),
    Pass::new(0, 4, 4, 8),
    Pass::new(2, 4, 0, 4),
    Pass::new(0, 2, 2, 4),
    Pass::new(1, 2, 0, 2),
    Pass::new(0, 1, 1, 2),
];

/// The rows of the file, each with its place in the frame. A pass without columns has
/// no rows either.
fn lines(passes: &[Pass], place: Place) -> impl Iterator<Item = (u32, Pass)> {
    passes.iter().filter(move |pass| pass.first_column < place.width as usize).flat_map(
        move |pass| (pass.first_row..place.height).step_by(pass.rows as usize).map(|y| (y, *pass)),
    )
}

fn cause(error: DecodingError) -> PictureError {
    match error {
        DecodingError::LimitsExceeded => PictureError::TooMuchMemory,
        _ => PictureError::Damaged,
    }
}
