//! Picture files: their brightness, and the other ways in which one may be looked at.
//!
//! What a file is, its content says, never its name. Sizes are known before anything is
//! decoded, and decoding takes at most four bytes a pixel and [`MAX_OVERHEAD`] beside the
//! file itself: rows where the format has rows, and otherwise the decoder's buffer, which
//! becomes the grey picture.

mod bmp;
mod canvas;
mod error;
mod format;
mod gif;
mod jpeg;
mod png;
mod survey;
mod tone;
mod webp;

use std::ops::ControlFlow;
use std::sync::Arc;

use image::GrayImage;
use zeroize::Zeroizing;

pub use self::error::{OtherFormat, PictureError};
pub use self::format::is_picture;
pub(crate) use self::tone::Tone;

use self::format::Format;
use self::tone::{Facts, Painter, Samples};
use crate::catch_panic::catch_panic;

/// The most bytes that a picture file may have.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The most pixels that a picture may have.
pub const MAX_PIXELS: u64 = 64_000_000;

/// The most frames of an animation that are looked at.
pub const MAX_FRAMES: u32 = 64;

/// What decoding may take beside four bytes a pixel.
const MAX_OVERHEAD: u64 = 64 * 1024 * 1024;

/// A picture file, with the brightness of its first frame.
///
/// [`decode_picture`](crate::decode_picture) looks for codes in it. EXIF data is ignored:
/// turned codes are read like others.
///
/// ```
/// use keyglance_qr::{Code, Picture, WorkBudget, decode_picture, render_png};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let picture = Picture::load(render_png(&Code::new("hello")?, 8)?)?;
/// assert_eq!(picture.grey().dimensions(), (232, 232));
/// let readings = decode_picture(&picture, &mut WorkBudget::still());
/// assert_eq!(readings[0].bytes, b"hello");
/// assert!(Picture::load(b"text".to_vec()).is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    source: Source,
    grey: GrayImage,
    facts: Facts,
    frames: u32,
}

/// What the other ways to look at a picture are made from.
#[derive(Clone, PartialEq, Eq)]
enum Source {
    File(Arc<Zeroizing<Vec<u8>>>, Decoder),
    /// Red, green, blue and alpha of each pixel.
    Pixels(Arc<Zeroizing<Vec<u8>>>),
}

impl std::fmt::Debug for Picture {
    /// Without its pixels, which may show a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture")
            .field("size", &self.grey.dimensions())
            .field("frames", &self.frames)
            .finish_non_exhaustive()
    }
}

impl Picture {
    /// Loads a PNG, JPEG, WebP, GIF or BMP file.
    ///
    /// # Errors
    /// [`PictureError`]. Sizes are checked before anything is decoded.
    pub fn load(file: Vec<u8>) -> Result<Self, PictureError> {
        let file = Zeroizing::new(file);
        let format = Format::checked(&file)?;
        let (grey, facts) = first_frame(&file, format)?;
        let frames = format.frames(&file).clamp(1, MAX_FRAMES);
        Ok(Self { source: Source::File(Arc::new(file), Decoder::of(format)), grey, facts, frames })
    }

    /// A picture of these pixels, row by row: red, green, blue and alpha, a byte each.
    ///
    /// # Errors
    /// [`PictureError::TooManyPixels`], or `Damaged` where there are too few bytes.
    pub fn from_rgba(width: u32, height: u32, pixels: Vec<u8>) -> Result<Self, PictureError> {
        let pixels = Zeroizing::new(pixels);
        check_size(width, height)?;
        let mut painter = Painter::new(Tone::GREY);
        let grey = paint_pixels(&pixels, (width, height), &mut painter)?;
        let facts = painter.facts();
        Ok(Self { source: Source::Pixels(Arc::new(pixels)), grey, facts, frames: 1 })
    }

    /// The brightness of each pixel of the first frame, by the weights of ITU-R BT.601.
    /// Transparent pixels are blended with white.
    #[must_use]
    pub fn grey(&self) -> &GrayImage {
        &self.grey
    }

    /// The same, without the file.
    #[must_use]
    pub fn into_grey(self) -> GrayImage {
        self.grey
    }

    /// How many frames it has, at most [`MAX_FRAMES`].
    pub(crate) fn frames(&self) -> u32 {
        self.frames
    }

    /// The tones that may show what grey does not, without those of its colours.
    pub(crate) fn other_tones(&self) -> impl Iterator<Item = Tone> + use<> {
        let clear = self.facts.is_translucent.then_some(Tone::OVER_BLACK);
        clear.into_iter().chain(self.facts.narrow_range.map(Tone::stretched))
    }

    /// The tones in which colours of one brightness differ; none where there are no such
    /// colours side by side. This decodes the picture once.
    pub(crate) fn colour_tones(&self) -> Vec<Tone> {
        let mut painter = Painter::surveying();
        let _ = self.paint(&mut painter, &mut |_| ControlFlow::Break(()));
        painter.colour_tones()
    }

