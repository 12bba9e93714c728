//! WebP (RFC 9649): the container here, VP8 and VP8L by their crate, frame by frame.
//!
//! Each frame's own header is compared with what the container says of it before it is
//! decoded, since a decoder believes it.

use std::io::{self, BufRead, Cursor, Read, Seek, SeekFrom};

use image_webp::vp8::Vp8Decoder;
use image_webp::{DecodingError, WebPDecoder};

use image::GrayImage;

use super::canvas::{Canvas, Disposal, Place};
use super::tone::{Painter, Samples};
use super::{MAX_FRAMES, PictureError, See, check_memory, check_size, paint_in_place};

/// The size of a file's header: RIFF, its length, WEBP.
const HEADER: usize = 12;

/// The chunks of a file or of a frame, each with its name.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, rest) = self.0.split_at_checked(4)?;
        let (length, rest) = rest.split_at_checked(4)?;
        let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
        // The last one may be cut off: the decoder says what that means.
        let content = rest.get(..length).unwrap_or(rest);
        self.0 = rest.get(length.checked_add(length & 1)?..).unwrap_or_default();
        Some((name, content))
    }
}

/// A picture that covers a part of the whole.
struct Frame<'a> {
    place: Place,
    alpha: Option<&'a [u8]>,
    bits: Bits<'a>,
    disposal: Disposal,
    replaces: bool,
}

#[derive(Clone, Copy)]
enum Bits<'a> {
    Lossy(&'a [u8]),
    Lossless(&'a [u8]),
}

impl<'a> Bits<'a> {
    /// The first picture among these chunks, and the alpha before it.
    fn of(chunks: Chunks<'a>) -> Option<(Self, Option<&'a [u8]>)> {
        let mut alpha = None;
        for (name, content) in chunks {
            match name {
                b"ALPH" => alpha = Some(content),
                b"VP8 " => return Some((Self::Lossy(content), alpha)),
                // It has its own.
                b"VP8L" => return Some((Self::Lossless(content), None)),
                _ => {}
            }
        }
        None
    }

    /// The size in its header (RFC 6386, 9.1; RFC 9649, 3.4).
    fn size(self) -> Option<(u32, u32)> {
        match self {
            Self::Lossy(bytes) => {
                let sides = bytes.get(6..10)?.as_chunks::<2>().0;
                let [width, height] = *sides else { return None };
                let side = |bytes| u32::from(u16::from_le_bytes(bytes) & 0x3fff);
                Some((side(width), side(height)))
            }
            Self::Lossless(bytes) => {
                let bits = u32::from_le_bytes(bytes.get(1..5)?.try_into().ok()?);
                Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
            }
        }
    }
}

fn three_bytes(bytes: &[u8], at: usize) -> Option<u32> {
    let [a, b, c] = *bytes.get(at..at + 3)? else { return None };
    Some(u32::from_le_bytes([a, b, c, 0]))
}

/// The picture's size and the content of each frame; a still picture is one frame.
fn parse<'a>(file: &'a [u8]) -> Option<((u32, u32), Vec<Frame<'a>>)> {
    let chunks = || Chunks(file.get(HEADER..).unwrap_or_default());
    let extended = chunks().next().filter(|(name, _)| *name == b"VP8X").map(|(_, content)| content);
    let still = |size: (u32, u32)| {
        let (bits, alpha) = Bits::of(chunks())?;
        let place = Place { x: 0, y: 0, width: size.0, height: size.1 };
        let disposal = Disposal::Keep;
        Some((size, vec![Frame { place, alpha, bits, disposal, replaces: false }]))
    };
    let Some(header) = extended else {
        let (bits, _) = Bits::of(chunks())?;
        return still(bits.size()?);
    };
    let size = (three_bytes(header, 4)? + 1, three_bytes(header, 7)? + 1);
    let is_animated = header.first()? & 2 != 0;
    if !is_animated {
        return still(size);
    }
    let frames = chunks().filter(|(name, _)| *name == b"ANMF").take(MAX_FRAMES as usize);
    let frames = frames.map_while(|(_, content)| {
        let flags = *content.get(15)?;
        let (bits, alpha) = Bits::of(Chunks(content.get(16..)?))?;
        Some(Frame {
            place: Place {
                x: 2 * three_bytes(content, 0)?,
                y: 2 * three_bytes(content, 3)?,
                width: three_bytes(content, 6)? + 1,
                height: three_bytes(content, 9)? + 1,
            },
            alpha,
            bits,
            disposal: if flags & 1 == 0 { Disposal::Keep } else { Disposal::Clear },
            replaces: flags & 2 != 0,
        })
    });
    Some((size, frames.collect()))
}

