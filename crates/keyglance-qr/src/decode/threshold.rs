//! Grey pixels to dark and light.

use image::GrayImage;
use rxing::common::{BIT_FIELD_BASE_BITS, BitArray, BitMatrix};

/// The side of the squares that [`blocks`] looks at.
const BLOCK: usize = 8;

/// Dark where darker than the middle of its neighbourhood of 5 × 5 blocks of 8
/// pixels. A block whose levels lie closer together than `range` is flat: it
/// takes the middle of the nearest that are not.
pub(super) fn blocks(picture: &GrayImage, range: u8) -> Option<BitMatrix> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    if width < BLOCK || height < BLOCK {
        return global(picture);
    }
    let (across, down) = (width.div_ceil(BLOCK), height.div_ceil(BLOCK));
    let mut middles = Vec::with_capacity(across * down);
    let (mut darkest, mut lightest, mut sums) = (Vec::new(), Vec::new(), Vec::new());
    for rows in picture.as_raw().chunks(width * BLOCK) {
        // First down the columns, many at once, and then across.
        (darkest, lightest, sums) = (
            refilled(darkest, width, u8::MAX),
            refilled(lightest, width, 0),
            refilled(sums, width, 0),
        );
        for row in rows.chunks_exact(width) {
            darkest.iter_mut().zip(row).for_each(|(least, pixel)| *least = (*least).min(*pixel));
            lightest.iter_mut().zip(row).for_each(|(most, pixel)| *most = (*most).max(*pixel));
            sums.iter_mut().zip(row).for_each(|(sum, pixel)| *sum += u16::from(*pixel));
        }
        let lines = rows.len() / width;
        let columns = darkest.chunks(BLOCK).zip(lightest.chunks(BLOCK)).zip(sums.chunks(BLOCK));
        middles.extend(columns.map(|((darkest, lightest), sums)| {
            let least = darkest.iter().fold(u8::MAX, |least, level| least.min(*level));
            let most = lightest.iter().fold(0, |most: u8, level| most.max(*level));
            let sum: u32 = sums.iter().copied().map(u32::from).sum();
            (most - least > range).then(|| sum as f32 / (lines * sums.len()) as f32)
        }));
    }
    let middles = filled(&middles, across);
    let thresholds: Vec<u8> =
        averaged(&middles, across, 2).into_iter().map(|middle| (middle + 0.999) as u8).collect();
    from_rows(picture, |y, row, words| {
        let start = y / BLOCK * across;
        let thresholds = thresholds.get(start..start + across).unwrap_or_default();
        let (whole, rest) = row.as_chunks::<BLOCK>();
        let bytes =
            whole.iter().zip(thresholds).map(|(pixels, threshold)| byte(pixels, *threshold));
        pack(bytes.chain(thresholds.get(whole.len()).map(|t| last_byte(rest, *t))), words);
    })
}

/// A vector of this length with one value throughout, in the same memory.
fn refilled<T: Clone>(mut values: Vec<T>, length: usize, value: T) -> Vec<T> {
    values.clear();
    values.resize(length, value);
    values
}

