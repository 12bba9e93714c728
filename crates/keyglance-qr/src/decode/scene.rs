//! What a camera sees in the large: whether anything is there, and whether it changed.

use image::GrayImage;

use super::WorkBudget;
use super::search::pixels;
use super::tuning::{
    CHANGE, CHANGE_BY_NOISE, EVEN, EVEN_BY_NOISE, FEWEST_BLOCKS, SCENE, SCENE_BLOCK,
};

/// The mean brightness of each block of a frame.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scene {
    across: usize,
    /// In greys.
    means: Vec<f32>,
    /// How much a pixel differs from the one above it in the quarter of the blocks where
    /// it does so the least, in greys: noise.
    noise: f32,
}

impl Scene {
    /// None where the frame is too small to be worth it, or no work is left.
    pub(super) fn of(frame: &GrayImage, budget: &mut WorkBudget<'_>) -> Option<Self> {
        let width = frame.width() as usize;
        let (across, down) = (width / SCENE_BLOCK, frame.height() as usize / SCENE_BLOCK);
        if across * down < FEWEST_BLOCKS || !budget.spend(pixels(frame) / SCENE) {
            return None;
        }
        let (mut means, mut steps) = (Vec::with_capacity(across * down), Vec::new());
        let (mut sums, mut differences) = (vec![0_u16; width], vec![0_u16; width]);
        for rows in frame.as_raw().chunks_exact(width * SCENE_BLOCK) {
            sums.fill(0);
            differences.fill(0);
            let mut above: Option<&[u8]> = None;
            for row in rows.chunks_exact(width) {
                sums.iter_mut().zip(row).for_each(|(sum, pixel)| *sum += u16::from(*pixel));
                let before = above.replace(row).unwrap_or(row);
                differences.iter_mut().zip(row.iter().zip(before)).for_each(|(sum, (a, b))| {
                    *sum += u16::from(a.abs_diff(*b));
                });
            }
            let mean = |columns: &[u16], count: usize| {
                columns.iter().copied().map(u32::from).sum::<u32>() as f32 / count as f32
            };
            let area = SCENE_BLOCK * SCENE_BLOCK;
            means.extend(sums.chunks_exact(SCENE_BLOCK).map(|block| mean(block, area)));
            let fewer = area - SCENE_BLOCK;
            steps.extend(differences.chunks_exact(SCENE_BLOCK).map(|block| mean(block, fewer)));
        }
        let noise = nth(&mut steps, 0.25);
        Some(Self { across, means, noise })
    }

    /// Whether every block is as light as those beside it, but for noise: a lens that is
    /// covered, a dark room, a wall.
    pub(super) fn is_even(&self) -> bool {
        let most = EVEN + EVEN_BY_NOISE * self.noise;
        let alike = |a: &f32, b: &f32| (a - b).abs() <= most;
        let mut beside = self.means.chunks_exact(self.across.max(1));
        let mut below = self.means.iter().zip(self.means.iter().skip(self.across));
        beside.all(|row| row.iter().zip(row.iter().skip(1)).all(|(a, b)| alike(a, b)))
            && below.all(|(a, b)| alike(a, b))
    }

    /// Whether a block differs from the same block of an earlier frame by more than most
    /// blocks do.
    pub(super) fn differs_from(&self, earlier: &Self) -> bool {
        let differences = || self.means.iter().zip(&earlier.means).map(|(a, b)| (a - b).abs());
        let usual = nth(&mut differences().collect::<Vec<_>>(), 0.5);
        let most = CHANGE + CHANGE_BY_NOISE * usual;
        (self.across, self.means.len()) != (earlier.across, earlier.means.len())
            || differences().any(|difference| difference > most)
    }
}

/// The value below which this part of the values lies.
fn nth(values: &mut [f32], part: f32) -> f32 {
    let at = (values.len() as f32 * part) as usize;
    match at < values.len() {
        true => *values.select_nth_unstable_by(at, f32::total_cmp).1,
        false => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;
    use crate::{Code, render_grayscale};

    /// A wall with a gradient of light and noise of this deviation.
    fn wall(noise: f32, seed: u32) -> GrayImage {
        let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
        let mut random = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32 - 0.5
        };
        GrayImage::from_fn(640, 360, |x, y| {
            let sum: f32 = (0..4).map(|_| random()).sum::<f32>() * 1.73;
            Luma([(90.0 + x as f32 / 40.0 + y as f32 / 60.0 + sum * noise) as u8])
        })
    }

    fn scene(frame: &GrayImage) -> Scene {
        Scene::of(frame, &mut WorkBudget::live()).unwrap()
    }

    /// A small code, dimmed to this contrast, on the wall.
    fn with_code(mut wall: GrayImage, contrast: f32, module: u32) -> GrayImage {
        let code = render_grayscale(&Code::new("a code on a wall").unwrap(), module).unwrap();
        for (x, y, pixel) in code.enumerate_pixels() {
            if pixel.0[0] == 0 {
                let at = wall.get_pixel_mut(200 + x, 100 + y);
                at.0[0] = (f32::from(at.0[0]) - contrast).max(0.0) as u8;
            }
        }
        wall
    }

    #[test]
    fn a_wall_is_even_and_one_with_a_dim_code_is_not() {
        for noise in [0.0, 3.0, 15.0] {
            assert!(scene(&wall(noise, 1)).is_even(), "{noise}");
            for module in [2, 3, 8] {
                let contrast = f32::max(12.0, 3.0 * noise);
                let frame = with_code(wall(noise, 1), contrast, module);
                assert!(!scene(&frame).is_even(), "{noise} {module}");
            }
        }
    }

    #[test]
    fn noise_is_no_change_and_a_code_is_one() {
        for noise in [0.0, 3.0, 15.0] {
            let before = scene(&wall(noise, 1));
            assert!(!scene(&wall(noise, 2)).differs_from(&before), "{noise}");
            for module in [2, 3, 8] {
                let contrast = f32::max(20.0, 3.0 * noise);
                let after = scene(&with_code(wall(noise, 2), contrast, module));
                assert!(after.differs_from(&before), "{noise} {module}");
            }
        }
        let small = image::imageops::crop_imm(&wall(0.0, 1), 0, 0, 600, 360).to_image();
        assert!(scene(&small).differs_from(&scene(&wall(0.0, 1))), "another size is a change");
    }

    #[test]
    fn a_small_frame_has_no_scene() {
        assert_eq!(Scene::of(&GrayImage::new(100, 100), &mut WorkBudget::live()), None);
        assert_eq!(Scene::of(&GrayImage::new(0, 0), &mut WorkBudget::live()), None);
    }
}
