//! Samples the modules of a code from the grey picture, where the code does not lie
//! flat or is too small to be binarized pixel by pixel.
//!
//! A grid of module centres is laid over the code by a homography and then fitted.
//! Between a dark and a light neighbour there is an edge; where it does not lie
//! half-way, the grid is off by as much. One edge says little, but a crease moves
//! whole neighbourhoods alike.

use image::GrayImage;
use rxing::common::BitMatrix;

use super::Point;
use super::deconvolution::deconvolve;
use super::filter::box_filter;
use super::homography::Homography;
use super::sampling::grey_at;
use super::tuning::{
    BLURS, EDGE_SAMPLES, FIT_RADII, FULL_CONTRAST, GRID_MODULE, MAX_FIT_STEP, MIN_FINDER_SCORE,
    MIN_FUNCTION_PATTERN_SCORE,
};

/// The centres of the modules of a code, in the picture's pixels.
pub(super) struct SampleGrid {
    side: usize,
    centres: Vec<Point>,
    is_inverted: bool,
}

impl SampleGrid {
    /// The grid of a flat code.
    pub(super) fn new(homography: &Homography, side: usize) -> Self {
        let middle = |at: usize| at as f32 + 0.5;
        let places = (0..side).flat_map(|y| (0..side).map(move |x| (middle(x), middle(y))));
        let centres = places.map(|(x, y)| homography.project(x, y)).collect();
        Self { side, centres, is_inverted: false }
    }

    /// The work of fitting it and reading its modules.
    pub(super) fn cost(&self) -> u64 {
        Self::look_cost(self.side) * (FIT_RADII.len() + BLURS.len()) as u64
    }

    /// The work of looking at all modules once.
    pub(super) fn look_cost(side: usize) -> u64 {
        (side * side) as u64 * GRID_MODULE
    }

    /// Moves the grid to where the picture has its edges.
    pub(super) fn fit(&mut self, picture: &GrayImage) {
        for radius in FIT_RADII {
            self.fit_step(picture, radius);
        }
    }

    /// The modules as they are and after several deconvolutions, those with the best
    /// function patterns first.
    pub(super) fn modules(&self, picture: &GrayImage) -> impl Iterator<Item = BitMatrix> {
        let plain = self.levels(picture);
        let mut tries: Vec<_> = BLURS
            .into_iter()
            .filter_map(|blur| {
                let levels = deconvolve(&plain, self.side, blur);
                let thresholds = self.thresholds(&levels);
                Some((self.match_share(&levels, &thresholds), self.matrix(&levels, &thresholds)?))
            })
            .collect();
        tries.sort_by(|a, b| b.0.total_cmp(&a.0));
        tries.into_iter().map(|(_, modules)| modules)
    }

    /// The outer corners of the code: top left, top right, bottom right, bottom left.
    pub(super) fn corners(&self) -> Option<[Point; 4]> {
        let last = self.side.checked_sub(1)?;
        // Half a module beyond the centres on the diagonal.
        let corner = |x: usize, y: usize, inner_x: usize, inner_y: usize| {
            let (outer, inner) = (self.centre(x, y)?, self.centre(inner_x, inner_y)?);
            Some(Point {
                x: outer.x + (outer.x - inner.x) / 2.0,
                y: outer.y + (outer.y - inner.y) / 2.0,
            })
        };
        Some([
            corner(0, 0, 1, 1)?,
            corner(last, 0, last - 1, 1)?,
            corner(last, last, last - 1, last - 1)?,
            corner(0, last, 1, last - 1)?,
        ])
    }

    /// The share of the modules of function patterns (finder patterns with separators,
    /// timing patterns) that are as they must be, if they are enough for a code. Where
    /// most are the other way round, it is a light code on dark paper.
    pub(super) fn function_pattern_score(&mut self, picture: &GrayImage) -> Option<f32> {
        let levels = self.levels(picture);
        let share = self.match_share(&levels, &self.thresholds(&levels));
        self.is_inverted = share < 0.5;
        let score = share.max(1.0 - share);
        (score > MIN_FUNCTION_PATTERN_SCORE).then_some(score)
    }

