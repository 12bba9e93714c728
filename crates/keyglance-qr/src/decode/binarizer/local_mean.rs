//! A threshold for each pixel.

use image::GrayImage;
use rxing::common::{BIT_FIELD_BASE_BITS, BitMatrix};

use super::from_rows;
use crate::decode::filter::box_means;
use crate::decode::tuning::LOCAL_MEAN_MARGIN;

/// A threshold for each pixel: the mean of the window around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::decode) struct LocalMeanBinarizer {
    /// The window is a square of `2 × radius + 1` pixels.
    pub(in crate::decode) radius: Radius,
}

/// The radius of a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::decode) enum Radius {
    Pixels(u32),
    /// This fraction of the longer side of the picture.
    OneOver(u32),
}

impl Radius {
    fn pixels(self, picture: &GrayImage) -> u32 {
        match self {
            Self::Pixels(pixels) => pixels,
            Self::OneOver(parts) => picture.width().max(picture.height()) / parts,
        }
    }
}

impl LocalMeanBinarizer {
    pub(in crate::decode) fn binarize(self, picture: &GrayImage) -> Option<BitMatrix> {
        let means = box_means(picture, self.radius.pixels(picture));
        let width = picture.width() as usize;
        from_rows(picture, |y, row, words| {
            let means = means.get(y * width..(y + 1) * width).unwrap_or_default();
            let pixels = row.chunks(BIT_FIELD_BASE_BITS).zip(means.chunks(BIT_FIELD_BASE_BITS));
            words.extend(pixels.map(|(pixels, means)| {
                let pixels = pixels.iter().zip(means).rev();
                // A margin keeps noise out of even paper.
                pixels.fold(0, |word, (pixel, mean)| {
                    word << 1 | usize::from(f32::from(*pixel) + LOCAL_MEAN_MARGIN < *mean)
                })
            }));
        })
    }
}
