//! Grey pixels to dark and light, and pictures to other sizes.

use image::GrayImage;
use image::imageops::{FilterType, resize};
use rxing::common::{BitMatrix, HybridBinarizer};
use rxing::{Binarizer as _, Luma8Source};

/// Dark where darker than its neighbourhood of 5 × 5 blocks of 8 pixels.
pub(super) fn local(picture: &GrayImage) -> Option<BitMatrix> {
    let source =
        Luma8Source::new_with_slice(picture.as_raw(), picture.width(), picture.height()).ok()?;
    HybridBinarizer::new(source).get_black_matrix().ok().cloned()
}

/// Dark where darker than one threshold for the whole picture, chosen so that
/// the two classes differ the most (Otsu, 1979).
pub(super) fn global(picture: &GrayImage) -> Option<BitMatrix> {
    let mut counts = [0_u64; 256];
    for pixel in picture.as_raw() {
        if let Some(count) = counts.get_mut(usize::from(*pixel)) {
            *count += 1;
        }
    }
    let threshold = otsu(&counts);
    let mut matrix = BitMatrix::new(picture.width(), picture.height()).ok()?;
    for (x, y, pixel) in picture.enumerate_pixels() {
        if pixel.0[0] <= threshold {
            matrix.set(x, y);
        }
    }
    Some(matrix)
}

/// Half the width and height, each pixel the mean of four.
pub(super) fn halved(picture: &GrayImage) -> GrayImage {
    let (width, height) = (picture.width() / 2, picture.height() / 2);
    let mut pixels = Vec::with_capacity(width as usize * height as usize);
    let stride = picture.width() as usize;
    for rows in picture.as_raw().chunks_exact((2 * stride).max(1)).take(height as usize) {
        let (upper, lower) = rows.split_at(stride);
        let pairs = upper.as_chunks::<2>().0.iter().zip(lower.as_chunks::<2>().0);
        pixels.extend(pairs.take(width as usize).map(|(upper, lower)| {
            let sum: u16 = upper.iter().chain(lower).copied().map(u16::from).sum();
            (sum / 4) as u8
        }));
    }
    GrayImage::from_raw(width, height, pixels).unwrap_or_default()
}

/// Each pixel becomes a square of `factor` by `factor`.
pub(super) fn enlarged(picture: &GrayImage, factor: u32) -> GrayImage {
    let (width, height) = (picture.width() * factor, picture.height() * factor);
    resize(picture, width, height, FilterType::Nearest)
}

fn otsu(counts: &[u64; 256]) -> u8 {
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
    use image::Luma;

    #[test]
    fn one_threshold_parts_two_greys() {
        let picture = GrayImage::from_fn(9, 5, |x, _| Luma([if x < 3 { 90 } else { 130 }]));
        let matrix = global(&picture).unwrap();
        assert!(matrix.get(2, 4) && !matrix.get(3, 0));
    }

    #[test]
    fn halving_takes_the_mean_and_drops_an_odd_edge() {
        let picture = GrayImage::from_raw(3, 3, vec![10, 20, 99, 30, 40, 99, 99, 99, 99]).unwrap();
        let half = halved(&picture);
        assert_eq!((half.dimensions(), half.as_raw().as_slice()), ((1, 1), [25].as_slice()));
        assert_eq!(halved(&GrayImage::new(1, 7)).dimensions(), (0, 3));
        assert_eq!(halved(&GrayImage::new(0, 0)).dimensions(), (0, 0));
    }
}
