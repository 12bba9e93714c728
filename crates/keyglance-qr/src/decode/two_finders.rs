//! Codes of which one finder pattern is covered, torn or in a shadow.
//!
//! Each finder pattern gives the length of a module in both directions, so that two
//! of them leave few places for the third.

use image::GrayImage;
use rxing::common::BitMatrix;
use rxing::common::cpp_essentials::{ConcentricPattern, FindConcentricPatternCorners};

use super::candidate::Candidate;
use super::partial_finder::Shape;
use super::sampling::grey_at;
use super::tuning::{
    DIAGONAL, FINDER_CORNERS, FINDER_DISTANCE, MAX_MODULE_RATIO, SIDE_BY_SIDE,
    THIRD_FINDER_DISTANCE_PENALTY, THIRD_FINDER_SLACK,
};
use super::{Point, WorkBudget};
use crate::catch_panic::catch_panic;

/// Modules between the corners of a finder pattern that rxing follows: those of the
/// middle of its dark ring.
const RING: f32 = 6.0;

/// A finder pattern as it lies in the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct FinderPattern {
    centre: Point,
    /// One module along one of its sides.
    across: Point,
    /// One module along the other.
    down: Point,
}

impl FinderPattern {
    /// Measures a pattern in a binarized picture that is `factor` times smaller than the
    /// original.
    pub(super) fn locate(
        pattern: &ConcentricPattern,
        dark: &BitMatrix,
        factor: f32,
        budget: &mut WorkBudget<'_>,
    ) -> Option<Self> {
        if !budget.spend(FINDER_CORNERS) {
            return None;
        }
        let corners =
            catch_panic(|| FindConcentricPatternCorners(dark, pattern.p, pattern.size, 2))
                .flatten()?;
        let [a, b, c, d] = corners.0.map(|p| Point { x: p.x * factor, y: p.y * factor });
        let half = |from: Point, to: Point| from.to(to).scaled(0.5 / RING);
        Some(Self {
            centre: Point { x: pattern.p.x * factor, y: pattern.p.y * factor },
            across: half(a, b).moved(half(d, c), 1.0),
            down: half(a, d).moved(half(b, c), 1.0),
        })
    }

    fn module(&self) -> f32 {
        (self.across.length() + self.down.length()) / 2.0
    }

    /// Whether both are one pattern, seen twice.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.centre.distance(other.centre) < 3.0 * self.module()
    }

    /// A vector in this pattern's modules.
    fn in_modules(&self, vector: Point) -> Option<Point> {
        let area = self.across.cross(self.down);
        let modules =
            Point { x: vector.cross(self.down) / area, y: self.across.cross(vector) / area };
        (modules.x.is_finite() && modules.y.is_finite()).then_some(modules)
    }

    /// The same pattern, with its sides named as those of another.
    fn aligned_to(&self, other: &Self) -> Option<Self> {
        let mut pattern = *self;
        for _ in 0..4 {
            let across = other.in_modules(pattern.across)?;
            if across.x > 0.0 && across.x > across.y.abs() {
                return Some(pattern);
            }
            (pattern.across, pattern.down) = (pattern.down, pattern.across.scaled(-1.0));
        }
        None
    }

    /// The place near this one that looks the most like the centre of a finder pattern.
    fn refine(
        &self,
        near: Point,
        picture: &GrayImage,
        budget: &mut WorkBudget<'_>,
    ) -> Option<Point> {
        let steps = (2 * THIRD_FINDER_SLACK as u64 + 1).pow(2) + 9;
        if !budget.spend(steps * 81 * 2) {
            return None;
        }
        let best = |around: Point, step: f32, reach: i32| {
            let offsets = (-reach..=reach).flat_map(|y| (-reach..=reach).map(move |x| (x, y)));
            let places = offsets.map(|(x, y)| {
                let place =
                    around.moved(self.across, x as f32 * step).moved(self.down, y as f32 * step);
                // Of equal scores the nearer wins.
                let far = (x * x + y * y) as f32 / (THIRD_FINDER_SLACK * THIRD_FINDER_SLACK) as f32;
                (
                    self.finder_score(place, picture) - THIRD_FINDER_DISTANCE_PENALTY * step * far,
                    place,
                )
            });
            places.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, place)| place)
        };
        best(best(near, 1.0, THIRD_FINDER_SLACK)?, 0.5, 1)
    }

    /// How much darker the dark rings of a finder pattern with its centre here are than
    /// its light ones, in standard deviations; the other way round counts as well.
    fn finder_score(&self, centre: Point, picture: &GrayImage) -> f32 {
        let (mut dark, mut light, mut sum_of_squares) = ((0.0, 0.0), (0.0, 0.0_f32), 0.0);
        for y in -4_i32..=4 {
            for x in -4_i32..=4 {
                let at = centre.moved(self.across, x as f32).moved(self.down, y as f32);
                let grey = grey_at(picture, at.x, at.y);
                let ring = x.abs().max(y.abs());
                let side = if matches!(ring, 2 | 4) { &mut light } else { &mut dark };
                *side = (side.0 + grey, side.1 + 1.0);
                sum_of_squares += grey * grey;
            }
        }
        let mean: f32 = (dark.0 + light.0) / 81.0;
        let deviation = (sum_of_squares / 81.0 - mean * mean).max(1.0).sqrt();
        (light.0 / light.1 - dark.0 / dark.1).abs() / deviation
    }
}

