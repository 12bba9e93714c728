//! Codes in what the camera sees, and in pictures.

use keyglance_qr::image::GrayImage;
use keyglance_qr::{Picture, Reading, Version, VideoDecoder, WorkBudget, decode_picture};

use crate::Error;

/// Most pixels of a frame or picture: what fits an input.
const MAX_PIXELS: usize = 64 * 1024 * 1024;

/// Reads the frames of one camera, in order.
#[derive(Debug, Default)]
pub struct Reader {
    decoder: VideoDecoder,
    effort: Effort,
}

/// How much work a frame may cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effort {
    /// The plain looks, and little more.
    Small,
    /// In between.
    Middle,
    /// As much as the program does.
    #[default]
    Full,
}

impl Effort {
    /// The level with this number, from 0.
    #[must_use]
    pub const fn from_level(level: u32) -> Option<Self> {
        match level {
            0 => Some(Self::Small),
            1 => Some(Self::Middle),
            2 => Some(Self::Full),
            _ => None,
        }
    }

    fn budget(self) -> WorkBudget<'static> {
        match self {
            Self::Small => WorkBudget::of(9_000_000),
            Self::Middle => WorkBudget::of(18_000_000),
            Self::Full => WorkBudget::live(),
        }
    }
}

impl Reader {
    /// Chooses how much work each of the next frames may cost.
    pub const fn set_effort(&mut self, effort: Effort) {
        self.effort = effort;
    }

    /// Reads a frame of one byte a pixel, of which each row takes `stride` bytes.
    ///
    /// # Errors
    /// [`Error::Input`].
    pub fn decode_luma(
        &mut self,
        pixels: &[u8],
        (width, height, stride): (u32, u32, u32),
    ) -> Result<Vec<u8>, Error> {
        let (columns, rows) = checked(width, height)?;
        let stride = stride as usize;
        if stride < columns {
            return Err(Error::Input("rows that overlap"));
        }
        let mut packed = Vec::with_capacity(columns * rows);
        for row in pixels.chunks(stride).take(rows) {
            packed.extend_from_slice(row.get(..columns).ok_or(TOO_SHORT)?);
        }
        self.decode(width, height, packed)
    }

    /// Reads a frame of red, green, blue and alpha, a byte each.
    ///
    /// # Errors
    /// [`Error::Input`].
    pub fn decode_rgba(
        &mut self,
        pixels: &[u8],
        (width, height): (u32, u32),
    ) -> Result<Vec<u8>, Error> {
        let (columns, rows) = checked(width, height)?;
        let (pixels, _) = pixels.as_chunks::<4>();
        let pixels = pixels.get(..columns * rows).ok_or(TOO_SHORT)?;
        self.decode(width, height, pixels.iter().map(brightness).collect())
    }

    fn decode(&mut self, width: u32, height: u32, pixels: Vec<u8>) -> Result<Vec<u8>, Error> {
        let frame = GrayImage::from_raw(width, height, pixels).ok_or(TOO_SHORT)?;
        Ok(listed(&self.decoder.read(&frame, &mut self.effort.budget())))
    }
}

/// Reads a picture that a person chose, thoroughly: pixels as those of
/// [`Reader::decode_rgba`].
///
/// # Errors
/// [`Error::Input`].
pub(crate) fn decode_picture_rgba(
    pixels: &[u8],
    (width, height): (u32, u32),
) -> Result<Vec<u8>, Error> {
    let (columns, rows) = checked(width, height)?;
    let pixels = pixels.get(..4 * columns * rows).ok_or(TOO_SHORT)?.to_vec();
    let picture = Picture::from_rgba(width, height, pixels)
        .map_err(|_| Error::Input("more pixels than a picture may have"))?;
    Ok(listed(&decode_picture(&picture, &mut WorkBudget::still())))
}

const TOO_SHORT: Error = Error::Input("fewer bytes than pixels");

fn checked(width: u32, height: u32) -> Result<(usize, usize), Error> {
    let (columns, rows) = (width as usize, height as usize);
    match columns.checked_mul(rows) {
        Some(1..=MAX_PIXELS) => Ok((columns, rows)),
        _ => Err(Error::Input("no picture, or too large a one")),
    }
}

/// By the weights of ITU-R BT.601, in 1/256.
const fn brightness([red, green, blue, _]: &[u8; 4]) -> u8 {
    ((*red as u32 * 77 + *green as u32 * 150 + *blue as u32 * 29) >> 8) as u8
}

/// The number of readings as a byte, then for each its length as four bytes, its bytes, its
/// version as a byte, zero for other kinds than QR, and eight floats: x and y of its corners.
/// Numbers are little-endian.
fn listed(readings: &[Reading]) -> Vec<u8> {
    let readings = readings.get(..usize::from(u8::MAX)).unwrap_or(readings);
    let mut list = vec![u8::try_from(readings.len()).unwrap_or(u8::MAX)];
    for reading in readings {
        let length = u32::try_from(reading.bytes.len()).unwrap_or(u32::MAX);
        list.extend(length.to_le_bytes());
        list.extend(&reading.bytes);
        list.push(match reading.version {
            Version::Normal(number) => number,
            _ => 0,
        });
        for corner in reading.corners {
            list.extend(corner.x.to_le_bytes());
            list.extend(corner.y.to_le_bytes());
        }
    }
    list
}
