//! The three finder patterns in the corners of a code, in a binarized picture.
//!
//! Rows are scanned here; the centre of a pattern is then located by rxing's port
//! of ZXing-C++. A hostile picture can be full of finder patterns, so each step has
//! its cap.

use rxing::Point as At;
use rxing::common::cpp_essentials::{
    ConcentricPattern, FixedPattern, IsPattern, LocateConcentricPattern, PatternView,
};
use rxing::common::{BIT_FIELD_BASE_BITS, BitMatrix};
use rxing::qrcode::cpp_port::detector::FinderPatternSet;

use super::WorkBudget;
use super::tuning::{
    COMBINE, FEW_PATTERNS, LOCATE, MAX_CORNER_COSINE, MAX_CROSSINGS, MAX_FOUND, MAX_PATTERNS,
    MAX_SETS, MAX_SIDE_RATIO, MAX_SINGLE_PATTERNS, MAX_SIZE_RATIO, MODULES_BY_PATTERN_SIZE,
    NEIGHBOURS, NOISE_PIXELS, ROW_STEP,
};
use crate::catch_panic::catch_panic;

/// The runs of a finder pattern: dark, light, dark, light, dark (ISO/IEC 18004,
/// 6.3.3).
const RATIO: [u16; 5] = [1, 1, 3, 1, 1];

/// The finder patterns of a binarized picture.
#[derive(Default)]
pub(super) struct FinderPatterns {
    /// Sets of three that may belong to one code, the likeliest first.
    pub(super) sets: Vec<FinderPatternSet>,
    /// The largest patterns, each by itself.
    pub(super) singles: Vec<ConcentricPattern>,
    /// Whether noise looks like finder patterns all over.
    pub(super) is_noisy: bool,
}

/// Finds the finder patterns and the sets of three that may be a code.
pub(super) fn find_finder_patterns(
    pixels: &BitMatrix,
    budget: &mut WorkBudget<'_>,
) -> FinderPatterns {
    let mut patterns = Vec::new();
    let mut crossings = 0;
    let mut runs = Vec::new();
    let rows = (ROW_STEP - 1..pixels.height() as usize).step_by(ROW_STEP);
    'rows: for y in rows {
        if !budget.spend(u64::from(pixels.width()) / 2) {
            break;
        }
        runs_of(pixels, y, &mut runs);
        for crossing in crossings_of(&runs) {
            let at = At { x: crossing.middle, y: y as f32 + 0.5 };
            let inside = |old: &ConcentricPattern| At::distance(at, old.p) < old.size as f32 / 2.0;
            if patterns.iter().any(inside) {
                continue;
            }
            crossings += 1;
            if crossings > MAX_CROSSINGS || !budget.spend(LOCATE) {
                break 'rows;
            }
            // Three times as far: a code may be seen at a steep angle.
            let reach = crossing.length * 3;
            let found =
                catch_panic(|| LocateConcentricPattern::<true, 5, 7>(pixels, &RATIO, at, reach));
            patterns.extend(found.flatten());
            if patterns.len() >= MAX_FOUND {
                break 'rows;
            }
        }
    }
    // The largest are the least likely to be noise.
    patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.size));
    patterns.truncate(MAX_PATTERNS);
    let is_noisy =
        crossings as u64 * NOISE_PIXELS > u64::from(pixels.width()) * u64::from(pixels.height());
    let sets = sets_of(&patterns, budget);
    patterns.truncate(MAX_SINGLE_PATTERNS);
    FinderPatterns { sets, singles: patterns, is_noisy }
}

/// The sets of three that may be a code, the likeliest first; `patterns` are sorted
/// by size.
pub(super) fn sets_of(
    patterns: &[ConcentricPattern],
    budget: &mut WorkBudget<'_>,
) -> Vec<FinderPatternSet> {
    let mut sets = Vec::new();
    for (at, largest) in patterns.iter().enumerate() {
        let rest = patterns.get(at + 1..).unwrap_or_default();
        // Sorted: all that follow the first that is too small are too small.
        let alike = rest.partition_point(|other| other.size * MAX_SIZE_RATIO >= largest.size);
        let rest = rest.get(..alike).unwrap_or_default();
        let most = if patterns.len() > FEW_PATTERNS { NEIGHBOURS } else { FEW_PATTERNS };
        let rest = nearest(largest, rest, most);
        if !budget.spend((rest.len() * rest.len()) as u64 / 2 * COMBINE) {
            break;
        }
        for (at, middle) in rest.iter().enumerate() {
            for smallest in rest.iter().skip(at + 1) {
                sets.extend(set_of(*smallest, *middle, *largest));
            }
        }
    }
    sets.sort_by(|a, b| a.0.total_cmp(&b.0));
    sets.truncate(MAX_SETS);
    sets.into_iter().map(|(_, set)| set).collect()
}

