//! The three squares in the corners of a code, among dark and light pixels.
//!
//! A hostile picture can be full of squares, so each step has its cap: rows are
//! searched here, a square's centre is then found by rxing's port of ZXing-C++.

use rxing::Point as At;
use rxing::common::cpp_essentials::{
    ConcentricPattern, FixedPattern, IsPattern, LocateConcentricPattern, PatternView,
};
use rxing::common::{BIT_FIELD_BASE_BITS, BitMatrix};
use rxing::qrcode::cpp_port::detector::FinderPatternSet;

use super::effort::WorkBudget;
use super::fenced;

/// A sheet of labels has a hundred codes of three squares.
const MAX_PATTERNS: usize = 320;
/// The search ends with this many; the largest of them are kept.
const MAX_FOUND: usize = 640;
/// Squares that are kept for themselves.
const MAX_SINGLE: usize = 12;
/// More than one code has, and what happens to look like one around it.
const FEW: usize = 64;
/// Where there are more, a square's own code is among this many neighbours of like size.
const NEIGHBOURS: usize = 24;
const MAX_SETS: usize = 1_200;
/// What it costs to look at three squares.
const COMBINE: u64 = 10;
/// How many times larger than the smallest square of a code its largest may seem.
const MAX_SIZES: i32 = 2;
/// How many times longer one side of a code may seem than the other: as from 60° aside.
const MAX_SIDES: f32 = 2.5;
/// The cosine of 45°: how far from a right angle a corner may seem.
const MAX_COSINE: f32 = 0.7072;
/// Modules along a side, by the size of the squares, which is known to a third.
const MODULES: std::ops::RangeInclusive<f32> = 19.0..=265.0;
/// Rows that look like a square, most of which are none.
const MAX_CROSSINGS: usize = 6_000;
/// Pixels for each row that looks like a square, where there is noise.
const NOISE: u64 = 700;
/// Every third row is searched: the middle of a square is three modules high.
const ROW_STEP: usize = 3;
/// What it costs to follow the edges of one square.
const LOCATE: u64 = 1_500;

/// Dark, light, dark, light, dark: the middle three times as long.
const RATIO: [u16; 5] = [1, 1, 3, 1, 1];

/// What the search gave.
#[derive(Default)]
pub(super) struct Finders {
    /// Threes that may be a code, the likeliest first.
    pub(super) sets: Vec<FinderPatternSet>,
    /// The largest squares, each by itself.
    pub(super) squares: Vec<ConcentricPattern>,
    /// Whether noise looks like squares all over.
    pub(super) noisy: bool,
}

/// Finds the threes among these dark pixels.
pub(super) fn finders(pixels: &BitMatrix, effort: &mut WorkBudget<'_>) -> Finders {
    let mut patterns = Vec::new();
    let mut crossings = 0;
    let mut runs = Vec::new();
    let rows = (ROW_STEP - 1..pixels.height() as usize).step_by(ROW_STEP);
    'rows: for y in rows {
        if !effort.spend(u64::from(pixels.width()) / 2) {
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
            if crossings > MAX_CROSSINGS || !effort.spend(LOCATE) {
                break 'rows;
            }
            // Three times as far: a code may be seen very much from the side.
            let reach = crossing.length * 3;
            let found = fenced(|| LocateConcentricPattern::<true, 5, 7>(pixels, &RATIO, at, reach));
            patterns.extend(found.flatten());
            if patterns.len() >= MAX_FOUND {
                break 'rows;
            }
        }
    }
    // The largest are the least likely to be noise.
    patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.size));
    patterns.truncate(MAX_PATTERNS);
    let noisy = crossings as u64 * NOISE > u64::from(pixels.width()) * u64::from(pixels.height());
    let sets = sets_of(&patterns, effort);
    patterns.truncate(MAX_SINGLE);
    Finders { sets, squares: patterns, noisy }
}

/// The threes that may be a code, the likeliest first; the patterns are sorted by size.
fn sets_of(patterns: &[ConcentricPattern], effort: &mut WorkBudget<'_>) -> Vec<FinderPatternSet> {
    let mut sets = Vec::new();
    for (at, largest) in patterns.iter().enumerate() {
        let rest = patterns.get(at + 1..).unwrap_or_default();
        // Sorted: what follows the first one too small is too small as well.
        let alike = rest.partition_point(|other| other.size * MAX_SIZES >= largest.size);
        let rest = rest.get(..alike).unwrap_or_default();
        let most = if patterns.len() > FEW { NEIGHBOURS } else { FEW };
        let rest = nearest(largest, rest, most);
        if !effort.spend((rest.len() * rest.len()) as u64 / 2 * COMBINE) {
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

/// So many of these that lie nearest, in the same order.
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

/// Three patterns, from small to large, as the corners of a code: which is
/// which, and how unlikely that is.
fn set_of(
    mut a: ConcentricPattern,
    mut b: ConcentricPattern,
    mut c: ConcentricPattern,
) -> Option<(f32, FinderPatternSet)> {
    // What is farther away looks smaller, and so does the way to it.
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
    let likely = right.max(down) <= MAX_SIDES * right.min(down)
        && cosine.abs() <= MAX_COSINE
        && MODULES.contains(&modules);
    if !likely {
        return None;
    }
    if At::cross(c.p - b.p, a.p - b.p) < 0.0 {
        std::mem::swap(&mut a, &mut c);
    }
    Some((right + down + (right - down).abs(), FinderPatternSet { bl: a, tl: b, tr: c }))
}

/// A row through what may be a square.
struct Crossing {
    middle: f32,
    length: i32,
}

/// The lengths of a row's runs, light and dark in turn, the first one light.
fn runs_of(pixels: &BitMatrix, y: usize, runs: &mut Vec<u16>) {
    runs.clear();
    let row = pixels.getRow(y as u32);
    let width = pixels.width() as usize;
    let (mut start, mut dark) = (0, false);
    for (at, word) in row.getBitArray().iter().enumerate() {
        // Ones where the colour changes from the pixel before.
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
            && is_square(&[a, b, c, d, e]);
        likely.then(|| Crossing {
            middle: here as f32 + f32::from(a) + f32::from(b) + f32::from(c) / 2.0,
            length: [a, b, c, d, e].into_iter().map(i32::from).sum(),
        })
    })
}

fn is_square(runs: &[u16; 5]) -> bool {
    let pattern = FixedPattern::<5, 7, false>::new(RATIO);
    IsPattern::<true, 5, 7, false>(&PatternView::from_slice(runs), &pattern, None, 0.0, 0.0, 1.0)
        != 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_what_the_row_says() {
        let mut pixels = BitMatrix::new(150, 1).unwrap();
        let dark = |x: u32| (3..7).contains(&x) || (60..70).contains(&x) || x >= 128;
        (0..150).filter(|x| dark(*x)).for_each(|x| pixels.set(x, 0));
        let mut runs = Vec::new();
        runs_of(&pixels, 0, &mut runs);
        assert_eq!(runs, [3, 4, 53, 10, 58, 22]);
    }

    #[test]
    fn a_square_is_crossed_in_its_middle() {
        let crossings: Vec<_> = crossings_of(&[10, 2, 2, 6, 2, 2, 9, 4, 4, 4, 4, 4]).collect();
        let [one] = crossings.as_slice() else { panic!() };
        assert_eq!((one.middle, one.length), (17.0, 14));
    }
}
