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
    /// By how much more it differs than a flat block may.
    contrast: f32,
}

impl HybridBinarizer {
    pub(in crate::decode) fn binarize(self, picture: &GrayImage) -> Option<BitMatrix> {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        if width < BLOCK || height < BLOCK {
            return OtsuBinarizer.binarize(picture);
        }
        let across = width.div_ceil(BLOCK);
        let bands = picture.as_raw().chunks(width * BLOCK);
        let blocks: Vec<_> = match self.level {
            BlockLevel::Mean => bands.flat_map(|rows| self.blocks_by_mean(rows, width)).collect(),
            BlockLevel::Midpoint => {
                bands.flat_map(|rows| self.blocks_by_midpoint(rows, width)).collect()
            }
        };
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

    /// The blocks of a band of rows; first down the columns, many at once, then across.
    fn blocks_by_mean(self, rows: &[u8], width: usize) -> Vec<Option<Block>> {
        let (mut extremes, mut sums) = (Extremes::new(width), vec![0_u16; width]);
        for row in rows.chunks_exact(width) {
            extremes.add(row.iter().copied());
            sums.iter_mut().zip(row).for_each(|(sum, pixel)| *sum += u16::from(*pixel));
        }
        let lines = rows.len() / width;
        let block = |((least, most), sums): ((u8, u8), &[u16])| {
            let sum: u32 = sums.iter().copied().map(u32::from).sum();
            let level = sum as f32 / (lines * sums.len()) as f32;
            let contrast = most.checked_sub(least)?.checked_sub(self.min_contrast)?;
            (contrast > 0).then(|| Block { level, contrast: contrast.into() })
        };
        extremes.of_blocks().zip(sums.chunks(BLOCK)).map(block).collect()
    }

    /// The same; two rows at a time are averaged, since in 64 pixels some are always far
    /// from the others by noise alone.
    fn blocks_by_midpoint(self, rows: &[u8], width: usize) -> Vec<Option<Block>> {
        let mut extremes = Extremes::new(width);
        for pair in rows.chunks(2 * width) {
            let (upper, lower) = pair.split_at(width.min(pair.len()));
            let lower = if lower.is_empty() { upper } else { lower };
            // The mean of two bytes, rounded down.
            extremes.add(upper.iter().zip(lower).map(|(a, b)| (a & b) + ((a ^ b) >> 1)));
        }
        let block = |(least, most): (u8, u8)| {
            let level = (f32::from(least) + f32::from(most)) / 2.0;
            let contrast = most.checked_sub(least)?.checked_sub(self.min_contrast)?;
            (contrast > 0).then(|| Block { level, contrast: contrast.into() })
        };
        extremes.of_blocks().map(block).collect()
    }
}

/// The darkest and the lightest pixel of each column.
struct Extremes {
    darkest: Vec<u8>,
    lightest: Vec<u8>,
}

impl Extremes {
    fn new(width: usize) -> Self {
        Self { darkest: vec![u8::MAX; width], lightest: vec![0; width] }
    }

    fn add(&mut self, row: impl Iterator<Item = u8>) {
        let columns = self.darkest.iter_mut().zip(&mut self.lightest);
        columns.zip(row).for_each(|((least, most), level)| {
            (*least, *most) = ((*least).min(level), (*most).max(level));
        });
    }

    /// The same of each block.
    fn of_blocks(&self) -> impl Iterator<Item = (u8, u8)> {
        self.darkest.chunks(BLOCK).zip(self.lightest.chunks(BLOCK)).map(|(darkest, lightest)| {
            let least = darkest.iter().fold(u8::MAX, |least, level| least.min(*level));
            (least, lightest.iter().fold(0, |most: u8, level| most.max(*level)))
        })
    }
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
        assert!(means[1].unwrap() > 87.0 && means[2].unwrap() < 83.0, "{means:?}");
    }

    #[test]
    fn pixels_that_differ_by_noise_alone_are_flat() {
        // Single pixels 16 greys darker or lighter, as noise has some in each block.
        let level = |x: u32, y: u32| match (x % 8, y % 8) {
            (2, 3) => 144,
            (5, 6) => 112,
            _ => 128,
        };
        let picture = GrayImage::from_fn(64, 64, |x, y| image::Luma([level(x, y)]));
        let dark = |level| {
            let hybrid = HybridBinarizer { min_contrast: 24, level };
            let pixels = hybrid.binarize(&picture).unwrap();
            (0..64).any(|y| (0..64).any(|x| pixels.get(x, y)))
        };
        assert!(dark(BlockLevel::Mean) && !dark(BlockLevel::Midpoint));
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
