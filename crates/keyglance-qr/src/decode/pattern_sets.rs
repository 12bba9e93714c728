//! Sets of three finder patterns that may belong to one code, the likeliest first.
//!
//! Where many codes lie side by side, most sets are of patterns of several codes. They
//! are told by the timing patterns, which change colour with each module on two lines
//! from one inner corner to the others (ISO/IEC 18004, 6.3.5): between the patterns of
//! several codes lies something else.

use std::collections::HashMap;

use rxing::Point as At;
use rxing::common::BitMatrix;
use rxing::common::cpp_essentials::ConcentricPattern;
use rxing::qrcode::cpp_port::detector::{EstimateModuleSize, FinderPatternSet};

use super::WorkBudget;
use super::partial_finder::Shape;
use super::tuning::{
    COMBINE, FEW_PATTERNS, MAX_CORNER_COSINE, MAX_SETS, MAX_SIDE_RATIO, MAX_SIZE_RATIO,
    MODULES_BY_PATTERN_SIZE, NEIGHBOURS, RANK,
};
use crate::catch_panic::catch_panic;

/// Three patterns by their places among all.
#[derive(Clone, Copy, Debug)]
struct Set {
    bottom_left: usize,
    top_left: usize,
    top_right: usize,
    /// Smaller for likelier codes.
    penalty: f32,
}

/// The sets of three that may be a code, the likeliest first; `patterns` are sorted
/// by size.
pub(super) fn sets_of(
    pixels: &BitMatrix,
    patterns: &[ConcentricPattern],
    shape: Shape,
    budget: &mut WorkBudget<'_>,
) -> Vec<FinderPatternSet> {
    let mut sets = possible_sets(patterns, budget);
    sets.sort_by(|a, b| a.penalty.total_cmp(&b.penalty));
    sets.truncate(MAX_SETS);
    // Three patterns make one set, and a few more are soon tried.
    if sets.len() > 1 && budget.spend(sets.len() as u64 * RANK) {
        let mut timing = Timing { pixels, patterns, shape, module_sizes: HashMap::new() };
        for set in &mut sets {
            set.penalty = catch_panic(|| timing.penalty(set)).flatten().unwrap_or(2.0);
        }
        // Stable: of equally good ones the smaller remain first.
        sets.sort_by(|a, b| a.penalty.total_cmp(&b.penalty));
    }
    let pattern = |at: usize| patterns.get(at).copied();
    let set = |set: Set| {
        let (bl, tl, tr) =
            (pattern(set.bottom_left)?, pattern(set.top_left)?, pattern(set.top_right)?);
        Some(FinderPatternSet { bl, tl, tr })
    };
    sets.into_iter().filter_map(set).collect()
}

/// The sets whose shape may be a code's.
fn possible_sets(patterns: &[ConcentricPattern], budget: &mut WorkBudget<'_>) -> Vec<Set> {
    let mut sets = Vec::new();
    for (first, largest) in patterns.iter().enumerate() {
        let rest = patterns.get(first + 1..).unwrap_or_default();
        // Sorted: all that follow the first that is too small are too small.
        let alike = rest.partition_point(|other| other.size * MAX_SIZE_RATIO >= largest.size);
        let rest = rest.get(..alike).unwrap_or_default();
        let most = if patterns.len() > FEW_PATTERNS { NEIGHBOURS } else { FEW_PATTERNS };
        let rest = nearest(largest, rest, most);
        if !budget.spend((rest.len() * rest.len()) as u64 / 2 * COMBINE) {
            break;
        }
        for (at, (second, middle)) in rest.iter().enumerate() {
            for (third, smallest) in rest.iter().skip(at + 1) {
                sets.extend(set_of(
                    (first + 1 + third, smallest),
                    (first + 1 + second, middle),
                    (first, largest),
                ));
            }
        }
    }
    sets
}

/// The nearest `most` of these patterns and their places, in the same order.
fn nearest<'p>(
    from: &ConcentricPattern,
    patterns: &'p [ConcentricPattern],
    most: usize,
) -> Vec<(usize, &'p ConcentricPattern)> {
    let far = |other: &ConcentricPattern| At::distance(from.p, other.p);
    let mut distances: Vec<f32> = patterns.iter().map(far).collect();
    let reach = match most < distances.len() {
        true => *distances.select_nth_unstable_by(most, f32::total_cmp).1,
        false => f32::INFINITY,
    };
    patterns.iter().enumerate().filter(|(_, other)| far(other) < reach).collect()
}

