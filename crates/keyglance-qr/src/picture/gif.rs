//! GIF (version 89a), row by row.

use gif::{ColorOutput, DecodeOptions, DecodingError, DisposalMethod, MemoryLimit};

use super::canvas::{Canvas, Disposal, Place};
use super::tone::{Painter, Samples};
use super::{MAX_FRAMES, PictureError, See, check_memory, check_size};

/// The number of frames, up to [`MAX_FRAMES`]: blocks that begin with a comma (appendix B).
pub(super) fn frames(file: &[u8]) -> u32 {
    count_frames(file).0
}

/// The frames of a file that may be cut off.
fn count_frames(file: &[u8]) -> (u32, Option<()>) {
    let mut count = 0;
    let end = walk(file, &mut count);
    (count, end)
}

fn walk(file: &[u8], count: &mut u32) -> Option<()> {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut rest = file.get(13 + table(*file.get(10)?)..)?;
    while *count < MAX_FRAMES {
        match *rest.first()? {
            b'!' => rest = rest.get(2..)?,
            b',' => {
                *count += 1;
                rest = rest.get(11 + table(*rest.get(9)?)..)?;
            }
            _ => return None,
        }
        // Sub-blocks, each with its length before it, up to an empty one.
        loop {
            let length = usize::from(*rest.first()?);
            rest = rest.get(1 + length..)?;
            if length == 0 {
                break;
            }
        }
    }
    Some(())
}

pub(super) fn decode(file: &[u8], painter: &mut Painter, see: See<'_>) -> Result<(), PictureError> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    // Rows only are asked for.
    options.set_memory_limit(MemoryLimit::Unlimited);
    let mut decoder = options.read_info(file).map_err(cause)?;
    let (width, height) = (u32::from(decoder.width()), u32::from(decoder.height()));
    check_size(width, height)?;
    check_memory(width, height, 2 * u64::from(width) * u64::from(height))?;
    let mut canvas = Canvas::new(width, height, painter.background())?;
    let mut is_first = true;
    loop {
        let frame = match decoder.next_frame_info() {
            Ok(Some(frame)) => frame,
            Ok(None) if !is_first => return Ok(()),
            Ok(None) => return Err(PictureError::Damaged),
            Err(error) => return Err(cause(error)),
        };
        is_first = false;
        let place = Place {
            x: u32::from(frame.left),
            y: u32::from(frame.top),
            width: u32::from(frame.width),
            height: u32::from(frame.height),
        };
        check_size(place.width, place.height)?;
        let disposal = match frame.dispose {
            DisposalMethod::Any | DisposalMethod::Keep => Disposal::Keep,
            DisposalMethod::Background => Disposal::Clear,
            DisposalMethod::Previous => Disposal::Restore,
        };
        let (is_interlaced, clear) = (frame.interlaced, frame.transparent);
        canvas.begin(place, disposal, false);
        let colours = colours(decoder.palette().map_err(cause)?, clear);
        let mut indices = vec![0; place.width as usize];
        let mut row = Vec::with_capacity(4 * indices.len());
        for y in order(place.height, is_interlaced) {
            if !decoder.fill_buffer(&mut indices).map_err(cause)? {
                // The rest is missing: what there is may hold a code.
                break;
            }
            let Some(grey) = canvas.row(place, y) else { continue };
            row.clear();
            row.extend(
                indices.iter().filter_map(|index| colours.get(usize::from(*index))).flatten(),
            );
            painter.paint(grey, &row, Samples::Rgba);
        }
        if see(canvas.picture()).is_break() {
            return Ok(());
        }
    }
}

/// Red, green, blue and alpha of each index; those without a colour are black.
fn colours(palette: &[u8], clear: Option<u8>) -> [[u8; 4]; 256] {
    let mut colours = [[0, 0, 0, 255]; 256];
    for (colour, [r, g, b]) in colours.iter_mut().zip(palette.as_chunks::<3>().0) {
        *colour = [*r, *g, *b, 255];
    }
    if let Some(colour) = clear.and_then(|index| colours.get_mut(usize::from(index))) {
        *colour = [0; 4];
    }
    colours
}

/// The rows in the order of the file (appendix E).
fn order(height: u32, is_interlaced: bool) -> impl Iterator<Item = u32> {
    const PASSES: [(u32, usize); 4] = [(0, 8), (4, 8), (2, 4), (1, 2)];
    let passes: &[(u32, usize)] = if is_interlaced { &PASSES } else { &[(0, 1)] };
    passes.iter().flat_map(move |(first, step)| (*first..height).step_by(*step))
}

fn cause(error: DecodingError) -> PictureError {
    match error {
        DecodingError::OutOfMemory | DecodingError::MemoryLimit => PictureError::TooMuchMemory,
        _ => PictureError::Damaged,
    }
}