    /// The share of the modules of function patterns that are as in a dark code on light
    /// paper.
    fn match_share(&self, levels: &[f32], thresholds: &[f32]) -> f32 {
        let (mut known, mut right) = (0.0, 0.0_f32);
        for (at, (level, threshold)) in levels.iter().zip(thresholds).enumerate() {
            if let Some(dark) = function_pattern(at % self.side, at / self.side, self.side) {
                known += 1.0;
                right += f32::from(u8::from(dark == (level < threshold)));
            }
        }
        right / f32::max(known, 1.0)
    }

    fn centre(&self, x: usize, y: usize) -> Option<Point> {
        self.centres.get(y * self.side + x).copied()
    }

    /// Moves each centre by the offsets of the edges within this radius, in modules.
    fn fit_step(&mut self, picture: &GrayImage, radius: usize) {
        let levels = self.levels(picture);
        let thresholds = self.thresholds(&levels);
        let mut along = vec![(0.0, 0.0, 0.0); levels.len()];
        let side = self.side;
        for (step, wide) in [(1, true), (side, false)] {
            for from in 0..levels.len().saturating_sub(step) {
                if wide && from % side == side - 1 {
                    continue;
                }
                let to = from + step;
                let Some((offset, weight)) = self.edge(picture, &levels, &thresholds, from, to)
                else {
                    continue;
                };
                for at in [from, to] {
                    if let Some((x, y, weights)) = along.get_mut(at) {
                        *x += offset.x * weight;
                        *y += offset.y * weight;
                        *weights += weight;
                    }
                }
            }
        }
        let smooth = |of: fn(&(f32, f32, f32)) -> f32| {
            let values: Vec<f32> = along.iter().map(of).collect();
            // Two box filters approximate a Gaussian.
            box_filter(&box_filter(&values, side, radius), side, radius)
        };
        let (x, y, weights) = (smooth(|a| a.0), smooth(|a| a.1), smooth(|a| a.2));
        // Half of the edges measure each direction.
        for (((centre, x), y), weight) in self.centres.iter_mut().zip(x).zip(y).zip(weights) {
            let share = 2.0 / (weight + 0.05);
            centre.x += (x * share).clamp(-MAX_FIT_STEP, MAX_FIT_STEP);
            centre.y += (y * share).clamp(-MAX_FIT_STEP, MAX_FIT_STEP);
        }
    }

    /// The offset of the edge between two centres from the middle, and its weight,
    /// 0 to 1; none where both are of one colour.
    fn edge(
        &self,
        picture: &GrayImage,
        levels: &[f32],
        thresholds: &[f32],
        from: usize,
        to: usize,
    ) -> Option<(Point, f32)> {
        let (a, b) = (*levels.get(from)?, *levels.get(to)?);
        let (of_a, of_b) = (a - thresholds.get(from)?, b - thresholds.get(to)?);
        if of_a * of_b >= 0.0 {
            return None;
        }
        let (start, end) = (*self.centres.get(from)?, *self.centres.get(to)?);
        let way = Point { x: end.x - start.x, y: end.y - start.y };
        let middle = (a + b) / 2.0;
        let rising = b > a;
        let mut best: Option<f32> = None;
        let mut before: Option<(f32, f32)> = None;
        for step in EDGE_SAMPLES {
            let at = start.moved(way, step);
            let here = self.grey(picture, at) - middle;
            if let Some((old_step, old)) = before
                && (old < 0.0) != (here < 0.0)
                && (here > old) == rising
            {
                let crossing = old_step + (step - old_step) * old / (old - here);
                if best.is_none_or(|best| (crossing - 0.5).abs() < (best - 0.5).abs()) {
                    best = Some(crossing);
                }
            }
            before = Some((step, here));
        }
        let off = best? - 0.5;
        let contrast = (of_a.abs().min(of_b.abs()) / FULL_CONTRAST).min(1.0);
        Some((Point { x: way.x * off, y: way.y * off }, contrast))
    }