/// The number of frames, up to [`MAX_FRAMES`].
pub(super) fn frames(file: &[u8]) -> u32 {
    parse(file).map_or(1, |(_, frames)| frames.len() as u32)
}

pub(super) fn decode(file: &[u8], painter: &mut Painter, see: See<'_>) -> Result<(), PictureError> {
    let ((width, height), frames) = parse(file).ok_or(PictureError::Damaged)?;
    check_size(width, height)?;
    let mut canvas = None;
    let is_still = frames.len() == 1;
    if frames.is_empty() {
        return Err(PictureError::Damaged);
    }
    for frame in frames {
        let place = frame.place;
        if frame.bits.size() != Some((place.width, place.height)) {
            return Err(PictureError::Damaged);
        }
        check_size(place.width, place.height)?;
        let fills =
            is_still && (place.x, place.y, place.width, place.height) == (0, 0, width, height);
        if fills {
            // The decoder's buffer becomes the picture.
            let mut grey = whole(&frame, painter)?;
            let _ = see(&mut grey);
            return Ok(());
        }
        let canvas = match &mut canvas {
            Some(canvas) => canvas,
            none => none.insert(Canvas::new(width, height, painter.background())?),
        };
        canvas.begin(place, frame.disposal, frame.replaces);
        // Two grey pictures beside the frame: this one, and one to be restored or read.
        let around = 2 * u64::from(width) * u64::from(height);
        check_memory(width, height, around + needed(&frame, painter))?;
        let pixels = pixels(&frame, painter)?;
        let row = place.width as usize * pixels.samples.count();
        for (y, row) in (0..place.height).zip(pixels.bytes.chunks(pixels.stride.max(row).max(1))) {
            if let Some(grey) = canvas.row(place, y) {
                painter.paint(grey, row, pixels.samples);
            }
        }
        drop(pixels);
        if see(canvas.picture()).is_break() {
            return Ok(());
        }
    }
    Ok(())
}

/// What decoding a frame takes, the largest of its buffers together.
fn needed(frame: &Frame<'_>, painter: &Painter) -> u64 {
    let area = u64::from(frame.place.width) * u64::from(frame.place.height);
    let halves = match (frame.bits, frame.alpha) {
        // Three planes, of which two have a quarter of the pixels.
        (Bits::Lossy(_), None) if painter.tone().is_luma() => 3,
        (Bits::Lossy(_), None) => 3 + 6,
        // Alpha is unpacked as colours of four bytes, then twice as one byte.
        (Bits::Lossy(_), Some(_)) => 3 + 8 + 12,
        // Transforms and a choice of codes for each square of 4 × 4 pixels.
        (Bits::Lossless(_), _) => 8 + 2,
    };
    area * halves / 2
}

fn whole(frame: &Frame<'_>, painter: &mut Painter) -> Result<GrayImage, PictureError> {
    let (width, height) = (frame.place.width, frame.place.height);
    // And the grey picture of the first look, or the one that is made.
    let area = u64::from(width) * u64::from(height);
    check_memory(width, height, area + needed(frame, painter))?;
    let Pixels { mut bytes, samples, stride } = pixels(frame, painter)?;
    let row = width as usize * samples.count();
    if stride > row {
        for y in 0..height as usize {
            bytes.copy_within(y * stride..y * stride + row, y * row);
        }
        bytes.truncate(row * height as usize);
    }
    paint_in_place(bytes, (width, height), samples, painter)
}

struct Pixels {
    bytes: Vec<u8>,
    samples: Samples,
    /// Bytes from one row to the next.
    stride: usize,
}

