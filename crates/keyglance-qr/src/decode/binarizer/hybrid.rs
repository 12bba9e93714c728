//! A threshold for each block of pixels, as ZXing's hybrid binarizers have it.

use image::GrayImage;
use rxing::common::BitMatrix;

use super::{BLOCK, OtsuBinarizer, from_rows, pack, pack_block, pack_partial_block};
use crate::decode::filter::box_filter;

/// One threshold for each block of 8 × 8 pixels: the mean of the 5 × 5 blocks around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::decode) struct HybridBinarizer {
    /// A block whose levels lie no farther apart than this is flat: it has no
    /// threshold of its own and takes that of the nearest blocks that are not.
    pub(in crate::decode) min_contrast: u8,
    pub(in crate::decode) level: BlockLevel,
}

/// What counts as the level of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::decode) enum BlockLevel {
    /// The mean of its pixels, as in ZXing: it follows light that changes from block to
    /// block, and is too light for the blocks of a small code with light paper around it.
    Mean,
    /// Halfway between its darkest and its lightest pixel, as in ZXing-C++, and blocks
    /// count by their contrast: what ink and paper differ by outweighs the edge of a label.
    Midpoint,
}

/// A block that is not flat.
#[derive(Clone, Copy)]
struct Block {
    level: f32,
    contrast: f32,
}

impl HybridBinarizer {
    pub(in crate::decode) fn binarize(self, picture: &GrayImage) -> Option<BitMatrix> {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        if width < BLOCK || height < BLOCK {
            return OtsuBinarizer.binarize(picture);
        }
        let (across, down) = (width.div_ceil(BLOCK), height.div_ceil(BLOCK));
        let mut blocks = Vec::with_capacity(across * down);
        let (mut darkest, mut lightest, mut sums) = (Vec::new(), Vec::new(), Vec::new());
        for rows in picture.as_raw().chunks(width * BLOCK) {
            // First down the columns, many at once, then across.
            (darkest, lightest, sums) = (
                refilled(darkest, width, u8::MAX),
                refilled(lightest, width, 0),
                refilled(sums, width, 0),
            );
            for row in rows.chunks_exact(width) {
                darkest
                    .iter_mut()
                    .zip(row)
                    .for_each(|(least, pixel)| *least = (*least).min(*pixel));
                lightest.iter_mut().zip(row).for_each(|(most, pixel)| *most = (*most).max(*pixel));
                sums.iter_mut().zip(row).for_each(|(sum, pixel)| *sum += u16::from(*pixel));
            }
            let lines = rows.len() / width;
            let columns = darkest.chunks(BLOCK).zip(lightest.chunks(BLOCK)).zip(sums.chunks(BLOCK));
            blocks.extend(columns.map(|((darkest, lightest), sums)| {
                let least = darkest.iter().fold(u8::MAX, |least, level| least.min(*level));
                let most = lightest.iter().fold(0, |most: u8, level| most.max(*level));
                let sum: u32 = sums.iter().copied().map(u32::from).sum();
                let contrast = f32::from(most - least);
                let level = match self.level {
                    BlockLevel::Mean => sum as f32 / (lines * sums.len()) as f32,
                    BlockLevel::Midpoint => f32::from(least) + contrast / 2.0,
                };
                (most - least > self.min_contrast).then_some(Block { level, contrast })
            }));
        }
        let means = match self.level {
            BlockLevel::Mean => {
                let levels: Vec<_> =
                    blocks.iter().map(|block| block.map(|block| block.level)).collect();
                box_filter(&fill_flat_blocks(&levels, across), across, 2)
            }
            BlockLevel::Midpoint => fill_flat_blocks(&means_by_contrast(&blocks, across), across),
        };
        let thresholds: Vec<u8> = means.into_iter().map(|mean| (mean + 0.999) as u8).collect();
        from_rows(picture, |y, row, words| {
            let start = y / BLOCK * across;
            let thresholds = thresholds.get(start..start + across).unwrap_or_default();
            let (whole, rest) = row.as_chunks::<BLOCK>();
            let bytes = whole
                .iter()
                .zip(thresholds)
                .map(|(pixels, threshold)| pack_block(pixels, *threshold));
            pack(
                bytes.chain(thresholds.get(whole.len()).map(|t| pack_partial_block(rest, *t))),
                words,
            );
        })
    }
}