/// Three patterns and their places, from small to large, as the corners of a code: which
/// is which, and a penalty that is smaller for likelier codes.
fn set_of<'p>(
    mut a: (usize, &'p ConcentricPattern),
    mut b: (usize, &'p ConcentricPattern),
    mut c: (usize, &'p ConcentricPattern),
) -> Option<Set> {
    // What is farther away looks smaller, and so does the distance to it.
    let squared = |near: &ConcentricPattern, far: &ConcentricPattern| {
        let way = near.p - far.p;
        At::dot(way, way) * far.size as f32 / near.size as f32
    };
    let (mut ab, mut bc, mut ac) = (squared(a.1, b.1), squared(b.1, c.1), squared(a.1, c.1));
    // The corner lies between the two that are farthest apart.
    if bc >= ab && bc >= ac {
        std::mem::swap(&mut a, &mut b);
        std::mem::swap(&mut bc, &mut ac);
    } else if ab >= ac && ab >= bc {
        std::mem::swap(&mut b, &mut c);
        std::mem::swap(&mut ab, &mut ac);
    }
    let (right, down) = (ab.sqrt(), bc.sqrt());
    let cosine = (ab + bc - ac) / (2.0 * right * down);
    let module = (a.1.size + b.1.size + c.1.size) as f32 / 21.0;
    let modules = (right + down) / 2.0 / module + 7.0;
    let likely = right.max(down) <= MAX_SIDE_RATIO * right.min(down)
        && cosine.abs() <= MAX_CORNER_COSINE
        && MODULES_BY_PATTERN_SIZE.contains(&modules);
    if !likely {
        return None;
    }
    if At::cross(c.1.p - b.1.p, a.1.p - b.1.p) < 0.0 {
        std::mem::swap(&mut a, &mut c);
    }
    let penalty = right + down + (right - down).abs();
    Some(Set { bottom_left: a.0, top_left: b.0, top_right: c.0, penalty })
}

/// Timing patterns in a binarized picture.
struct Timing<'p> {
    pixels: &'p BitMatrix,
    patterns: &'p [ConcentricPattern],
    shape: Shape,
    /// The width of a module of one pattern on the way to another; none where the way
    /// does not cross it like a finder pattern.
    module_sizes: HashMap<(usize, usize), Option<f32>>,
}

impl Timing<'_> {
    /// How far both lines of a set are from changing colour with each module, 0 to 2.
    fn penalty(&mut self, set: &Set) -> Option<f32> {
        let right = self.line_penalty(set.top_left, set.top_right, set.bottom_left)?;
        let down = self.line_penalty(set.top_left, set.bottom_left, set.top_right)?;
        Some(right + down)
    }

    /// The same for the line between two patterns, on the side of the third; 0 to 1.
    fn line_penalty(&mut self, corner: usize, end: usize, third: usize) -> Option<f32> {
        let sizes = (self.module_size(corner, end), self.module_size(end, corner));
        let ((Some(near), Some(far)), Some(aside)) = (sizes, self.module_size(corner, third))
        else {
            return Some(1.0);
        };
        let place = |at: usize| self.patterns.get(at).map(|pattern| pattern.p);
        let (corner, end, third) = (place(corner)?, place(end)?, place(third)?);
        let distance = At::distance(corner, end);
        let along = (end - corner) / distance;
        let inwards = (third - corner) / At::distance(corner, third);
        // From the middle of a finder pattern to its inner corner are three modules each
        // way, and six along the line are no timing pattern.
        let from = corner + (along * near + inwards * aside) * 3.0;
        let to = end - (along * far - inwards * (aside * far / near)) * 3.0;
        let expected = (distance * 2.0 / (near + far) - 6.0).max(8.0);
        let changes = changes_between(self.pixels, from, to) as f32;
        Some(((changes - expected).abs() / expected).min(1.0))
    }

    fn module_size(&mut self, of: usize, towards: usize) -> Option<f32> {
        let (pixels, patterns) = (self.pixels, self.patterns);
        if self.shape != Shape::Whole {
            // Of which there are no edges to measure.
            return patterns.get(of).map(|pattern| pattern.size as f32 / 7.0);
        }
        *self.module_sizes.entry((of, towards)).or_insert_with(|| {
            let size = EstimateModuleSize(pixels, *patterns.get(of)?, *patterns.get(towards)?);
            (size > 0.0).then_some(size as f32)
        })
    }
}

