//! Pictures to other sizes.

use image::GrayImage;
use image::imageops::{FilterType, resize};

/// Half the width and height, each pixel the mean of four.
pub(super) fn halved(picture: &GrayImage) -> GrayImage {
    let (width, height) = (picture.width() / 2, picture.height() / 2);
    let mut pixels = Vec::with_capacity(width as usize * height as usize);
    let stride = picture.width() as usize;
    for rows in picture.as_raw().chunks_exact((2 * stride).max(1)).take(height as usize) {
        let (upper, lower) = rows.split_at(stride);
        let pairs = upper.as_chunks::<2>().0.iter().zip(lower.as_chunks::<2>().0);
        pixels.extend(pairs.take(width as usize).map(|([a, b], [c, d])| {
            let sum = u16::from(*a) + u16::from(*b) + u16::from(*c) + u16::from(*d);
            (sum / 4) as u8
        }));
    }
    GrayImage::from_raw(width, height, pixels).unwrap_or_default()
}

/// A third of the width and height, each pixel the mean of nine.
pub(super) fn thirded(picture: &GrayImage) -> GrayImage {
    let (width, height) = (picture.width() / 3, picture.height() / 3);
    let mut pixels = Vec::with_capacity(width as usize * height as usize);
    let stride = picture.width() as usize;
    for rows in picture.as_raw().chunks_exact((3 * stride).max(1)).take(height as usize) {
        let (first, rest) = rows.split_at(stride);
        let (second, third) = rest.split_at(stride);
        let columns = first.as_chunks::<3>().0.iter();
        let columns = columns.zip(second.as_chunks::<3>().0).zip(third.as_chunks::<3>().0);
        pixels.extend(columns.take(width as usize).map(|((a, b), c)| {
            let sum: u16 = a.iter().chain(b).chain(c).copied().map(u16::from).sum();
            (sum / 9) as u8
        }));
    }
    GrayImage::from_raw(width, height, pixels).unwrap_or_default()
}

/// Twice the width and height, smoothly: an edge keeps its place between two pixels.
pub(super) fn doubled(picture: &GrayImage) -> GrayImage {
    enlarged(picture, 2, FilterType::CatmullRom)
}

/// Each pixel becomes a square of three by three.
pub(super) fn tripled(picture: &GrayImage) -> GrayImage {
    enlarged(picture, 3, FilterType::Nearest)
}

fn enlarged(picture: &GrayImage, factor: u32, filter: FilterType) -> GrayImage {
    resize(picture, picture.width() * factor, picture.height() * factor, filter)
}

/// Edges made steeper: away from the mean of the square of `2 × radius + 1`
/// pixels around, by `strength`.
pub(super) fn sharpened(picture: &GrayImage, radius: u32, strength: f32) -> GrayImage {
    let mut sharp = picture.clone();
    let means = super::threshold::means(picture, radius);
    for (pixel, mean) in sharp.iter_mut().zip(means) {
        let level = f32::from(*pixel);
        // A cast to a byte saturates.
        *pixel = (level + strength * (level - mean)) as u8;
    }
    sharp
}

/// Each pixel the mean of the square of `2 × radius + 1` pixels around.
pub(super) fn softened(picture: &GrayImage, radius: u32) -> GrayImage {
    let means = super::threshold::means(picture, radius).into_iter().map(|mean| mean as u8);
    GrayImage::from_raw(picture.width(), picture.height(), means.collect()).unwrap_or_default()
}

/// Each pixel with its neighbours: weights of 1, 2, 1 across and down. The
/// outermost pixels stay as they are.
pub(super) fn smoothed(picture: &GrayImage) -> GrayImage {
    let mut smooth = picture.clone();
    let width = picture.width() as usize;
    if width < 3 || picture.height() < 3 {
        return smooth;
    }
    let row = |y: usize| picture.as_raw().get(y * width..(y + 1) * width).unwrap_or_default();
    let mut sums = Vec::with_capacity(width);
    for (above, out) in smooth.chunks_exact_mut(width).skip(1).enumerate() {
        let here = row(above).iter().zip(row(above + 1)).zip(row(above + 2));
        if row(above + 2).is_empty() {
            break;
        }
        sums.clear();
        sums.extend(here.map(|((a, b), c)| u16::from(*a) + 2 * u16::from(*b) + u16::from(*c)));
        let across = sums.iter().zip(sums.iter().skip(1)).zip(sums.iter().skip(2));
        let inner = out.iter_mut().skip(1);
        inner.zip(across).for_each(|(out, ((a, b), c))| *out = ((a + 2 * b + c + 8) / 16) as u8);
    }
    smooth
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shrinking_takes_the_mean_and_drops_an_odd_edge() {
        let picture = GrayImage::from_raw(3, 3, vec![10, 20, 99, 30, 40, 99, 99, 99, 99]).unwrap();
        let half = halved(&picture);
        assert_eq!((half.dimensions(), half.as_raw().as_slice()), ((1, 1), [25].as_slice()));
        assert_eq!(thirded(&picture).as_raw().as_slice(), [66]);
        assert_eq!(halved(&GrayImage::new(1, 7)).dimensions(), (0, 3));
        assert_eq!(thirded(&GrayImage::new(7, 2)).dimensions(), (2, 0));
        assert_eq!(halved(&GrayImage::new(0, 0)).dimensions(), (0, 0));
    }
}
