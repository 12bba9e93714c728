//! The two readers that stand behind [`decode`](super::decode).
//!
//! Each finds the square of modules in a picture; the modules are then read by
//! rxing, and by rqrr where rxing cannot. Both are fenced: a reader that
//! panics has found nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::GrayImage;
use rqrr::{BitGrid, Grid, PreparedImage, SimpleGrid};
use rxing::common::{BitMatrix, DetectorRXingResult as _};
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::{FindFinderPatterns, GenerateFinderPatternSets, SampleQR};

use super::decode::{Point, Reader, Reading};

/// A busy picture may seem full of finder patterns; three make a code.
const MAX_PATTERNS: usize = 64;
const MAX_SETS: usize = 400;

/// Every code among these dark pixels, by rxing's port of ZXing-C++.
pub(super) fn rxing(pixels: &BitMatrix) -> Vec<Reading> {
    let sets = fenced(|| {
        let mut patterns = FindFinderPatterns(pixels, true, 1);
        // The largest are the least likely to be noise.
        patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.size));
        patterns.truncate(MAX_PATTERNS);
        GenerateFinderPatternSets(&mut patterns)
    });
    let mut used = Vec::new();
    let mut readings = Vec::new();
    for set in sets.unwrap_or_default().iter().take(MAX_SETS) {
        let patterns = [set.bl, set.tl, set.tr];
        if patterns.iter().any(|pattern| used.contains(pattern)) {
            continue;
        }
        let reading = fenced(|| {
            let symbol = SampleQR(pixels, set).ok()?;
            let points = symbol.getPoints().iter().map(|p| Point { x: p.x, y: p.y });
            // In the order: top left, top right, bottom left, bottom right.
            let [top_left, top_right, bottom_left, bottom_right] =
                points.collect::<Vec<_>>().try_into().ok()?;
            let corners = [top_left, top_right, bottom_right, bottom_left];
            reading(symbol.getBits(), corners, Reader::Rxing)
        });
        if let Some(reading) = reading.flatten() {
            used.extend(patterns);
            readings.push(reading);
        }
    }
    readings
}

/// Every code in a grey picture, by rqrr, a port of quirc.
pub(super) fn rqrr(picture: &GrayImage) -> Vec<Reading> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    if width == 0 || height == 0 {
        return Vec::new();
    }
    let grids = fenced(|| {
        let mut pixels = picture.as_raw().iter().copied();
        let mut prepared =
            PreparedImage::prepare_from_greyscale(width, height, |_, _| pixels.next().unwrap_or(0));
        let found = prepared.detect_grids();
        found.iter().map(|grid| (modules(&grid.grid), grid.bounds)).collect::<Vec<_>>()
    });
    let readings = grids.unwrap_or_default().into_iter().filter_map(|(modules, bounds)| {
        let corners = bounds.map(|p| Point { x: p.x as f32, y: p.y as f32 });
        fenced(|| reading(&modules?, corners, Reader::Rqrr)).flatten()
    });
    readings.collect()
}

/// What the modules of one code say.
fn reading(modules: &BitMatrix, corners: [Point; 4], reader: Reader) -> Option<Reading> {
    let [top_left, top_right, bottom_right, bottom_left] = corners;
    match Decode(modules).ok().filter(|result| result.isValid()) {
        Some(result) => {
            // In a mirrored picture the code's own right is where its bottom seems to be.
            let corners = match result.isMirrored() {
                true => [top_left, bottom_left, bottom_right, top_right],
                false => corners,
            };
            Some(Reading::new(result.content().bytes().to_vec(), corners, reader))
        }
        None => {
            let side = modules.width() as usize;
            let grid = SimpleGrid::from_func(side, |x, y| modules.get(x as u32, y as u32));
            let mut bytes = Vec::new();
            Grid::new(grid).decode_to(&mut bytes).ok()?;
            Some(Reading::new(bytes, corners, reader))
        }
    }
}

fn modules(grid: &impl BitGrid) -> Option<BitMatrix> {
    let side = grid.size();
    let mut modules = BitMatrix::with_single_dimension(u32::try_from(side).ok()?).ok()?;
    for y in 0..side {
        for x in 0..side {
            if grid.bit(y, x) {
                modules.set(x as u32, y as u32);
            }
        }
    }
    Some(modules)
}

/// Nothing where the reader panics: a picture is anybody's, and must not end the program.
fn fenced<T>(read: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(read)).ok()
}
