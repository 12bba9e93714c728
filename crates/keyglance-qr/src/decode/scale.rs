//! Pictures at other sizes.

use image::GrayImage;
use image::imageops::{FilterType, resize};

use super::WorkBudget;
use super::search::pixels;
use super::tuning::HALVE;

/// The picture halved as often as it takes for it to have at most `most` pixels, but no
/// more than `times`, and how many times smaller that is; none where it is small enough,
/// or no work is left.
pub(super) fn reduce(
    picture: &GrayImage,
    most: u64,
    times: u32,
    budget: &mut WorkBudget<'_>,
) -> (Option<GrayImage>, f32) {
    let (mut reduced, mut factor) = (None, 1.0);
    for _ in 0..times {
        let larger = reduced.as_ref().unwrap_or(picture);
        if pixels(larger) <= most || !budget.spend(pixels(larger) / HALVE) {
            break;
        }
        reduced = Some(halve(larger));
        factor *= 2.0;
    }
    (reduced, factor)
}

/// Half the width and height, each pixel the mean of four.
pub(super) fn halve(picture: &GrayImage) -> GrayImage {
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
pub(super) fn reduce_to_third(picture: &GrayImage) -> GrayImage {
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
pub(super) fn double(picture: &GrayImage) -> GrayImage {
    enlarge(picture, 2, FilterType::CatmullRom)
}

/// Each pixel becomes a square of three by three.
pub(super) fn triple(picture: &GrayImage) -> GrayImage {
    enlarge(picture, 3, FilterType::Nearest)
}

fn enlarge(picture: &GrayImage, factor: u32, filter: FilterType) -> GrayImage {
    resize(picture, picture.width() * factor, picture.height() * factor, filter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shrinking_takes_the_mean_and_drops_an_odd_edge() {
        let picture = GrayImage::from_raw(3, 3, vec![10, 20, 99, 30, 40, 99, 99, 99, 99]).unwrap();
        let half = halve(&picture);
        assert_eq!((half.dimensions(), half.as_raw().as_slice()), ((1, 1), [25].as_slice()));
        assert_eq!(reduce_to_third(&picture).as_raw().as_slice(), [66]);
        assert_eq!(halve(&GrayImage::new(1, 7)).dimensions(), (0, 3));
        assert_eq!(reduce_to_third(&GrayImage::new(7, 2)).dimensions(), (2, 0));
        assert_eq!(halve(&GrayImage::new(0, 0)).dimensions(), (0, 0));
    }
}