    /// The grey level at a place, as if the code were dark on light.
    fn grey(&self, picture: &GrayImage, at: Point) -> f32 {
        let grey = grey_at(picture, at.x, at.y);
        if self.is_inverted { 255.0 - grey } else { grey }
    }

    /// The grey level of each module: the mean of five points around its centre.
    fn levels(&self, picture: &GrayImage) -> Vec<f32> {
        let side = self.side;
        let next = |at: usize, step: usize| {
            let other = if at + step < self.centres.len() { at + step } else { at - step };
            let (here, there) = (self.centres.get(at), self.centres.get(other));
            here.zip(there).map_or(0.0, |(a, b)| (a.x - b.x).hypot(a.y - b.y))
        };
        let levels = self.centres.iter().enumerate().map(|(at, centre)| {
            let reach = 0.2 * next(at, side);
            let around = [(0.0, 0.0), (reach, 0.0), (-reach, 0.0), (0.0, reach), (0.0, -reach)]
                .map(|(x, y)| Point { x, y });
            let sum: f32 =
                around.iter().map(|step| self.grey(picture, centre.moved(*step, 1.0))).sum();
            sum / around.len() as f32
        });
        levels.collect()
    }

    /// Half-way between the mean dark and the mean light level around each module.
    fn thresholds(&self, levels: &[f32]) -> Vec<f32> {
        let means = box_filter(levels, self.side, 4);
        let darker = |of: fn(f32, f32) -> bool| {
            let pairs = || levels.iter().zip(&means);
            let sums: Vec<f32> = pairs().map(|(l, m)| if of(*l, *m) { *l } else { 0.0 }).collect();
            let counts: Vec<f32> =
                pairs().map(|(l, m)| if of(*l, *m) { 1.0 } else { 0.0 }).collect();
            (box_filter(&sums, self.side, 4), box_filter(&counts, self.side, 4))
        };
        let (dark, light) = (darker(|l, m| l < m), darker(|l, m| l >= m));
        let dark = dark.0.into_iter().zip(dark.1);
        let light = light.0.into_iter().zip(light.1);
        let middles = dark.zip(light).zip(&means).map(|(((dark, d), (light, l)), mean)| {
            if d > 0.0 && l > 0.0 { (dark / d + light / l) / 2.0 } else { *mean }
        });
        middles.collect()
    }

    fn matrix(&self, levels: &[f32], thresholds: &[f32]) -> Option<BitMatrix> {
        let mut matrix = BitMatrix::with_single_dimension(self.side as u32).ok()?;
        for (at, (level, threshold)) in levels.iter().zip(thresholds).enumerate() {
            if level < threshold {
                matrix.set((at % self.side) as u32, (at / self.side) as u32);
            }
        }
        Some(matrix)
    }
}

/// Whether the finder patterns and their separators are about where this homography has
/// them, dark on light or light on dark: a cheap look, before one at all modules.
pub(super) fn has_finder_patterns(
    picture: &GrayImage,
    homography: &Homography,
    side: usize,
) -> bool {
    let far = side - 8;
    let shares = [(0, 0), (far, 0), (0, far)].map(|(left, top)| {
        let modules = (0..64).map(|at| (left + at % 8, top + at / 8));
        let levels: Vec<(f32, bool)> = modules
            .filter_map(|(x, y)| {
                let at = homography.project(x as f32 + 0.5, y as f32 + 0.5);
                Some((grey_at(picture, at.x, at.y), function_pattern(x, y, side)?))
            })
            .collect();
        let mean = |of: bool| {
            let levels = levels.iter().filter(|(_, dark)| *dark == of).map(|(level, _)| level);
            levels.clone().sum::<f32>() / levels.count().max(1) as f32
        };
        let threshold = (mean(true) + mean(false)) / 2.0;
        let right = levels.iter().filter(|(level, dark)| (*level < threshold) == *dark).count();
        right as f32 / levels.len().max(1) as f32
    });
    let share = shares.iter().sum::<f32>() / 3.0;
    share.max(1.0 - share) > MIN_FINDER_SCORE
}

