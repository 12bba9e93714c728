//! Grey pixels to dark and light ones.

mod hybrid;
mod local_mean;
mod otsu;

use image::GrayImage;
use rxing::common::{BIT_FIELD_BASE_BITS, BitArray, BitMatrix};

pub(super) use self::hybrid::{BlockLevel, HybridBinarizer};
pub(super) use self::local_mean::{LocalMeanBinarizer, Radius};
pub(super) use self::otsu::OtsuBinarizer;

/// Pixels are compared and packed eight at a time, and the hybrid binarizer's
/// blocks have this side.
const BLOCK: usize = 8;

/// One of the ways to binarize a picture: a bit is set where a pixel is dark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Binarizer {
    Hybrid(HybridBinarizer),
    Otsu(OtsuBinarizer),
    LocalMean(LocalMeanBinarizer),
}

impl Binarizer {
    pub(super) fn binarize(self, picture: &GrayImage) -> Option<BitMatrix> {
        match self {
            Self::Hybrid(hybrid) => hybrid.binarize(picture),
            Self::Otsu(otsu) => otsu.binarize(picture),
            Self::LocalMean(local_mean) => local_mean.binarize(picture),
        }
    }
}

/// Eight pixels as bits, the first in the lowest, set where darker than the threshold.
///
/// All eight are compared at once: compilers turn the plain loop into eight
/// comparisons.
fn pack_block(pixels: &[u8; BLOCK], threshold: u8) -> usize {
    const HIGHEST: u64 = 0x8080_8080_8080_8080;
    let levels = u64::from_le_bytes(*pixels);
    let limits = u64::from_le_bytes([threshold; BLOCK]);
    // The lower seven bits apart, so that no byte borrows from its neighbour.
    let lower = !((levels | HIGHEST) - (limits & !HIGHEST));
    let dark = ((!levels & limits) | (!(levels ^ limits) & lower)) & HIGHEST;
    pack_flags(&(dark >> 7).to_le_bytes())
}

/// Eight flags of 0 or 1 as bits, the first in the lowest.
fn pack_flags(flags: &[u8; BLOCK]) -> usize {
    // Carries the bit of byte n to bit 56 + n.
    (u64::from_le_bytes(*flags).wrapping_mul(0x0102_0408_1020_4080) >> 56) as usize
}

/// The same for the fewer pixels at a row's end.
fn pack_partial_block(pixels: &[u8], threshold: u8) -> usize {
    let dark = pixels.iter().rev().map(|pixel| usize::from(*pixel < threshold));
    dark.fold(0, |byte, dark| byte << 1 | dark)
}

/// Bytes to words, the first byte lowest.
fn pack(bytes: impl Iterator<Item = usize>, words: &mut Vec<usize>) {
    for (at, byte) in bytes.enumerate() {
        match (at % (BIT_FIELD_BASE_BITS / BLOCK), words.last_mut()) {
            (shift @ 1.., Some(word)) => *word |= byte << (shift * BLOCK),
            _ => words.push(byte),
        }
    }
}

/// A matrix that is made row by row.
struct Rows {
    matrix: BitMatrix,
    y: u32,
    bits: BitArray,
    words: Vec<usize>,
}

impl Rows {
    fn new(picture: &GrayImage) -> Option<Self> {
        let width = picture.width() as usize;
        Some(Self {
            matrix: BitMatrix::new(picture.width(), picture.height()).ok()?,
            y: 0,
            bits: BitArray::with_size(width),
            words: Vec::with_capacity(width.div_ceil(BIT_FIELD_BASE_BITS)),
        })
    }

    /// The next row, in words with the leftmost pixel lowest.
    fn push(&mut self, pack: impl FnOnce(&mut Vec<usize>)) {
        self.words.clear();
        pack(&mut self.words);
        for (at, word) in self.words.iter().enumerate() {
            self.bits.setBulk(at * BIT_FIELD_BASE_BITS, *word);
        }
        self.matrix.setRow(self.y, &self.bits);
        self.y += 1;
    }

    fn into_matrix(self) -> BitMatrix {
        self.matrix
    }
}

/// A matrix from the rows of a picture.
fn from_rows(
    picture: &GrayImage,
    mut pack: impl FnMut(usize, &[u8], &mut Vec<usize>),
) -> Option<BitMatrix> {
    let mut rows = Rows::new(picture)?;
    let width = picture.width() as usize;
    for (y, row) in picture.as_raw().chunks(width.max(1)).enumerate() {
        rows.push(|words| pack(y, row, words));
    }
    Some(rows.into_matrix())
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    #[test]
    fn every_binarizer_parts_two_greys() {
        let picture = GrayImage::from_fn(99, 45, |x, _| Luma([if x < 50 { 90 } else { 130 }]));
        let hybrids = [BlockLevel::Mean, BlockLevel::Midpoint]
            .map(|level| Binarizer::Hybrid(HybridBinarizer { min_contrast: 8, level }));
        let local_mean = Binarizer::LocalMean(LocalMeanBinarizer { radius: Radius::Pixels(20) });
        for binarizer in [Binarizer::Otsu(OtsuBinarizer), hybrids[0], hybrids[1], local_mean] {
            let matrix = binarizer.binarize(&picture).unwrap();
            assert!(matrix.get(45, 4) && !matrix.get(53, 44));
        }
        // Far from every edge, the nearest edge decides.
        for hybrid in hybrids {
            let matrix = hybrid.binarize(&picture).unwrap();
            assert!(matrix.get(0, 0) && !matrix.get(98, 44));
        }
    }

    #[test]
    fn eight_pixels_are_compared_as_one_by_one() {
        for threshold in 0..=255 {
            for level in 0..=255_u8 {
                let pixels: [u8; 8] = std::array::from_fn(|at| level.wrapping_mul(at as u8 + 1));
                assert_eq!(pack_block(&pixels, threshold), pack_partial_block(&pixels, threshold));
            }
        }
    }
}