/// A vector of this length with one value throughout, in the memory of `values`.
fn refilled<T: Clone>(mut values: Vec<T>, length: usize, value: T) -> Vec<T> {
    values.clear();
    values.resize(length, value);
    values
}

/// The mean of the 5 × 5 blocks around each, where they are not all flat: each counts by
/// its contrast, and the one in the middle three times.
fn means_by_contrast(blocks: &[Option<Block>], across: usize) -> Vec<Option<f32>> {
    let around = |value: &dyn Fn(&Block) -> f32| {
        let values: Vec<f32> =
            blocks.iter().map(|block| block.as_ref().map_or(0.0, value)).collect();
        let means = box_filter(&values, across, 2);
        let sums = means.into_iter().zip(values).map(|(mean, own)| mean + own * (2.0 / 25.0));
        sums.collect::<Vec<_>>()
    };
    let weighted = around(&|block| block.level * block.contrast);
    let weights = around(&|block| block.contrast);
    // Where a sum runs over zeroes, what is left of others by rounding is far below one.
    let mean = |(sum, weight): (f32, f32)| (weight > 0.5).then_some(sum / weight);
    weighted.into_iter().zip(weights).map(mean).collect()
}

/// Fills flat blocks from the nearest others left, right, above and below,
/// weighted by the inverse square of the distance; everything is light where
/// every block is flat.
fn fill_flat_blocks(means: &[Option<f32>], across: usize) -> Vec<f32> {
    let mut sums = vec![(0.0, 0.0_f32); means.len()];
    let mut pass = |order: &mut dyn Iterator<Item = usize>, length: usize| {
        let mut last = None;
        for (step, at) in order.enumerate() {
            if step % length == 0 {
                last = None;
            }
            let here = means.get(at).copied().flatten();
            match here {
                Some(mean) => last = Some((mean, 0.0)),
                None => {
                    if let Some((mean, distance)) = &mut last {
                        *distance += 1.0;
                        let weight = 1.0 / (*distance * *distance);
                        if let Some((sum, weights)) = sums.get_mut(at) {
                            *sum += *mean * weight;
                            *weights += weight;
                        }
                    }
                }
            }
        }
    };
    let across = across.max(1);
    let down = means.len() / across;
    let column_wise = |at: usize| at % down.max(1) * across + at / down.max(1);
    pass(&mut (0..means.len()), across);
    pass(&mut (0..means.len()).rev(), across);
    pass(&mut (0..means.len()).map(column_wise), down.max(1));
    pass(&mut (0..means.len()).rev().map(column_wise), down.max(1));
    let filled = means.iter().zip(sums).map(|(mean, (sum, weights))| {
        mean.unwrap_or(if weights > 0.0 { sum / weights } else { 0.0 })
    });
    filled.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_faint_edge_hardly_moves_the_threshold_beside_a_code() {
        // Ink of 40 on a label of 230, which ends on paper of 200.
        let ink = Some(Block { level: 135.0, contrast: 190.0 });
        let edge = Some(Block { level: 215.0, contrast: 30.0 });
        let means = means_by_contrast(&[ink, edge, edge, None, None, None, None, None], 8);
        assert!(means[0].unwrap() < 160.0, "{means:?}");
        // Where there is nothing but the edge, it decides.
        assert!((means[4].unwrap() - 215.0).abs() < 0.1, "{means:?}");
        assert_eq!((means[5], means[7]), (None, None));
        // The block itself counts three times.
        let other = Some(Block { level: 35.0, contrast: 190.0 });
        let means = means_by_contrast(&[[ink; 2], [other; 2]].concat().repeat(5), 4);
        assert!(means[0].unwrap() > 90.0 && means[3].unwrap() < 80.0, "{means:?}");
    }

    #[test]
    fn a_flat_block_takes_the_mean_of_its_nearest_neighbours() {
        let means = [Some(10.0), None, None, Some(40.0)];
        let filled = fill_flat_blocks(&means, 4);
        assert_eq!((filled[0], filled[3]), (10.0, 40.0));
        // One block to the left weighs 1, two to the right weigh 1/4.
        assert!((filled[1] - (10.0 + 40.0 / 4.0) / 1.25).abs() < 1e-4);
        assert_eq!(fill_flat_blocks(&[None; 4], 2), [0.0; 4]);
        assert!(fill_flat_blocks(&[], 0).is_empty());
    }
}