fn pixels(frame: &Frame<'_>, painter: &Painter) -> Result<Pixels, PictureError> {
    let (width, height) = (frame.place.width, frame.place.height);
    if let (Bits::Lossy(bytes), None, true) = (frame.bits, frame.alpha, painter.tone().is_luma()) {
        let decoded = Vp8Decoder::decode_frame(Cursor::new(bytes)).map_err(cause)?;
        let stride = (width as usize).next_multiple_of(16);
        return Ok(Pixels { bytes: decoded.ybuf, samples: Samples::Grey, stride });
    }
    let file = as_file(frame).ok_or(PictureError::Damaged)?;
    let mut decoder = WebPDecoder::new(file).map_err(cause)?;
    if decoder.dimensions() != (width, height) {
        return Err(PictureError::Damaged);
    }
    let samples = if decoder.has_alpha() { Samples::Rgba } else { Samples::Rgb };
    let stride = width as usize * samples.count();
    let mut bytes = vec![0; stride * height as usize];
    decoder.read_image(&mut bytes).map_err(cause)?;
    if let (Bits::Lossless(bits), false) = (frame.bits, has_alpha(frame.bits)) {
        let _ = bits;
        bytes.as_chunks_mut::<4>().0.iter_mut().for_each(|[.., alpha]| *alpha = 255);
    }
    Ok(Pixels { bytes, samples, stride })
}

/// Whether a lossless picture says that its alpha is used.
fn has_alpha(bits: Bits<'_>) -> bool {
    match bits {
        Bits::Lossy(_) => false,
        Bits::Lossless(bytes) => bytes.get(4).is_some_and(|flags| flags & 0x10 != 0),
    }
}

/// A frame as a file of its own. A lossless one says that it has alpha, so that the
/// decoder needs no second buffer.
fn as_file<'a>(frame: &Frame<'a>) -> Option<Joined<'a>> {
    let chunk = |name: &[u8; 4], length: usize| {
        let length = u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
        [*name, length].concat()
    };
    let mut head = Vec::new();
    let tail = match (frame.bits, frame.alpha) {
        (Bits::Lossless(bits), _) => {
            let (start, rest) = bits.split_at_checked(5)?;
            head.extend(chunk(b"VP8L", bits.len()));
            head.extend_from_slice(start);
            *head.last_mut()? |= 0x10;
            rest
        }
        (Bits::Lossy(bits), None) => {
            head.extend(chunk(b"VP8 ", bits.len()));
            bits
        }
        (Bits::Lossy(bits), Some(alpha)) => {
            let side = |side: u32| side.saturating_sub(1).to_le_bytes();
            let [w0, w1, w2, _] = side(frame.place.width);
            let [h0, h1, h2, _] = side(frame.place.height);
            head.extend(chunk(b"VP8X", 10));
            head.extend_from_slice(&[0x10, 0, 0, 0, w0, w1, w2, h0, h1, h2]);
            head.extend(chunk(b"ALPH", alpha.len()));
            head.extend_from_slice(alpha);
            head.resize(head.len().next_multiple_of(2), 0);
            head.extend(chunk(b"VP8 ", bits.len()));
            bits
        }
    };
    let mut riff = chunk(b"RIFF", 4 + head.len() + tail.len());
    riff.extend_from_slice(b"WEBP");
    riff.extend(head);
    Some(Joined { head: riff, tail, at: 0 })
}

/// Bytes of ours before bytes of the file, which are not copied.
struct Joined<'a> {
    head: Vec<u8>,
    tail: &'a [u8],
    at: usize,
}

impl BufRead for Joined<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let rest = match self.at.checked_sub(self.head.len()) {
            Some(at) => self.tail.get(at..),
            None => self.head.get(self.at..),
        };
        Ok(rest.unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.at = self.at.saturating_add(count);
    }
}

impl Read for Joined<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

impl Seek for Joined<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let length = self.head.len() + self.tail.len();
        let at = match to {
            SeekFrom::Start(at) => usize::try_from(at).ok(),
            SeekFrom::Current(by) => {
                isize::try_from(by).ok().and_then(|by| self.at.checked_add_signed(by))
            }
            SeekFrom::End(by) => {
                isize::try_from(by).ok().and_then(|by| length.checked_add_signed(by))
            }
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at as u64)
    }
}

fn cause(error: DecodingError) -> PictureError {
    match error {
        DecodingError::MemoryLimitExceeded => PictureError::TooMuchMemory,
        DecodingError::UnsupportedFeature(_) => PictureError::Unsupported,
        _ => PictureError::Damaged,
    }
}