/// The candidates that may have these two finder patterns, with the third where the
/// picture looks the most like one.
pub(super) fn candidates(
    a: &FinderPattern,
    b: &FinderPattern,
    picture: &GrayImage,
    budget: &mut WorkBudget<'_>,
) -> Vec<Candidate> {
    let (small, large) = (a.module().min(b.module()), a.module().max(b.module()));
    let between = a.centre.to(b.centre);
    let Some(modules) = a.in_modules(between).filter(|_| large < small * MAX_MODULE_RATIO) else {
        return Vec::new();
    };
    // The other may be rotated against this one by a multiple of 90°.
    let Some(aligned) = b.aligned_to(a) else { return Vec::new() };
    let mean = FinderPattern {
        centre: a.centre.moved(between, 0.5),
        across: a.across.moved(aligned.across, 1.0).scaled(0.5),
        down: a.down.moved(aligned.down, 1.0).scaled(0.5),
    };
    let (x, y) = (modules.x.abs(), modules.y.abs());
    let mut threes = Vec::new();
    if FINDER_DISTANCE.contains(&x.max(y)) && x.min(y) < SIDE_BY_SIDE * x.max(y) {
        // Side by side: the third lies on one of two hands of one of both.
        let (along, aside) =
            if x > y { (mean.across, mean.down) } else { (mean.down, mean.across) };
        let apart = between.length() / along.length();
        for (corner, other) in [(a, &aligned), (&aligned, a)] {
            for hand in [1.0, -1.0] {
                let third = corner.centre.moved(aside, hand * apart);
                threes.push((corner.centre, other.centre, third, 2));
            }
        }
    } else if FINDER_DISTANCE.contains(&x.max(y)) && x.min(y) > DIAGONAL * x.max(y) {
        // On the diagonal: the third is the corner between them.
        let Some(modules) = mean.in_modules(between) else { return Vec::new() };
        let (right, below) = (mean.across.scaled(modules.x), mean.down.scaled(modules.y));
        for corner in [a.centre.moved(right, 1.0), a.centre.moved(below, 1.0)] {
            threes.push((corner, a.centre, b.centre, 0));
        }
    }
    let refined = threes.into_iter().filter_map(|(corner, one, other, guessed)| {
        let mut places = [corner, one, other];
        let place = places.get_mut(guessed)?;
        *place = mean.refine(*place, picture, budget)?;
        let [corner, one, other] = places;
        let clockwise = corner.to(one).cross(corner.to(other)) > 0.0;
        let (right, below) = if clockwise { (one, other) } else { (other, one) };
        Some(Candidate {
            top_left: corner,
            top_right: right,
            bottom_left: below,
            pattern_size: 7.0 * mean.module(),
            corners: None,
            tried: 0,
            shape: Shape::Whole,
            is_light: false,
        })
    });
    refined.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Code, render_grayscale};

    const MODULE: f32 = 6.0;

    fn pattern(x: f32, y: f32, quarter_turns: usize) -> FinderPattern {
        let axes = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)];
        let axis = |at: usize| Point { x: axes[at % 4].0, y: axes[at % 4].1 }.scaled(MODULE);
        FinderPattern {
            centre: Point { x: (x + 4.0) * MODULE, y: (y + 4.0) * MODULE },
            across: axis(quarter_turns),
            down: axis(quarter_turns + 1),
        }
    }

    #[test]
    fn sides_are_named_as_those_of_the_other_pattern() {
        let upright = pattern(3.5, 3.5, 0);
        for turns in 0..4 {
            let aligned = pattern(20.0, 3.5, turns).aligned_to(&upright).unwrap();
            assert_eq!((aligned.across, aligned.down), (upright.across, upright.down));
        }
    }

    #[test]
    fn each_pair_of_patterns_finds_the_third() {
        let code = Code::new("each pair finds the third").unwrap();
        let picture = render_grayscale(&code, MODULE as u32).unwrap();
        let far = code.side() as f32 - 3.5;
        let all = [(3.5, 3.5), (far, 3.5), (3.5, far)];
        for hidden in 0..3 {
            let mut seen = all.to_vec();
            seen.remove(hidden);
            let [a, b] = [(seen[0], 0), (seen[1], 2)].map(|((x, y), turns)| pattern(x, y, turns));
            let found = candidates(&a, &b, &picture, &mut WorkBudget::still());
            let [top_left, top_right, bottom_left] = all.map(|(x, y)| pattern(x, y, 0).centre);
            let is_right = |candidate: &Candidate| {
                candidate.top_left.distance(top_left) < MODULE
                    && candidate.top_right.distance(top_right) < MODULE
                    && candidate.bottom_left.distance(bottom_left) < MODULE
            };
            assert!(found.iter().any(is_right), "{hidden}: {found:?}");
        }
    }

    #[test]
    fn patterns_of_unlike_size_or_place_are_of_no_code() {
        let blank = GrayImage::new(300, 300);
        let mut budget = WorkBudget::still();
        let a = pattern(3.5, 3.5, 0);
        // Three times as large; too near; neither beside nor on the diagonal.
        let mut large = pattern(20.0, 3.5, 0);
        (large.across, large.down) = (large.across.scaled(3.0), large.down.scaled(3.0));
        for b in [large, pattern(9.0, 3.5, 0), pattern(23.5, 12.5, 0)] {
            assert!(candidates(&a, &b, &blank, &mut budget).is_empty());
        }
        assert_eq!(budget.spent(), 0);
    }

    #[test]
    fn a_centre_is_refined_to_the_pattern() {
        let code = Code::new("refined").unwrap();
        let picture = render_grayscale(&code, MODULE as u32).unwrap();
        let truth = pattern(3.5, 3.5, 0);
        let near = truth.centre.moved(Point { x: 2.0 * MODULE, y: -MODULE }, 1.0);
        let refined = truth.refine(near, &picture, &mut WorkBudget::still()).unwrap();
        assert!(refined.distance(truth.centre) < MODULE / 2.0, "{refined:?}");
        assert!(truth.finder_score(refined, &picture) > truth.finder_score(near, &picture));
    }
}
