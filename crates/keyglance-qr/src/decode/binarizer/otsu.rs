//! One threshold for the whole picture.

use image::GrayImage;
use rxing::common::BitMatrix;

use super::{BLOCK, from_rows, pack, pack_block, pack_partial_block};

/// One threshold for the whole picture, chosen so that the two classes differ
/// the most (Otsu, 1979).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::decode) struct OtsuBinarizer;

impl OtsuBinarizer {
    pub(in crate::decode) fn binarize(self, picture: &GrayImage) -> Option<BitMatrix> {
        let mut counts = [0_u64; 256];
        for pixel in picture.as_raw() {
            if let Some(count) = counts.get_mut(usize::from(*pixel)) {
                *count += 1;
            }
        }
        let threshold = threshold(&counts).saturating_add(1);
        from_rows(picture, |_, row, words| {
            let (whole, rest) = row.as_chunks::<BLOCK>();
            let bytes = whole.iter().map(|pixels| pack_block(pixels, threshold));
            pack(
                bytes.chain((!rest.is_empty()).then(|| pack_partial_block(rest, threshold))),
                words,
            );
        })
    }
}

/// The lightest level of the dark class, of a histogram.
fn threshold(counts: &[u64; 256]) -> u8 {
    let levels = || (0_u8..=255).zip(counts);
    let total: f64 = counts.iter().map(|count| *count as f64).sum();
    let sum: f64 = levels().map(|(level, count)| f64::from(level) * *count as f64).sum();
    let (mut dark, mut dark_sum) = (0.0, 0.0);
    let (mut best, mut threshold) = (0.0, 0);
    for (level, count) in levels() {
        dark += *count as f64;
        dark_sum += f64::from(level) * *count as f64;
        let light = total - dark;
        if dark == 0.0 || light == 0.0 {
            continue;
        }
        let difference = dark_sum / dark - (sum - dark_sum) / light;
        let between = dark * light * difference * difference;
        if between > best {
            (best, threshold) = (between, level);
        }
    }
    threshold
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_parts_the_two_classes() {
        let mut counts = [0; 256];
        (counts[30], counts[40], counts[200]) = (50, 50, 900);
        assert_eq!(threshold(&counts), 40);
        assert_eq!(threshold(&[0; 256]), 0);
    }
}
