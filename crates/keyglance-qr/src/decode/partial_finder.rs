//! Finder patterns that are not whole: whose outer ring has run into what is around
//! them, as where the quiet zone is missing, or whose centre has a hole.
//!
//! What is left is found far more often by chance than a whole pattern, so nothing is
//! believed before the timing patterns between three of them.

use rxing::Point as At;
use rxing::common::BitMatrix;
use rxing::common::cpp_essentials::{ConcentricPattern, LocateConcentricPattern};
use rxing::qrcode::cpp_port::detector::FinderPatternSet;

use super::WorkBudget;
use super::finder::runs_of;
use super::pattern_sets::sets_of;
use super::tuning::{
    LOCATE, MAX_FOUND, MAX_PARTIAL_CROSSINGS, MAX_PATTERNS, PARTIAL_CROSSING, ROW_STEP,
};
use crate::catch_panic::catch_panic;

/// What there is of a finder pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// All of it.
    Whole,
    /// The centre and the light ring.
    Inner,
    /// All but the middle of the centre.
    Hollow,
}

impl Shape {
    /// The edges from the centre of a pattern to the farthest ones that it is measured
    /// by, and the modules between two of these on opposite sides.
    pub(super) fn outermost_edge(self) -> (usize, f32) {
        match self {
            Self::Whole => (3, 7.0),
            Self::Inner => (2, 5.0),
            Self::Hollow => (4, 7.0),
        }
    }
}

/// The sets of three such patterns that may be a code, the likeliest first. Those with a
/// hole are found where the hole is dark: in what was inverted.
pub(super) fn find_partial_patterns(
    pixels: &BitMatrix,
    shape: Shape,
    budget: &mut WorkBudget<'_>,
) -> Vec<FinderPatternSet> {
    let patterns = match shape {
        Shape::Whole => Vec::new(),
        Shape::Inner => locate_all::<3, 5>(pixels, &[1, 3, 1], budget),
        Shape::Hollow => locate_all::<7, 7>(pixels, &[1; 7], budget),
    };
    sets_of(pixels, &patterns, shape, budget)
}

/// All patterns with these runs, the largest first, as large as if they were whole.
fn locate_all<const RUNS: usize, const MODULES: usize>(
    pixels: &BitMatrix,
    ratio: &[u16; RUNS],
    budget: &mut WorkBudget<'_>,
) -> Vec<ConcentricPattern> {
    let mut patterns: Vec<ConcentricPattern> = Vec::new();
    let (mut runs, mut crossings) = (Vec::new(), 0);
    'rows: for y in (ROW_STEP - 1..pixels.height() as usize).step_by(ROW_STEP) {
        if !budget.spend(u64::from(pixels.width()) / 2) {
            break;
        }
        runs_of(pixels, y, &mut runs);
        let mut start = 0_u32;
        for (at, window) in runs.array_windows::<RUNS>().enumerate() {
            let left = start;
            start += u32::from(window.first().copied().unwrap_or_default());
            // Odd runs are dark, and so is the middle one of a pattern.
            if (at + RUNS / 2).is_multiple_of(2) || !is_like(window, ratio) {
                continue;
            }
            let length: u32 = window.iter().copied().map(u32::from).sum();
            // What is beside is at least as wide as half a ring.
            let beside = [at.checked_sub(1), Some(at + RUNS)].map(|at| runs.get(at?).copied());
            if beside
                .into_iter()
                .any(|run| run.is_some_and(|run| u32::from(run) * 2 * MODULES as u32 <= length))
            {
                continue;
            }
            let middle = At { x: left as f32 + length as f32 / 2.0, y: y as f32 + 0.5 };
            let inside =
                |old: &ConcentricPattern| At::distance(middle, old.p) < old.size as f32 / 2.0;
            if patterns.iter().any(inside) {
                continue;
            }
            if !budget.spend(PARTIAL_CROSSING) {
                break 'rows;
            }
            let reach = length * 3;
            if !runs_down::<RUNS>(pixels, middle, reach).is_some_and(|down| is_like(&down, ratio)) {
                continue;
            }
            crossings += 1;
            if crossings > MAX_PARTIAL_CROSSINGS || !budget.spend(LOCATE) {
                break 'rows;
            }
            let found = catch_panic(|| {
                LocateConcentricPattern::<true, RUNS, MODULES>(pixels, ratio, middle, reach as i32)
            });
            patterns.extend(found.flatten().map(|pattern| ConcentricPattern {
                size: pattern.size * 7 / MODULES as i32,
                ..pattern
            }));
            if patterns.len() >= MAX_FOUND {
                break 'rows;
            }
        }
    }
    patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.size));
    patterns.truncate(MAX_PATTERNS);
    patterns
}

