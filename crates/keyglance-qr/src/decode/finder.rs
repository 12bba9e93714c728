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

use super::partial_finder::Shape;
use super::tuning::{
    LOCATE, MAX_CROSSINGS, MAX_FOUND, MAX_PATTERNS, MAX_SINGLE_PATTERNS, NOISE_PIXELS, ROW_STEP,
};
use super::{WorkBudget, pattern_sets};
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
    let sets = pattern_sets::sets_of(pixels, &patterns, Shape::Whole, budget);
    patterns.truncate(MAX_SINGLE_PATTERNS);
    FinderPatterns { sets, singles: patterns, is_noisy }
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