/// Whether a module of the finder patterns, their separators and the timing patterns
/// is dark, in a code of this side; none for all other modules.
fn function_pattern(x: usize, y: usize, side: usize) -> Option<bool> {
    // From the centre of the nearest finder pattern.
    let from = |at: usize| at.min(side - 1 - at).abs_diff(3);
    let far = side - 8;
    let ring = from(x).max(from(y));
    match (x, y) {
        _ if ring <= 4 && (x < 8 || y < 8) && (x < far || y < far) => Some(ring != 2 && ring != 4),
        (6, along) | (along, 6) if (8..far).contains(&along) => Some(along % 2 == 0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Code, render_grayscale};

    const MODULE: f32 = 8.0;

    fn code() -> Code {
        Code::new("the modules of a code of version 4, or so").unwrap()
    }

    /// A grid over a code drawn with 8 pixels a module, moved by some pixels.
    fn grid_over(code: &Code, offset: Point) -> SampleGrid {
        let near = 4.0 * MODULE;
        let side = code.side() as f32;
        let far = near + side * MODULE;
        let square = |near: f32, far: f32| {
            [(near, near), (far, near), (far, far), (near, far)].map(|(x, y)| Point { x, y })
        };
        let pixels = square(near, far).map(|corner| corner.moved(offset, 1.0));
        SampleGrid::new(&Homography::through(square(0.0, side), pixels).unwrap(), code.side())
    }

    #[test]
    fn function_patterns_are_those_of_a_real_code() {
        let code = code();
        let known = (0..code.side()).flat_map(|y| (0..code.side()).map(move |x| (x, y)));
        let known = known
            .filter_map(|(x, y)| Some((x, y, function_pattern(x, y, code.side())?)))
            .collect::<Vec<_>>();
        // Three finder patterns of 8 × 8 with their separators, and two timing patterns.
        assert_eq!(known.len(), 3 * 64 + 2 * (code.side() - 16));
        for (x, y, dark) in known {
            assert_eq!(code.is_dark(x, y), dark, "{x} {y}");
        }
    }

    #[test]
    fn a_code_has_its_function_patterns_and_paper_has_not() {
        let mut picture = render_grayscale(&code(), MODULE as u32).unwrap();
        let mut grid = grid_over(&code(), Point::default());
        assert_eq!(grid.function_pattern_score(&picture), Some(1.0));
        image::imageops::invert(&mut picture);
        assert_eq!(grid.function_pattern_score(&picture), Some(1.0));
        assert!(grid.is_inverted);
        let paper = GrayImage::from_pixel(picture.width(), picture.height(), image::Luma([230]));
        assert_eq!(grid.function_pattern_score(&paper), None);
    }

    #[test]
    fn a_grid_that_is_off_is_fitted_to_the_edges() {
        let picture = render_grayscale(&code(), MODULE as u32).unwrap();
        let expected = grid_over(&code(), Point::default());
        let mut grid = grid_over(&code(), Point { x: 2.5, y: -2.0 });
        grid.fit(&picture);
        let off = grid.centres.iter().zip(&expected.centres).map(|(a, b)| a.distance(*b));
        let worst = off.fold(0.0, f32::max);
        assert!(worst < 1.0, "{worst}");
        let code = code();
        let modules = grid.modules(&picture).next().unwrap();
        for y in 0..code.side() {
            for x in 0..code.side() {
                assert_eq!(modules.get(x as u32, y as u32), code.is_dark(x, y), "{x} {y}");
            }
        }
    }

    #[test]
    fn the_corners_are_the_outer_ones() {
        let corners = grid_over(&code(), Point::default()).corners().unwrap();
        let (near, far) = (4.0 * MODULE, (4.0 + code().side() as f32) * MODULE);
        for (corner, (x, y)) in
            corners.iter().zip([(near, near), (far, near), (far, far), (near, far)])
        {
            assert!(corner.distance(Point { x, y }) < 0.1, "{corners:?}");
        }
    }
}