/// Whether each run is as long as it should be, by half a module and half a pixel.
fn is_like<const RUNS: usize>(runs: &[u16; RUNS], ratio: &[u16; RUNS]) -> bool {
    let sum = |of: &[u16; RUNS]| of.iter().copied().map(f32::from).sum::<f32>();
    let module = sum(runs) / sum(ratio);
    runs.iter().zip(ratio).all(|(run, modules)| {
        let modules = f32::from(*modules);
        (f32::from(*run) - modules * module).abs() <= module * (0.35 + 0.15 * modules) + 0.5
    })
}

/// The runs above and below a place, from its middle outwards to both sides; none where
/// they are longer than `reach` in all.
fn runs_down<const RUNS: usize>(pixels: &BitMatrix, at: At, reach: u32) -> Option<[u16; RUNS]> {
    let (x, y) = (at.x as u32, at.y as u32);
    let mut runs = [0_u16; RUNS];
    let is_dark = |y: u32| pixels.get(x, y);
    for (from, down) in [(y, false), (y.checked_add(1)?, true)] {
        let mut place = from;
        for step in 0..=RUNS / 2 {
            let run = runs.get_mut(if down { RUNS / 2 + step } else { RUNS / 2 - step })?;
            while place < pixels.height() && is_dark(place) == (step % 2 == 0) {
                *run += 1;
                if place.abs_diff(y) > reach {
                    return None;
                }
                place = if down { place + 1 } else { place.checked_sub(1)? };
            }
        }
    }
    runs.iter().all(|run| *run > 0).then_some(runs)
}

#[cfg(test)]
mod tests {
    use image::GrayImage;

    use super::*;
    use crate::{Code, render_grayscale};

    const MODULE: u32 = 4;

    /// Set where a place, in modules of a code and its quiet zone of four, is.
    fn bits(is_set: impl Fn(u32, u32, &GrayImage) -> bool) -> BitMatrix {
        let code = render_grayscale(&Code::new("not whole").unwrap(), MODULE).unwrap();
        let mut bits = BitMatrix::new(code.width(), code.height()).unwrap();
        for y in 0..code.height() {
            for x in 0..code.width() {
                if is_set(x, y, &code) {
                    bits.set(x, y);
                }
            }
        }
        bits
    }

    fn only_set(bits: &BitMatrix, shape: Shape) -> FinderPatternSet {
        let sets = find_partial_patterns(bits, shape, &mut WorkBudget::still());
        let [set] = sets.as_slice() else { panic!("{} sets", sets.len()) };
        *set
    }

    fn assert_is_the_code(set: &FinderPatternSet) {
        let pixels = |modules: f32| (4.0 + modules) * MODULE as f32;
        let far = 21.0 - 3.5;
        for (pattern, (x, y)) in [(set.tl, (3.5, 3.5)), (set.tr, (far, 3.5)), (set.bl, (3.5, far))]
        {
            let off = (pattern.p.x - pixels(x)).hypot(pattern.p.y - pixels(y));
            assert!(off < 1.5, "{off}");
            assert!((pattern.size - 7 * MODULE as i32).abs() <= 2, "{}", pattern.size);
        }
    }

    #[test]
    fn a_ring_that_runs_into_what_is_around_leaves_its_inside() {
        let is_code = |at: u32| (4 * MODULE..25 * MODULE).contains(&at);
        let dark = bits(|x, y, code| !is_code(x) || !is_code(y) || code.get_pixel(x, y).0[0] < 128);
        assert_is_the_code(&only_set(&dark, Shape::Inner));
        assert!(find_partial_patterns(&dark, Shape::Hollow, &mut WorkBudget::still()).is_empty());
    }

    #[test]
    fn a_hole_in_the_centre_is_found_in_what_was_inverted() {
        let middles = [(7, 7), (21, 7), (7, 21)];
        let light = bits(|x, y, code| {
            middles.contains(&(x / MODULE, y / MODULE)) || code.get_pixel(x, y).0[0] > 127
        });
        assert_is_the_code(&only_set(&light, Shape::Hollow));
    }

    #[test]
    fn runs_down_are_measured_from_the_middle_and_within_reach() {
        let mut pixels = BitMatrix::new(1, 20).unwrap();
        (6..12).chain(15..20).chain(0..3).for_each(|y| pixels.set(0, y));
        let at = |y: f32| At { x: 0.5, y };
        assert_eq!(runs_down::<3>(&pixels, at(7.5), 60), Some([3, 6, 3]));
        assert_eq!(runs_down::<3>(&pixels, at(7.5), 4), None);
        assert_eq!(runs_down::<5>(&pixels, at(7.5), 60), None);
    }
}