/// The nearest `most` of these patterns, in the same order.
fn nearest(
    from: &ConcentricPattern,
    patterns: &[ConcentricPattern],
    most: usize,
) -> Vec<ConcentricPattern> {
    let far = |other: &ConcentricPattern| At::distance(from.p, other.p);
    let mut distances: Vec<f32> = patterns.iter().map(far).collect();
    let reach = match most < distances.len() {
        true => *distances.select_nth_unstable_by(most, f32::total_cmp).1,
        false => f32::INFINITY,
    };
    patterns.iter().filter(|other| far(other) < reach).copied().collect()
}

/// Three patterns, from small to large, as the corners of a code: which is which,
/// and a penalty that is smaller for likelier codes.
fn set_of(
    mut a: ConcentricPattern,
    mut b: ConcentricPattern,
    mut c: ConcentricPattern,
) -> Option<(f32, FinderPatternSet)> {
    // What is farther away looks smaller, and so does the distance to it.
    let squared = |near: ConcentricPattern, far: ConcentricPattern| {
        let way = near.p - far.p;
        At::dot(way, way) * far.size as f32 / near.size as f32
    };
    let (mut ab, mut bc, mut ac) = (squared(a, b), squared(b, c), squared(a, c));
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
    let module = (a.size + b.size + c.size) as f32 / 21.0;
    let modules = (right + down) / 2.0 / module + 7.0;
    let likely = right.max(down) <= MAX_SIDE_RATIO * right.min(down)
        && cosine.abs() <= MAX_CORNER_COSINE
        && MODULES_BY_PATTERN_SIZE.contains(&modules);
    if !likely {
        return None;
    }
    if At::cross(c.p - b.p, a.p - b.p) < 0.0 {
        std::mem::swap(&mut a, &mut c);
    }
    Some((right + down + (right - down).abs(), FinderPatternSet { bl: a, tl: b, tr: c }))
}

/// A scan line through what may be a finder pattern.
struct Crossing {
    middle: f32,
    length: i32,
}

/// The run lengths of a row, light and dark in turn, beginning with light.
pub(super) fn runs_of(pixels: &BitMatrix, y: usize, runs: &mut Vec<u16>) {
    runs.clear();
    let row = pixels.getRow(y as u32);
    let width = pixels.width() as usize;
    let (mut start, mut dark) = (0, false);
    for (at, word) in row.getBitArray().iter().enumerate() {
        // Bits are set where the colour differs from the pixel before.
        let before = word << 1 | usize::from(dark);
        let mut changes = word ^ before;
        while changes != 0 {
            let edge = at * BIT_FIELD_BASE_BITS + changes.trailing_zeros() as usize;
            changes &= changes - 1;
            if edge >= width {
                break;
            }
            runs.push((edge - start) as u16);
            start = edge;
        }
        dark = word >> (BIT_FIELD_BASE_BITS - 1) == 1;
    }
    runs.push((width - start) as u16);
}

fn crossings_of(runs: &[u16]) -> impl Iterator<Item = Crossing> {
    let mut start = 0_u32;
    runs.windows(5).enumerate().filter_map(move |(at, window)| {
        let [a, b, c, d, e] = *window.as_array::<5>()?;
        let here = start;
        start += u32::from(a);
        // Odd ones are dark.
        let likely = at % 2 == 1
            && c >= 3
            && u32::from(c) >= 2 * u32::from(a.max(e))
            && c >= b.max(d)
            && is_finder_pattern(&[a, b, c, d, e]);
        likely.then(|| Crossing {
            middle: here as f32 + f32::from(a) + f32::from(b) + f32::from(c) / 2.0,
            length: [a, b, c, d, e].into_iter().map(i32::from).sum(),
        })
    })
}

fn is_finder_pattern(runs: &[u16; 5]) -> bool {
    let pattern = FixedPattern::<5, 7, false>::new(RATIO);
    IsPattern::<true, 5, 7, false>(&PatternView::from_slice(runs), &pattern, None, 0.0, 0.0, 1.0)
        != 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn run_lengths_across_words() {
        let mut pixels = BitMatrix::new(150, 1).unwrap();
        let dark = |x: u32| (3..7).contains(&x) || (60..70).contains(&x) || x >= 128;
        (0..150).filter(|x| dark(*x)).for_each(|x| pixels.set(x, 0));
        let mut runs = Vec::new();
        runs_of(&pixels, 0, &mut runs);
        assert_eq!(runs, [3, 4, 53, 10, 58, 22]);
    }

    #[test]
    fn a_finder_pattern_is_crossed_at_its_centre() {
        let crossings: Vec<_> = crossings_of(&[10, 2, 2, 6, 2, 2, 9, 4, 4, 4, 4, 4]).collect();
        let [one] = crossings.as_slice() else { panic!() };
        assert_eq!((one.middle, one.length), (17.0, 14));
    }
}