    /// Shows the frames in this tone, one after another, until `see` breaks off.
    pub(crate) fn each_frame(
        &self,
        tone: Tone,
        see: &mut dyn FnMut(&GrayImage) -> ControlFlow<()>,
    ) {
        let mut left = self.frames;
        // A damaged frame ends it: what came before was seen.
        let _ = self.paint(&mut Painter::new(tone), &mut |frame| {
            see(frame)?;
            left = left.saturating_sub(1);
            if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
    }

    fn paint(&self, painter: &mut Painter, see: See<'_>) -> Result<(), PictureError> {
        match &self.source {
            Source::File(file, decoder) => decoder.decode(file, painter, see),
            Source::Pixels(pixels) => {
                let mut frame = paint_pixels(pixels, self.grey.dimensions(), painter)?;
                let _ = see(&mut frame);
                Ok(())
            }
        }
    }
}

/// Gets each frame, whole; it may take one if it breaks off then.
type See<'a> = &'a mut dyn FnMut(&mut GrayImage) -> ControlFlow<()>;

/// Loads the brightness alone: see [`Picture::grey`].
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
/// [`PictureError`], as [`Picture::load`].
pub fn load_grayscale(file: &[u8]) -> Result<GrayImage, PictureError> {
    let format = Format::checked(file)?;
    Ok(first_frame(file, format)?.0)
}

fn first_frame(file: &[u8], format: Format) -> Result<(GrayImage, Facts), PictureError> {
    let mut painter = Painter::new(Tone::GREY);
    let mut first = None;
    Decoder::of(format).decode(file, &mut painter, &mut |frame| {
        first = Some(std::mem::take(frame));
        ControlFlow::Break(())
    })?;
    Ok((first.ok_or(PictureError::Damaged)?, painter.facts()))
}

/// What decodes the files of one format. Held as a pointer: a program that loads no files,
/// and makes its pictures of pixels, is then linked without any decoder.
#[derive(Clone, Copy)]
struct Decoder(fn(&[u8], &mut Painter, See<'_>) -> Result<(), PictureError>);

/// The file itself says which.
impl PartialEq for Decoder {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Decoder {}

impl Decoder {
    fn of(format: Format) -> Self {
        Self(match format {
            Format::Png => png::decode,
            Format::Jpeg => jpeg::decode,
            Format::WebP => webp::decode,
            Format::Gif => gif::decode,
            Format::Bmp => bmp::decode,
        })
    }

    fn decode(self, file: &[u8], painter: &mut Painter, see: See<'_>) -> Result<(), PictureError> {
        let decoded = catch_panic(|| (self.0)(file, painter, see));
        decoded.unwrap_or(Err(PictureError::Damaged))
    }
}

fn check_size(width: u32, height: u32) -> Result<(), PictureError> {
    match u64::from(width) * u64::from(height) {
        1..=MAX_PIXELS => Ok(()),
        _ => Err(PictureError::TooManyPixels { width, height }),
    }
}

/// Whether the decoder may take this many bytes for a picture of this size.
fn check_memory(width: u32, height: u32, bytes: u64) -> Result<(), PictureError> {
    // A tenth is left for tables and what else a decoder holds.
    let allowed = 4 * u64::from(width) * u64::from(height) + MAX_OVERHEAD / 10 * 9;
    if bytes <= allowed { Ok(()) } else { Err(PictureError::TooMuchMemory) }
}

fn paint_pixels(
    pixels: &[u8],
    (width, height): (u32, u32),
    painter: &mut Painter,
) -> Result<GrayImage, PictureError> {
    let row = width as usize * Samples::Rgba.count();
    let mut grey = vec![painter.background(); width as usize * height as usize];
    if pixels.len() < row * height as usize {
        return Err(PictureError::Damaged);
    }
    for (grey, row) in grey.chunks_exact_mut(width as usize).zip(pixels.chunks_exact(row)) {
        painter.paint(grey, row, Samples::Rgba);
    }
    GrayImage::from_raw(width, height, grey).ok_or(PictureError::Damaged)
}

/// The grey picture of a decoder's buffer, in the same memory.
fn paint_in_place(
    mut pixels: Vec<u8>,
    (width, height): (u32, u32),
    samples: Samples,
    painter: &mut Painter,
) -> Result<GrayImage, PictureError> {
    let (width_bytes, rows) = (width as usize, height as usize);
    let row = width_bytes * samples.count();
    if pixels.len() < row * rows {
        return Err(PictureError::Damaged);
    }
    let mut grey = vec![0; width_bytes];
    for y in 0..rows {
        let Some(colours) = pixels.get(y * row..(y + 1) * row) else { break };
        grey.fill(painter.background());
        painter.paint(&mut grey, colours, samples);
        if let Some(place) = pixels.get_mut(y * width_bytes..(y + 1) * width_bytes) {
            place.copy_from_slice(&grey);
        }
    }
    pixels.truncate(width_bytes * rows);
    pixels.shrink_to_fit();
    GrayImage::from_raw(width, height, pixels).ok_or(PictureError::Damaged)
}