/// How often the colour changes on a straight line; beside the picture all is light.
fn changes_between(pixels: &BitMatrix, from: At, to: At) -> u32 {
    let way = to - from;
    let steps = way.x.abs().max(way.y.abs());
    let is_dark = |at: f32| pixels.try_get_point(from + way * (at / steps)).unwrap_or_default();
    let (mut changes, mut dark) = (0, is_dark(0.0));
    for at in 1..=steps as u32 {
        let next = is_dark(at as f32);
        changes += u32::from(next != dark);
        dark = next;
    }
    changes
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma, imageops};

    use super::*;
    use crate::decode::binarizer::{Binarizer, OtsuBinarizer};
    use crate::decode::finder::find_finder_patterns;
    use crate::{Code, render_grayscale};

    const MODULE: u32 = 4;

    /// Codes of version 1 in rows and columns, each turned by so many quarters, with so
    /// many modules between them.
    fn sheet(across: u32, down: u32, gap: u32, turn: impl Fn(u32) -> u32) -> BitMatrix {
        let pitch = (21 + gap) * MODULE;
        let (width, height) = (across * pitch + 4 * MODULE, down * pitch + 4 * MODULE);
        let mut picture = GrayImage::from_pixel(width, height, Luma([255]));
        for at in 0..across * down {
            let code = render_grayscale(&Code::new(&at.to_string()).unwrap(), MODULE).unwrap();
            let margin = 4 * MODULE;
            let side = 21 * MODULE;
            let mut code = imageops::crop_imm(&code, margin, margin, side, side).to_image();
            for _ in 0..turn(at) % 4 {
                code = imageops::rotate90(&code);
            }
            let (x, y) = (at % across * pitch + margin, at / across * pitch + margin);
            imageops::replace(&mut picture, &code, x.into(), y.into());
        }
        Binarizer::Otsu(OtsuBinarizer).binarize(&picture).unwrap()
    }

    /// The code of a [`sheet`] on which a finder pattern lies.
    fn code_of(pattern: &ConcentricPattern, gap: u32) -> (u32, u32) {
        let place = |at: f32| (at as u32 - 4 * MODULE) / ((21 + gap) * MODULE);
        (place(pattern.p.x), place(pattern.p.y))
    }

    #[test]
    fn sets_of_one_code_come_before_those_of_several() {
        // Turned at random, many patterns of neighbours lie nearer than a code's own.
        for (gap, turn) in [(4, 0), (5, 7), (8, 3), (4, 11)] {
            let pixels = sheet(6, 4, gap, |at| at * at * turn / 5);
            let sets = find_finder_patterns(&pixels, &mut WorkBudget::live()).sets;
            let is_one = |set: &&FinderPatternSet| {
                let [a, b, c] = [set.bl, set.tl, set.tr].map(|pattern| code_of(&pattern, gap));
                a == b && b == c
            };
            let first = sets.iter().take(24).filter(is_one).count();
            assert_eq!(first, 24, "gap {gap}, turn {turn}");
            assert!(sets.len() > 100, "{}", sets.len());
        }
    }

    #[test]
    fn a_set_without_work_left_keeps_its_place_by_size() {
        let pixels = sheet(2, 2, 8, |_| 0);
        let mut budget = WorkBudget::still();
        let patterns = find_finder_patterns(&pixels, &mut budget).singles;
        let possible = possible_sets(&patterns, &mut budget);
        assert!(possible.len() > 4);
        let mut budget = WorkBudget::live();
        let pairs = |count: usize| (count * count) as u64 / 2 * COMBINE;
        let just_enough: u64 = (0..patterns.len()).map(pairs).sum();
        let _ = budget.hold_back(budget.left() - just_enough);
        let sets = sets_of(&pixels, &patterns, Shape::Whole, &mut budget);
        assert_eq!(sets.len(), possible.len());
        let length = |set: &FinderPatternSet| At::distance(set.tl.p, set.tr.p);
        assert!(length(&sets[0]) <= length(sets.last().unwrap()));
    }

    #[test]
    fn a_near_corner_may_seem_more_than_twice_as_large_as_a_far_one() {
        let pattern = |x: f32, y: f32, size: i32| ConcentricPattern { p: At { x, y }, size };
        for (largest, count) in [(87, 1), (140, 0)] {
            let seen = [
                pattern(846.0, 456.0, largest),
                pattern(652.0, 717.0, 48),
                pattern(429.0, 438.0, 42),
            ];
            assert_eq!(possible_sets(&seen, &mut WorkBudget::live()).len(), count, "{largest}");
        }
    }

    #[test]
    fn colours_change_along_a_line_as_often_as_they_are_drawn() {
        let mut pixels = BitMatrix::new(64, 64).unwrap();
        for y in 0..64 {
            (0..64).filter(|x| x / 4 % 2 == 1).for_each(|x| pixels.set(x, y));
        }
        let at = |x: f32, y: f32| At { x, y };
        assert_eq!(changes_between(&pixels, at(1.5, 8.5), at(33.5, 8.5)), 8);
        assert_eq!(changes_between(&pixels, at(33.5, 8.5), at(1.5, 40.5)), 8);
        assert_eq!(changes_between(&pixels, at(1.5, 1.5), at(1.5, 60.5)), 0);
        // Beside the picture nothing is dark, and nothing is no line.
        assert_eq!(changes_between(&pixels, at(-20.0, -20.0), at(-3.0, 80.0)), 0);
        assert_eq!(changes_between(&pixels, at(5.0, 5.0), at(5.0, 5.0)), 0);
    }
}
