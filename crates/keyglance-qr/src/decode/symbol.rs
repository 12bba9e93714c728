//! Dark and light modules to the bytes that they encode.

use rqrr::{Grid, SimpleGrid};
use rxing::Point as At;
use rxing::common::{BitMatrix, DetectorRXingResult as _};
use rxing::qrcode::common::ErrorCorrectionLevel;
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::{FinderPatternSet, SampleQR};

use super::bit_stream::read_bit_stream;
use super::codewords::{Codewords, Format, read_codewords, read_codewords_as};
use super::tuning::{DECODE, SAMPLE, SAMPLE_MODULE, SAMPLE_PIXEL};
use super::{Content, Mode, Point, Reader, Reading, Segment, Version, WorkBudget};
use crate::catch_panic::catch_panic;

/// What sampling between three finder patterns gave.
pub(super) struct Sampled {
    /// The outer corners, where the modules could be placed.
    pub(super) corners: Option<[Point; 4]>,
    pub(super) reading: Option<Reading>,
}

/// Samples a binarized picture between three finder patterns with rxing's port of
/// ZXing-C++.
pub(super) fn sample(
    pixels: &BitMatrix,
    set: &FinderPatternSet,
    budget: &mut WorkBudget<'_>,
) -> Sampled {
    let nothing = Sampled { corners: None, reading: None };
    // Most sets are refused before a module is sampled: what was not done is given back.
    let found = SAMPLE
        + SAMPLE_PIXEL * u64::from(set.tl.size.max(set.tr.size).max(set.bl.size).unsigned_abs());
    let side = modules(set).clamp(21.0, 177.0) as u64 + 8;
    let most = side * side * SAMPLE_MODULE;
    if !budget.spend(found + DECODE + most) {
        return nothing;
    }
    let mut done = 0;
    let sampled = catch_panic(|| {
        let symbol = SampleQR(pixels, set).ok()?;
        let side = u64::from(symbol.getBits().width());
        done = DECODE + side * side * SAMPLE_MODULE;
        let points = symbol.getPoints().iter().map(|p| Point { x: p.x, y: p.y });
        // In the order: top left, top right, bottom left, bottom right.
        let [top_left, top_right, bottom_left, bottom_right] =
            points.collect::<Vec<_>>().try_into().ok()?;
        let corners = [top_left, top_right, bottom_right, bottom_left];
        Some(Sampled {
            corners: Some(corners),
            reading: read(symbol.getBits(), corners, Reader::Rxing),
        })
    });
    budget.refund((DECODE + most).saturating_sub(done));
    sampled.flatten().unwrap_or(nothing)
}

/// Roughly how many modules each side has.
fn modules(set: &FinderPatternSet) -> f32 {
    let way = At::distance(set.tl.p, set.tr.p) + At::distance(set.tl.p, set.bl.p);
    let module = (set.tl.size + set.tr.size + set.bl.size) as f32 / 21.0;
    way / 2.0 / module + 7.0
}

/// Decodes the modules of one code; none where error correction does not agree.
pub(super) fn read(modules: &BitMatrix, corners: [Point; 4], reader: Reader) -> Option<Reading> {
    let codewords = catch_panic(|| read_codewords(modules)).flatten();
    // rqrr sees the format with other eyes. Not in a binarized picture: most of what
    // is sampled there is no code.
    let again = || match reader {
        Reader::SampleGrid => catch_panic(|| second_opinion(modules)).flatten(),
        Reader::Rxing => None,
    };
    let codewords = codewords.or_else(again)?;
    if codewords.is_model_1 {
        return read_model_1(modules, corners, codewords.version, reader);
    }
    let content = read_bit_stream(&codewords.data, codewords.version).ok()?;
    let corners = if codewords.is_mirrored { mirrored(corners) } else { corners };
    Some(Reading::new(content, corners, codewords.version, reader))
}

/// In a mirrored picture the code's own right is where its bottom seems to be.
pub(super) fn mirrored([top_left, top_right, bottom_right, bottom_left]: [Point; 4]) -> [Point; 4] {
    [top_left, bottom_left, bottom_right, top_right]
}

