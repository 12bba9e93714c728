//! Codes with one finder pattern: Micro QR (ISO/IEC 18004) and rMQR (ISO/IEC 23941).
//!
//! rxing samples them from the corners of the pattern. They have few modules, and so
//! few to check: what was sampled counts only if the function patterns and the quiet
//! zone are there, which the corner of a larger code has not.

use rxing::common::cpp_essentials::ConcentricPattern;
use rxing::common::{BitMatrix, DetectorRXingResult};
use rxing::qrcode::cpp_port::detector::{SampleMQR, SampleRMQR};

use super::bit_stream::read_bit_stream;
use super::codewords::{Codewords, read_micro_codewords, read_rectangular_codewords};
use super::homography::Homography;
use super::symbol::mirrored;
use super::tuning::{DECODE, FINDER_CORNERS, SAMPLE_MODULE, SAMPLE_PIXEL};
use super::{Point, Reader, Reading, WorkBudget};
use crate::catch_panic::catch_panic;

/// Modules of the largest of these codes.
const MOST_MODULES: u64 = 139 * 17;

/// The code of which this is the only finder pattern, if it is one.
pub(super) fn read(
    pixels: &BitMatrix,
    pattern: &ConcentricPattern,
    budget: &mut WorkBudget<'_>,
) -> Option<Reading> {
    let corners = FINDER_CORNERS + SAMPLE_PIXEL * u64::from(pattern.size.unsigned_abs());
    let most = DECODE + MOST_MODULES * SAMPLE_MODULE;
    type Decode = fn(&BitMatrix) -> Option<Codewords>;
    let kinds: [(fn(_, _) -> _, Decode); 2] =
        [(SampleMQR, read_micro_codewords), (SampleRMQR, read_rectangular_codewords)];
    kinds.into_iter().find_map(|(sample, decode)| {
        if !budget.spend(corners + most) {
            return None;
        }
        let mut done = 0;
        let reading = catch_panic(|| {
            let symbol = sample(pixels, *pattern).ok()?;
            let modules = symbol.getBits();
            done = DECODE + u64::from(modules.width() * modules.height()) * SAMPLE_MODULE;
            let corners = corners_of(&symbol)?;
            if !has_function_patterns(modules) || !has_quiet_zone(pixels, modules, corners) {
                return None;
            }
            reading_of(decode(modules)?, corners)
        });
        budget.refund(most.saturating_sub(done));
        reading.flatten()
    })
}

fn reading_of(codewords: Codewords, corners: [Point; 4]) -> Option<Reading> {
    let content = read_bit_stream(&codewords.data, codewords.version).ok()?;
    if content.bytes.is_empty() {
        return None;
    }
    let corners = if codewords.is_mirrored { mirrored(corners) } else { corners };
    Some(Reading::new(content, corners, codewords.version, Reader::Rxing))
}

/// Top left, top right, bottom right, bottom left.
fn corners_of(symbol: &impl DetectorRXingResult) -> Option<[Point; 4]> {
    let points = symbol.getPoints().iter().map(|p| Point { x: p.x, y: p.y });
    let [top_left, top_right, bottom_left, bottom_right] =
        points.collect::<Vec<_>>().try_into().ok()?;
    Some([top_left, top_right, bottom_right, bottom_left])
}

/// Whether the finder pattern is whole and the timing patterns alternate: one module
/// in sixteen may be wrong.
fn has_function_patterns(modules: &BitMatrix) -> bool {
    let (width, height) = (modules.width(), modules.height());
    let is_square = width == height;
    let finder = (0..7.min(height)).flat_map(|y| (0..7).map(move |x| (x, y))).map(|(x, y)| {
        let from_centre = u32::abs_diff(x, 3).max(u32::abs_diff(y, 3));
        modules.get(x, y) == (from_centre != 2)
    });
    let separator = (0..7).map(|y| !modules.get(7, y));
    let below = (0..8).filter(|_| height > 7).map(|x| !modules.get(x, 7));
    let top = (8..width).map(|x| modules.get(x, 0) == (x % 2 == 0));
    let left = (8..height).map(|y| modules.get(0, y) == (y % 2 == 0));
    if is_square {
        return mostly(finder.chain(separator).chain(below), 16) && mostly(top.chain(left), 12);
    }
    // All edges alternate but for the corners, and where alignment patterns stand.
    let bottom = (8..width - 5).map(|x| modules.get(x, height - 1) == (x % 2 == 0));
    let small = (0..5).flat_map(|y| (0..5).map(move |x| (x, y))).map(|(x, y)| {
        let from_centre = u32::abs_diff(x, 2).max(u32::abs_diff(y, 2));
        modules.get(width - 5 + x, height - 5 + y) == (from_centre != 1)
    });
    mostly(finder.chain(separator), 12) && mostly(top.chain(bottom), 6) && mostly(small, 12)
}