/// Eight pixels as bits, the first lowest, set where darker than the threshold.
///
/// All eight at once: compilers make eight comparisons of the plain loop.
fn byte(pixels: &[u8; BLOCK], threshold: u8) -> usize {
    const HIGHEST: u64 = 0x8080_8080_8080_8080;
    let levels = u64::from_le_bytes(*pixels);
    let limits = u64::from_le_bytes([threshold; BLOCK]);
    // The lower seven bits apart, so that no byte borrows of its neighbour.
    let lower = !((levels | HIGHEST) - (limits & !HIGHEST));
    let dark = ((!levels & limits) | (!(levels ^ limits) & lower)) & HIGHEST;
    // Carries the bit of byte n to bit 56 + n.
    ((dark >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) as usize
}

/// The same for the fewer pixels at a row's end.
fn last_byte(pixels: &[u8], threshold: u8) -> usize {
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

/// Flat blocks filled from the nearest others to both sides, above and below;
/// all light where every block is flat.
fn filled(middles: &[Option<f32>], across: usize) -> Vec<f32> {
    let mut sums = vec![(0.0, 0.0_f32); middles.len()];
    let mut pass = |order: &mut dyn Iterator<Item = usize>, length: usize| {
        let mut last = None;
        for (step, at) in order.enumerate() {
            if step % length == 0 {
                last = None;
            }
            let here = middles.get(at).copied().flatten();
            match here {
                Some(middle) => last = Some((middle, 0.0)),
                None => {
                    if let Some((middle, distance)) = &mut last {
                        *distance += 1.0;
                        let weight = 1.0 / (*distance * *distance);
                        if let Some((sum, weights)) = sums.get_mut(at) {
                            *sum += *middle * weight;
                            *weights += weight;
                        }
                    }
                }
            }
        }
    };
    let across = across.max(1);
    let down = middles.len() / across;
    let column_wise = |at: usize| at % down.max(1) * across + at / down.max(1);
    pass(&mut (0..middles.len()), across);
    pass(&mut (0..middles.len()).rev(), across);
    pass(&mut (0..middles.len()).map(column_wise), down.max(1));
    pass(&mut (0..middles.len()).rev().map(column_wise), down.max(1));
    let filled = middles.iter().zip(sums).map(|(middle, (sum, weights))| {
        middle.unwrap_or(if weights > 0.0 { sum / weights } else { 0.0 })
    });
    filled.collect()
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
    let threshold = otsu(&counts).saturating_add(1);
    from_rows(picture, |_, row, words| {
        let (whole, rest) = row.as_chunks::<BLOCK>();
        let bytes = whole.iter().map(|pixels| byte(pixels, threshold));
        pack(bytes.chain((!rest.is_empty()).then(|| last_byte(rest, threshold))), words);
    })
}

/// Dark where darker than the mean of the square of `2 × radius + 1` pixels around.
pub(super) fn local_mean(picture: &GrayImage, radius: u32) -> Option<BitMatrix> {
    let means = means(picture, radius);
    let width = picture.width() as usize;
    from_rows(picture, |y, row, words| {
        let means = means.get(y * width..(y + 1) * width).unwrap_or_default();
        let pixels = row.chunks(BIT_FIELD_BASE_BITS).zip(means.chunks(BIT_FIELD_BASE_BITS));
        words.extend(pixels.map(|(pixels, means)| {
            let pixels = pixels.iter().zip(means).rev();
            // A grey or two of margin keeps noise out of even paper.
            pixels.fold(0, |word, (pixel, mean)| {
                word << 1 | usize::from(f32::from(*pixel) + 2.0 < *mean)
            })
        }));
    })
}

/// The mean of the square around each pixel.
pub(super) fn means(picture: &GrayImage, radius: u32) -> Vec<f32> {
    let levels: Vec<f32> = picture.as_raw().iter().copied().map(f32::from).collect();
    averaged(&levels, picture.width() as usize, radius as usize)
}

/// The mean of the square around each value; at the edges, of what there is.
pub(super) fn averaged(values: &[f32], width: usize, radius: usize) -> Vec<f32> {
    let width = width.max(1);
    let mut rows = Vec::with_capacity(values.len());
    for row in values.chunks(width) {
        let mut sum: f32 = row.iter().take(radius).sum();
        let mut count = radius.min(row.len()) as f32;
        for x in 0..row.len() {
            if let Some(next) = row.get(x + radius) {
                sum += next;
                count += 1.0;
            }
            rows.push(sum / count);
            if let Some(old) = x.checked_sub(radius).and_then(|old| row.get(old)) {
                sum -= old;
                count -= 1.0;
            }
        }
    }
    let height = rows.len() / width;
    let line = |y: usize| rows.get(y * width..(y + 1) * width);
    let mut sums = vec![0.0_f32; width];
    let mut count = 0.0;
    let mut add = |sums: &mut [f32], y: Option<usize>, sign: f32| {
        if let Some(row) = y.and_then(line) {
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += sign * value);
            count += sign;
        }
        count
    };
    for y in 0..radius {
        add(&mut sums, Some(y), 1.0);
    }
    let mut out = Vec::with_capacity(values.len());
    for y in 0..height {
        let share = 1.0 / add(&mut sums, Some(y + radius), 1.0);
        out.extend(sums.iter().map(|sum| sum * share));
        add(&mut sums, y.checked_sub(radius), -1.0);
    }
    out
}

/// A matrix from its rows, each in words with the leftmost pixel lowest.
fn from_rows(
    picture: &GrayImage,
    mut pack: impl FnMut(usize, &[u8], &mut Vec<usize>),
) -> Option<BitMatrix> {
    let width = picture.width() as usize;
    let mut matrix = BitMatrix::new(picture.width(), picture.height()).ok()?;
    let mut bits = BitArray::with_size(width);
    let mut words = Vec::with_capacity(width.div_ceil(BIT_FIELD_BASE_BITS));
    for (y, row) in picture.as_raw().chunks(width.max(1)).enumerate() {
        words.clear();
        pack(y, row, &mut words);
        for (at, word) in words.iter().enumerate() {
            bits.setBulk(at * BIT_FIELD_BASE_BITS, *word);
        }
        matrix.setRow(y as u32, &bits);
    }
    Some(matrix)
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
    fn every_way_parts_two_greys() {
        let picture = GrayImage::from_fn(99, 45, |x, _| Luma([if x < 50 { 90 } else { 130 }]));
        for matrix in [global(&picture), blocks(&picture, 8), local_mean(&picture, 20)] {
            let matrix = matrix.unwrap();
            assert!(matrix.get(45, 4) && !matrix.get(53, 44));
        }
        // Far from every edge, the nearest edge decides.
        let matrix = blocks(&picture, 8).unwrap();
        assert!(matrix.get(0, 0) && !matrix.get(98, 44));
    }

    #[test]
    fn eight_pixels_are_compared_as_one_by_one() {
        for threshold in 0..=255 {
            for level in 0..=255_u8 {
                let pixels: [u8; 8] = std::array::from_fn(|at| level.wrapping_mul(at as u8 + 1));
                assert_eq!(byte(&pixels, threshold), last_byte(&pixels, threshold));
            }
        }
    }

    #[test]
    fn a_mean_is_of_what_there_is() {
        let values: Vec<f32> = (0..12).map(|value| value as f32).collect();
        let means = averaged(&values, 4, 1);
        assert_eq!((means[0], means[5], means[11]), (2.5, 5.0, 8.5));
        assert_eq!(averaged(&values, 4, 9), vec![5.5; 12]);
        assert!(averaged(&[], 0, 3).is_empty());
    }
}
