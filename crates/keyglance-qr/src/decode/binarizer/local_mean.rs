//! A threshold for each pixel.

use image::GrayImage;
use rxing::common::BitMatrix;

use super::{BLOCK, Rows, pack, pack_flags};
use crate::decode::filter::for_each_window_row;
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
        let mut rows = Rows::new(picture)?;
        let mut dark = Vec::new();
        for_each_window_row(picture, self.radius.pixels(picture), |row, windows| {
            dark.clear();
            // A margin keeps noise out of even paper.
            dark.extend(row.iter().zip(windows.sums.iter().zip(windows.counts)).map(
                |(pixel, (sum, count))| {
                    u8::from((u32::from(*pixel) + LOCAL_MEAN_MARGIN) * count < *sum)
                },
            ));
            rows.push(|words| {
                let (whole, rest) = dark.as_chunks::<BLOCK>();
                let bytes = whole.iter().map(pack_flags);
                let rest = (!rest.is_empty()).then(|| {
                    rest.iter().rev().fold(0, |byte, dark| byte << 1 | usize::from(*dark))
                });
                pack(bytes.chain(rest), words);
            });
        });
        Some(rows.into_matrix())
    }
}