/// Whether there is a light module all around the code.
fn has_quiet_zone(pixels: &BitMatrix, modules: &BitMatrix, corners: [Point; 4]) -> bool {
    let (right, bottom) = (modules.width() as f32, modules.height() as f32);
    let at = |x, y| Point { x, y };
    let places = [at(0.0, 0.0), at(right, 0.0), at(right, bottom), at(0.0, bottom)];
    let Some(homography) = Homography::through(places, corners) else { return false };
    // What lies beyond the picture is nobody's ink.
    let is_light = |x: f32, y: f32| {
        let pixel = homography.project(x, y);
        let is_inside = (0.0..pixels.width() as f32).contains(&pixel.x)
            && (0.0..pixels.height() as f32).contains(&pixel.y);
        !is_inside || !pixels.get(pixel.x as u32, pixel.y as u32)
    };
    let along = |modules: f32| (0..modules as usize).map(|at| at as f32 + 0.5);
    let rows = along(right).flat_map(|x| [(x, -0.7), (x, bottom + 0.7)]);
    let columns = along(bottom).flat_map(|y| [(-0.7, y), (right + 0.7, y)]);
    mostly(rows.chain(columns).map(|(x, y)| is_light(x, y)), 12)
}

/// Whether all are right but one in `part` at most.
fn mostly(are_right: impl Iterator<Item = bool>, part: usize) -> bool {
    let (mut wrong, mut all) = (0, 0);
    for is_right in are_right {
        all += 1;
        wrong += usize::from(!is_right);
    }
    wrong * part <= all
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{Rng, SeedableRng};

    use super::*;
    use crate::decode::finder::find_finder_patterns;
    use crate::{Code, decode_image, render_grayscale};

    /// Random modules with a finder pattern and timing patterns, as a Micro QR code of
    /// this many modules a side has.
    fn random(side: u32, rng: &mut ChaCha8Rng) -> BitMatrix {
        let mut modules = BitMatrix::new(side, side).unwrap();
        for (x, y) in (0..side).flat_map(|y| (0..side).map(move |x| (x, y))) {
            let is_dark = match (x, y) {
                (0..=6, 0..=6) => u32::abs_diff(x, 3).max(u32::abs_diff(y, 3)) != 2,
                (0..=7, 0..=7) => false,
                (0, at) | (at, 0) => at % 2 == 0,
                _ => rng.next_u32() & 1 == 1,
            };
            modules.set_bool(x, y, is_dark);
        }
        modules
    }

    #[test]
    fn random_modules_are_no_micro_code() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for side in [11, 13, 15, 17] {
            for _ in 0..5_000 {
                let modules = random(side, &mut rng);
                assert!(has_function_patterns(&modules));
                assert!(read_micro_codewords(&modules).is_none());
            }
        }
    }

    /// The corner of a larger code, of which nothing else is left.
    #[test]
    fn a_finder_pattern_of_another_code_is_no_micro_code() {
        for (length, side) in [(5, 11), (5, 13), (60, 15), (60, 17)] {
            for seed in 0..8 {
                let mut text = vec![seed; length];
                ChaCha8Rng::seed_from_u64(seed.into()).fill_bytes(&mut text);
                let code = Code::from_bytes(&text).unwrap();
                let picture = render_grayscale(&code, 4).unwrap();
                // The quiet zone, and as many modules as a Micro QR code has.
                let kept = (4 + side) * 4;
                let corner = GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
                    if x < kept && y < kept { *picture.get_pixel(x, y) } else { Luma([255]) }
                });
                assert_eq!(decode_image(&corner), vec![], "{length} {side} {seed}");
            }
        }
    }

    /// `12345` in version M1, of four pixels a module, with or without modules beside it.
    fn micro(is_beside: bool) -> BitMatrix {
        const ROWS: [u16; 11] = [
            0b111_1111_0101,
            0b100_0001_0110,
            0b101_1101_0100,
            0b101_1101_0000,
            0b101_1101_0111,
            0b100_0001_0011,
            0b111_1111_0100,
            0b000_0000_0011,
            0b110_0111_0011,
            0b010_1000_1100,
            0b111_1000_0011,
        ];
        let mut pixels = BitMatrix::new(100, 100).unwrap();
        for (y, row) in ROWS.iter().enumerate() {
            for x in (0..11).filter(|x| row >> (10 - x) & 1 == 1) {
                pixels.setRegion(20 + x * 4, 20 + y as u32 * 4, 4, 4).unwrap();
            }
            if is_beside && y % 2 == 0 {
                pixels.setRegion(20 + 11 * 4, 20 + y as u32 * 4, 4, 4).unwrap();
            }
        }
        pixels
    }

    #[test]
    fn a_micro_code_has_a_quiet_zone() {
        let found = |is_beside| {
            let (pixels, mut budget) = (micro(is_beside), WorkBudget::still());
            let patterns = find_finder_patterns(&pixels, &mut budget).singles;
            assert_eq!(patterns.len(), 1);
            read(&pixels, &patterns[0], &mut budget).map(|reading| reading.bytes)
        };
        assert_eq!(found(false).as_deref(), Some(&b"12345"[..]));
        assert_eq!(found(true), None);
    }
}