/// The codewords in the format that rqrr reads, which trusts the first copy of it that
/// can be corrected, where rxing takes the closest.
fn second_opinion(modules: &BitMatrix) -> Option<Codewords> {
    let side = modules.width() as usize;
    [false, true].into_iter().find_map(|is_mirrored| {
        let grid = SimpleGrid::from_func(side, |x, y| match is_mirrored {
            true => modules.get(y as u32, x as u32),
            false => modules.get(x as u32, y as u32),
        });
        let (meta, _) = Grid::new(grid).get_raw_data().ok()?;
        let format = Format {
            level: ErrorCorrectionLevel::ECLevelFromBits(u8::try_from(meta.ecc_level).ok()?, false),
            mask: u8::try_from(meta.mask).ok()?,
            is_mirrored,
        };
        read_codewords_as(modules, format)
    })
}

/// A code of model 1, whose bit stream only rxing reads.
fn read_model_1(
    modules: &BitMatrix,
    corners: [Point; 4],
    version: Version,
    reader: Reader,
) -> Option<Reading> {
    let result = catch_panic(|| Decode(modules))?.ok().filter(|result| result.isValid())?;
    let bytes = result.content().bytes().to_vec();
    let segments = vec![Segment { mode: Mode::Byte, eci: None, bytes: 0..bytes.len() }];
    let content = Content { bytes, segments, ..Content::default() };
    let corners = if result.isMirrored() { mirrored(corners) } else { corners };
    Some(Reading::new(content, corners, version, reader))
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::*;
    use crate::decode::binarizer::{Binarizer, OtsuBinarizer};
    use crate::decode::finder::find_finder_patterns;
    use crate::{Code, render_grayscale};

    /// What is in the one set of patterns of this picture, and what it cost.
    fn sampled(picture: &GrayImage) -> (Sampled, u64) {
        let pixels = Binarizer::Otsu(OtsuBinarizer).binarize(picture).unwrap();
        let mut budget = WorkBudget::still();
        let sets = find_finder_patterns(&pixels, &mut budget).sets;
        let [set] = sets.as_slice() else { panic!("{} sets", sets.len()) };
        let before = budget.spent();
        let sampled = sample(&pixels, set, &mut budget);
        (sampled, budget.spent() - before)
    }

    #[test]
    fn three_patterns_that_are_no_code_cost_less_than_a_code() {
        let code = Code::new(&"7".repeat(500)).unwrap();
        let side = code.side() as u32;
        let mut picture = render_grayscale(&code, 4).unwrap();
        let (read, cost_of_code) = sampled(&picture);
        assert!(read.reading.is_some());
        assert!(cost_of_code > u64::from(side * side) * SAMPLE_MODULE);
        // Without all that lies between its corners, and with it the version's number.
        let inside = |at: u32| (12..side - 4).contains(&(at / 4));
        let corner = |at: u32| at / 4 < 13;
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            if (inside(x) && (inside(y) || corner(y))) || (inside(y) && corner(x)) {
                *pixel = Luma([255]);
            }
        }
        let (nothing, cost_of_none) = sampled(&picture);
        assert!(nothing.reading.is_none() && nothing.corners.is_none());
        assert!(cost_of_none < 2 * SAMPLE, "{cost_of_none}");
    }

    #[test]
    fn what_cannot_be_afforded_is_not_sampled() {
        let picture = render_grayscale(&Code::new("dear").unwrap(), 4).unwrap();
        let pixels = Binarizer::Otsu(OtsuBinarizer).binarize(&picture).unwrap();
        let sets = find_finder_patterns(&pixels, &mut WorkBudget::still()).sets;
        let mut budget = WorkBudget::still();
        let _ = budget.hold_back(budget.left() - SAMPLE);
        assert!(sample(&pixels, &sets[0], &mut budget).reading.is_none());
        assert_eq!(budget.spent(), 0);
    }
}
